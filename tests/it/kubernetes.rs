//! Manifests of Kubernetes: what the golden files say is what the published schemas of its last minors take, and `render` writes them.
//! Those that are applied are in `kubernetes_applied`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Looks at each document of the files that it is given: prints, a line each, the file, the kind, and what is wrong in which minor; at the
/// end all documents as `PyYAML`, a reader of YAML 1.1, takes them.
const VALIDATOR: &str = r#"
import json, sys, yaml, kubernetes_validate as kv
minors = list(dict.fromkeys(kv.utils.all_versions()))[-3:]
print(json.dumps({"minors": minors}))
for path in sys.argv[1:]:
    with open(path) as file:
        documents = list(yaml.safe_load_all(file))
    for document in documents:
        wrong, unknown = [], False
        for minor in minors:
            try:
                kv.validate(document, minor, strict=True)
            except kv.ValidationError as error:
                wrong.append("%s: %s: %s" % (minor, list(error.path), error.message))
            except kv.SchemaNotFoundError:
                unknown = True
        print(json.dumps({"path": path, "kind": document.get("kind"), "wrong": wrong, "unknown": unknown,
                          "document": document}))
"#;

/// Kinds that are defined by what is installed on a cluster: Kubernetes itself publishes no schema of them.
const OF_OTHERS: [&str; 4] = ["HTTPRoute", "IngressRoute", "Kustomization", "Middleware"];

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
    found.sort();
}

/// The manifests of all golden cases.
fn golden() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&project("fixtures/render"), &mut found);
    found.retain(|path| path.to_string_lossy().contains("/galerne/manifests/"));
    assert!(found.len() > 30, "{found:?}");
    found
}

/// What the validator says of `paths`, a value a document; none where it is missing, which a line says.
fn validated(paths: &[PathBuf]) -> Option<Vec<Value>> {
    let output = Command::new("python3")
        .env("PYTHONPATH", project("target/kubernetes-validate"))
        .args(["-c", VALIDATOR])
        .args(paths)
        .output()
        .expect("python3 starts");
    let told = String::from_utf8_lossy(&output.stderr);
    if told.contains("ModuleNotFoundError") {
        assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "{told}");
        let _ =
            writeln!(std::io::stderr(), "skipped: kubernetes-validate is not in target/kubernetes-validate");
        return None;
    }
    assert!(output.status.success(), "{told}");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut values: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let minors = values.remove(0);
    assert_eq!(minors["minors"].as_array().map(Vec::len), Some(3), "{minors}");
    Some(values)
}

#[test]
fn every_golden_manifest_is_of_the_schemas_of_the_last_three_minors() {
    let Some(documents) = validated(&golden()) else { return };
    let mut kinds = BTreeSet::new();
    for document in &documents {
        let kind = document["kind"].as_str().expect("a document has a kind");
        kinds.insert(kind);
        assert_eq!(document["wrong"], Value::Array(Vec::new()), "{}", document["path"]);
        assert_eq!(document["unknown"] == true, OF_OTHERS.contains(&kind), "{kind}");
    }
    let expected = [
        "ConfigMap",
        "DaemonSet",
        "Deployment",
        "HTTPRoute",
        "HorizontalPodAutoscaler",
        "Ingress",
        "IngressRoute",
        "Kustomization",
        "Middleware",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "Secret",
        "Service",
        "StatefulSet",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
}

#[test]
fn what_is_no_manifest_is_refused_by_the_validator() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("wrong.yaml");
    fs::write(&path, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: many}\n")
        .expect("it can be written");
    let Some(documents) = validated(&[path]) else { return };
    assert_eq!(documents[0]["wrong"].as_array().map(Vec::len), Some(3), "{}", documents[0]);
}

#[test]
fn readers_of_both_versions_of_yaml_take_manifests_for_the_same() {
    let paths = golden();
    let Some(old) = validated(&paths) else { return };
    let mut by_path: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for document in &old {
        by_path.entry(document["path"].as_str().expect("a path")).or_default().push(&document["document"]);
    }
    for path in &paths {
        let text = fs::read_to_string(path).expect("it can be read");
        let new: Vec<Value> = serde_saphyr::from_multiple(&text).expect("it is YAML");
        let old: Vec<Value> =
            by_path[&*path.to_string_lossy()].iter().map(|document| (*document).clone()).collect();
        assert_eq!(old, new, "{}", path.display());
    }
}

