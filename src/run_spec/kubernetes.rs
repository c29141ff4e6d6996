//! What an application on Kubernetes has beside what every cluster has: its variables, read into what a run spec says.
//!
//! In: the variables of one container. Out: a [`Kubernetes`]. The invariant: of a run spec that was read, whatever Kubernetes
//! is told (names, labels of nodes, sizes) has the form that its API asks for.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::cluster::{Cluster, Mode, Volume};
use super::problem::RunSpecProblem;
use super::reading::Reading;
use super::{Door, Limits, Mount, RestartPolicy, RunSpec};
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

/// What an application on Kubernetes has beside what every cluster has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Kubernetes {
    /// Its namespace; that of who applies the manifests if nothing is said.
    pub namespace: Option<String>,
    /// How it is reached from outside.
    pub exposure: Exposure,
    /// The names under which it is reached; any if there are none.
    pub hosts: Vec<String>,
    /// Whether it is handed the prefix `/NAME` of its paths.
    pub keep_prefix: bool,
    /// The namespace from which requests come; any if nothing is said.
    pub entry_namespace: Option<String>,
    /// How large a request may be, in mebibytes; 0 is no limit.
    pub body_mib: u32,
    /// How long an answer may take, in seconds.
    pub answer_seconds: u32,
    /// How many copies run, by their load; a fixed number if nothing is said.
    pub scaling: Option<Scaling>,
    /// What its copies may do.
    pub rights: Rights,
    /// The number of the user that they run as; the image's if nothing is said.
    pub user: Option<u32>,
    /// The Secret that opens the registry of the image.
    pub pull_secret: Option<String>,
}

/// How an application is reached from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Exposure {
    /// By an Ingress.
    Ingress {
        /// Its class; the cluster's default if nothing is said.
        class: Option<String>,
        /// Whose annotations it has.
        controller: Controller,
        /// The Secret with its certificate; plain HTTP if nothing is said.
        tls: Option<String>,
    },
    /// By an `IngressRoute` of Traefik.
    IngressRoute {
        /// The Secret with its certificate; plain HTTP if nothing is said.
        tls: Option<String>,
    },
    /// By a route of a Gateway.
    Gateway {
        /// The Gateway's name.
        name: String,
        /// Its namespace; the application's if nothing is said.
        namespace: Option<String>,
    },
    /// Not at all: by its Service alone.
    Internal,
    /// By the web server of this machine, which hands requests to a port of the nodes.
    #[default]
    Server,
}

/// What carries out an Ingress: what its standard has no words for is said in each one's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    /// ingress-nginx.
    #[default]
    Nginx,
    /// Traefik.
    Traefik,
}

/// How many copies run by their load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// At most.
    pub most: u32,
    /// The share of the reserved processors that is to be used, in hundredths.
    pub percent: u32,
}

/// What copies may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// What the Pod Security Standard "restricted" lets them.
    Restricted,
    /// What the image asks for: it may run as root.
    #[default]
    Image,
}

/// What a label of a node must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeCondition {
    /// The label.
    pub label: String,
    /// How it is compared, in the words of the API.
    pub operator: &'static str,
    /// With what.
    pub values: Vec<String>,
}

impl NodeCondition {
    /// The condition that `text` writes, in swarm's words; none if Kubernetes has none like it.
    pub fn parse(text: &str) -> Option<Self> {
        let equal = text.split_once("==").map(|(key, value)| (key, value, true));
        let (key, value, is_equal) =
            equal.or_else(|| text.split_once("!=").map(|(key, value)| (key, value, false)))?;
        let (key, value) = (key.trim(), value.trim());
        if key == "node.role" {
            let manages = match value {
                "manager" => is_equal,
                "worker" => !is_equal,
                _ => return None,
            };
            let operator = if manages { "Exists" } else { "DoesNotExist" };
            let label = "node-role.kubernetes.io/control-plane".to_owned();
            return Some(Self { label, operator, values: Vec::new() });
        }
        let value = match (key, value) {
            ("node.platform.arch", "x86_64") => "amd64",
            ("node.platform.arch", "aarch64") => "arm64",
            _ => value,
        };
        let operator = if is_equal { "In" } else { "NotIn" };
        let label = node_label(key).filter(|_| is_label_part(value))?;
        Some(Self { label, operator, values: vec![value.to_owned()] })
    }
}

