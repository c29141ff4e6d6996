//! How an application runs on a cluster: its variables, read into what a run spec says.

use serde::{Deserialize, Serialize};

use super::kubernetes::{self, Kubernetes};
use super::reading::{Reading, normal, thousandths};
use super::{Container, Limits, Port, RunSpec, Secret, Technology};
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

/// How an application runs on a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cluster {
    /// How many copies of it run.
    pub mode: Mode,
    /// How it is reached.
    pub entry: Entry,
    /// The networks that its copies are on; those that do not exist are made.
    pub networks: Vec<String>,
    /// Volumes that its copies mount.
    pub volumes: Vec<Volume>,
    /// Configurations that the cluster holds.
    pub configs: Vec<Held>,
    /// Secrets that the cluster holds.
    pub secrets: Vec<Held>,
    /// What a node must have free for each copy.
    pub reservations: Limits,
    /// What a node must be, such as `node.labels.ssd==true`; all of them.
    pub constraints: Vec<String>,
    /// The property of nodes over whose values copies are spread, such as `node.labels.region`.
    pub spread: Option<String>,
    /// How many copies one node runs at most.
    pub most_per_node: Option<u32>,
    /// How a new version takes over.
    pub update: Update,
    /// What is run in a copy to learn whether it is well; the image's own check if nothing is.
    pub check: Option<Check>,
    /// What Kubernetes alone is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Kubernetes>,
}

impl Cluster {
    /// Those of `ports` that are of this machine, be it a cluster's or not.
    pub(super) fn host_ports<'a>(cluster: Option<&Self>, ports: &'a [Port]) -> &'a [Port] {
        if cluster.is_none_or(Self::is_served_here) { ports } else { &[] }
    }

    /// Whether a condition says which one node runs all copies.
    pub fn names_one_node(&self) -> bool {
        let names_one = |constraint: &String| {
            let key = constraint.split("==").next().unwrap_or_default().trim();
            constraint.contains("==") && matches!(key, "node.hostname" | "node.id")
        };
        self.constraints.iter().any(names_one)
    }
}

/// How many copies run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// So many.
    Replicated(u32),
    /// One on each node that fits.
    Global,
}

impl Default for Mode {
    fn default() -> Self {
        Self::Replicated(1)
    }
}

/// How an application is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// By the cluster's own network where the kernel carries it, else by its nodes' ports.
    #[default]
    Auto,
    /// By a port that each node listens on and hands to any copy.
    Ingress,
    /// By a port of its own for each copy, on the node that runs it; the web server hands requests out.
    Host,
}

/// A volume that copies mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Where a copy sees it, absolute.
    pub container: String,
    /// What makes it: `local`, or a plugin.
    pub driver: String,
    /// What the driver is told, as `NAME=VALUE`.
    #[serde(default)]
    pub options: Vec<String>,
    /// How large it is to be, in gibibytes, where that can be said.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub gib: u32,
    /// Whether each copy has one of its own, where that can be said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub per_copy: bool,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_one(gib: &u32) -> bool {
    *gib == 1
}

impl Default for Volume {
    fn default() -> Self {
        let (name, container, driver) = (String::new(), String::new(), "local".to_owned());
        Self { name, container, driver, options: Vec::new(), gib: 1, per_copy: false }
    }
}

impl Volume {
    /// Whether each node would have one of its own: the local driver shares only what it is told to mount.
    pub fn is_of_one_node(&self) -> bool {
        let shares = |option: &String| option.starts_with("device=:") || option.starts_with("device=//");
        self.driver == "local" && !self.options.iter().any(shares)
    }
}

/// A configuration or a secret that the cluster holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Its name in the cluster.
    pub name: String,
    /// The file that a copy sees: a path, or a name in the usual folder.
    pub file: String,
    /// What it holds; one that somebody else put there if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Secret>,
}

