use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::run_spec::RunSpec;

fn spec(more: &Value) -> RunSpec {
    let mut spec = json!({
        "name": "wiki", "engine": "kubernetes", "source": {"image": "library/wiki", "tag": "1"},
        "ports": [{"address": "127.0.0.1", "host": 8080, "container": 80}],
        "environment": {"TOKEN": "hunter2"},
        "cluster": {"mode": {"replicated": 1}, "kubernetes": {},
                    "secrets": [{"name": "key", "file": "key", "value": "hunter3"}]},
    });
    let members = more.as_object().unwrap().clone();
    spec.as_object_mut().unwrap().extend(members);
    serde_json::from_value(spec).unwrap()
}

fn cluster(more: &Value) -> RunSpec {
    let mut cluster = json!({"mode": {"replicated": 1}, "kubernetes": {}});
    let members = more.as_object().unwrap().clone();
    cluster.as_object_mut().unwrap().extend(members);
    spec(&json!({"cluster": cluster}))
}

fn object(spec: &RunSpec, kind: &str) -> Value {
    let app = App::of(spec).unwrap();
    app.objects().into_iter().find(|object| object["kind"] == kind).unwrap_or_default()
}

#[test]
fn another_technology_has_no_manifests() {
    assert_eq!(files(&spec(&json!({"engine": "docker", "cluster": null}))), []);
    let swarm = spec(&json!({"engine": "swarm", "cluster": {"mode": {"replicated": 2}}}));
    assert_eq!(files(&swarm), []);
}

#[test]
fn secrets_are_in_one_file_alone() {
    let files = files(&spec(&json!({})));
    let with: Vec<&str> = files.iter().filter(|file| file.is_secret).map(|file| file.path.as_str()).collect();
    assert_eq!(with, ["secrets.yaml"]);
    for file in &files {
        let yaml = file.yaml().unwrap();
        assert_eq!(yaml.contains("hunter2"), file.is_secret, "{}", file.path);
        assert_eq!(yaml.contains("hunter3"), file.is_secret, "{}", file.path);
    }
}

#[test]
fn the_digest_is_of_the_release_and_of_no_secret() {
    let digest = |spec: &RunSpec| App::of(spec).unwrap().digest;
    let base = digest(&spec(&json!({})));
    assert_eq!(base, digest(&spec(&json!({"environment": {"TOKEN": "other"}}))));
    assert_ne!(base, digest(&spec(&json!({"environment": {"OTHER": "hunter2"}}))));
    assert_ne!(base, digest(&spec(&json!({"source": {"image": "library/wiki", "tag": "2"}}))));
    let copies = |count: u32| digest(&cluster(&json!({"mode": {"replicated": count}})));
    assert_eq!(copies(1), copies(9));
    let body = |mib: u32| digest(&cluster(&json!({"kubernetes": {"body_mib": mib}})));
    assert_eq!(body(1), body(9), "the way in is no part of it");
    let config = |text: &str| {
        digest(&cluster(&json!({"configs": [{"name": "conf", "file": "/etc/conf", "value": text}]})))
    };
    assert_ne!(config("a"), config("b"));
}

#[test]
fn what_runs_depends_on_mode_and_volumes() {
    let volume = |per_copy: bool| json!([{"name": "data", "container": "/data", "driver": "local", "per_copy": per_copy}]);
    let deployment = object(&cluster(&json!({"volumes": volume(false)})), "Deployment");
    assert_eq!(deployment["spec"]["replicas"], 1);
    let set = object(&cluster(&json!({"volumes": volume(true)})), "StatefulSet");
    assert_eq!(set["spec"]["volumeClaimTemplates"][0]["spec"]["accessModes"], json!(["ReadWriteOnce"]));
    let global = object(&cluster(&json!({"mode": "global"})), "DaemonSet");
    assert_eq!(global["spec"]["replicas"], Value::Null);
    let claim = |copies: u32| {
        let spec = cluster(&json!({"mode": {"replicated": copies}, "volumes": volume(false)}));
        object(&spec, "PersistentVolumeClaim")["spec"]["accessModes"][0].clone()
    };
    assert_eq!((claim(1), claim(2)), (json!("ReadWriteOnce"), json!("ReadWriteMany")));
}

