//! The variables of one container, read one by one.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;

use super::container::{Container, Image};
use super::fleet::{Fleet, named, port_number};
use super::problem::RunSpecProblem;
use super::{
    Boot, Cluster, ContainerName, Door, Git, HealthCheck, Limits, Mount, Port, Provider, Technology, git,
    image, lxc, qemu, snap, technology, vagrant,
};
use crate::diagnostic::Finding;
use crate::evaluation::{Entry, Snapshot};
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

/// What `dicos/25_conteneurX.xml` states where another dictionary does not have the variable.
const DEFAULTS: [(&str, &str); 10] = [
    ("type", "docker"),
    ("tag", "latest"),
    ("fournisseur", "docker"),
    ("adresse", "127.0.0.1"),
    ("prefixe_conserve", "non"),
    ("redemarrage", "unless-stopped"),
    ("sante_chemin", ""),
    ("libelle", ""),
    ("description", ""),
    ("dans_accueil", "oui"),
];
/// The same, for numbers, with the bounds that the checks of that dictionary state.
const NUMBERS: [(&str, i64, i64, i64); 5] = [
    ("taille_max", 64, 0, 1_048_576),
    ("delai_max", 60, 1, 86_400),
    ("sante_delai", 60, 1, 3_600),
    ("debit", 0, 0, 100_000),
    ("debit_rafale", 20, 0, 100_000),
];

const PATH: Phrase = phrase!("be-path", "an absolute path without `..`");
const MIB: u64 = 1024 * 1024;

