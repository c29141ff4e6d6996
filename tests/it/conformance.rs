//! The other dialect's own suite: each case's dictionaries are loaded and what they amount to is compared, value by value
//! and owner by owner, with what that tool's authors wrote down.
//!
//! The suite is not part of this project. `check` downloads it; `GALERNE_PEER_SUITE` names its folder of cases. Its
//! expectations come from functions that do almost nothing, so the cases run with [`Stubs`] in the place of ours.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use galerne::compile::evaluated;
use galerne::config_eol::Saved;
use galerne::diagnostic::{Findings, human};
use galerne::dictionary::{Place, load};
use galerne::evaluation::{Entry, Evaluated, Occasion, Owners, Properties, Snapshot, lasting};
use galerne::function::{Arguments, FunctionError, FunctionId, FunctionRole, Library};
use galerne::schema::{Role, Schema, VariableId};
use galerne::source::{Disk, Sources};
use galerne::value::Value;
use galerne::words::Words;
use serde_json::{Map, Value as Json, json};

/// The cases that do not pass, each with the reason; all others must.
const LEFT_OUT: [(&str, &str); 1] = [(
    "60action_external",
    "a default that is not of its variable's type is refused, though a calculation replaces it",
)];

/// How many cases the suite has.
const CASES: usize = 199;

/// What the suite's own functions do.
struct Stubs {
    informations: BTreeMap<String, String>,
}

const NAMES: [&str; 4] = ["calc_val", "calc_list", "calc_value", "trange"];

impl Library for Stubs {
    fn find(&self, name: &str) -> Option<FunctionId> {
        // Every other one is there and returns nothing.
        Some(FunctionId::new(NAMES.iter().position(|known| *known == name).unwrap_or(NAMES.len())))
    }

    fn names(&self) -> Vec<&str> {
        NAMES.to_vec()
    }

    fn name(&self, id: FunctionId) -> &str {
        NAMES.get(id.index()).copied().unwrap_or("another")
    }

    fn role(&self, _: FunctionId) -> FunctionRole {
        FunctionRole::Either
    }

    fn calculate(&self, id: FunctionId, arguments: &Arguments) -> Result<Value, FunctionError> {
        let all = &arguments.positional;
        Ok(match self.name(id) {
            "calc_val" | "calc_value" => all.first().cloned().unwrap_or_default(),
            "calc_list" => Value::List(all.clone()),
            "trange" => match all[..] {
                [Value::Number(from), Value::Number(to)] => {
                    Value::List((from..to).map(Value::Number).collect())
                }
                _ => Value::None,
            },
            _ => Value::None,
        })
    }

    fn check(&self, _: FunctionId, _: &Value, _: &Arguments) -> Result<(), FunctionError> {
        Ok(())
    }

    fn information(&self, of: Option<&str>, name: &str) -> Option<Value> {
        match (of, name) {
            (Some(path), _) => self.informations.get(path).map(|text| Value::from(text.as_str())),
            (None, "test_information" | "info") => Some(Value::from("value")),
            (None, "test_information_list") => Some(Value::List(vec![Value::from("value")])),
            _ => None,
        }
    }
}

/// The folder of the cases; none, with a line that says so, where it is not there.
fn suite() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peer/tests/dictionaries_old");
    let folder = std::env::var_os("GALERNE_PEER_SUITE").map_or(usual, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing: ./check downloads it", folder.display());
    // Straight to the terminal: the harness would keep what a green test prints.
    let text = b"SKIPPED: the other dialect's suite is not there; ./check downloads it\n";
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text);
    None
}

/// The cases without services, which EOLE's successor describes in a way that is no part of the dialect.
fn cases(suite: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(suite).expect("the suite can be read");
    let folders = entries.map(|entry| entry.expect("it can be read").path());
    let mut cases: Vec<PathBuf> = folders.filter(|folder| is_case(folder)).collect();
    cases.sort();
    cases
}

fn is_case(folder: &Path) -> bool {
    let mut texts = Vec::new();
    read_all(&folder.join("xml"), &mut texts);
    !texts.is_empty() && texts.iter().all(|text| !text.contains("<services"))
}

fn read_all(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            read_all(&path, texts);
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            texts.push(fs::read_to_string(path).expect("a dictionary can be read"));
        }
    }
}