#[test]
fn what_is_mounted_of_a_node_must_be_a_folder_unless_it_may_be_a_file() {
    let kind = |host: &str| {
        let mounts = json!([{"host": host, "container": "/data"}]);
        let pod = object(&spec(&json!({"mounts": mounts})), "Deployment")["spec"]["template"]["spec"].clone();
        assert_eq!(pod["volumes"][0]["hostPath"]["path"], host);
        pod["volumes"][0]["hostPath"]["type"].clone()
    };
    for folder in ["/srv/wiki", "/var/lib/wiki/data", "/etcetera"] {
        assert_eq!(kind(folder), "Directory", "{folder}");
    }
    for file in
        ["/etc/localtime", "/run/docker.sock", "/dev/fuse", "/srv/wiki/settings.php", "/srv/wiki/.env"]
    {
        assert_eq!(kind(file), Value::Null, "{file}");
    }
}

#[test]
fn who_scales_by_load_says_how_many_there_are() {
    let scaled = cluster(&json!({"kubernetes": {"scaling": {"most": 5, "percent": 60}}}));
    assert_eq!(object(&scaled, "Deployment")["spec"]["replicas"], Value::Null);
    assert_eq!(object(&scaled, "HorizontalPodAutoscaler")["spec"]["maxReplicas"], 5);
    assert_eq!(object(&scaled, "PodDisruptionBudget")["spec"]["maxUnavailable"], 1);
    assert_eq!(object(&cluster(&json!({})), "PodDisruptionBudget"), Value::Null);
}

#[test]
fn copies_have_the_rights_of_the_restricted_standard() {
    let pod = |rights: &str| {
        let spec = cluster(&json!({"kubernetes": {"rights": rights, "user": 1000}}));
        object(&spec, "Deployment")["spec"]["template"]["spec"].clone()
    };
    let restricted = pod("restricted");
    assert_eq!(restricted["securityContext"]["runAsNonRoot"], true);
    assert_eq!(restricted["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    let security = &restricted["containers"][0]["securityContext"];
    assert_eq!(security["capabilities"], json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}));
    assert_eq!(security["allowPrivilegeEscalation"], false);
    assert_eq!(restricted["automountServiceAccountToken"], false);
    assert_eq!(pod("image")["securityContext"]["runAsNonRoot"], Value::Null);
}

/// Words that one version of YAML or the other takes for something else than a text, or that end one.
const AWKWARD: [&str; 30] = [
    "",
    " ",
    "on",
    "No",
    "y",
    "~",
    "null",
    "0x1f",
    "0o17",
    "017",
    "1e3",
    ".inf",
    "1:30",
    "2026-11-21",
    "=",
    "<<",
    "- a",
    "a: b",
    "a #b",
    "{a}",
    "[a]",
    "&a",
    "*a",
    "!!a",
    "%a",
    "---",
    "...",
    "a\n---\nb: c",
    "\t",
    "\u{85}\u{2028}\u{feff}",
];

fn through(value: &Value) -> Value {
    let yaml = yaml::documents(std::slice::from_ref(value)).unwrap();
    let mut read: Vec<Value> = serde_saphyr::from_multiple(&yaml).unwrap();
    assert_eq!(read.len(), 1, "{yaml}");
    read.remove(0)
}

#[test]
fn awkward_words_stay_what_they_are() {
    for word in AWKWARD {
        let value = json!({"data": {"key": word, "list": [word]}});
        assert_eq!(through(&value), value, "{word:?}");
    }
}

proptest! {
    #[test]
    fn no_value_breaks_out_of_a_manifest(word in "\\PC*|[ -~\\n\\t\"'\\\\]*", other in any::<String>()) {
        let value = json!({"a": {"b": word, "c": [other]}});
        prop_assert_eq!(through(&value), value);
    }
}
