//! Snapshots for tests, made of JSON: `{"NAME": value}` or `{"NAME": {"type": …, "value": …, "disabled": true}}`.

use std::path::Path;

use serde_json::Value as Json;

use crate::evaluation::{Entry, Mode, Owners, Properties, Property, Reason, Snapshot};
use crate::source::{Sources, Span};
use crate::value::{Value, VariableType};

/// The snapshot that `json` describes; all is defined in a dictionary without text.
pub(crate) fn snapshot(json: &Json) -> Snapshot {
    let file = Sources::default().add(Path::new("sample.xml"), "");
    let span = Span::new(file, 0, 0);
    let object = json.as_object().unwrap();
    let entries = object.iter().map(|(name, json)| (name.clone(), entry(json, span)));
    entries.collect()
}

fn entry(json: &Json, definition: Span) -> Entry {
    let kind = json["type"].as_str().map(|name| VariableType::from_name(name).unwrap());
    let mut properties = Properties::default();
    if json["disabled"] == true {
        properties.add(Reason {
            property: Property::Disabled,
            why: "sample".to_owned().into(),
            span: definition,
        });
    }
    Entry {
        value: value(if json.is_object() { &json["value"] } else { json }),
        default: Value::None,
        owner: Owners::Default,
        family: "Sample".into(),
        kind: kind.unwrap_or_default(),
        mode: Mode::Normal,
        description: "".into(),
        master: None,
        properties,
        items: Vec::new(),
        definition,
    }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(truth) => Value::Boolean(*truth),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Number)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(_) => panic!("an object is no value"),
    }
}