/// The label that holds a property of nodes, which is written in swarm's words; none if Kubernetes has none for it.
pub fn node_label(property: &str) -> Option<String> {
    let label = match property {
        "node.hostname" => "kubernetes.io/hostname",
        "node.platform.os" => "kubernetes.io/os",
        "node.platform.arch" => "kubernetes.io/arch",
        other => other.strip_prefix("node.labels.").filter(|label| is_label(label))?,
    };
    Some(label.to_owned())
}

/// A folder that a server of NFS shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nfs {
    /// The server.
    pub server: String,
    /// The folder on it, absolute.
    pub path: String,
    /// Whether it is only read.
    pub read_only: bool,
}

impl Volume {
    /// The folder of NFS that its options name, in the words of Docker's local driver.
    pub fn nfs(&self) -> Option<Nfs> {
        let option =
            |name: &str| self.options.iter().find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
        let is_nfs =
            self.driver == "local" && option("type").is_some_and(|kind| matches!(kind, "nfs" | "nfs4"));
        let words: Vec<&str> = option("o").unwrap_or_default().split(',').collect();
        let server = words.iter().find_map(|word| word.strip_prefix("addr="));
        let path = option("device").and_then(|device| device.strip_prefix(':'));
        let (server, path) = server.filter(|server| !server.is_empty()).zip(path)?;
        let is_folder = path.starts_with('/') && !path.split('/').any(|part| part == "..");
        (is_nfs && is_folder).then(|| Nfs {
            server: server.to_owned(),
            path: path.to_owned(),
            read_only: words.contains(&"ro"),
        })
    }
}

impl Cluster {
    /// Whether more than one copy may run at a time.
    pub fn has_several_copies(&self) -> bool {
        let scales = self.kubernetes.as_ref().is_some_and(|kubernetes| kubernetes.scaling.is_some());
        scales || self.mode != Mode::Replicated(1)
    }

    /// Whether all copies see one folder, where nodes have folders: there is one, or a condition says which node runs them. Where one copy
    /// is moved between nodes is for who knows how many there are.
    fn is_gathered(&self) -> bool {
        !self.has_several_copies() || self.names_one_node()
    }

    /// Whether the web server of this machine hands out its requests, rather than the cluster.
    pub fn is_served_here(&self) -> bool {
        self.kubernetes.as_ref().is_none_or(|kubernetes| kubernetes.exposure == Exposure::Server)
    }

    /// Whether each copy has a volume of its own.
    pub fn has_own_volumes(&self) -> bool {
        self.volumes.iter().any(|volume| volume.per_copy)
    }
}

const NAME: Phrase = phrase!(
    "be-kubernetes-name",
    "a name of at most 40 small letters, digits and `-` that begins with a letter and ends neither in `-` nor in `-copies`"
);
const VOLUME: Phrase = phrase!(
    "be-claim-name",
    "a name of at most 40 small letters, digits and `-` that begins with a letter, said once"
);
const OBJECT: Phrase = phrase!("be-label-part", "a name of at most 63 small letters, digits and `-`");
const SUBDOMAIN: Phrase = phrase!("be-subdomain", "a name of small letters, digits, `-` and `.`");
const KEY: Phrase = phrase!("be-key-file", "a file whose name has letters, digits, `.`, `_` and `-`");
const CONDITION: Phrase = phrase!(
    "be-node-condition",
    "a condition on `node.labels.…`, `node.hostname`, `node.role`, `node.platform.os` or `node.platform.arch`"
);
const PROPERTY: Phrase = phrase!(
    "be-node-label",
    "`node.hostname` or a label of nodes such as `node.labels.topology.kubernetes.io/zone`"
);
const NFS: Phrase =
    phrase!("be-nfs", "empty, or a folder of NFS such as `type=nfs o=addr=192.0.2.1,rw device=:/srv/wiki`");
