//! The certificate a server shows, read again when its owner says so, without a connection being dropped.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::listen::ListenError;

/// A certificate and its key, PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The certificate that is shown, and where it comes from.
#[derive(Debug)]
pub(crate) struct Certificate {
    files: Tls,
    provider: Arc<CryptoProvider>,
    shown: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads it.
    pub(crate) fn read(files: Tls) -> Result<Self, ListenError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let shown = RwLock::new(Arc::new(certified(&files, &provider)?));
        Ok(Self { files, provider, shown })
    }

    /// Reads it again; what cannot serve is not shown, and the one before goes on.
    pub(crate) fn renew(&self) -> Result<(), ListenError> {
        let fresh = Arc::new(certified(&self.files, &self.provider)?);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// What shakes hands with it: TLS 1.2 and 1.3, for HTTP/1.1 alone.
    pub(crate) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, ListenError> {
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(ListenError::Tls)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn certified(files: &Tls, provider: &CryptoProvider) -> Result<CertifiedKey, ListenError> {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).map_err(ListenError::Pem)?.collect();
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(ListenError::Pem)?;
    CertifiedKey::from_der(chain.map_err(ListenError::Pem)?, key, provider).map_err(ListenError::Tls)
}
