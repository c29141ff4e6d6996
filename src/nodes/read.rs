//! The variables of the family `cluster`, read one by one.

use std::path::{Component, Path};

use super::{
    ADDRESS, AVAILABILITY, Address, Availability, LABELS, Labels, Making, NAME, Node, NodeName, NodeRole,
    Nodes, NodesProblem, Package, PublicKey, ROLE, User,
};
use crate::diagnostic::{Finding, Findings};
use crate::evaluation::Snapshot;
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

impl Nodes {
    /// The nodes of `snapshot`, in which [`Nodes::check`] has found nothing wrong.
    pub fn of(snapshot: &Snapshot) -> Self {
        Reading { snapshot, wrong: &mut Findings::default() }.nodes()
    }

    /// Finds what is wrong with the nodes of `snapshot`, and what is still to be filled in.
    pub fn check(snapshot: &Snapshot, wrong: &mut Findings, missing: &mut Findings) {
        let mut reading = Reading { snapshot, wrong };
        let before = reading.wrong.errors();
        let nodes = reading.nodes().all;
        if reading.wrong.errors() > before || nodes.is_empty() {
            return;
        }
        for (place, node) in nodes.iter().enumerate() {
            if nodes[..place].iter().any(|other| other.name == node.name) {
                let name = node.name.to_string();
                reading.refuse(NAME, NodesProblem::Duplicate { variable: NAME, name });
            }
        }
        if !nodes.iter().any(|node| node.role == NodeRole::Manager) {
            // It may be named next.
            missing.push(reading.finding(ROLE, NodesProblem::NoManager { variable: ROLE }));
        }
    }
}

struct Reading<'a> {
    snapshot: &'a Snapshot,
    wrong: &'a mut Findings,
}

