//! Expressions of the template engine in the place of a function.
//!
//! In: the text of a template, when the schema is linked, and the values of the variables that it names, when it is
//! evaluated. Out: the text that it renders to. Nothing else can be seen from it: no files, no other templates.

use std::fmt;

use serde_json::{Map, Value as Json};
use tera::{Context, Tera};

use super::FunctionError;
use crate::value::Value;

/// The one template of an expression's engine.
const NAME: &str = "expression";

/// An expression, compiled.
pub struct Expression {
    engine: Tera,
    names: Vec<String>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expression").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Expression {
    /// Compiles `text`.
    ///
    /// # Errors
    /// What the template engine says of it.
    pub fn compile(text: &str) -> Result<Self, FunctionError> {
        let mut engine = Tera::default();
        engine.autoescape_on(Vec::<&str>::new());
        engine.add_raw_template(NAME, text).map_err(|error| bad(&error))?;
        Ok(Self { engine, names: names(text) })
    }

    /// The names in it that may be variables, dots and all, each once, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Renders it, `values` standing for the names.
    ///
    /// # Errors
    /// What the template engine says.
    pub fn render(&self, values: &[(&str, &Value)]) -> Result<String, FunctionError> {
        let mut scope = Map::new();
        for (name, value) in values {
            let json = serde_json::to_value(value).unwrap_or_default();
            place(&mut scope, &mut name.split('.'), json);
        }
        let mut context = Context::new();
        for (name, json) in scope {
            context.insert(name, &json);
        }
        self.engine.render(NAME, &context).map_err(|error| bad(&error))
    }
}

fn bad(error: &tera::Error) -> FunctionError {
    let text = error.to_string();
    FunctionError::BadExpression {
        reason: text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

/// Puts `json` at the end of the path that `parts` are.
fn place<'p>(scope: &mut Map<String, Json>, parts: &mut impl Iterator<Item = &'p str>, json: Json) {
    let Some(part) = parts.next() else { return };
    let mut rest = parts.peekable();
    if rest.peek().is_none() {
        scope.insert(part.to_owned(), json);
    } else if let Json::Object(inner) = scope.entry(part).or_insert_with(|| Json::Object(Map::new())) {
        let rest: Vec<&str> = rest.collect();
        place(inner, &mut rest.into_iter(), json);
    }
}

/// The words between the marks of the engine that are outside of quotes, each once.
fn names(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split("{{").flat_map(|part| part.split("{%")).skip(1) {
        let code = part.split("}}").next().unwrap_or_default().split("%}").next().unwrap_or_default();
        for plain in code.split(['"', '\'']).step_by(2) {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
            for word in plain.split(|letter| !is_part(letter)) {
                let is_name = word.starts_with(|first: char| first.is_alphabetic() || first == '_');
                if is_name && !found.iter().any(|known| known == word) {
                    found.push(word.to_owned());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sees_the_variables_that_it_names_and_nothing_else() {
        let expression = Expression::compile("{% if a.b == 'x' %}{{ a.c }}{% else %}no{% endif %}").unwrap();
        assert_eq!(expression.names(), ["if", "a.b", "a.c", "else", "endif"]);
        let (b, c) = (Value::from("x"), Value::Number(3));
        assert_eq!(expression.render(&[("a.b", &b), ("a.c", &c)]), Ok("3".to_owned()));
        assert!(Expression::compile("{{ a").is_err());
        assert!(Expression::compile("{{ a }}").unwrap().render(&[]).is_err());
    }
}
