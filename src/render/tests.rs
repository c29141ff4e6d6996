use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::run_spec::{ContainerName, Fleet, fleet};
use crate::source::{Memory, Sources};
use crate::template::sample;

/// Renders what galerne generates of its own, without a dictionary that names files.
pub(super) fn alone(
    snapshot: &Snapshot,
    containers: &[Container],
    templates: &Templates,
    findings: &mut Findings,
) -> Rendered {
    let world = Memory::default();
    let distribution = Distribution::new(&world, Path::new("/"), false);
    let sources = super::Sources { templates, distribution: &distribution };
    render(&System::default(), snapshot, containers, sources, findings)
}

/// A configuration that uses every variable.
fn full() -> Json {
    json!({
        "conteneur_nom_serveur": ["www.example.org"], "conteneur_port_http": 80,
        "conteneur_site_par_defaut": "oui", "conteneur_ipv6": "oui",
        "conteneur1_name": "wiki", "conteneur1_type": "docker", "conteneur1_url": "library/wiki",
        "conteneur1_tag": "1", "conteneur1_repository": "r.example.org",
        "conteneur1_mountpoint_in": ["/data"], "conteneur1_mountpoint_out": ["/srv/data"],
        "conteneur1_port_in": ["80"], "conteneur1_port_out": ["8080"], "conteneur1_adresse": "127.0.0.1",
        "conteneur1_prefixe_conserve": "non", "conteneur1_taille_max": 64, "conteneur1_delai_max": 60,
        "conteneur1_sante_chemin": "/", "conteneur1_sante_delai": 60,
        "conteneur1_redemarrage": "always", "conteneur1_memoire": 64, "conteneur1_processeurs": 1,
        "conteneur1_environnement_nom": ["A"],
        "conteneur1_environnement_valeur": {"type": "password", "value": ["hunter2"]},
    })
}

fn rendered(json: &Json) -> (Rendered, Findings, Sources) {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let snapshot = sample::snapshot(json);
    let templates = Templates::load(&Memory::default(), &[], &mut sources, &mut findings);
    let Fleet { containers, wrong, missing } = fleet(&snapshot);
    findings.append(wrong);
    findings.append(missing);
    let rendered = alone(&snapshot, &containers, &templates, &mut findings);
    (rendered, findings, sources)
}

/// `json` with the text of `variable` replaced, an item of a list where it is one.
fn poisoned(mut json: Json, variable: &str, text: &str) -> Json {
    let place = &mut json[variable];
    let place = if place.is_object() { &mut place["value"] } else { place };
    *place = if place.is_array() { json!([text]) } else { json!(text) };
    json
}

/// The words and marks of an nginx text or of shell assignments, with every value cut down: two texts that differ
/// in values only are the same.
fn skeleton(text: &str) -> Vec<usize> {
    let marks = |line: &str| line.matches([';', '{', '}', '"', '#', '$', '\\']).count();
    text.lines().map(marks).collect()
}

fn texts(rendered: &Rendered) -> BTreeMap<String, String> {
    let files = rendered.files.files.iter();
    files
        .filter_map(|file| match &file.content {
            Content::Text(text) => Some((file.path.display().to_string(), text.clone())),
            Content::Link(_) => None,
        })
        .collect()
}

/// The text that the shell reads from a word in single quotes; `None` if there is more than that word.
fn shell_word(word: &str) -> Option<String> {
    let inside = word.strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = inside.replace(r"'\''", "\u{1}");
    (!plain.contains('\'')).then(|| plain.replace('\u{1}', "'"))
}