/// How a new version takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Update {
    /// How many copies change at once; 0 is all.
    pub parallel: u32,
    /// The pause between them, in seconds.
    pub pause_seconds: u32,
    /// Which of the two runs alone for a moment.
    pub order: Order,
    /// What happens when a new copy fails.
    pub failure: Failure,
    /// For how long after it started a copy that ends is a failure, in seconds.
    pub watch_seconds: u32,
}

impl Default for Update {
    fn default() -> Self {
        Self {
            parallel: 1,
            pause_seconds: 2,
            order: Order::StartFirst,
            failure: Failure::Rollback,
            watch_seconds: 5,
        }
    }
}

/// Which copy is there first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The new one starts, then the old one stops: both run for a moment.
    #[default]
    StartFirst,
    /// The old one stops, then the new one starts: for what cannot run twice on the same data.
    StopFirst,
}

/// What happens when a new copy fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// All go back to the version before.
    #[default]
    Rollback,
    /// Nothing more changes.
    Pause,
    /// The others change nevertheless.
    Continue,
}

/// What is run in a copy to learn whether it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The program and its arguments; it is well when that ends with 0.
    pub command: Vec<String>,
    /// Between two looks, in seconds.
    pub every_seconds: u32,
}

impl RunSpec {
    /// Its ports of this machine; none where its cluster has a door of its own.
    pub fn host_ports(&self) -> &[Port] {
        Cluster::host_ports(self.cluster.as_ref(), &self.ports)
    }

    /// Whether the web server of this machine hands out its requests, rather than its cluster.
    pub fn is_served_here(&self) -> bool {
        self.cluster.as_ref().is_none_or(Cluster::is_served_here)
    }

    /// How many copies are to run; none for one on each node, and for what runs on no cluster.
    pub fn replicas(&self) -> Option<u32> {
        match self.cluster.as_ref()?.mode {
            Mode::Replicated(replicas) => Some(replicas),
            Mode::Global => None,
        }
    }

    /// Whether two copies of it would have different data under one name, were they on two nodes: a folder or volume of
    /// the node is mounted, and nothing says which node.
    pub fn has_folders_of_one_node(&self) -> bool {
        let Some(cluster) = &self.cluster else { return false };
        // On Kubernetes a volume is a claim, and whoever fills it knows which nodes reach it.
        let are_claims = cluster.kubernetes.is_some();
        let volumes = !are_claims && cluster.volumes.iter().any(Volume::is_of_one_node);
        let mounts = !self.mounts.is_empty() || volumes;
        mounts && !cluster.names_one_node()
    }
}

/// What `dicos/25_conteneurX.xml` states where another dictionary does not have the variable, with the bounds of its checks.
const COUNTS: [(&str, u32, u32, u32); 9] = [
    ("repliques", 1, 1, 1_000),
    ("max_par_noeud", 0, 0, 1_000),
    ("maj_parallele", 1, 0, 1_000),
    ("maj_delai", 2, 0, 3_600),
    ("maj_surveillance", 5, 1, 3_600),
    ("sante_intervalle", 5, 1, 3_600),
    ("repliques_max", 0, 0, 1_000),
    ("charge_cible", 80, 1, 100),
    ("uid", 1, 1, 2_147_483_647),
];

/// What the name of a service may be: other than containers, services are names of hosts.
const SERVICE: Phrase =
    phrase!("be-service-name", "a name of letters, digits, `-` and `_` that ends in a letter or digit");
const OBJECT: Phrase = phrase!("be-object-name", "a name of letters, digits, `.`, `-` and `_`");
const CONSTRAINT: Phrase =
    phrase!("be-constraint", "a condition such as `node.labels.ssd == true` or `node.hostname != srv1`");
const PROPERTY: Phrase = phrase!("be-property", "a property of nodes such as `node.labels.region`");
const FOLDER: Phrase = phrase!("be-path", "an absolute path without `..`");
const FILE: Phrase = phrase!("be-path-or-name", "an absolute path without `..`, or a name");
const OPTIONS: Phrase =
    phrase!("be-options", "settings such as `type=nfs o=addr=192.0.2.1,rw device=:/srv/wiki`");

