//! Earlier cases that may be the event that is being typed.

use axum::extract::State;

use super::topics;
use crate::domain::check::{FIELD_LIMIT, Faults, TEXT_LIMIT};
use crate::domain::topic::Call;
use crate::server::app::Shared;
use crate::server::json::Json;
use crate::server::place::Place;
use crate::server::problem::Failure;
use crate::store::StoreError;
use crate::store::like::{self, LikeQuery};
use crate::wire::case::CaseRow;
use crate::wire::search::{LikeCase, LikeCases, LikeRequest};

/// At most ten earlier cases like what has been typed, the likest first, and why; and the hot topic it belongs to.
#[utoipa::path(post, path = "/v1/cases/like", tag = "cases", request_body = LikeRequest,
    params(Place),
    responses((status = 200, body = LikeCases)))]
pub(crate) async fn find(
    State(app): State<Shared>,
    Place(seen): Place,
    Json(request): Json<LikeRequest>,
) -> Result<Json<LikeCases>, Failure> {
    let LikeRequest { text, division, detail, matter, except } = request;
    let mut faults = Faults::under("");
    faults.text("/text", &text, TEXT_LIMIT);
    faults.text("/detail", &detail, FIELD_LIMIT);
    Failure::unless_sound(faults)?;
    let query = LikeQuery { text, detail, division, matter, except, now: app.clock.now() };
    let asked = Shared::clone(&app);
    let (found, hot) = app
        .store
        .read_list(seen, move |tx| {
            let call = Call::typed(
                &query.text,
                query.division.clone(),
                &query.detail,
                query.matter.clone(),
                query.now,
            );
            Ok::<_, StoreError>((like::like(tx, &query)?, topics::of_call(&asked, tx, &call, query.now)?))
        })
        .await?;
    let cases = found.into_iter().map(|like| LikeCase {
        row: CaseRow::from(&like.case),
        score: like.alike.score,
        because: like.alike.because,
    });
    Ok(Json(LikeCases { cases: cases.collect(), hot: hot.map(Box::new) }))
}