/// Either something was found, or `text` stands where a value stands and nowhere else.
fn inert(variable: &str, text: &str) {
    let (clean, ..) = rendered(&full());
    // A text that is not `oui` is as good as `non`.
    let (off, ..) = rendered(&poisoned(full(), variable, "non"));
    let (hostile, findings, sources) = rendered(&poisoned(full(), variable, text));
    if findings.has_errors() {
        assert!(findings.iter().all(|finding| !finding.code().is_empty()));
        let shown = crate::diagnostic::human(&findings, &sources, false, &crate::words::Words::default());
        assert!(!shown.contains("hunter2"), "{shown}");
        return;
    }
    let (clean, off, hostile) = (texts(&clean), texts(&off), texts(&hostile));
    for (path, text) in &hostile {
        assert!(!text.contains('\0'), "{path}");
        if Path::new(path).extension().is_some_and(|end| end == "json") {
            let keys = |text: &str| {
                let json: serde_json::Map<String, Json> = serde_json::from_str(text).unwrap();
                json.keys().cloned().collect::<Vec<_>>()
            };
            assert_eq!(keys(text), keys(clean.values().last().unwrap()));
        } else if path == VARIABLES {
            for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
                let word = line.split_once('=').unwrap().1;
                assert!(shell_word(word).is_some(), "{line}");
            }
        } else if let Some(clean) = clean.get(path) {
            let off = off.get(path).map(|off| skeleton(off));
            let found = skeleton(text);
            assert!(found == skeleton(clean) || Some(found) == off, "{variable}: {text}");
        }
    }
}