impl<'a> Reading<'a> {
    /// How the container runs on a cluster; none for one of another technology. Two copies of what is `alone` cannot share a node: they
    /// write to one folder, or listen on one port. What is wrong is found and left out.
    pub(super) fn cluster(&mut self, technology: Option<Technology>, alone: bool) -> Option<Cluster> {
        if !technology.is_some_and(Technology::is_cluster) {
            return None;
        }
        let name = self.text("name");
        if !is_service(&name) {
            self.bad_value("name", name, SERVICE);
        }
        let (volumes, secrets) = (self.volumes(), self.held("secret"));
        let alone = alone || !volumes.is_empty();
        let memory =
            self.amount("memoire_reservee", phrase!("be-mebibytes", "a whole number of mebibytes"), |text| {
                text.parse::<u64>().ok()?.checked_mul(1024 * 1024)
            });
        let milli_cpus = self.amount(
            "processeurs_reserves",
            phrase!("be-processors", "a number of processors such as `1.5`"),
            thousandths,
        );
        Some(Cluster {
            mode: self.mode(),
            entry: self
                .word("entree", &[("auto", Entry::Auto), ("ingress", Entry::Ingress), ("hote", Entry::Host)]),
            networks: self.list("reseaux", is_object, &OBJECT),
            volumes,
            configs: self.held("config"),
            secrets,
            reservations: Limits { memory, milli_cpus },
            constraints: self.list("contrainte", is_constraint, &CONSTRAINT),
            spread: self.optional("repartition", is_property, PROPERTY),
            most_per_node: Some(self.count("max_par_noeud")).filter(|most| *most > 0),
            update: self.update(alone),
            check: self.check(),
            kubernetes: None,
        })
    }

    fn mode(&mut self) -> Mode {
        let replicas = self.count("repliques");
        self.word("mode", &[("repliques", Mode::Replicated(replicas)), ("global", Mode::Global)])
    }

    /// What cannot run twice on the same data is stopped before the next one starts.
    fn update(&mut self, alone: bool) -> Update {
        let order = if alone { Order::StopFirst } else { Order::StartFirst };
        let orders = [("auto", order), ("start-first", Order::StartFirst), ("stop-first", Order::StopFirst)];
        let failures =
            [("rollback", Failure::Rollback), ("pause", Failure::Pause), ("continue", Failure::Continue)];
        Update {
            parallel: self.count("maj_parallele"),
            pause_seconds: self.count("maj_delai"),
            order: self.word("maj_ordre", &orders),
            failure: self.word("maj_echec", &failures),
            watch_seconds: self.count("maj_surveillance"),
        }
    }

    fn check(&mut self) -> Option<Check> {
        let command: Vec<String> = self.items("sante_commande").iter().map(ToString::to_string).collect();
        let every_seconds = self.count("sante_intervalle");
        command.first().is_some_and(|program| !program.is_empty()).then_some(Check { command, every_seconds })
    }

    fn volumes(&mut self) -> Vec<Volume> {
        let mut volumes = Vec::new();
        for (index, name) in self.items("volume_nom").iter().enumerate().filter(|(_, name)| !name.is_empty())
        {
            let name = name.to_string();
            let side =
                |suffix: &str| self.items(suffix).get(index).map(ToString::to_string).unwrap_or_default();
            let (container, driver, options) =
                (side("volume_cible"), side("volume_pilote"), side("volume_options"));
            let (gib, sharing) = (side("volume_taille"), side("volume_partage"));
            let options: Vec<String> = options.split_whitespace().map(str::to_owned).collect();
            let is_option =
                |option: &String| option.split_once('=').is_some_and(|(name, _)| !name.is_empty());
            if !is_object(&name) {
                self.bad_value("volume_nom", name, OBJECT);
            } else if !is_folder(&container) {
                self.bad_value("volume_cible", container, FOLDER);
            } else if let Some(option) = options.iter().find(|option| !is_option(option)) {
                self.bad_value("volume_options", option.clone(), OPTIONS);
            } else {
                let driver = if driver.is_empty() { "local".to_owned() } else { driver };
                let gib = self.gibibytes(gib);
                let per_copy = self.is_per_copy(&sharing);
                volumes.push(Volume { name, container, driver, options, gib, per_copy });
            }
        }
        volumes
    }

