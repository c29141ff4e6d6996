//! The schemas accept what the program reads and writes, and refuse what it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below `folder` whose paths end in `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Dictionaries that the program reads: those that are shipped, those of fixtures, those of EOLE's users.
fn good() -> Vec<PathBuf> {
    let mut good = files(&project("dicos"), ".xml");
    good.extend(files(&project("fixtures/ok"), ".xml"));
    good.extend(files(&project("fixtures/real"), ".xml"));
    let real = files(&project("../shared/real"), ".xml");
    assert!(!real.is_empty() || std::env::var_os("CI").is_none(), "the files of EOLE's users are missing");
    good.extend(real);
    good
}

/// Dictionaries whose form the program refuses. Entities are a matter of XML: a schema has them replaced already.
fn bad() -> Vec<PathBuf> {
    let all = files(&project("fixtures/fail"), ".xml");
    let of_form = |path: &&PathBuf| {
        let path = path.to_string_lossy();
        path.contains("/dictionary_")
            && !path.contains("/dictionary_entity/")
            && !path.contains("/dictionary_encoding/")
    };
    all.iter().filter(of_form).cloned().collect()
}

/// Whether the program is there; where it is not, a line says that a test is skipped.
pub(crate) fn has(program: &str) -> bool {
    if Command::new(program).arg("--help").output().is_ok() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "{program} is missing: ./check installs it");
    let text = format!("SKIPPED: {program} is not there\n");
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    false
}

fn accepted(args: &[&str], file: &Path) -> bool {
    let output = Command::new("xmllint").arg("--noout").args(args).arg(file).output().expect("it starts");
    output.status.success()
}

#[test]
fn xmllint_takes_what_the_program_takes() {
    if !has("xmllint") {
        return;
    }
    let (rng, xsd) = (project("schemas/creole.rng"), project("schemas/creole.xsd"));
    for args in [["--relaxng", &rng.to_string_lossy()], ["--schema", &xsd.to_string_lossy()]] {
        for file in good() {
            assert!(accepted(&args, &file), "{} refuses {}", args[1], file.display());
        }
        for file in bad() {
            assert!(!accepted(&args, &file), "{} accepts {}", args[1], file.display());
        }
    }
}

#[test]
fn jing_takes_what_the_program_takes() {
    if !has("jing") {
        return;
    }
    let jing = |schema: &str, files: &[PathBuf]| {
        let mut command = Command::new("jing");
        if Path::new(schema).extension().is_some_and(|ending| ending == "rnc") {
            command.arg("-c");
        }
        let output = command.arg(project(schema)).args(files).output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for schema in ["schemas/creole.rng", "schemas/creole.rnc"] {
        let told = jing(schema, &good());
        assert_eq!(told, "", "{schema}");
        // It stops at what is no XML at all.
        let mut bad = bad();
        bad.retain(|path| !path.to_string_lossy().contains("not_well_formed"));
        let told = jing(schema, &bad);
        for file in bad {
            assert!(told.contains(&*file.to_string_lossy()), "{schema} accepts {}", file.display());
        }
    }
}

fn validator(name: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(project("schemas").join(name)).expect("the schema is there");
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("it is a schema");
    jsonschema::validator_for(&schema).expect("it can be used")
}

fn document(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("it can be read")).expect("it is JSON")
}

fn accepts(validator: &jsonschema::Validator, path: &Path) {
    let wrong: Vec<String> = validator.iter_errors(&document(path)).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
}

#[test]
fn what_is_written_is_of_its_schema() {
    let snapshot = validator("snapshot.schema.json");
    let found =
        [files(&project("fixtures/ok"), "values.json"), files(&project("fixtures/real"), ".values.json")];
    assert!(found.concat().len() >= 6);
    found.concat().iter().for_each(|path| accepts(&snapshot, path));
    let saved = validator("config.eol.schema.json");
    for path in files(&project("fixtures/ok"), "config.eol") {
        accepts(&saved, &path);
    }
    accepts(&saved, &project("fixtures/real/freeradius/ad.config.eol"));
    let specs: Vec<PathBuf> = files(&project("fixtures/render"), ".json");
    let specs: Vec<PathBuf> =
        specs.into_iter().filter(|path| path.to_string_lossy().contains("/run/")).collect();
    assert!(specs.len() >= 3);
    for path in &specs {
        accepts(&validator("run_spec.schema.json"), path);
    }
    let diagnostics = validator("diagnostics.schema.json");
    for case in
        ["schema_all_at_once", "schema_duplicate_variable", "config_eol_not_json", "lint_unused_variable"]
    {
        let folder = project("fixtures/fail").join(case);
        let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
            .current_dir(&folder)
            .args(["--root", "no-root", "--no-default-dicos", "--dicos", "dicos", "--config", "config.eol"])
            .args(["--format", "json", "check"])
            .output()
            .expect("the program starts");
        let told: Value = serde_json::from_slice(&output.stderr).expect("it is JSON");
        let wrong: Vec<String> = diagnostics.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{case}: {wrong:?}");
    }
}

