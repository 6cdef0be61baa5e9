//! The table of contents: every route, and who may come.
//!
//! A route cannot be added without saying what it needs, and the description and the tests read the same table.

use axum::middleware::from_fn_with_state;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::app::Shared;
use super::auth::{self, Access};
use super::openapi::{self, Description};
use super::problem::Failure;
use super::request;
use super::routes::{
    accounts, acts, batch, callers, cases, discards, events, health, like, presence, profile, search,
    sessions, setup, stations, suggest, topics, work,
};
use crate::domain::account::Permission::{
    self, HandleCases, ManageAccounts, ReadCases, SeeCallers, SignedIn, SteerShift, TakeCases,
};
use crate::wire::problem::ProblemCode;

/// Whoever may see at least some cases: all of them, or those of their department.
const SEES_CASES: &[Permission] = &[ReadCases, HandleCases];

/// The routes of the API.
pub(crate) fn table() -> Table {
    Table::new()
        .open(routes!(health::live))
        .open(routes!(health::ready))
        .open(routes!(health::metrics))
        .open(routes!(health::version))
        .open(routes!(health::description))
        .open(routes!(setup::show))
        .open(routes!(setup::first_account))
        .open(routes!(sessions::create))
        .needs(&[SignedIn], routes!(sessions::show))
        .needs(&[SignedIn], routes!(sessions::end))
        .needs(&[SignedIn], routes!(accounts::change_own_password))
        .needs(&[ManageAccounts], routes!(accounts::list))
        .needs(&[ManageAccounts], routes!(accounts::create))
        .needs(&[ManageAccounts], routes!(accounts::change))
        .needs(&[TakeCases], routes!(stations::lease))
        .needs(&[SignedIn], routes!(profile::show))
        .needs(&[SignedIn], routes!(events::stream))
        .needs(&[TakeCases], routes!(cases::file))
        .needs(&[TakeCases], routes!(batch::file))
        .needs(SEES_CASES, routes!(discards::record))
        .needs(SEES_CASES, routes!(cases::show))
        .needs(SEES_CASES, routes!(cases::show_by_number))
        .needs(SEES_CASES, routes!(cases::timeline))
        .needs(SEES_CASES, routes!(presence::say))
        .needs(SEES_CASES, routes!(presence::leave))
        .needs(SEES_CASES, routes!(search::page))
        .needs(&[ReadCases], routes!(like::find))
        .needs(&[ReadCases], routes!(topics::show))
        .needs(&[TakeCases], routes!(suggest::ask))
        .needs(&[SteerShift], routes!(suggest::rebuild))
        .needs(&[SeeCallers], routes!(cases::reveal))
        .needs(&[SeeCallers], routes!(callers::history))
        .needs(&[TakeCases], routes!(work::show))
        .needs(&[TakeCases], routes!(acts::amend))
        .needs(&[TakeCases], routes!(acts::answer_now))
        .needs(&[TakeCases], routes!(acts::dispatch))
        .needs(&[TakeCases], routes!(acts::redispatch))
        .needs(&[HandleCases], routes!(acts::sign))
        .needs(&[HandleCases], routes!(acts::send_back))
        .needs(&[HandleCases], routes!(acts::reply))
        .needs(SEES_CASES, routes!(acts::note))
        .needs(&[TakeCases], routes!(acts::remind))
        .needs(&[TakeCases], routes!(acts::follow_up))
        .needs(&[TakeCases], routes!(acts::rework))
        .needs(&[TakeCases], routes!(acts::close))
        .needs(&[TakeCases], routes!(acts::reopen))
        .needs(&[SteerShift], routes!(acts::void))
        .needs(&[SteerShift], routes!(acts::confirm))
        .needs(&[TakeCases], routes!(acts::merge))
        .needs(&[TakeCases], routes!(acts::unmerge))
}

/// One route, as a test walks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRule {
    /// `GET`, `PUT`, …
    pub method: &'static str,
    /// The template, such as `/v1/cases/{id}`.
    pub path: String,
    /// Who may come.
    pub access: Access,
}

/// Every route with what it needs, in the order of the table.
pub fn route_rules() -> Vec<RouteRule> {
    table().entries.into_iter().flat_map(|entry| entry.rules).collect()
}

/// Routes that have been given their access.
pub(crate) struct Table {
    entries: Vec<Entry>,
}

struct Entry {
    rules: Vec<RouteRule>,
    access: Access,
    routes: UtoipaMethodRouter<Shared>,
}

impl Table {
    const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    fn open(self, routes: UtoipaMethodRouter<Shared>) -> Self {
        self.with(Access::Open, routes)
    }

    fn needs(self, any_of: &'static [Permission], routes: UtoipaMethodRouter<Shared>) -> Self {
        self.with(Access::AnyOf(any_of), routes)
    }

    fn with(mut self, access: Access, mut routes: UtoipaMethodRouter<Shared>) -> Self {
        let mut rules = Vec::new();
        for (path, item) in &mut routes.1.paths {
            for (method, operation) in [
                ("GET", &mut item.get),
                ("PUT", &mut item.put),
                ("POST", &mut item.post),
                ("PATCH", &mut item.patch),
                ("DELETE", &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    openapi::complete(operation, access);
                    rules.push(RouteRule { method, path: path.clone(), access });
                }
            }
        }
        self.entries.push(Entry { rules, access, routes });
        self
    }

    /// The description of all routes.
    pub(crate) fn description(self) -> utoipa::openapi::OpenApi {
        let router = OpenApiRouter::with_openapi(Description::openapi());
        self.entries.into_iter().fold(router, |router, entry| router.routes(entry.routes)).into_openapi()
    }

    /// The router that serves them.
    pub(crate) fn router(self, app: &Shared) -> axum::Router {
        let router = self.entries.into_iter().fold(OpenApiRouter::new(), |router, entry| {
            let (schemas, paths, methods) = entry.routes;
            let methods = match entry.access {
                Access::Open => methods,
                Access::AnyOf(any_of) => {
                    methods.route_layer(from_fn_with_state((Shared::clone(app), any_of), auth::guard))
                }
            };
            router.routes((schemas, paths, methods))
        });
        let (router, _) = router.split_for_parts();
        router
            .fallback(|| async { Failure::not_found() })
            .method_not_allowed_fallback(|| async { Failure::new(ProblemCode::MethodNotAllowed) })
            .layer(from_fn_with_state(Shared::clone(app), request::every))
            .with_state(Shared::clone(app))
    }
}
