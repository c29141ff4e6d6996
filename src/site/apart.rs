//! What two sites on one server cannot share: names, ports, folders, volumes, networks.
//!
//! In: a value of production. Out: the same for a site, marked as the site's. The invariant: what was marked can be told from
//! what was not, and gives the value that it was made of.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;

use super::SiteName;
use crate::evaluation::Snapshot;

/// By how much the ports of the first site are above those of production.
const STEP: u16 = 10_000;

/// The largest number of a site: the ports of one more would be none.
pub const MOST: u16 = 5;

/// How a value is kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// A name, a folder, a network or a volume: it ends in the site's name.
    Marked,
    /// A port: it is higher.
    Port,
    /// What the driver of a volume is told: its device ends in the site's name.
    Device,
    /// A namespace: it ends in the site's name, or is that name.
    Namespace,
    /// It is the same until it is set, and each site's own.
    Own,
}

/// The variables `conteneurX_SUFFIX` that are kept apart.
const SUFFIXES: [(&str, Apart); 9] = [
    ("name", Apart::Marked),
    ("port_out", Apart::Port),
    ("mountpoint_out", Apart::Marked),
    ("reseaux", Apart::Marked),
    ("volume_nom", Apart::Marked),
    ("volume_options", Apart::Device),
    ("espace_noms", Apart::Namespace),
    ("repliques", Apart::Own),
    ("repliques_max", Apart::Own),
];

/// Which variables are kept apart: those of containers, by what stands for X in their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(BTreeSet<String>);

impl Keys {
    /// The containers that the dictionaries of `snapshots` have.
    pub fn of(snapshots: &[&Snapshot]) -> Self {
        let key = |name: &str, snapshot: &Snapshot| {
            let key = name.strip_prefix("conteneur")?.strip_suffix("_name")?;
            snapshot.entry(&format!("conteneur{key}_url")).map(|_| key.to_owned())
        };
        let keys = snapshots.iter().flat_map(|all| all.all().filter_map(move |(name, _)| key(name, all)));
        Self(keys.collect())
    }

    /// How the variable `name` is kept apart, if it is.
    pub fn apart(&self, name: &str) -> Option<Apart> {
        let rest = name.strip_prefix("conteneur")?;
        let known = |suffix: &str| {
            let key = rest.strip_suffix(suffix)?.strip_suffix('_')?;
            self.0.contains(key).then_some(())
        };
        SUFFIXES.iter().find(|(suffix, _)| known(suffix).is_some()).map(|(_, apart)| *apart)
    }
}

/// What is a site's is told by this.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// The site.
    pub site: &'a SiteName,
    /// Its number, from 1 on.
    pub number: u16,
}

impl Mark<'_> {
    /// The site's value where production has `value`; the same where nothing is to be kept apart.
    pub fn put(self, apart: Apart, value: &Json) -> Json {
        match (apart, value) {
            (Apart::Port, _) => port(value, |port| port.checked_add(self.step())),
            (Apart::Marked, Json::String(text))
                if text.chars().any(|letter| letter != '/') && !is_everybodys(text) =>
            {
                format!("{}{}", text.trim_end_matches('/'), self.site.mark()).into()
            }
            (Apart::Namespace, Json::String(text)) if !text.is_empty() => {
                format!("{text}{}", self.site.mark()).into()
            }
            (Apart::Namespace, _) => self.site.as_str().into(),
            (Apart::Device, Json::String(text)) => {
                let marked = devices(text, |path| Some(path.to_owned() + &self.site.mark()));
                marked.map_or_else(|| value.clone(), Json::from)
            }
            _ => value.clone(),
        }
    }

    /// Production's value where the site has `value`; none where it does not tell which.
    pub fn take(self, apart: Apart, value: &Json) -> Option<Json> {
        let mark = self.site.mark();
        match (apart, value) {
            (Apart::Own, _) | (_, Json::Null) => Some(value.clone()),
            (Apart::Port, _) => {
                Some(port(value, |port| port.checked_sub(self.step()).filter(|port| *port > 0)))
                    .filter(|taken| taken != value)
            }
            (Apart::Marked | Apart::Namespace, Json::String(text))
                if text.is_empty() || is_everybodys(text) =>
            {
                Some(value.clone())
            }
            (Apart::Namespace, Json::String(text)) if text == self.site.as_str() => Some("".into()),
            (Apart::Marked | Apart::Namespace, Json::String(text)) => {
                text.strip_suffix(&mark).filter(|rest| !rest.is_empty()).map(Json::from)
            }
            (Apart::Device, Json::String(text)) => {
                devices(text, |path| path.strip_suffix(&mark).map(str::to_owned)).map(Json::from)
            }
            _ => None,
        }
    }

    /// By how much a port is higher than production's.
    pub fn step(self) -> u16 {
        self.number.saturating_mul(STEP)
    }
}