impl Reading<'_> {
    fn nodes(&mut self) -> Nodes {
        let names = self.items(NAME);
        let all = names.into_iter().enumerate().filter_map(|(place, name)| self.node(place, name));
        Nodes { all: all.collect(), making: self.making() }
    }

    fn node(&mut self, place: usize, name: String) -> Option<Node> {
        let name = self.checked(
            (NAME, Some(place)),
            name,
            NodeName::try_from,
            phrase!("be-host-name", "the name of a machine: letters, digits, hyphens and dots"),
        );
        let address = self.item(ADDRESS, place).and_then(|text| {
            let expected = phrase!("be-host-address", "an address of IP or the name of a machine");
            self.checked((ADDRESS, Some(place)), text, Address::try_from, expected)
        });
        let role = self.word(ROLE, place, [NodeRole::Worker, NodeRole::Manager], NodeRole::word);
        let words = [Availability::Active, Availability::Pause, Availability::Drain];
        let availability = self.word(AVAILABILITY, place, words, Availability::word);
        let labels = self.item(LABELS, place).and_then(|text| {
            let expected = phrase!("be-labels", "labels such as ssd=true region=north");
            self.checked((LABELS, Some(place)), text, |text| Labels::read(&text), expected)
        });
        Some(Node { name: name?, address, role, availability, labels: labels.unwrap_or_default() })
    }

    fn making(&mut self) -> Making {
        let default = Making::default();
        let user = self.text("cluster_ssh_utilisateur").and_then(|text| {
            let expected = phrase!("be-login", "the name of a user of the machine");
            self.checked(("cluster_ssh_utilisateur", None), text, User::try_from, expected)
        });
        let keys = self.items("cluster_ssh_cles").into_iter().enumerate().filter_map(|(place, text)| {
            let expected = phrase!("be-public-key", "a public key of SSH, on one line");
            self.checked(("cluster_ssh_cles", Some(place)), text, PublicKey::try_from, expected)
        });
        let keys = keys.collect();
        let vagrant_box = self.text("cluster_boite").and_then(|text| {
            let expected =
                phrase!("be-vagrant-box", "the name of a box of Vagrant, such as debian/bookworm64");
            self.checked(("cluster_boite", None), text, box_name, expected)
        });
        Making {
            user: user.unwrap_or(default.user),
            port: self
                .number("cluster_ssh_port", u32::from(default.port), 1..=65535)
                .try_into()
                .unwrap_or(22),
            keys,
            updates: self.text("cluster_mises_a_jour").is_none_or(|text| text == "oui"),
            package: self.package(),
            vagrant_box: vagrant_box.unwrap_or(default.vagrant_box),
            memory: self.number("cluster_memoire", default.memory, 256..=1_048_576),
        }
    }

    fn package(&mut self) -> Package {
        let sha256 = self.text("cluster_paquet_sha256").and_then(|text| {
            let expected = phrase!("be-sha256", "a SHA-256: 64 hexadecimal digits");
            self.checked(("cluster_paquet_sha256", None), text, |text| sum(&text), expected)
        });
        let Some(text) = self.text("cluster_paquet") else { return Package::Repository };
        let expected = phrase!(
            "be-package",
            "the absolute path of a .deb, or its address by https (by http with its SHA-256)"
        );
        let has_sum = sha256.is_some();
        let read = self.checked(("cluster_paquet", None), text, |text| package(text, has_sum), expected);
        match read {
            Some(Package::Url { url, .. }) => Package::Url { url, sha256 },
            Some(other) => other,
            None => Package::Repository,
        }
    }

    /// `text` as what `read` makes of it.
    fn checked<T, E>(
        &mut self,
        (variable, place): (&str, Option<usize>),
        text: String,
        read: impl FnOnce(String) -> Result<T, E>,
        expected: Phrase,
    ) -> Option<T> {
        if let Ok(read) = read(text.clone()) {
            return Some(read);
        }
        let named = place.map_or_else(|| variable.to_owned(), |place| format!("{variable}[{place}]"));
        self.refuse(variable, NodesProblem::BadValue { variable: named, found: text, expected });
        None
    }

    /// One of `words`, of which the first is the default.
    fn word<T: Copy + Default, const N: usize>(
        &mut self,
        variable: &'static str,
        place: usize,
        words: [T; N],
        word: fn(T) -> &'static str,
    ) -> T {
        let Some(text) = self.item(variable, place) else { return T::default() };
        let known: Vec<&str> = words.iter().map(|one| word(*one)).collect();
        let expected = crate::diagnostic::alternatives(&known);
        let find = |text: String| words.iter().find(|one| word(**one) == text).copied().ok_or(());
        self.checked((variable, Some(place)), text, find, expected).unwrap_or_default()
    }

    fn number(&mut self, name: &'static str, default: u32, within: std::ops::RangeInclusive<u32>) -> u32 {
        let Some(text) = self.text(name) else { return default };
        let expected = phrase!(
            "whole-number",
            "a whole number from {least} to {most}",
            least = within.start(),
            most = within.end()
        );
        let read = |text: String| text.parse().ok().filter(|number| within.contains(number)).ok_or(());
        self.checked((name, None), text, read, expected).unwrap_or(default)
    }

    fn items(&self, name: &str) -> Vec<String> {
        let items = self.snapshot.value(name).into_iter().flat_map(Value::items);
        items.map(ToString::to_string).collect()
    }

    fn item(&self, name: &str, place: usize) -> Option<String> {
        self.items(name).into_iter().nth(place).filter(|text| !text.is_empty())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.snapshot.value(name).map(ToString::to_string).filter(|text| !text.is_empty())
    }

    fn refuse(&mut self, variable: &str, problem: NodesProblem) {
        let finding = self.finding(variable, problem);
        self.wrong.push(finding);
    }

    fn finding(&self, variable: &str, problem: NodesProblem) -> Finding {
        let finding = Finding::new(problem);
        match self.snapshot.entry(variable) {
            Some(entry) => finding.at(entry.definition, phrase!("at-defined-here", "defined here")),
            None => finding,
        }
    }
}

fn box_name(text: String) -> Result<String, ()> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    if text.bytes().all(is_letter) && !text.starts_with('/') { Ok(text) } else { Err(()) }
}

fn sum(text: &str) -> Result<String, ()> {
    let is_sum = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sum { Ok(text.to_ascii_lowercase()) } else { Err(()) }
}

/// A place that a package comes from. A file keeps to letters that mean nothing to a template either.
fn package(text: String, has_sum: bool) -> Result<Package, ()> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._-/:~+=%?&@,".contains(letter);
    if !text.chars().all(is_letter) {
        return Err(());
    }
    if text.starts_with("https://") || (has_sum && text.starts_with("http://")) {
        return Ok(Package::Url { url: text, sha256: None });
    }
    let path = Path::new(&text);
    let leads_up = path.components().any(|part| part == Component::ParentDir);
    let is_package = path.extension().is_some_and(|ending| ending == "deb");
    if path.is_absolute() && !leads_up && is_package { Ok(Package::File(path.to_owned())) } else { Err(()) }
}