/// One container while it is read.
pub(super) struct Reading<'a> {
    key: &'a str,
    snapshot: &'a Snapshot,
    /// The variables that are not disabled, by their names.
    variables: &'a BTreeMap<&'a str, &'a Entry>,
    fleet: &'a mut Fleet,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        key: &'a str,
        snapshot: &'a Snapshot,
        variables: &'a BTreeMap<&'a str, &'a Entry>,
        fleet: &'a mut Fleet,
    ) -> Self {
        Self { key, snapshot, variables, fleet }
    }

    /// The container whose name is in `entry`; `None` if a part of it is wrong or missing.
    pub(super) fn container(mut self, entry: &Entry) -> Option<Container> {
        let before = self.problems();
        let name = self.container_name(entry);
        let (kind, technology) = self.technology();
        let image = match technology {
            Some(Technology::DockerGit) => self.built_image(entry, image::is_image, image::IMAGE),
            Some(Technology::Lxc) => self.lxc_image(entry),
            Some(Technology::Vagrant) => self.vagrant_image(entry),
            Some(Technology::Qemu) => self.qemu_image(entry),
            Some(Technology::Snap) => self.snap_image(entry),
            Some(Technology::Snapcraft) => self.built_image(entry, snap::is_name, snap::NAME),
            _ => self.image(entry),
        };
        if technology.map(Technology::holder) == Some(Technology::Snap) {
            self.no_command();
        }
        let boot = if technology == Some(Technology::Qemu) { self.boot() } else { Boot::default() };
        let mounts = self.mounts();
        let ports = self.ports();
        let health = self.health();
        let limits = self.limits();
        let door = self.door();
        let cluster = self.on_cluster(technology, &mounts, &ports, &limits, &door);
        let variables = self.variables();
        if self.problems() > before {
            return None;
        }
        Some(Container {
            key: self.key.to_owned(),
            name: name?,
            kind,
            technology: technology?,
            image,
            boot,
            mounts,
            ports,
            limits,
            health,
            door,
            cluster,
            definition: entry.definition,
            named: named(&self.full("name"), entry),
            variables,
        })
    }

    fn on_cluster(
        &mut self,
        technology: Option<Technology>,
        mounts: &[Mount],
        ports: &[Port],
        limits: &Limits,
        door: &Door,
    ) -> Option<Cluster> {
        let is_kubernetes = technology == Some(Technology::Kubernetes);
        // Where a node takes one copy, a new one may find no node while the old one runs.
        let alone = !mounts.is_empty()
            || if is_kubernetes { self.count("max_par_noeud") == 1 } else { ports.len() > 1 };
        let cluster = self.cluster(technology, alone)?;
        if !is_kubernetes {
            return Some(cluster);
        }
        let cluster = self.kubernetes(cluster, limits, door);
        self.gathered(&cluster, mounts);
        Some(cluster)
    }

    fn problems(&self) -> usize {
        self.fleet.wrong.errors() + self.fleet.missing.errors()
    }

    fn full(&self, suffix: &str) -> String {
        format!("conteneur{}_{suffix}", self.key)
    }

    pub(super) fn value(&self, suffix: &str) -> Option<&'a Value> {
        self.snapshot.value(&self.full(suffix))
    }

    /// The value of a variable of no container.
    pub(super) fn global(&self, name: &str) -> Option<&'a Value> {
        self.snapshot.value(name)
    }

    /// The value as text, or its default where there is none.
    pub(super) fn text(&self, suffix: &str) -> String {
        let value = self.value(suffix).filter(|value| !value.is_empty());
        let default = DEFAULTS.iter().find(|(name, _)| *name == suffix);
        value.map_or_else(
            || default.map(|(_, text)| (*text).to_owned()).unwrap_or_default(),
            ToString::to_string,
        )
    }

    /// Finds a problem with `conteneurX_SUFFIX`; the name's variable stands in for one that is not defined.
    pub(super) fn wrong(&mut self, suffix: &str, problem: impl FnOnce(super::Named) -> RunSpecProblem) {
        let (full, name) = (self.full(suffix), self.full("name"));
        let found = self.snapshot.entry(&full).map(|entry| (&full, entry));
        let found = found.or_else(|| self.snapshot.entry(&name).map(|entry| (&name, entry)));
        if let Some((variable, entry)) = found {
            let problem = problem(named(variable, entry));
            let findings =
                if problem.is_missing_value() { &mut self.fleet.missing } else { &mut self.fleet.wrong };
            findings
                .push(Finding::new(problem).at(entry.definition, phrase!("at-defined-here", "defined here")));
        }
    }

    pub(super) fn bad_value(&mut self, suffix: &str, found: String, expected: Phrase) {
        self.wrong(suffix, |variable| RunSpecProblem::BadValue { variable, found, expected });
    }

    pub(super) fn missing_side(&mut self, suffix: &str, item: usize) {
        self.wrong(suffix, |variable| RunSpecProblem::MissingSide { variable, item });
    }

    fn container_name(&mut self, entry: &Entry) -> Option<ContainerName> {
        let found = entry.value.to_string();
        let parsed = found.parse::<ContainerName>();
        parsed
            .map_err(|why| {
                self.wrong("name", |variable| RunSpecProblem::BadName { variable, found, why });
            })
            .ok()
    }

    fn technology(&mut self) -> (String, Option<Technology>) {
        let word = self.text("type");
        let known = Technology::of(&word);
        if known.is_some() {
            return (word, known);
        }
        let found = word.clone();
        let near = technology::near(&word).to_owned();
        self.wrong("type", |variable| {
            if technology::is_known(&found) {
                RunSpecProblem::UndrivenTechnology { variable, word: found }
            } else {
                RunSpecProblem::UnknownTechnology { variable, found, near }
            }
        });
        (word, None)
    }

    fn url(&mut self, name: &Entry, fits: fn(&str) -> bool, expected: Phrase) -> String {
        let url = self.text("url");
        if url.is_empty() {
            let container = name.value.to_string();
            self.wrong("url", |variable| RunSpecProblem::NoImage { variable, container });
            return url;
        }
        self.image_part("url", url, fits, expected)
    }

    /// What an LXC container is made from; an archive is not of a server.
    fn lxc_image(&mut self, name: &Entry) -> Image {
        let url = self.text("url");
        if !url.is_empty() && !lxc::is_archive(&url) {
            return self.image(name);
        }
        let url = self.url(name, lxc::is_image, lxc::IMAGE);
        let tag = self.image_part("tag", self.text("tag"), image::is_tag, lxc::TAG);
        Image { url, tag, repository: None, git: None }
    }

    /// What a machine of Vagrant is made from: an image of Docker, or a box.
    fn vagrant_image(&mut self, name: &Entry) -> Image {
        let word = self.text("fournisseur");
        match Provider::of(&word) {
            Some(Provider::Docker) => return self.image(name),
            Some(_) if !self.value("commande").map_or(&[][..], Value::items).is_empty() => {
                self.bad_value(
                    "commande",
                    "a program".to_owned(),
                    phrase!("be-empty-command", "empty: a virtual machine runs what its box starts"),
                );
            }
            Some(_) => {}
            None => self.bad_value("fournisseur", word, vagrant::PROVIDER),
        }
        let url = self.url(name, vagrant::is_box, vagrant::BOX);
        let tag = self.image_part("tag", self.text("tag"), image::is_tag, vagrant::TAG);
        let repository = if vagrant::is_file(&url) { None } else { self.registry() };
        Image { url, tag, repository, git: None }
    }

    /// What a virtual machine is made from, which no server is named for.
    fn qemu_image(&mut self, name: &Entry) -> Image {
        let url = self.url(name, qemu::is_image, qemu::IMAGE);
        let tag = self.text("tag");
        if !qemu::is_tag_of(&url, &tag) {
            let found = tag.clone();
            let expected = qemu::TAG;
            self.wrong("tag", |variable| RunSpecProblem::BadImage { variable, found, expected });
        }
        Image { url, tag, repository: None, git: None }
    }

    /// How a virtual machine boots.
    fn boot(&mut self) -> Boot {
        let kernel = self.boot_file("noyau");
        let initrd = self.boot_file("initrd");
        let options = Some(self.text("noyau_options")).filter(|text| !text.is_empty());
        if let Some(text) = options.as_deref().filter(|text| !qemu::is_options(text)) {
            self.bad_value("noyau_options", text.to_owned(), qemu::OPTIONS);
        }
        if kernel.is_none() && (initrd.is_some() || options.is_some()) {
            self.bad_value(
                "noyau",
                String::new(),
                phrase!("be-kernel", "the kernel that the initramfs or the options are for"),
            );
        }
        let disk = self.amount("disque", phrase!("be-gibibytes", "a whole number of gibibytes"), |text| {
            text.parse::<u64>().ok().filter(|size| *size > 0)?.checked_mul(1024 * MIB)
        });
        Boot { kernel, initrd, options, disk }
    }

    fn boot_file(&mut self, suffix: &str) -> Option<PathBuf> {
        let text = self.text(suffix);
        if text.is_empty() {
            return None;
        }
        let path = normal(&text);
        if path.is_none() {
            self.bad_value(suffix, text, qemu::FILE);
        }
        path
    }

    /// A snap of the store or on this server.
    fn snap_image(&mut self, name: &Entry) -> Image {
        let url = self.url(name, snap::is_image, snap::IMAGE);
        let fits = if url.starts_with('/') { image::is_tag } else { snap::is_channel };
        let tag = self.image_part("tag", self.text("tag"), fits, snap::TAG);
        Image { url, tag, repository: None, git: None }
    }

    /// An image that is built: its name, and what it is built from.
    fn built_image(&mut self, name: &Entry, fits: fn(&str) -> bool, expected: Phrase) -> Image {
        let url = self.url(name, fits, expected);
        let tag = self.image_part("tag", self.text("tag"), git::is_reference, git::REFERENCE);
        let repository = self.text("repository");
        if repository.is_empty() {
            let container = name.value.to_string();
            self.wrong("repository", |variable| RunSpecProblem::NoRepository { variable, container });
        } else if !git::is_repository(&repository) {
            // What was found is not said: it may have a password in it.
            let expected = git::REPOSITORY;
            self.wrong("repository", |variable| RunSpecProblem::BadRepository { variable, expected });
        }
        let folder = self.inside("dossier");
        let dockerfile = self.inside("dockerfile");
        let git = Git { repository, folder, dockerfile, commit: None };
        Image { url, tag, repository: None, git: Some(git) }
    }

    /// What runs in a snap is its own affair.
    fn no_command(&mut self) {
        let said = self.value("commande").map_or(&[][..], Value::items);
        if let Some(first) = said.first().filter(|first| !first.is_empty()) {
            self.bad_value("commande", first.to_string(), snap::NO_COMMAND);
        }
    }

    fn inside(&mut self, suffix: &str) -> Option<String> {
        let text = self.text(suffix);
        if text.is_empty() {
            return None;
        }
        Some(self.image_part(suffix, text, git::is_inside, git::INSIDE))
    }

    fn image(&mut self, name: &Entry) -> Image {
        let url = self.url(name, image::is_image, image::IMAGE);
        let tag = self.image_part("tag", self.text("tag"), image::is_tag, image::TAG);
        let repository = self.registry();
        Image { url, tag, repository, git: None }
    }

    /// The server that images are fetched from, if one is named.
    fn registry(&mut self) -> Option<String> {
        match image::bare_repository(&self.text("repository")) {
            "" => None,
            bare => {
                let bare = bare.to_owned();
                Some(self.image_part("repository", bare, image::is_repository, image::REPOSITORY))
            }
        }
    }

    fn image_part(&mut self, suffix: &str, text: String, fits: fn(&str) -> bool, expected: Phrase) -> String {
        if !fits(&text) {
            let found = text.clone();
            self.wrong(suffix, |variable| RunSpecProblem::BadImage { variable, found, expected });
        }
        text
    }

    /// Both sides of each item of a group; an item without its `_out` side is found and left out.
    fn pairs(&mut self, stem: &str) -> Vec<(&'a Value, &'a Value)> {
        let (inner, outer) = (format!("{stem}_in"), format!("{stem}_out"));
        let inside = self.value(&inner).map_or(&[][..], Value::items);
        let outside = self.value(&outer).map_or(&[][..], Value::items);
        let count = inside.len().max(outside.len());
        let mut pairs = Vec::new();
        for index in 0..count {
            let side = |items: &'a [Value]| items.get(index).filter(|value| !value.is_empty());
            match (side(inside), side(outside)) {
                (Some(inside), Some(outside)) => pairs.push((inside, outside)),
                (None, None) => {}
                (here, _) => {
                    self.missing_side(if here.is_some() { &outer } else { &inner }, index + 1);
                }
            }
        }
        pairs
    }

    fn mounts(&mut self) -> Vec<Mount> {
        let pairs = self.pairs("mountpoint");
        let mut mounts: Vec<Mount> = Vec::new();
        for (inside, outside) in pairs {
            let container = self.path("mountpoint_in", inside);
            let host = self.path("mountpoint_out", outside);
            let (Some(container), Some(host)) = (container, host) else {
                continue;
            };
            let taken = mounts.iter().any(|mount| mount.container == container);
            if taken || container == Path::new("/") {
                let expected =
                    phrase!("be-mount-place", "a folder of the container that is not `/` and is shared once");
                self.bad_value("mountpoint_in", inside.to_string(), expected);
            }
            mounts.push(Mount { host, container });
        }
        mounts
    }

    fn path(&mut self, suffix: &str, value: &Value) -> Option<PathBuf> {
        let text = value.to_string();
        let path = normal(&text);
        if path.is_none() {
            self.bad_value(suffix, text, PATH);
        }
        path
    }

    fn ports(&mut self) -> Vec<Port> {
        let text = self.text("adresse");
        let Ok(address) = text.parse() else {
            self.bad_value("adresse", text, phrase!("be-address", "an IP address such as `127.0.0.1`"));
            return Vec::new();
        };
        let mut ports = Vec::new();
        for (inside, outside) in self.pairs("port") {
            let container = self.port("port_in", inside);
            let host = self.port("port_out", outside);
            if let (Some(container), Some(host)) = (container, host) {
                ports.push(Port { address, host, container });
            }
        }
        ports
    }

    fn port(&mut self, suffix: &str, value: &Value) -> Option<u16> {
        let port = port_number(value);
        if port.is_none() {
            self.bad_value(suffix, value.to_string(), phrase!("type-port", "a port from 1 to 65535"));
        }
        port
    }

    fn health(&mut self) -> HealthCheck {
        let path = self.text("sante_chemin");
        let plain = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
        if !path.is_empty() && !plain {
            self.bad_value(
                "sante_chemin",
                path.clone(),
                phrase!("be-url-path", "a path that begins with `/`"),
            );
        }
        let within = u16::try_from(self.number("sante_delai")).unwrap_or(u16::MAX);
        HealthCheck { path: Some(path).filter(|path| !path.is_empty()), within_seconds: within }
    }

    pub(super) fn number(&mut self, suffix: &str) -> i64 {
        let known = NUMBERS.iter().find(|(name, ..)| *name == suffix);
        let (default, min, max) =
            known.map_or((0, 0, i64::MAX), |(_, default, min, max)| (*default, *min, *max));
        let text = self.text(suffix);
        if text.is_empty() {
            return default;
        }
        let number = text.parse().ok().filter(|number| (min..=max).contains(number));
        number.unwrap_or_else(|| {
            self.bad_value(suffix, text, phrase!("be-number-within", "a whole number within its bounds"));
            default
        })
    }

    fn limits(&mut self) -> Limits {
        let memory = self.amount("memoire", phrase!("be-mebibytes", "a whole number of mebibytes"), |text| {
            text.parse::<u64>().ok()?.checked_mul(MIB)
        });
        let milli_cpus = self.amount(
            "processeurs",
            phrase!("be-processors", "a number of processors such as `1.5`"),
            thousandths,
        );
        Limits { memory, milli_cpus }
    }

    pub(super) fn amount<T>(
        &mut self,
        suffix: &str,
        expected: Phrase,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(suffix);
        if text.is_empty() {
            return None;
        }
        let amount = parse(&text);
        if amount.is_none() {
            self.bad_value(suffix, text, expected);
        }
        amount
    }

    fn variables(&mut self) -> IndexMap<String, Value> {
        let prefix = self.full("");
        let mine = self.variables.range(prefix.as_str()..).take_while(|(name, _)| name.starts_with(&prefix));
        let mut variables: IndexMap<String, Value> =
            mine.map(|(name, entry)| (name[prefix.len()..].to_owned(), entry.value.clone())).collect();
        for (suffix, _) in DEFAULTS {
            let text = self.text(suffix);
            variables.insert(suffix.to_owned(), Value::Text(text));
        }
        for (suffix, ..) in NUMBERS {
            let number = self.number(suffix);
            variables.insert(suffix.to_owned(), Value::Number(number));
        }
        variables
    }
}

/// `text` as a path without empty and `.` parts; `None` if it is not absolute or leads upwards.
pub(super) fn normal(text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    let upwards = path.components().any(|part| part == Component::ParentDir);
    (path.is_absolute() && !upwards && !text.contains(char::is_control)).then(|| path.components().collect())
}

/// A decimal number of processors in thousandths of one.
pub(super) fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction: u32 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let total = whole.parse::<u32>().ok()?.checked_mul(1000)?.checked_add(fraction)?;
    (total > 0).then_some(total)
}