/// `text`, whose devices are what `change` makes of them; none if it makes nothing of one.
fn devices(text: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
    let word = |word: &str| match word.strip_prefix("device=") {
        Some(path) => change(path.trim_end_matches('/')).map(|path| format!("device={path}")),
        None => Some(word.to_owned()),
    };
    let words: Option<Vec<String>> = text.split_whitespace().map(word).collect();
    words.map(|words| words.join(" "))
}

/// The port of `value` changed, in the form that it has.
fn port(value: &Json, change: impl Fn(u16) -> Option<u16>) -> Json {
    let read = match value {
        Json::Number(number) => number.as_u64().and_then(|port| u16::try_from(port).ok()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    };
    match (value, read.and_then(change)) {
        (Json::String(_), Some(port)) => port.to_string().into(),
        (_, Some(port)) => port.into(),
        (_, None) => value.clone(),
    }
}

/// Places of the system, which hold nobody's data: devices, programs, sockets, the time zone, certificates.
const SYSTEM: [&str; 10] = [
    "/dev",
    "/proc",
    "/sys",
    "/run",
    "/var/run",
    "/usr/share",
    "/usr/lib",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ssl",
];

/// Whether a folder is the system's, and shared by all.
pub(super) fn is_everybodys(folder: &str) -> bool {
    let folder = Path::new(folder);
    folder.is_absolute() && SYSTEM.iter().any(|place| folder.starts_with(place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn preprod() -> SiteName {
        "preprod".parse().unwrap()
    }

    #[test]
    fn a_sites_values_are_marked_as_its_own() {
        let site = preprod();
        let mark = Mark { site: &site, number: 1 };
        for (apart, production, expected) in [
            (Apart::Marked, json!("wiki"), json!("wiki-preprod")),
            (Apart::Marked, json!("/srv/wiki/"), json!("/srv/wiki-preprod")),
            (Apart::Port, json!(8081), json!(18081)),
            (Apart::Port, json!("80"), json!("10080")),
            (Apart::Namespace, json!(""), json!("preprod")),
            (Apart::Namespace, json!("school"), json!("school-preprod")),
            (
                Apart::Device,
                json!("type=nfs o=rw device=:/srv/wiki"),
                json!("type=nfs o=rw device=:/srv/wiki-preprod"),
            ),
        ] {
            assert_eq!(mark.put(apart, &production), expected);
        }
        for (apart, same) in [
            (Apart::Own, json!(3)),
            (Apart::Marked, json!("/dev/snd")),
            (Apart::Marked, json!("")),
            (Apart::Port, json!(60_000)),
        ] {
            assert_eq!(mark.put(apart, &same), same);
        }
        assert_eq!(mark.take(Apart::Marked, &json!("wiki")), None);
        assert_eq!(mark.take(Apart::Port, &json!(8081)), None);
    }

    proptest! {
        #[test]
        fn what_was_marked_tells_what_it_was(word in "[a-z]{2,9}", port in 1u16..15_000, number in 1u16..=5, at in 0usize..4) {
            let site = preprod();
            let mark = Mark { site: &site, number };
            let (apart, value) = [
                (Apart::Marked, json!(word)),
                (Apart::Marked, json!(format!("/srv/{word}"))),
                (Apart::Port, json!(port)),
                (Apart::Device, json!(format!("type=nfs device=:/{word}"))),
            ][at].clone();
            let put = mark.put(apart, &value);
            prop_assert_ne!(&put, &value);
            prop_assert_eq!(mark.take(apart, &put), Some(value));
        }
    }
}
