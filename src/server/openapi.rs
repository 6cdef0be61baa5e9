//! The description of the API, built from the router itself, so that no route is undocumented.

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::auth::Access;
use super::router;
use crate::wire::presence::PresenceChange;
use crate::wire::problem::{FieldProblem, Problem};

const SESSION: &str = "session";

/// What the description says beside the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Huiyin",
        description = "The cases of a government hotline. Every error is `application/problem+json`; every change \
                       names the version it was made on (`If-Match`) and carries an id by which it is done once.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem, FieldProblem, PresenceChange)),
    modifiers(&Session),
    tags(
        (name = "accounts", description = "Who may come in"),
        (name = "sessions", description = "Signing in and out"),
        (name = "stations", description = "Four digits for each desk, by which it numbers cases itself"),
        (name = "profile", description = "The city"),
        (name = "cases", description = "Filing, reading and finding cases"),
        (name = "acts", description = "What is done with a case"),
        (name = "callers", description = "What a number called about before"),
        (name = "events", description = "The live stream"),
        (name = "health", description = "For those who watch the server"),
    )
)]
pub(crate) struct Description;

struct Session;

impl Modify for Session {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of `POST /v1/sessions`"))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(SESSION, SecurityScheme::Http(bearer));
    }
}

/// What every operation has in common: its permission, its security and its errors.
pub(super) fn complete(operation: &mut Operation, access: Access) {
    operation.responses.responses.insert("default".to_owned(), RefOr::T(problem()));
    let permissions: Vec<String> = match access {
        Access::Open => Vec::new(),
        Access::AnyOf(permissions) => {
            operation.security = Some(vec![SecurityRequirement::new(SESSION, Vec::<String>::new())]);
            permissions.iter().map(|permission| format!("{permission:?}")).collect()
        }
    };
    if let Some(words) = &mut operation.description
        && words.is_empty()
    {
        operation.description = None;
    }
    if !permissions.is_empty() {
        let extensions =
            utoipa::openapi::extensions::ExtensionsBuilder::new().add("x-permissions", permissions).build();
        operation.extensions.get_or_insert_default().merge(extensions);
    }
}

fn problem() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description("Why not").content("application/problem+json", content).build()
}

/// The document that `/openapi.json` serves, indented.
pub fn openapi_json() -> String {
    static DOCUMENT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let mut document = router::table().description();
        env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
        document.to_pretty_json().unwrap_or_default()
    });
    DOCUMENT.clone()
}