const GATEWAY: Phrase =
    phrase!("be-gateway", "the name of a Gateway, perhaps with its namespace: `infra/public`");

/// What Kubernetes is told of a container.
struct Told<'a> {
    name: &'a str,
    cluster: &'a Cluster,
    limits: &'a Limits,
    restart: RestartPolicy,
    has_ports: bool,
}

/// A part that Kubernetes does not take.
struct Fault {
    suffix: &'static str,
    member: &'static str,
    found: String,
    expected: Phrase,
}

impl Told<'_> {
    /// All that Kubernetes does not take.
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |fits: bool, suffix, member, found: &str, expected| {
            if !fits {
                faults.push(Fault { suffix, member, found: found.to_owned(), expected });
            }
        };
        // The Services of copies that have names of their own end so.
        let fits = is_name(self.name, 40) && !self.name.ends_with("-copies");
        check(fits, "name", "name", self.name, NAME);
        let always = matches!(self.restart, RestartPolicy::Always | RestartPolicy::UnlessStopped);
        let expected = phrase!(
            "be-always",
            "`unless-stopped` or `always`, as Kubernetes starts its copies again whatever they ended with"
        );
        check(always, "redemarrage", "restart", "another word", expected);
        check(self.has_ports, "port_in", "ports", "", phrase!("be-reached", "a port at which it is reached"));
        self.placement(&mut check);
        self.storage(&mut check);
        self.access(&mut check);
        faults
    }

    fn placement(&self, check: &mut impl FnMut(bool, &'static str, &'static str, &str, Phrase)) {
        let cluster = self.cluster;
        for text in &cluster.constraints {
            let fits = NodeCondition::parse(text).is_some();
            check(fits, "contrainte", "cluster.constraints", text, CONDITION);
        }
        if let Some(spread) = &cluster.spread {
            check(node_label(spread).is_some(), "repartition", "cluster.spread", spread, PROPERTY);
        }
        let most = cluster.most_per_node.unwrap_or(1);
        let expected =
            phrase!("be-one-per-node", "0 or 1: Kubernetes knows no other number of copies for each node");
        check(most == 1, "max_par_noeud", "cluster.most_per_node", &most.to_string(), expected);
        for network in &cluster.networks {
            check(is_label_part(network), "reseaux", "cluster.networks", network, OBJECT);
        }
        let Some(scaling) = cluster.kubernetes.as_ref().and_then(|kubernetes| kubernetes.scaling) else {
            return;
        };
        let (suffix, member, found) =
            ("repliques_max", "cluster.kubernetes.scaling", scaling.most.to_string());
        let fits = matches!(cluster.mode, Mode::Replicated(least) if least <= scaling.most);
        check(
            fits,
            suffix,
            member,
            &found,
            phrase!("be-most-copies", "0, or at least `conteneurX_repliques`, and not of the mode `global`"),
        );
        let is_measured = cluster.reservations.milli_cpus.or(self.limits.milli_cpus).is_some();
        let expected = phrase!(
            "be-measured",
            "0 without `conteneurX_processeurs_reserves`, which the load is a share of"
        );
        check(is_measured, suffix, member, &found, expected);
        check(
            (1..=100).contains(&scaling.percent),
            "charge_cible",
            member,
            &scaling.percent.to_string(),
            phrase!("be-percent", "1 to 100"),
        );
    }

    fn storage(&self, check: &mut impl FnMut(bool, &'static str, &'static str, &str, Phrase)) {
        let cluster = self.cluster;
        let member = "cluster.volumes";
        for (index, volume) in cluster.volumes.iter().enumerate() {
            let once = cluster.volumes.iter().position(|other| other.name == volume.name) == Some(index);
            check(is_name(&volume.name, 40) && once, "volume_nom", member, &volume.name, VOLUME);
            let is_class = is_subdomain(&volume.driver);
            check(
                is_class,
                "volume_pilote",
                member,
                &volume.driver,
                phrase!("be-storage-class", "`local`, or a class of storage"),
            );
            let is_nfs = volume.nfs().is_some();
            check(
                volume.options.is_empty() || is_nfs,
                "volume_options",
                member,
                &volume.options.join(" "),
                NFS,
            );
            check(volume.gib > 0, "volume_taille", member, "0", phrase!("be-one-or-more", "1 or more"));
            let may_own = !volume.per_copy || (cluster.mode != Mode::Global && !is_nfs);
            let expected = phrase!("be-shared", "`commun` for what runs on each node, and for NFS");
            check(may_own, "volume_partage", member, "par_copie", expected);
        }
        for config in &cluster.configs {
            check(is_subdomain(&config.name), "config_nom", "cluster.configs", &config.name, SUBDOMAIN);
            check(is_key(&config.file), "config_cible", "cluster.configs", &config.file, KEY);
        }
        for secret in &cluster.secrets {
            check(is_subdomain(&secret.name), "secret_nom", "cluster.secrets", &secret.name, SUBDOMAIN);
            check(is_key(&secret.file), "secret_cible", "cluster.secrets", &secret.file, KEY);
        }
    }

    fn access(&self, check: &mut impl FnMut(bool, &'static str, &'static str, &str, Phrase)) {
        let Some(kubernetes) = &self.cluster.kubernetes else { return };
        let member = "cluster.kubernetes";
        let spaces =
            [("espace_noms", &kubernetes.namespace, 63), ("espace_entree", &kubernetes.entry_namespace, 63)];
        for (suffix, text, most) in spaces {
            let text = text.as_deref().unwrap_or("default");
            check(is_name(text, most), suffix, member, text, OBJECT);
        }
        let pull = kubernetes.pull_secret.as_deref().unwrap_or("none");
        check(is_subdomain(pull), "secret_registre", member, pull, SUBDOMAIN);
        for host in &kubernetes.hosts {
            check(is_host(host), "name", member, host, phrase!("be-hosts", "names of hosts"));
        }
        match &kubernetes.exposure {
            Exposure::Ingress { class, tls, .. } => {
                let (class, tls) = (class.as_deref().unwrap_or("none"), tls.as_deref().unwrap_or("none"));
                check(is_subdomain(class), "ingress_classe", member, class, SUBDOMAIN);
                check(is_subdomain(tls), "ingress_tls", member, tls, SUBDOMAIN);
            }
            Exposure::IngressRoute { tls } => {
                let tls = tls.as_deref().unwrap_or("none");
                check(is_subdomain(tls), "ingress_tls", member, tls, SUBDOMAIN);
            }
            Exposure::Gateway { name, namespace } => {
                let fits = is_subdomain(name) && namespace.as_deref().is_none_or(|text| is_name(text, 63));
                check(fits, "passerelle", member, name, GATEWAY);
            }
            Exposure::Internal | Exposure::Server => {}
        }
    }
}

