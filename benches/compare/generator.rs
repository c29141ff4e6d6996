//! Dictionaries with any number of containers, in each of the forms that are compared, and what they amount to.
//!
//! A container is a family of the nine variables of EOLE's workshop, two groups of them, a closed choice and a condition that
//! switches the family. Name, URL and tag of each are saved values.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

/// How a configuration is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One family that is numbered.
    Numbered,
    /// A file a container.
    Files,
    /// The peer's, in one file.
    Peer,
}

impl Form {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Numbered => "numbered",
            Self::Files => "files",
            Self::Peer => "peer",
        }
    }
}

/// The variables of a container: their ends, and whether each is mandatory, a list, a slave.
const VARIABLES: [(&str, &str); 9] = [
    ("name", "mandatory='True'"),
    ("type", "mandatory='True'"),
    ("url", ""),
    ("tag", ""),
    ("repository", ""),
    ("mountpoint_in", "multi='True'"),
    ("mountpoint_out", ""),
    ("port_in", "multi='True'"),
    ("port_out", ""),
];

/// The variables of a container that have a saved value, and what it begins with; the container's number follows.
const SAVED: [(&str, &str); 3] = [("name", "app"), ("url", "library/app"), ("tag", "1.")];

/// What `type` can be.
const TYPES: [&str; 5] = ["docker", "docker-git", "snap", "vagrant", "qemu"];

/// The line of the first variable in each file.
const FIRST_LINE: usize = 5;

/// Writes the dictionaries of `count` containers into `folder`.
pub(crate) fn write(form: Form, count: usize, folder: &Path) {
    fs::create_dir_all(folder).expect("the folder can be made");
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it can be written");
    if form == Form::Peer {
        return put("00.yml", &peer(count));
    }
    put("10_conteneur.xml", &head(count));
    match form {
        Form::Numbered => put("25_conteneur.xml", &container("X", " numbered='nombre_conteneur'")),
        _ => (1..=count).for_each(|number| {
            put(&format!("25_conteneur{number:05}.xml"), &container(&number.to_string(), ""));
        }),
    }
}

/// The saved values of `count` containers, in the form that `form` reads.
pub(crate) fn saved(form: Form, count: usize) -> String {
    let mut text = String::from(if form == Form::Peer { "---\n" } else { "{\"___version___\": \"2.8.1\"" });
    for number in 1..=count {
        if form == Form::Peer {
            let _ = writeln!(text, "conteneur{number}:");
        }
        for (end, value) in SAVED {
            let _ = match form {
                Form::Peer => writeln!(text, "  conteneur{number}_{end}: \"{value}{number}\""),
                _ => write!(
                    text,
                    ", \"conteneur{number}_{end}\": {{\"owner\": \"bench\", \"val\": \"{value}{number}\"}}"
                ),
            };
        }
    }
    text.push_str(if form == Form::Peer { "" } else { "}\n" });
    text
}

fn head(count: usize) -> String {
    format!(
        "<creole><variables><family name='conteneur'>\
         <variable name='nombre_conteneur' type='number'><value>{count}</value></variable>\
         <variable name='actif' type='oui/non'><value>oui</value></variable>\
         </family></variables></creole>\n"
    )
}

fn container(key: &str, numbered: &str) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='utf-8'?>\n<creole>\n    <variables>\n");
    let _ = writeln!(text, "        <family name='Conteneur-{key}' icon='anchor'{numbered}>");
    for (end, more) in VARIABLES {
        let value = if end == "type" { "<value>docker</value>" } else { "" };
        let _ = writeln!(
            text,
            "            <variable name='conteneur{key}_{end}' type='string' description='Variable {end} du conteneur' \
             {more}>{value}</variable>"
        );
    }
    text.push_str("        </family>\n    </variables>\n    <constraints>\n");
    let _ = write!(
        text,
        "        <check name='valid_enum' target='conteneur{key}_type'>\n            \
         <param>['{}']</param>\n        </check>\n",
        TYPES.join("', '")
    );
    for pair in ["mountpoint", "port"] {
        let _ = write!(
            text,
            "        <group master='conteneur{key}_{pair}_in'>\n            \
             <slave>conteneur{key}_{pair}_out</slave>\n        </group>\n"
        );
    }
    let _ = write!(
        text,
        "        <condition name='disabled_if_in' source='actif'>\n            <param>non</param>\n            \
         <target type='family'>Conteneur-{key}</target>\n        </condition>\n    </constraints>\n</creole>\n"
    );
    text
}

