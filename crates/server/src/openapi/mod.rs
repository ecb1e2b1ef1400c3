//! The OpenAPI 3.1 document, generated from the handlers.

mod custom;

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Info, OpenApi, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{FieldProblem, Problem};
use crate::session::COOKIE;

pub(crate) use custom::merge_custom_fields;

/// Operations that need no session.
const OPEN: [&str; 2] = ["create_session", "delete_session"];

/// Adds what holds for every operation and schema alike to the document of the handlers.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    document.info = info();
    document.servers = None;
    let components = document.components.get_or_insert_default();
    for (name, schema) in [
        (Problem::name(), Problem::schema()),
        (FieldProblem::name(), FieldProblem::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    for (name, schema) in &mut components.schemas {
        if !is_request(name) {
            require_all(schema);
        }
    }
    let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    components
        .security_schemes
        .insert("session".to_owned(), RefOr::T(scheme));
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            complete_operation(operation);
        }
    }
    document
}

fn info() -> Info {
    let mut info = Info::new("Rapport", "1");
    info.description = Some(
        "The HTTP API of Rapport. Every error is a problem detail (RFC 9457). Changes need the \
         header x-rapport-csrf. Lists are read by cursor."
            .to_owned(),
    );
    info
}

/// Names of schemas that only requests have.
fn is_request(name: &str) -> bool {
    name.ends_with("Input") || name.ends_with("Patch")
}

/// Every property of an answer is always there, if only as `null`.
fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(require_all),
        RefOr::T(Schema::OneOf(parts)) => parts.items.iter_mut().for_each(require_all),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

fn complete_operation(operation: &mut Operation) {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(Problem::name())))
        .build();
    let problem = ResponseBuilder::new()
        .description("What went wrong, as problem details")
        .content("application/problem+json", content)
        .build();
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response {
            response.description = described(status).to_owned();
        }
    }
    responses.insert("default".to_owned(), RefOr::T(problem));
    let is_open = operation
        .operation_id
        .as_deref()
        .is_some_and(|id| OPEN.contains(&id));
    if !is_open {
        let requirement = SecurityRequirement::new("session", Vec::<String>::new());
        operation.security = Some(vec![requirement]);
    }
}

/// What a status means here; OpenAPI wants a sentence for each response.
fn described(status: &str) -> &'static str {
    match status {
        "201" => "Made; the header Location says where it is",
        "202" => "Accepted; follow the job",
        "204" => "Done; there is nothing to tell",
        _ => "Done",
    }
}