impl Reading<'_> {
    /// What is of Kubernetes alone. What is wrong is found and left out.
    pub(super) fn kubernetes(&mut self, cluster: Cluster, limits: &Limits, door: &Door) -> Cluster {
        let exposure = self.exposure();
        let is_here = exposure == Exposure::Server;
        if !is_here {
            self.open(door);
        }
        let namespace = self.said("espace_noms");
        let kubernetes = Kubernetes {
            namespace,
            exposure,
            hosts: self.hosts(),
            keep_prefix: self.text("prefixe_conserve") == "oui",
            entry_namespace: self.said("espace_entree").filter(|_| !is_here),
            body_mib: u32::try_from(self.number("taille_max")).unwrap_or_default(),
            answer_seconds: u32::try_from(self.number("delai_max")).unwrap_or_default(),
            scaling: self.scaling(),
            rights: self.word("droits", &[("image", Rights::Image), ("restreint", Rights::Restricted)]),
            user: self.said("uid").map(|_| self.count("uid")),
            pull_secret: self.said("secret_registre"),
        };
        let cluster = Cluster { kubernetes: Some(kubernetes), ..cluster };
        let name = self.text("name");
        let restart = self.word(
            "redemarrage",
            &[
                ("unless-stopped", RestartPolicy::UnlessStopped),
                ("always", RestartPolicy::Always),
                ("on-failure", RestartPolicy::OnFailure),
                ("no", RestartPolicy::No),
            ],
        );
        let has_ports = !self.value("port_in").map_or(&[][..], Value::items).is_empty();
        let faults = Told { name: &name, cluster: &cluster, limits, restart, has_ports }.faults();
        for fault in faults {
            let found = if fault.suffix == "redemarrage" { self.text("redemarrage") } else { fault.found };
            self.bad_value(fault.suffix, found, fault.expected);
        }
        cluster
    }

    /// Refuses folders of nodes where several copies would each see the one of their own node.
    pub(super) fn gathered(&mut self, cluster: &Cluster, mounts: &[Mount]) {
        if let Some(mount) = mounts.first().filter(|_| !cluster.is_gathered()) {
            let folder = mount.host.display().to_string();
            self.wrong("mountpoint_out", |variable| RunSpecProblem::ScatteredFolder { variable, folder });
        }
    }

    /// The doors that the web server of one machine has, and no part of Kubernetes in one way: left out they would stand open.
    fn open(&mut self, door: &Door) {
        let expected = phrase!("be-empty-door", "empty: who listens for the cluster looks after it");
        if let Some(network) = door.allow.first() {
            self.bad_value("acces", network.to_string(), expected.clone());
        }
        if let Some(user) = door.users.first() {
            self.bad_value("utilisateur_nom", user.name.clone(), expected);
        }
        if let Some(rate) = door.rate {
            self.bad_value(
                "debit",
                rate.per_second.to_string(),
                phrase!("be-zero-door", "0: who listens for the cluster looks after it"),
            );
        }
    }

    fn exposure(&mut self) -> Exposure {
        #[derive(Clone, Copy, Default)]
        enum Way {
            #[default]
            Server,
            Ingress,
            IngressRoute,
            Gateway,
            Internal,
        }
        let ways = [
            ("serveur", Way::Server),
            ("ingress", Way::Ingress),
            ("traefik", Way::IngressRoute),
            ("passerelle", Way::Gateway),
            ("interne", Way::Internal),
        ];
        match self.word("exposition", &ways) {
            Way::Server => Exposure::Server,
            Way::Internal => Exposure::Internal,
            Way::IngressRoute => Exposure::IngressRoute { tls: self.said("ingress_tls") },
            Way::Ingress => Exposure::Ingress {
                class: self.said("ingress_classe"),
                controller: self.word(
                    "ingress_controleur",
                    &[("nginx", Controller::Nginx), ("traefik", Controller::Traefik)],
                ),
                tls: self.said("ingress_tls"),
            },
            Way::Gateway => {
                let text = self.text("passerelle");
                let (namespace, name) = match text.split_once('/') {
                    Some((namespace, name)) => (Some(namespace.to_owned()), name.to_owned()),
                    None => (None, text),
                };
                Exposure::Gateway { name, namespace }
            }
        }
    }

    /// The names of the server; an address is no host of a route.
    fn hosts(&self) -> Vec<String> {
        let names = self.global("conteneur_nom_serveur").map_or(&[][..], Value::items);
        names.iter().map(ToString::to_string).filter(|name| is_host(name)).collect()
    }

    fn scaling(&mut self) -> Option<Scaling> {
        let (most, percent) = (self.count("repliques_max"), self.count("charge_cible"));
        (most > 0).then_some(Scaling { most, percent })
    }

    fn said(&self, suffix: &str) -> Option<String> {
        Some(self.text(suffix)).filter(|text| !text.is_empty())
    }
}