    fn gibibytes(&mut self, text: String) -> u32 {
        let gib = if text.is_empty() {
            Some(1)
        } else {
            text.parse().ok().filter(|gib| (1..=65_536).contains(gib))
        };
        gib.unwrap_or_else(|| {
            self.bad_value("volume_taille", text, phrase!("be-gibibytes", "a whole number of gibibytes"));
            1
        })
    }

    fn is_per_copy(&mut self, text: &str) -> bool {
        if !matches!(text, "" | "commun" | "par_copie") {
            self.bad_value(
                "volume_partage",
                text.to_owned(),
                phrase!("be-sharing", "`commun` or `par_copie`"),
            );
        }
        text == "par_copie"
    }

    fn held(&mut self, stem: &str) -> Vec<Held> {
        let (names, files) = (format!("{stem}_nom"), format!("{stem}_cible"));
        let mut held: Vec<Held> = Vec::new();
        for (index, name) in self.items(&names).iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let name = name.to_string();
            let file = self.items(&files).get(index).filter(|file| !file.is_empty());
            let file = file.map_or_else(|| name.clone(), ToString::to_string);
            let value = self.items(&format!("{stem}_valeur")).get(index).filter(|value| !value.is_empty());
            let value = value.map(|value| Secret::new(value.to_string()));
            if !is_object(&name) {
                self.bad_value(&names, name, OBJECT);
            } else if !(is_object(&file) || is_folder(&file)) || held.iter().any(|other| other.file == file) {
                self.bad_value(&files, file, FILE);
            } else {
                held.push(Held { name, file, value });
            }
        }
        held
    }

    fn items(&self, suffix: &str) -> &'a [Value] {
        self.value(suffix).map_or(&[][..], Value::items)
    }

    /// Each item of a list that fits.
    fn list(&mut self, suffix: &str, fits: fn(&str) -> bool, expected: &Phrase) -> Vec<String> {
        let items: Vec<String> =
            self.items(suffix).iter().filter(|item| !item.is_empty()).map(ToString::to_string).collect();
        for wrong in items.iter().filter(|item| !fits(item)) {
            self.bad_value(suffix, wrong.clone(), expected.clone());
        }
        items
    }

    fn optional(&mut self, suffix: &str, fits: fn(&str) -> bool, expected: Phrase) -> Option<String> {
        let text = self.text(suffix);
        if !text.is_empty() && !fits(&text) {
            self.bad_value(suffix, text.clone(), expected);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    pub(super) fn count(&mut self, suffix: &str) -> u32 {
        let known = COUNTS.iter().find(|(name, ..)| *name == suffix);
        let (default, min, max) =
            known.map_or((0, 0, u32::MAX), |(_, default, min, max)| (*default, *min, *max));
        let text = self.text(suffix);
        if text.is_empty() {
            return default;
        }
        let count = text.parse().ok().filter(|count| (min..=max).contains(count));
        count.unwrap_or_else(|| {
            self.bad_value(suffix, text, phrase!("be-number-within", "a whole number within its bounds"));
            default
        })
    }

    /// What the word in a variable means; the first is meant where nothing is said.
    pub(super) fn word<T: Copy + Default>(&mut self, suffix: &str, words: &[(&'static str, T)]) -> T {
        let text = self.text(suffix);
        let found =
            words.iter().find(|(word, _)| *word == text).or(words.first().filter(|_| text.is_empty()));
        found.map_or_else(
            || {
                self.bad_value(
                    suffix,
                    text,
                    phrase!("be-listed-word", "one of the words that its help lists"),
                );
                T::default()
            },
            |(_, meaning)| *meaning,
        )
    }
}

/// The members of a cluster's part of a run spec that are out of their bounds, with what they should be.
pub(super) fn check(spec: &RunSpec, container: &Container, check: &mut impl FnMut(bool, String, Phrase)) {
    let on_cluster = spec.engine.is_cluster();
    check(
        on_cluster == spec.cluster.is_some(),
        "cluster".into(),
        phrase!("be-of-cluster", "that of a cluster, and only of one"),
    );
    let Some(cluster) = &spec.cluster else { return };
    check(is_service(spec.name.as_str()), "name".into(), SERVICE);
    let on_kubernetes = spec.engine == Technology::Kubernetes;
    let expected = phrase!("be-of-kubernetes", "that of Kubernetes, and only of it");
    check(on_kubernetes == cluster.kubernetes.is_some(), "cluster.kubernetes".into(), expected);
    if on_kubernetes {
        kubernetes::check(spec, check);
    }
    let agreed = container.cluster.as_ref().is_some_and(|other| other.secrets.len() >= cluster.secrets.len());
    check(agreed, "cluster.secrets".into(), phrase!("be-own-secrets", "those of the container's variables"));
    for network in &cluster.networks {
        check(is_object(network), "cluster.networks".into(), OBJECT);
    }
    for constraint in &cluster.constraints {
        check(is_constraint(constraint), "cluster.constraints".into(), CONSTRAINT);
    }
    check(cluster.spread.as_deref().is_none_or(is_property), "cluster.spread".into(), PROPERTY);
    for volume in &cluster.volumes {
        check(is_object(&volume.name), "cluster.volumes.name".into(), OBJECT);
        check(is_folder(&volume.container), "cluster.volumes.container".into(), FOLDER);
    }
    for held in cluster.configs.iter().chain(&cluster.secrets) {
        check(is_object(&held.name), "cluster.secrets.name".into(), OBJECT);
        check(is_object(&held.file) || is_folder(&held.file), "cluster.secrets.file".into(), FILE);
    }
}

fn is_service(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric();
    text.len() <= 63
        && text.bytes().all(|byte| word(byte) || b"-_".contains(&byte))
        && text.bytes().next().is_some_and(word)
        && text.bytes().last().is_some_and(word)
}

fn is_object(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
}

fn is_folder(text: &str) -> bool {
    text != "/" && normal(text).is_some()
}

fn is_property(text: &str) -> bool {
    let rest = text.strip_prefix("node.").or_else(|| text.strip_prefix("engine.labels."));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte))
    })
}

