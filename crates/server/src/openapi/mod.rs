//! The OpenAPI 3.1 document, generated from the handlers.

mod custom;

use utoipa::openapi::path::Operation;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, Info, ObjectBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Schema,
    Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::answers::{Selectable, hideable_members};
use crate::error::{FieldProblem, Problem};
use crate::session::COOKIE;

pub(crate) use custom::merge_custom_fields;

/// Operations that need no session.
const OPEN: [&str; 2] = ["create_session", "delete_session"];

/// Operations that take no `Idempotency-Key`: nobody is signed in yet, or the body is too large to be
/// compared.
const NOT_DONE_ONCE: [&str; 2] = ["create_session", "create_import"];

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
            release(schema, &hideable_members(name));
        }
    }
    let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    components
        .security_schemes
        .insert("session".to_owned(), RefOr::T(scheme));
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("rk_<prefix>_<secret>")
        .description(Some("An API key; it acts as its user within its scopes"))
        .build();
    components
        .security_schemes
        .insert("api_key".to_owned(), RefOr::T(SecurityScheme::Http(scheme)));
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
        if let Some(operation) = &mut item.post {
            take_idempotency_key(operation);
        }
    }
    take_fields(&mut document);
    document
}

fn info() -> Info {
    let mut info = Info::new("Rapport", "1");
    info.description = Some(
        "The HTTP API of Rapport. Every error is a problem detail (RFC 9457). Changes need the \
         header x-rapport-csrf, except with an API key. Lists are read by cursor. A field that the \
         caller's role hides is absent, and not null: `GET /me/access` says which these are."
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

/// What a role may hide is absent from its answers.
fn release(schema: &mut RefOr<Schema>, hideable: &[&str]) {
    if let RefOr::T(Schema::Object(object)) = schema {
        object
            .required
            .retain(|name| !hideable.contains(&name.as_str()));
    }
}

/// Tells of the parameter that narrows lists and records, and of records that are there already.
fn take_fields(document: &mut OpenApi) {
    let selectable = Selectable::of(document);
    for (path, is_record) in selectable.paths() {
        let item = document.paths.paths.get_mut(path);
        let Some(operation) = item.and_then(|item| item.get.as_mut()) else {
            continue;
        };
        let parameters = operation.parameters.get_or_insert_default();
        parameters.push(RefOr::T(parameter("fields", ParameterIn::Query, FIELDS)));
        if is_record {
            let known = parameter("If-None-Match", ParameterIn::Header, IF_NONE_MATCH);
            parameters.push(RefOr::T(known));
            let response = ResponseBuilder::new()
                .description("The answer is the one that bears the tag")
                .build();
            let responses = &mut operation.responses.responses;
            responses.insert("304".to_owned(), RefOr::T(response));
        }
    }
}

const FIELDS: &str = "The fields that are wanted of the record, or of each row, with commas between \
    them, such as `id,name,custom.level`; the others are absent then, also those that are always \
    there otherwise. All where it is left out. A field that is not known is 400, one that the \
    caller's role hides 403";

const IF_NONE_MATCH: &str = "The `ETag` of an answer that the caller has: answered by 304 and nothing \
    where it is still the same. Every record has a tag, and no list has one";

fn parameter(name: &str, place: ParameterIn, description: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(Schema::Object(text)))
        .build()
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
        let either = ["session", "api_key"];
        let either = either.map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        operation.security = Some(either.to_vec());
    }
}

/// Tells of the header by which a request that is sent twice is done once.
fn take_idempotency_key(operation: &mut Operation) {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    if NOT_DONE_ONCE.contains(&id) {
        return;
    }
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .build();
    let header = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A text that names this request: sent again with it within a day, it is answered as the \
             first time and not done again",
        ))
        .schema(Some(Schema::Object(key)))
        .build();
    operation
        .parameters
        .get_or_insert_default()
        .push(RefOr::T(header));
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