/// The members of a run spec that Kubernetes does not take, with what they should be.
pub(super) fn check(spec: &RunSpec, check: &mut impl FnMut(bool, String, Phrase)) {
    let Some(cluster) = &spec.cluster else { return };
    let told = Told {
        name: spec.name.as_str(),
        cluster,
        limits: &spec.limits,
        restart: spec.restart,
        has_ports: !spec.ports.is_empty(),
    };
    for fault in told.faults() {
        check(false, fault.member.to_owned(), fault.expected);
    }
    let is_gathered = spec.mounts.is_empty() || cluster.is_gathered();
    let expected =
        phrase!("be-no-mounts", "empty where there are several copies, and no condition names one node");
    check(is_gathered, "mounts".into(), expected);
}

/// A label of DNS that begins with a letter (RFC 1035), of at most `most` characters.
fn is_name(text: &str, most: usize) -> bool {
    text.len() <= most
        && text.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.ends_with('-')
}

/// A name of DNS in small letters (RFC 1123).
fn is_subdomain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| plain(byte) || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 200 && text.split('.').all(part)
}

fn is_host(text: &str) -> bool {
    is_subdomain(text.strip_prefix("*.").unwrap_or(text)) && text.parse::<IpAddr>().is_err()
}

/// The value of a label, or its name without a prefix.
fn is_label_part(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric();
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| word(byte) || b"-_.".contains(&byte))
        && text.bytes().next().is_some_and(word)
        && text.bytes().last().is_some_and(word)
}