/// What the base of Kustomize amounts to, by the program that people have, is what the plain file says.
#[test]
fn kustomize_builds_every_base() {
    if Command::new("kubectl").arg("version").arg("--client").output().is_err() {
        assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "kubectl is missing");
        let _ = writeln!(std::io::stderr(), "skipped: kubectl is missing");
        return;
    }
    let read = |text: &str| {
        let mut objects: Vec<Value> = serde_saphyr::from_multiple(text).expect("it is YAML");
        objects.sort_by_key(|object| format!("{}/{}", object["kind"], object["metadata"]["name"]));
        objects
    };
    for path in golden().iter().filter(|path| path.ends_with("manifests.yaml")) {
        let folder = path.parent().expect("a file has a folder").join("base");
        let output = Command::new("kubectl").arg("kustomize").arg(&folder).output().expect("kubectl starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let plain = fs::read_to_string(path).expect("it can be read");
        assert_eq!(read(&String::from_utf8_lossy(&output.stdout)), read(&plain), "{}", path.display());
    }
}

/// Objects are found by the labels of what makes them, and files by the base that names them.
#[test]
fn what_refers_to_another_object_finds_it() {
    let mut bases = 0;
    for path in golden().iter().filter(|path| path.ends_with("base/kustomization.yaml")) {
        let folder = path.parent().expect("a file has a folder");
        let text = fs::read_to_string(path).expect("it can be read");
        let base: Value = serde_saphyr::from_str(&text).expect("it is YAML");
        let named: BTreeSet<String> = base["resources"]
            .as_array()
            .expect("a base names files")
            .iter()
            .map(|name| name.as_str().expect("a name").to_owned())
            .collect();
        let mut there = Vec::new();
        files(folder, &mut there);
        let there: BTreeSet<String> = there
            .iter()
            .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
            .filter(|name| name != "kustomization.yaml")
            .collect();
        assert_eq!(named, there, "{}", folder.display());
        bases += 1;
    }
    assert!(bases >= 6);
    for path in golden() {
        let text = fs::read_to_string(&path).expect("it can be read");
        for object in serde_saphyr::from_multiple::<Value>(&text).expect("it is YAML") {
            if object["kind"] == "Kustomization" {
                continue;
            }
            let labels = &object["metadata"]["labels"];
            assert_eq!(labels["app.kubernetes.io/managed-by"], "galerne", "{}", path.display());
            assert!(
                object["metadata"]["annotations"]["org.galerne/digest"].is_string(),
                "{}",
                path.display()
            );
            let template = &object["spec"]["template"];
            if template.is_object() {
                let selector = object["spec"]["selector"]["matchLabels"].as_object().expect("a selector");
                assert!(selector.iter().all(|(name, value)| template["metadata"]["labels"][name] == *value));
            }
        }
    }
}

fn galerne(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_galerne"))
        .args(["--color", "never", "--root"])
        .arg(root)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// A root below which an application with a secret is described, which was written for Docker before.
fn described() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder can be made");
    let set = [
        "set",
        "conteneur1_name=wiki",
        "conteneur1_url=galerne/demo",
        "conteneur1_port_in+=80",
        "conteneur1_port_out+=8081",
        "conteneur1_environnement_nom+=TOKEN",
        "conteneur1_environnement_valeur+=a\"hunter2",
    ];
    assert!(galerne(root.path(), &set).status.success());
    assert!(galerne(root.path(), &["reconfigure"]).status.success());
    let set = [
        "set",
        "conteneur1_type=kubernetes",
        "conteneur1_repliques=3",
        "conteneur1_secret_nom+=key",
        "conteneur1_secret_valeur+=b\"hunter3",
    ];
    let moved = galerne(root.path(), &set);
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    root
}

#[test]
fn manifests_are_rendered_and_their_secrets_kept() {
    let root = described();
    let shown = galerne(root.path(), &["render"]);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("kind: Deployment") && text.contains("replicas: 3"), "{text}");
    assert!(text.contains("secrets.yaml") && !text.contains("hunter"), "{text}");
    let to = root.path().join("to");
    let written = galerne(root.path(), &["render", "--to", &to.to_string_lossy()]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let folder = to.join("var/lib/galerne/manifests/wiki");
    let ignored = fs::read_to_string(folder.join(".gitignore")).expect("it is there");
    assert_eq!(ignored, "/secrets.yaml\n");
    let secrets = folder.join("secrets.yaml");
    assert_eq!(fs::metadata(&secrets).expect("it is there").permissions().mode() & 0o777, 0o600);
    let mut all = Vec::new();
    files(&folder, &mut all);
    for path in &all {
        let holds = fs::read_to_string(path).expect("it can be read").contains("hunter");
        assert_eq!(holds, *path == secrets, "{}", path.display());
    }
    if let Some(documents) = validated(&all) {
        assert!(
            documents.iter().all(|document| document["wrong"] == Value::Array(Vec::new())),
            "{documents:?}"
        );
    }
}