fn peer(count: usize) -> String {
    let mut text =
        String::from("%YAML 1.2\n---\nversion: 1.1\n\nactif:\n  description: Actif\n  default: \"oui\"\n");
    for number in 1..=count {
        let key = format!("conteneur{number}");
        let _ = write!(
            text,
            "\n{key}:\n  description: Conteneur {number}\n  disabled:\n    variable: _.actif\n    when: \"non\"\n"
        );
        for end in ["name", "type", "url", "tag", "repository"] {
            let more = match end {
                "name" => String::new(),
                "type" => {
                    format!("    default: docker\n    choices:\n      - {}\n", TYPES.join("\n      - "))
                }
                _ => "    mandatory: false\n".into(),
            };
            let _ = write!(text, "  {key}_{end}:\n    description: Variable {end} du conteneur\n{more}");
        }
        for pair in ["mountpoint", "port"] {
            let _ = write!(text, "  {key}_{pair}s:\n    type: leadership\n");
            for side in ["in", "out"] {
                let _ = write!(
                    text,
                    "    {key}_{pair}_{side}:\n      description: Variable {pair}_{side} du conteneur\n      mandatory: false\n"
                );
            }
        }
    }
    text
}

/// What `values --format json` prints of such a configuration, made without reading anything.
pub(crate) struct Expected<'a> {
    pub(crate) form: Form,
    pub(crate) count: usize,
    pub(crate) folder: &'a str,
}

impl Serialize for Expected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Document", 1)?;
        document.serialize_field("variables", &Variables(self))?;
        document.end()
    }
}

struct Variables<'a>(&'a Expected<'a>);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        let count = Json::Number(self.0.count);
        members.serialize_entry("nombre_conteneur", &Variable::plain(count, "conteneur", "number"))?;
        members.serialize_entry("actif", &Variable::plain(Json::Text("oui"), "conteneur", "oui/non"))?;
        for number in 1..=self.0.count {
            let family = format!("Conteneur-{number}");
            let file = match self.0.form {
                Form::Numbered => format!("{}/25_conteneur.xml", self.0.folder),
                _ => format!("{}/25_conteneur{number:05}.xml", self.0.folder),
            };
            for (place, (end, _)) in VARIABLES.iter().enumerate() {
                let saved = SAVED.iter().find(|(saved, _)| saved == end);
                let value = match *end {
                    "type" => Json::Text("docker"),
                    end if end.contains("point_") || end.contains("port_") => Json::Empty,
                    _ => Json::Null,
                };
                let mut variable = Variable::plain(value, &family, "string");
                variable.saved = saved.map(|(_, value)| format!("{value}{number}"));
                variable.must = (place < 2).then_some((file.as_str(), FIRST_LINE + place));
                members.serialize_entry(&format!("conteneur{number}_{end}"), &variable)?;
            }
        }
        members.end()
    }
}

#[derive(Clone, Copy)]
enum Json {
    Null,
    Empty,
    Number(usize),
    Text(&'static str),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Empty => [(); 0].serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

struct Variable<'a> {
    value: Json,
    family: &'a str,
    kind: &'static str,
    saved: Option<String>,
    /// Where it is said to be mandatory: the file and the line.
    must: Option<(&'a str, usize)>,
}

impl<'a> Variable<'a> {
    fn plain(value: Json, family: &'a str, kind: &'static str) -> Self {
        Self { value, family, kind, saved: None, must: None }
    }
}

#[derive(serde::Serialize)]
struct Because<'a> {
    property: &'static str,
    #[serde(rename = "because")]
    words: &'static str,
    file: &'a str,
    line: usize,
}

impl Serialize for Variable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let properties: &[&str] = if self.must.is_some() { &["mandatory"] } else { &[] };
        let words = "mandatory='True' on the variable";
        let why: Option<Because<'_>> =
            self.must.map(|(file, line)| Because { property: "mandatory", words, file, line });
        let asked = self.must.is_some() && matches!(self.value, Json::Null);
        let owner = if self.saved.is_some() { "bench" } else { "default" };
        let mut members = serializer.serialize_struct("Variable", 8)?;
        match &self.saved {
            Some(saved) => members.serialize_field("value", saved)?,
            None => members.serialize_field("value", &self.value)?,
        }
        members.serialize_field("default", &self.value)?;
        members.serialize_field("owner", owner)?;
        members.serialize_field("family", self.family)?;
        members.serialize_field("type", self.kind)?;
        members.serialize_field("mode", if asked { "basic" } else { "normal" })?;
        members.serialize_field("properties", properties)?;
        members.serialize_field("why", &why.iter().collect::<Vec<_>>())?;
        members.end()
    }
}
