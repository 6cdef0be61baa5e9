//! Acts on a case: `PATCH` for its fields, `POST …/{verb}` for everything else, each once for its event id.
//!
//! One function a verb, so that each has a body of its own in the description; all of them end in [`act`].

use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

use super::cases::{answer, others, seen};
use crate::domain::act::Act;
use crate::domain::check::{FaultCode, Faults};
use crate::domain::id::{CaseId, EventId};
use crate::server::app::{App, Shared};
use crate::server::auth::Signed;
use crate::server::filing;
use crate::server::format::Format;
use crate::server::if_match::IfMatch;
use crate::server::json::Json;
use crate::server::path::CasePath;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::cases::{self, ActOrder};
use crate::wire::act::{
    AnswerBody, CloseBody, ConfirmBody, DispatchBody, FollowUpBody, MergeBody, NoteBody, RedispatchBody,
    RemindBody, ReopenBody, ReplyBody, ReturnBody, ReworkBody, SignBody, UnmergeBody, VoidBody,
};
use crate::wire::case::{AmendBody, CaseView};

/// Declares the handler of each verb: its method and path, its body, and its words in the description.
macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident = $method:ident $path:literal $body:ident;)+) => {
        $(
            $(#[doc = $doc])+
            #[utoipa::path($method, path = $path, tag = "acts", request_body = $body,
                params(
                    ("id" = String, Path, format = Uuid),
                    Format,
                    ("If-Match" = String, Header, description = "The tag of the version seen, such as \"3\""),
                ),
                responses((status = 200, body = CaseView)))]
            pub(crate) async fn $name(
                State(app): State<Shared>,
                signed: Signed,
                axum::Extension(request): axum::Extension<RequestId>,
                CasePath(id): CasePath,
                format: Format,
                IfMatch(expected): IfMatch,
                Json(body): Json<$body>,
            ) -> Result<Response, Failure> {
                let waited = format.sent(body.sent)?.clock().age;
                let (event_id, order) = <(EventId, Act)>::from(body);
                act(app, signed, request, Asked { id, event_id, expected, act: order, waited }).await
            }
        )+
    };
}

acts! {
    /// Changes fields of an open case.
    amend = patch "/v1/cases/{id}" AmendBody;
    /// 当场答复: answered on the spot, and by that closed.
    answer_now = post "/v1/cases/{id}/answer" AnswerBody;
    /// 派单: gives a registered case to departments.
    dispatch = post "/v1/cases/{id}/dispatch" DispatchBody;
    /// 改派: takes it from the departments that have it and gives it to others.
    redispatch = post "/v1/cases/{id}/redispatch" RedispatchBody;
    /// 签收: a department takes it.
    sign = post "/v1/cases/{id}/sign" SignBody;
    /// 退单: a department sends it back.
    send_back = post "/v1/cases/{id}/return" ReturnBody;
    /// 答复: a department's answer.
    reply = post "/v1/cases/{id}/reply" ReplyBody;
    /// Writes a note.
    note = post "/v1/cases/{id}/note" NoteBody;
    /// 催办: a prod.
    remind = post "/v1/cases/{id}/remind" RemindBody;
    /// 回访: the caller was asked whether it was solved. Nothing of the case changes by it: a lead or a call-taker sends it to
    /// rework, opens it again, or closes it.
    follow_up = post "/v1/cases/{id}/follow_up" FollowUpBody;
    /// 重办: dispatches it again after a bad follow-up.
    rework = post "/v1/cases/{id}/rework" ReworkBody;
    /// 办结: closes it.
    close = post "/v1/cases/{id}/close" CloseBody;
    /// Opens a finished case again.
    reopen = post "/v1/cases/{id}/reopen" ReopenBody;
    /// 作废: it was filed in error.
    void = post "/v1/cases/{id}/void" VoidBody;
    /// 核实: a lead has looked at a case whose time is doubtful or that came late.
    confirm = post "/v1/cases/{id}/confirm" ConfirmBody;
    /// 并单: the same event as an earlier case, which leads from now on. Both change in one transaction; `If-Match` names
    /// the version of this case, and the leading one is decided on as it stands.
    merge = post "/v1/cases/{id}/merge" MergeBody;
    /// 拆单: undoes a merge. The case stands as it stood before, be the leading one finished or not.
    unmerge = post "/v1/cases/{id}/unmerge" UnmergeBody;
}

/// An act as it was asked for.
struct Asked {
    id: CaseId,
    event_id: EventId,
    expected: u32,
    act: Act,
    waited: Option<SignedDuration>,
}

async fn act(app: Shared, signed: Signed, request: RequestId, asked: Asked) -> Result<Response, Failure> {
    let Asked { id, event_id, expected, act, waited } = asked;
    signed.needs(act.verb().permission())?;
    let at = app.clock.now();
    check(&app, &act, at)?;
    let (rules, viewer) = (Shared::clone(&app), signed.clone());
    let case = app
        .store
        .write_own(move |tx| {
            let actor = &signed.actor;
            // A department that sent the case back no longer has it, and must still hear that its return arrived.
            let (found, own) = (cases::find(tx, id)?, cases::left_by(tx, id, event_id, &actor.name)?);
            let hidden = found.as_ref().is_none_or(|case| !signed.sees(case));
            let as_left = own.filter(|_| hidden);
            if as_left.is_none() {
                seen(found, &signed)?;
            }
            let order = ActOrder {
                case: id,
                event_id,
                expected,
                act: act.clone(),
                actor,
                at,
                waited,
                request: &request.0,
            };
            let acted = cases::act(tx, order, rules.rules())?;
            Ok::<_, Failure>(as_left.unwrap_or(acted.case))
        })
        .await?;
    // Who else is there is no reason to say that the act failed.
    let others = others(&app, &case, &viewer).await.unwrap_or_default();
    answer(&app, &case, &viewer, others).await
}

fn check(app: &App, act: &Act, now: Timestamp) -> Result<(), Failure> {
    let mut faults = match act {
        Act::Amend(_) => Faults::under("/changes"),
        _ => Faults::under(""),
    };
    faults.act(act);
    match act {
        Act::Amend(changes) => {
            filing::codes(
                &mut faults,
                &app.profile,
                changes.matter.iter().flatten().next(),
                changes.place.as_ref(),
            );
            filing::occurred(&mut faults, changes.occurred_at.flatten(), now);
        }
        Act::Dispatch(order) | Act::Redispatch { order, .. } | Act::Rework { order, .. } => {
            filing::departments(&mut faults, &app.profile, "/order", order);
        }
        Act::Sign { department } | Act::Return { department, .. } | Act::Reply { department, .. }
            if app.profile.department(department).is_none() =>
        {
            faults.add("/department", FaultCode::UnknownCode);
        }
        _ => {}
    }
    Failure::unless_sound(faults)
}