#[test]
fn hostile_values_never_break_out() {
    let values = [
        "a\nb",
        "a\"b",
        "a'b",
        "a;b",
        "a}b",
        "}",
        "{{",
        "{{ x }}",
        "${x}",
        "$(x)",
        "`x`",
        "a\\b",
        "\\",
        "a\0b",
        "a #b",
        "1m; deny all",
        "\", \"privileged\": true, \"",
        "\u{1}",
        "é",
        "/a/../b",
        "{% raw %}",
    ];
    let full = full();
    for variable in full.as_object().unwrap().keys() {
        for value in values {
            inert(variable, value);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_breaks_out(index in 0_usize..25, text in r#"[a-z0-9/.:;{}"'$`\\#%(){}\n\x00\x01 é]{1,12}"#) {
        let full = full();
        let variables: Vec<&String> = full.as_object().unwrap().keys().collect();
        inert(variables[index % variables.len()], &text);
    }
}

#[test]
fn an_environment_value_reaches_its_run_spec_unchanged() {
    for value in ["a\nb", "\"}", "{{ x }}", "${x}", "\\", "it's", "\u{1}\u{7f}é", "null", "5"] {
        let (rendered, findings, _) = rendered(&poisoned(full(), "conteneur1_environnement_valeur", value));
        assert!(findings.is_empty(), "{:?}", findings.codes());
        assert_eq!(rendered.specs[0].environment["A"].reveal(), value);
    }
    let (_, findings, _) = rendered(&poisoned(full(), "conteneur1_environnement_valeur", "a\0b"));
    assert_eq!(findings.codes(), ["run_spec::out_of_bounds"]);
}

#[test]
fn files_have_their_modes_readers_and_containers() {
    let (rendered, ..) = rendered(&full());
    let of = |path: &str| rendered.files.files.iter().find(|file| file.path == Path::new(path));
    let spec = of("/var/lib/galerne/run/wiki.json").unwrap();
    assert_eq!((spec.mode, spec.reader), (0o600, Reader::Anyone));
    assert_eq!(spec.container.as_ref().map(ContainerName::as_str), Some("wiki"));
    let location = of("/etc/nginx/conteneur.d/wiki.conf").unwrap();
    assert_eq!((location.mode, location.reader), (0o644, Reader::Nginx));
    assert_eq!(of(VARIABLES).unwrap().container, None);
    assert_eq!(of(SITE_LINK).unwrap().content, Content::Link(SITE.into()));
}

#[test]
fn comparing_tells_created_changed_and_unchanged() {
    let (rendered, ..) = rendered(&full());
    let kinds = |world: &Memory| -> Vec<ChangeKind> {
        let changes = compare(&rendered.files, world, Path::new("/root"));
        changes.iter().map(|change| change.kind).collect()
    };
    assert!(kinds(&Memory::default()).iter().all(|kind| *kind == ChangeKind::Created));
    let there = texts(&rendered).into_iter().map(|(path, text)| (format!("/root{path}"), text));
    let there: Memory = there.collect();
    let all = there.clone().with_link(format!("/root{SITE_LINK}"), SITE);
    assert!(kinds(&all).iter().all(|kind| *kind == ChangeKind::Unchanged));
    let other = there.with_link(format!("/root{SITE_LINK}"), "/elsewhere");
    let changed = kinds(&other);
    assert_eq!(changed.iter().filter(|kind| **kind == ChangeKind::Changed).count(), 1);
}

/// The difference of the run spec between an environment value and another.
fn spec_diff(old: Option<&str>, new: &str) -> String {
    let path = "/var/lib/galerne/run/wiki.json";
    let spec = |value: &str| {
        let (rendered, ..) = rendered(&poisoned(full(), "conteneur1_environnement_valeur", value));
        (texts(&rendered).remove(path).unwrap(), rendered)
    };
    let world: Memory = old.map(|old| (path.to_owned(), spec(old).0)).into_iter().collect();
    let (_, rendered) = spec(new);
    let changes = compare(&rendered.files, &world, Path::new("/"));
    let change = changes.iter().find(|change| change.path == Path::new(path)).unwrap();
    diff(change, &rendered.secrets)
}

#[test]
fn a_difference_shows_no_environment_value() {
    let created = spec_diff(None, "hunter2");
    assert!(created.starts_with("--- /dev/null\n+++ /var/lib/galerne/run/wiki.json\n"));
    assert!(created.contains("+    \"A\": \"…\"") && !created.contains("hunter2"));
    let changed = spec_diff(Some("correct horse"), "hunter2");
    assert!(changed.contains("-    \"A\": \"…\"\n+    \"A\": \"… (changed)\"\n"));
    assert!(!changed.contains("hunter2") && !changed.contains("horse"));
    assert_eq!(spec_diff(Some("hunter2"), "hunter2"), "");
}

#[test]
fn a_difference_shows_no_secret_of_a_cluster() {
    let spec = |value: &str| {
        let secret = serde_json::json!({"name": "key", "target": "key", "value": value});
        format!("{:#}", serde_json::json!({"cluster": {"secrets": [secret]}}))
    };
    let change = FileChange {
        path: "/var/lib/galerne/run/shop.json".into(),
        old: Some(Content::Text(spec("correct \"horse\""))),
        new: Content::Text(spec("battery \"staple\"")),
        kind: ChangeKind::Changed,
    };
    let text = diff(&change, &Secrets::default());
    assert!(text.contains("\"value\": \"… (changed)\""), "{text}");
    assert!(!text.contains("horse") && !text.contains("staple"), "{text}");
}

#[test]
fn what_was_no_run_spec_is_not_shown() {
    let change = FileChange {
        path: "/var/lib/galerne/run/wiki.json".into(),
        old: Some(Content::Text("{\"environment\": {\"A\": \"horse".into())),
        new: Content::Text("{\"environment\": \"cow\"}".into()),
        kind: ChangeKind::Changed,
    };
    let text = diff(&change, &Secrets::default());
    assert!(text.contains("-(no run spec)") && !text.contains("horse") && !text.contains("cow"));
}

#[test]
fn a_site_s_run_template_is_read_strictly_and_blamed() {
    let world = Memory::from_iter([(
        "/site/run/docker.json.tera",
        "{\"name\": {{ container.name | json }},\n\"x\": 1}",
    )]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let snapshot = sample::snapshot(&full());
    let templates = Templates::load(&world, &["/site".into()], &mut sources, &mut findings);
    let Fleet { containers, wrong, missing } = fleet(&snapshot);
    findings.append(wrong);
    findings.append(missing);
    let rendered = alone(&snapshot, &containers, &templates, &mut findings);
    assert_eq!(findings.codes(), ["run_spec::unreadable"]);
    assert!(rendered.specs.is_empty());
    let finding = findings.iter().next().unwrap();
    let place = sources.get(finding.at.as_ref().unwrap().span.file).unwrap();
    assert_eq!(place.name, Path::new("/site/run/docker.json.tera"));
    assert!(finding.problem.to_string().contains("unknown field `x`"));
    assert!(finding.problem.to_string().contains("line 2"));
}