fn expected(case: &Path, name: &str) -> Json {
    let text = fs::read_to_string(case.join("makedict").join(name)).expect("the case says what it expects");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Runs a case; why it fails, if it does.
fn run(case: &Path) -> Result<(), String> {
    let informations = fs::read_to_string(case.join("informations.json")).unwrap_or_else(|_| "{}".to_owned());
    let stubs =
        Stubs { informations: serde_json::from_str(&informations).map_err(|error| error.to_string())? };
    let (schema, before) = evaluate(case, &Saved::empty(), &stubs)?;
    compare("base", &expected(case, "base.json"), &rows(&schema, &before.snapshot))?;
    compare("before", &expected(case, "before.json"), &owners(&schema, &before.snapshot))?;
    let mut saved = Saved::empty();
    for (name, value) in lasting(&schema, &before.snapshot, Occasion::Instance) {
        saved.set(name, value).map_err(|error| error.to_string())?;
    }
    let (schema, after) = evaluate(case, &saved, &stubs)?;
    compare("after", &expected(case, "after.json"), &owners(&schema, &after.snapshot))
}

fn evaluate(case: &Path, saved: &Saved, stubs: &Stubs) -> Result<(Schema, Evaluated), String> {
    let places = [Place::Folder(case.join("xml")), Place::Namespaces(case.join("xml/extra_dirs"))];
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let dictionaries = load(&places, &Disk, &mut sources, &mut findings);
    let told = |findings: &Findings| human(findings, &sources, false, &Words::default());
    if findings.has_errors() {
        return Err(told(&findings));
    }
    let (schema, result) = evaluated(dictionaries, saved, stubs).map_err(|findings| told(&findings))?;
    if result.wrong.has_errors() { Err(told(&result.wrong)) } else { Ok((schema, result)) }
}

fn compare(what: &str, expected: &Json, found: &Json) -> Result<(), String> {
    if equal(expected, found) {
        Ok(())
    } else {
        Err(format!("{what}\n  expected {expected}\n  found    {found}"))
    }
}

/// Whether two documents are equal, whatever the order of members and the message of what cannot be read.
fn equal(expected: &Json, found: &Json) -> bool {
    match (expected, found) {
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(one, other)| equal(one, other))
        }
        (_, Json::String(text)) if text == UNREADABLE => true,
        _ => expected == found,
    }
}

/// What stands for a value that cannot be read.
const UNREADABLE: &str = "\0unreadable";

fn slaves(schema: &Schema, master: VariableId) -> Vec<VariableId> {
    schema.ids().filter(|id| schema.variable(*id).role == Role::Slave(master)).collect()
}

fn enabled<'s>(schema: &Schema, snapshot: &'s Snapshot, id: VariableId) -> Option<&'s Entry> {
    snapshot.entry(schema.name(id)).filter(|entry| !entry.properties.is_disabled())
}

fn json_of(value: &Value) -> Json {
    serde_json::to_value(value).expect("a value is JSON")
}

/// The values: of a group, rows.
fn rows(schema: &Schema, snapshot: &Snapshot) -> Json {
    let mut all = Map::new();
    for id in schema.ids() {
        let Some(entry) = enabled(schema, snapshot, id) else { continue };
        let path = schema.path(id);
        match schema.variable(id).role {
            Role::Alone => {
                all.insert(path, json_of(&entry.value));
            }
            Role::Slave(_) => {}
            Role::Master => {
                let items = entry.value.items().iter().enumerate();
                let row = |(index, item): (usize, &Value)| row(schema, snapshot, (id, item), index);
                all.insert(path, items.map(row).collect());
            }
        }
    }
    all.into()
}

fn row(schema: &Schema, snapshot: &Snapshot, (master, item): (VariableId, &Value), index: usize) -> Json {
    let mut row = Map::new();
    row.insert(schema.path(master), json_of(item));
    for slave in slaves(schema, master) {
        let Some(entry) = enabled(schema, snapshot, slave) else { continue };
        if !entry.items.get(index).is_some_and(Properties::is_disabled) {
            row.insert(schema.path(slave), json_of(&entry.value.items()[index]));
        }
    }
    row.into()
}

/// The values with their owners: of a slave, lists.
fn owners(schema: &Schema, snapshot: &Snapshot) -> Json {
    let mut all = Map::new();
    for id in schema.ids() {
        let Some(entry) = enabled(schema, snapshot, id) else { continue };
        let value = match schema.variable(id).role {
            // A slave without items has nothing to be read.
            Role::Slave(_) if entry.value.is_empty() => continue,
            Role::Slave(_) => items(entry),
            _ => json!({ "owner": owner(&entry.owner), "value": json_of(&entry.value) }),
        };
        all.insert(schema.path(id), value);
    }
    all.into()
}

fn items(entry: &Entry) -> Json {
    let (mut owners, mut values) = (Vec::new(), Vec::new());
    for (index, item) in entry.value.items().iter().enumerate() {
        if entry.items.get(index).is_some_and(Properties::is_disabled) {
            owners.push("error".to_owned());
            values.push(UNREADABLE.into());
            continue;
        }
        let own = match &entry.owner {
            Owners::Items(owners) => owners.get(index).cloned().flatten(),
            _ => None,
        };
        owners.push(own.map_or_else(|| "default".to_owned(), |own| named(&own)));
        values.push(json_of(item));
    }
    json!({ "owner": owners, "value": values })
}

fn owner(owner: &Owners) -> String {
    match owner {
        Owners::One(owner) => named(owner),
        _ => "default".to_owned(),
    }
}

/// The suite has one word for what is kept by itself.
fn named(owner: &str) -> String {
    if owner == "auto_freeze" { "forced".to_owned() } else { owner.to_owned() }
}

#[test]
fn the_other_dialects_suite_passes() {
    let Some(suite) = suite() else { return };
    let (mut passed, mut left_out, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases(&suite) {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let reason = LEFT_OUT.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason);
        match (run(&case), reason) {
            (Ok(()), None) => passed += 1,
            (Err(_), Some(reason)) => left_out.push(format!("{name}: {reason}")),
            (Ok(()), Some(_)) => wrong.push(format!("{name} passes: it is left out no more")),
            (Err(why), None) => wrong.push(format!("{name}: {why}")),
        }
    }
    let counts =
        format!("conformance: {passed} passed, {} failed, {} left out\n", wrong.len(), left_out.len());
    let _ =
        std::io::Write::write_all(&mut std::io::stderr(), (counts + &left_out.join("\n") + "\n").as_bytes());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(passed + left_out.len(), CASES);
}