fn is_label(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_label_part(name),
        None => is_label_part(text),
    }
}

/// A file whose own name can be a key of a `ConfigMap` or a `Secret`.
fn is_key(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    !matches!(name, "" | "." | "..")
        && name.len() <= 253
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_swarm_are_said_of_labels() {
        let condition = |text: &str| {
            NodeCondition::parse(text)
                .map(|one| format!("{} {} {}", one.label, one.operator, one.values.join(",")))
        };
        for (text, expected) in [
            ("node.labels.ssd == true", Some("ssd In true")),
            ("node.labels.example.org/ssd!=true", Some("example.org/ssd NotIn true")),
            ("node.hostname == srv1", Some("kubernetes.io/hostname In srv1")),
            ("node.role == worker", Some("node-role.kubernetes.io/control-plane DoesNotExist ")),
            ("node.role != worker", Some("node-role.kubernetes.io/control-plane Exists ")),
            ("node.platform.arch == x86_64", Some("kubernetes.io/arch In amd64")),
            ("node.labels.region == *", None),
            ("node.id == 2ivku8v2gvtg4", None),
            ("engine.labels.ssd == true", None),
            ("node.labels.a/b/c == x", None),
            ("node.role == boss", None),
        ] {
            assert_eq!(condition(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_folder_of_nfs_is_read_from_the_options_of_docker() {
        let volume = |options: &[&str]| Volume {
            name: "data".to_owned(),
            driver: "local".to_owned(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            ..Volume::default()
        };
        let nfs = volume(&["type=nfs", "o=addr=192.0.2.1,ro", "device=:/srv/wiki"]).nfs().unwrap();
        assert_eq!((nfs.server.as_str(), nfs.path.as_str(), nfs.read_only), ("192.0.2.1", "/srv/wiki", true));
        assert_eq!(volume(&["type=nfs", "o=rw", "device=:/srv/wiki"]).nfs(), None);
        assert_eq!(volume(&["type=none", "o=addr=192.0.2.1", "device=:/srv/wiki"]).nfs(), None);
        assert_eq!(volume(&["type=nfs", "o=addr=192.0.2.1", "device=:/srv/../x"]).nfs(), None);
    }

    #[test]
    fn names_are_those_of_the_api() {
        assert!(
            is_name("wiki-1", 40) && !is_name("1wiki", 40) && !is_name("Wiki", 40) && !is_name("wiki-", 40)
        );
        assert!(is_subdomain("a.b-c") && !is_subdomain("a..b") && !is_subdomain("") && !is_subdomain("a_b"));
        assert!(is_host("*.example.org") && !is_host("192.0.2.1") && !is_host("_"));
        assert!(is_key("/etc/app.conf") && !is_key("/etc/a b") && !is_key("/etc/"));
    }
}
