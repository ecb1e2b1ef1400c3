//! The document of a workspace: that of the handlers, with the custom fields as they are now.

use rapport_domain::{CustomField, CustomFieldKind, ObjectKind};
use serde_json::{Map, Value, json};

/// Puts the types of custom fields into a document: `ContactCustom` for what records of contacts
/// hold, `ContactCustomPatch` for what a patch may set; so for the other objects.
pub(crate) fn merge_custom_fields(document: &mut Value, fields: &[CustomField]) {
    for object in ObjectKind::WITH_CUSTOM_FIELDS {
        let of_object = |field: &&CustomField| field.object == object && field.is_active();
        let fields: Vec<&CustomField> = fields.iter().filter(of_object).collect();
        if !fields.is_empty() {
            merge(document, name_of(object), &fields);
        }
    }
}

const fn name_of(object: ObjectKind) -> &'static str {
    match object {
        ObjectKind::Contact => "Contact",
        ObjectKind::Company => "Company",
        ObjectKind::Deal => "Deal",
        ObjectKind::Ticket => "Ticket",
        ObjectKind::Task => "Task",
        ObjectKind::Product => "Product",
        ObjectKind::Order => "Order",
        ObjectKind::Campaign => "Campaign",
    }
}

fn merge(document: &mut Value, name: &str, fields: &[&CustomField]) {
    let held: Map<String, Value> = fields
        .iter()
        .map(|field| (field.key.clone(), schema_of(field)))
        .collect();
    let set: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = schema_of(field);
            if !field.is_required {
                schema = json!({ "oneOf": [{ "type": "null" }, schema] });
            }
            (field.key.clone(), schema)
        })
        .collect();
    let schemas = &mut document["components"]["schemas"];
    for (schema, custom, properties) in [
        (name.to_owned(), format!("{name}Custom"), held),
        (format!("{name}Patch"), format!("{name}CustomPatch"), set),
    ] {
        let place = format!("/{schema}/properties/custom");
        if let Some(property) = schemas.pointer_mut(&place) {
            *property = json!({ "$ref": format!("#/components/schemas/{custom}") });
        }
        schemas[custom] = json!({
            "type": "object",
            "description": "Custom field values by key.",
            "properties": properties,
        });
    }
}

fn schema_of(field: &CustomField) -> Value {
    let mut schema = match &field.kind {
        CustomFieldKind::Text => json!({ "type": "string", "maxLength": 2000 }),
        CustomFieldKind::LongText => json!({ "type": "string", "maxLength": 20000 }),
        CustomFieldKind::Number => json!({ "type": "number" }),
        CustomFieldKind::Integer => json!({ "type": "integer" }),
        CustomFieldKind::Boolean => json!({ "type": "boolean" }),
        CustomFieldKind::Date => json!({ "type": "string", "format": "date" }),
        CustomFieldKind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        CustomFieldKind::Url => json!({ "type": "string", "format": "uri" }),
        CustomFieldKind::Email => json!({ "type": "string", "format": "email" }),
        CustomFieldKind::Phone => json!({ "type": "string", "example": "+442079460958" }),
        CustomFieldKind::Choice { options, .. } => json!({ "type": "string", "enum": options }),
        CustomFieldKind::MultipleChoice { options, .. } => json!({
            "type": "array", "items": { "type": "string", "enum": options },
        }),
    };
    let help = field.help.as_ref().map(|help| help.en.as_str());
    schema["title"] = json!(field.label.en);
    schema["description"] = json!(help.unwrap_or(&field.label.en));
    if let Some(default) = &field.default {
        schema["default"] = json!(default);
    }
    schema
}

#[cfg(test)]
mod tests {
    use rapport_domain::{LocalizedText, Timestamp};

    use super::*;

    #[test]
    fn fields_in_use_have_schemas_and_archived_ones_have_none() {
        let field = |key: &str, kind| {
            let id = uuid::Uuid::nil().into();
            let label = LocalizedText::new("Level", "等级");
            let now = Timestamp::from_millis(0);
            CustomField::new(id, ObjectKind::Contact, key, label, kind, now)
        };
        let level = field("level", CustomFieldKind::choice(["gold"]));
        let mut old = field("old", CustomFieldKind::Number);
        old.archived_at = Some(Timestamp::from_millis(1));
        let property = json!({ "properties": { "custom": { "type": "object" } } });
        let mut document = json!({ "components": { "schemas": {
            "Contact": property, "ContactPatch": property, "Deal": property,
        } } });

        merge_custom_fields(&mut document, &[level, old]);

        let schemas = &document["components"]["schemas"];
        let reference = &schemas["Contact"]["properties"]["custom"]["$ref"];
        assert_eq!(reference, "#/components/schemas/ContactCustom");
        let properties = schemas["ContactCustom"]["properties"].as_object().unwrap();
        assert_eq!(properties.keys().collect::<Vec<_>>(), ["level"]);
        assert_eq!(properties["level"]["enum"], json!(["gold"]));
        let level = &schemas["ContactCustomPatch"]["properties"]["level"];
        assert_eq!(level["oneOf"][0]["type"], "null");
        assert_eq!(schemas["Deal"]["properties"]["custom"]["type"], "object");
    }
}
