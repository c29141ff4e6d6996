//! Values as JSON: read from saved configurations, and written to them.

use serde_json::Value as Json;

use super::{Mismatch, Value, VariableType};

impl VariableType {
    /// Makes one value of this type out of what a saved configuration holds, where a number may stand for text and
    /// text for a number.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn read(self, json: &Json) -> Result<Value, Mismatch> {
        match json {
            Json::Null => Ok(Value::None),
            Json::String(text) => self.parse(text),
            Json::Number(number) => self.parse(&number.to_string()),
            Json::Bool(true) => self.parse("True"),
            Json::Bool(false) => self.parse("False"),
            Json::Array(_) => Err(Mismatch::new(self, "a list")),
            Json::Object(_) => Err(Mismatch::new(self, "an object")),
        }
    }

    /// The form in which EOLE saves `value`: numbers of type `number`, `float` and `boolean` as such, ports as text.
    pub fn write(self, value: &Value) -> Json {
        match (self, value) {
            (_, Value::None) => Json::Null,
            (Self::Port, Value::Number(_)) | (_, Value::Text(_)) => Json::String(value.to_string()),
            (_, Value::Number(number)) => (*number).into(),
            (_, Value::Float(number)) => (*number).into(),
            (_, Value::Boolean(truth)) => (*truth).into(),
            (_, Value::List(items)) => items.iter().map(|item| self.write(item)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_texts_stand_for_each_other() {
        assert_eq!(VariableType::Port.read(&json!("80")), Ok(Value::Number(80)));
        assert_eq!(VariableType::Port.read(&json!(80)), Ok(Value::Number(80)));
        assert_eq!(VariableType::Text.read(&json!(80)), Ok(Value::from("80")));
        assert_eq!(VariableType::Text.read(&json!(null)), Ok(Value::None));
        assert_eq!(VariableType::Boolean.read(&json!(true)), Ok(Value::Boolean(true)));
        assert!(VariableType::Text.read(&json!(["a"])).is_err());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let port = VariableType::Port.write(&Value::Number(80));
        assert_eq!(port, json!("80"));
        assert_eq!(VariableType::Port.read(&port), Ok(Value::Number(80)));
        assert_eq!(VariableType::Number.write(&Value::Number(2)), json!(2));
    }
}