fn is_constraint(text: &str) -> bool {
    let parts = text.split_once("==").or_else(|| text.split_once("!="));
    parts.is_some_and(|(key, value)| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/:-*".contains(&byte);
        let value = value.trim();
        is_property(key.trim()) && !value.is_empty() && value.bytes().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_properties_of_nodes_are_read() {
        for good in ["node.labels.ssd==true", "node.hostname != srv-1", "node.role == manager"] {
            assert!(is_constraint(good), "{good}");
        }
        for bad in ["", "ssd", "ssd==true", "node.labels.ssd", "node.labels.ssd==", "node.x==a b", "node.x=a"]
        {
            assert!(!is_constraint(bad), "{bad}");
        }
        assert!(is_property("node.labels.region") && !is_property("region") && !is_property("node."));
        assert!(is_service("wiki-1") && !is_service("wiki.1") && !is_service("wiki-") && !is_service(""));
    }

    #[test]
    fn a_local_volume_is_shared_where_it_mounts_another_machine() {
        let volume = |driver: &str, options: &[&str]| Volume {
            name: "data".to_owned(),
            container: "/data".to_owned(),
            driver: driver.to_owned(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            ..Volume::default()
        };
        assert!(volume("local", &[]).is_of_one_node());
        assert!(volume("local", &["type=none", "o=bind", "device=/srv/wiki"]).is_of_one_node());
        assert!(!volume("local", &["type=nfs", "o=addr=192.0.2.1", "device=:/srv/wiki"]).is_of_one_node());
        assert!(!volume("rexray/ebs", &[]).is_of_one_node());
    }
}
