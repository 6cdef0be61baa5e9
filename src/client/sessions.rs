//! Signing in and out, and stations.

use reqwest::Method;

use super::{Client, ClientError};
use crate::domain::account::AccountName;
use crate::domain::id::DeskId;
use crate::domain::number::StationCode;
use crate::domain::secret::Secret;
use crate::wire::account::{Session, Setup, SignIn};
use crate::wire::station::{StationLease, StationRequest};

impl Client {
    /// `GET /v1/setup`: whether the first account is still to be made.
    pub async fn setup(&self) -> Result<Setup, ClientError> {
        self.get(&["setup"]).await
    }

    /// `POST /v1/sessions`: signs in.
    pub async fn sign_in(&self, name: &AccountName, password: &Secret) -> Result<Session, ClientError> {
        let body = SignIn { name: name.to_string(), password: password.expose().to_owned() };
        self.without_token().post(&["sessions"], &body).await
    }

    /// `GET /v1/sessions/current`: whether the session still holds, and whose it is.
    pub async fn current_session(&self) -> Result<crate::wire::account::Account, ClientError> {
        self.get(&["sessions", "current"]).await
    }

    /// `DELETE /v1/sessions/current`: signs out.
    pub async fn sign_out(&self) -> Result<(), ClientError> {
        self.send(self.request(Method::DELETE, &["sessions", "current"])).await.map(drop)
    }

    /// `POST /v1/stations`: leases a station, or the same one again: that which the server knows for this desk, or the
    /// one it `had`, where the server was put back from a backup.
    pub async fn lease_station(
        &self,
        desk: DeskId,
        had: Option<StationCode>,
    ) -> Result<StationLease, ClientError> {
        self.post(&["stations"], &StationRequest { desk, had }).await
    }
}
