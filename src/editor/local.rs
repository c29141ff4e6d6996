//! The local dictionary: the variables that a site adds to those of its packages, from the editor.
//!
//! In: what the user wants of a variable. Out: a dictionary in EOLE's dialect, tidy, in a file of its own. A file that says more than
//! the editor can is not taken for its own, and left as it is.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Where it is.
pub const LOCAL: &str = "/usr/share/eole/creole/dicos/local/90_editeur.xml";

/// A variable of the local dictionary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalVariable {
    /// The family in which it is.
    pub family: String,
    /// Its name.
    pub name: String,
    /// What a person reads of it.
    pub description: String,
    /// The name of its type.
    pub kind: String,
    /// Its mode.
    pub mode: String,
    /// Its default, if it has one.
    pub default: String,
    /// Whether it is a list.
    pub multi: bool,
    /// Whether it must have a value.
    pub mandatory: bool,
    /// The variable, and the value of it, that disable this one.
    pub disabled_if: Option<(String, String)>,
    /// The words to which it is closed.
    pub words: Vec<String>,
    /// The expression that it must match.
    pub pattern: String,
}

/// The local dictionary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    variables: Vec<LocalVariable>,
}

impl Local {
    /// Reads what [`Self::to_xml`] wrote; none if anything else is in it.
    pub fn read(text: &str) -> Option<Self> {
        let mut local = Self::default();
        let mut reader = Reader::from_str(text);
        let (mut family, mut target, mut name) = (String::new(), String::new(), String::new());
        let (mut words, mut current): (String, Option<String>) = (String::new(), None);
        loop {
            match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(element) => {
                    words.clear();
                    match element.name().as_ref() {
                        "family" => family = attribute(&element, "name")?,
                        "variable" => local.variables.push(variable(&element, &family)?),
                        "condition" => current = Some(attribute(&element, "source")?),
                        "check" => {
                            (target, name) = (attribute(&element, "target")?, attribute(&element, "name")?);
                            current = None;
                        }
                        _ => {}
                    }
                }
                Event::Empty(element) if element.name().as_ref() == "variable" => {
                    local.variables.push(variable(&element, &family)?);
                }
                Event::Text(text) => words.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => words.push_str(&entity(&reference)?),
                Event::End(element) => match (element.name().as_ref(), &current) {
                    ("value", _) => local.variables.last_mut()?.default.clone_from(&words),
                    ("param", Some(source)) => target = format!("{source}\n{words}"),
                    ("param", None) => local.check(&target, &name, &words)?,
                    ("target", Some(_)) => {
                        let (source, value) = target.split_once('\n')?;
                        let disabled_if = Some((source.to_owned(), value.to_owned()));
                        local.find(&words)?.disabled_if = disabled_if;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        (local.to_xml() == text).then_some(local)
    }

    fn find(&mut self, name: &str) -> Option<&mut LocalVariable> {
        self.variables.iter_mut().find(|variable| variable.name == name)
    }

    fn check(&mut self, target: &str, name: &str, words: &str) -> Option<()> {
        let variable = self.find(target)?;
        match name {
            "valid_enum" => variable.words.push(words.to_owned()),
            _ => words.clone_into(&mut variable.pattern),
        }
        Some(())
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// Adds a variable.
    pub fn add(&mut self, variable: LocalVariable) {
        self.variables.push(variable);
    }

    /// The dictionary as a text.
    pub fn to_xml(&self) -> String {
        let mut text = String::from("<?xml version='1.0' encoding='utf-8'?>\n<creole>\n    <variables>\n");
        let mut families: Vec<&str> = Vec::new();
        for variable in &self.variables {
            if !families.contains(&variable.family.as_str()) {
                families.push(&variable.family);
            }
        }
        for family in families {
            let _ = writeln!(text, "        <family name='{}'>", escape(family));
            for variable in self.variables.iter().filter(|variable| variable.family == family) {
                text.push_str(&variable.definition());
            }
            text.push_str("        </family>\n");
        }
        text.push_str("    </variables>\n    <constraints>\n");
        for variable in &self.variables {
            text.push_str(&variable.constraints());
        }
        text.push_str("    </constraints>\n</creole>\n");
        text
    }
}

impl LocalVariable {
    fn definition(&self) -> String {
        let mut text = format!(
            "            <variable name='{}' type='{}' description='{}' mode='{}'",
            escape(&self.name),
            escape(&self.kind),
            escape(&self.description),
            escape(&self.mode)
        );
        for (is_so, word) in [(self.multi, "multi"), (self.mandatory, "mandatory")] {
            if is_so {
                let _ = write!(text, " {word}='True'");
            }
        }
        if self.default.is_empty() {
            text.push_str("/>\n");
        } else {
            let _ = write!(
                text,
                ">\n                <value>{}</value>\n            </variable>\n",
                escape(&self.default)
            );
        }
        text
    }

    fn constraints(&self) -> String {
        let mut text = String::new();
        if let Some((source, value)) = &self.disabled_if {
            let _ = write!(
                text,
                "        <condition name='disabled_if_in' source='{}'>\n            <param>{}</param>\n            \
                 <target type='variable'>{}</target>\n        </condition>\n",
                escape(source),
                escape(value),
                escape(&self.name)
            );
        }
        if !self.words.is_empty() {
            let _ = writeln!(text, "        <check name='valid_enum' target='{}'>", escape(&self.name));
            for word in &self.words {
                let _ = writeln!(text, "            <param>{}</param>", escape(word));
            }
            text.push_str("        </check>\n");
        }
        if !self.pattern.is_empty() {
            let _ = write!(
                text,
                "        <check name='valid_regexp' target='{}'>\n            <param name='exp_reg'>{}</param>\n        </check>\n",
                escape(&self.name),
                escape(&self.pattern)
            );
        }
        text
    }
}

fn variable(element: &BytesStart<'_>, family: &str) -> Option<LocalVariable> {
    Some(LocalVariable {
        family: family.to_owned(),
        name: attribute(element, "name")?,
        description: attribute(element, "description")?,
        kind: attribute(element, "type")?,
        mode: attribute(element, "mode")?,
        multi: attribute(element, "multi").is_some(),
        mandatory: attribute(element, "mandatory").is_some(),
        ..LocalVariable::default()
    })
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn entity(name: &str) -> Option<String> {
    Some(
        match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            _ => return None,
        }
        .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Local {
        let mut local = Local::default();
        local.add(LocalVariable {
            family: "Réseau & co".into(),
            name: "nom_du_site".into(),
            description: "L'établissement <principal>".into(),
            kind: "string".into(),
            mode: "normal".into(),
            default: "a & b".into(),
            multi: true,
            mandatory: true,
            disabled_if: Some(("autre".into(), "n'importe \"quoi\"".into())),
            words: vec!["a & b".into(), "c".into()],
            pattern: "^[a-z<>&]+$".into(),
        });
        local.add(LocalVariable {
            family: "Autre".into(),
            name: "autre".into(),
            description: "Autre".into(),
            kind: "port".into(),
            mode: "expert".into(),
            ..LocalVariable::default()
        });
        local
    }

    #[test]
    fn what_is_written_is_read_again() {
        for local in [Local::default(), whole()] {
            assert_eq!(Local::read(&local.to_xml()), Some(local));
        }
    }

    #[test]
    fn what_says_more_is_not_taken() {
        let text = whole().to_xml();
        for other in [
            text.replace("<creole>", "<creole><!-- mine -->"),
            text.replace("mode='expert'", "mode='expert' hidden='True'"),
            text.replace("</constraints>", "<fill name='calc' target='autre'/></constraints>"),
            "not a dictionary".to_owned(),
            String::new(),
        ] {
            assert_eq!(Local::read(&other), None, "{other}");
        }
    }
}