#[test]
fn what_is_broken_is_of_no_schema() {
    for (name, broken) in [
        ("config.eol.schema.json", json!({"a": "b"})),
        ("config.eol.schema.json", json!({"a": {"owner": "me"}})),
        ("config.eol.schema.json", json!({"a": {"owner": {"0": "me"}, "val": "x"}})),
        ("config.eol.schema.json", json!({"a": {"owner": {"x": "me"}, "val": {"x": 1}}})),
        ("snapshot.schema.json", json!({"variables": {"a": {"value": 1}}})),
        ("snapshot.schema.json", json!({"variables": {}, "more": 1})),
        ("run_spec.schema.json", json!({"name": "wiki", "engine": "docker"})),
        (
            "run_spec.schema.json",
            json!({"name": "a/b", "engine": "docker", "source": {"image": "a", "tag": "1"}}),
        ),
        ("plan.schema.json", json!({"containers": [], "files": []})),
        (
            "plan.schema.json",
            json!({"containers": [], "files": [{"do": "dance", "reason": "why"}], "proxy": []}),
        ),
        ("diagnostics.schema.json", json!([{"severity": "bad"}])),
    ] {
        assert!(!validator(name).is_valid(&broken), "{name} accepts {broken}");
    }
}

/// What nginx and Traefik are asked for.
const OF_THE_DOORS: [galerne::plan::Action; 8] = {
    use galerne::plan::Action;
    [
        Action::CheckProxy,
        Action::ReloadProxy,
        Action::StartProxy,
        Action::CheckTraefik,
        Action::ReloadTraefik,
        Action::StartTraefik,
        Action::RestartTraefik,
        Action::StopTraefik,
    ]
};

/// The steps that change services.
fn of_services() -> [galerne::plan::Action; 5] {
    use galerne::plan::Action;
    let name = galerne::render::ServiceName::parse("cron").expect("it is one");
    [
        Action::RestartService { name: name.clone() },
        Action::StartService { name: name.clone() },
        Action::StopService { name: name.clone() },
        Action::EnableService { name: name.clone() },
        Action::DisableService { name },
    ]
}

/// The steps that change nodes.
fn of_nodes() -> [galerne::plan::Action; 3] {
    use galerne::nodes::{Availability, NodeRole};
    use galerne::plan::{Action, NodeChange};
    let labels = NodeChange::Labels {
        set: [("ssd".to_owned(), "true".to_owned())].into(),
        gone: ["old".to_owned()].into(),
    };
    [NodeChange::Role(NodeRole::Manager), NodeChange::Availability(Availability::Drain), labels]
        .map(|change| Action::ChangeNode { node: "srv1".to_owned(), change })
}

#[test]
fn every_kind_of_step_is_of_the_schema() {
    use galerne::plan::{Action, Conflict, ContainerChange, Plan, Step};
    use galerne::run_spec::{ContainerName, Git, Source, Technology};
    let wiki: ContainerName = "wiki".parse().expect("a name");
    let git = Git {
        repository: "/srv/git/wiki".to_owned(),
        folder: Some("docker".to_owned()),
        dockerfile: None,
        commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
    };
    let source = Source { image: "library/wiki".to_owned(), tag: "1".to_owned(), git: None, provider: None };
    let built = Source { git: Some(git), ..source.clone() };
    let (name, path) = ("wiki".to_owned(), PathBuf::from("/srv/wiki"));
    let actions = [
        Action::Fetch { source },
        Action::Fetch { source: built },
        Action::MakeFolder { path: path.clone(), container: wiki.clone() },
        Action::Create { name: name.clone(), container: wiki.clone() },
        Action::Resume { container: wiki.clone() },
        Action::Rename { name: name.clone(), to: "old".to_owned() },
        Action::Start { name: name.clone() },
        Action::Stop { name: name.clone() },
        Action::AwaitHealthy { container: wiki.clone() },
        Action::Remove { name },
        Action::Deploy { container: wiki.clone() },
        Action::Scale { container: wiki.clone(), replicas: 4 },
        Action::RollBack { container: wiki.clone() },
        Action::Withdraw { container: wiki.clone() },
        Action::Balance { container: wiki.clone() },
        Action::Unbalance { container: wiki.clone() },
        Action::WriteFile { path: path.clone() },
        Action::RemoveFile { path },
        Action::Record,
    ];
    let actions = [&actions[..], &of_services(), &of_nodes(), &OF_THE_DOORS].concat();
    let step = |action: &Action| Step::new(action.clone(), "why").undone_by([action.clone()]);
    let mut steps: Vec<Step> = actions.iter().map(step).collect();
    steps.push(step(&Action::Record).on(Technology::Podman));
    let refused = Some(Conflict::ReservedName { container: wiki.clone() });
    let change = ContainerChange {
        containers: vec![wiki],
        engine: Technology::Docker,
        refused,
        fetch: steps.clone(),
        change: steps.clone(),
        clean: Vec::new(),
    };
    let conflict = Conflict::OwnDemotion { container: "srv1".to_owned() };
    let plan = Plan {
        nodes: steps.clone(),
        nodes_refused: Some(conflict),
        containers: vec![change],
        files: steps.clone(),
        proxy: steps.clone(),
        services: steps,
    };
    let plan = serde_json::to_value(&plan).expect("a plan is JSON");
    let validator = validator("plan.schema.json");
    let wrong: Vec<String> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_program_prints_its_schemas() {
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_galerne")).arg("schema").args(args).output();
        let output = output.expect("the program starts");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let list = run(&[]);
    let here = fs::read_dir(project("schemas")).expect("they are there").count();
    assert_eq!(list.lines().count(), here, "{list}");
    let rng = fs::read_to_string(project("schemas/creole.rng")).expect("it is there");
    assert_eq!(run(&["creole.rng"]).trim_end(), rng.trim_end());
    let folder = tempfile::tempdir().expect("a folder can be made");
    run(&["--to", &folder.path().to_string_lossy()]);
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), here);
}
