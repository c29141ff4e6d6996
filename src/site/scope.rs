//! For which site a run is, and which sites there are.

use std::path::{Path, PathBuf};

use super::SiteName;
use crate::render::{Rendered, VARIABLES};

/// What galerne keeps between runs.
const STATE: &str = "/var/lib/galerne";

/// Where the files of sites are, beside the saved values of production.
pub const SITES: &str = "/etc/eole/sites";

/// For which site a run is, and which ones there are: a container is known by its name to be of one of them. Whatever is of no
/// site is production's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    current: Option<SiteName>,
    others: Vec<SiteName>,
}

impl Scope {
    /// The scope of the site `current`, or of production, where there are `all` sites.
    pub fn new(current: Option<SiteName>, all: Vec<SiteName>) -> Self {
        let others = all.into_iter().filter(|site| Some(site) != current.as_ref()).collect();
        Self { current, others }
    }

    /// The site; none for production.
    pub fn site(&self) -> Option<&SiteName> {
        self.current.as_ref()
    }

    /// Whether the container `name` is of this site.
    pub fn has(&self, name: &str) -> bool {
        match &self.current {
            Some(site) => site.owns(name),
            None => !self.others.iter().any(|site| site.owns(name)),
        }
    }

    /// Where this site keeps what production keeps at `path`, which is below `/var/lib/galerne`.
    pub fn state(&self, path: &str) -> PathBuf {
        let Some(site) = &self.current else { return PathBuf::from(path) };
        let below = Path::new(path).strip_prefix(STATE).unwrap_or(Path::new(path));
        Path::new(STATE).join("sites").join(site.as_str()).join(below)
    }

    /// The folder of what this site alone keeps; none for production.
    pub fn folder(&self) -> Option<PathBuf> {
        self.current.as_ref().map(|site| Path::new(STATE).join("sites").join(site.as_str()))
    }

    /// Takes out of `rendered` what is production's alone: the front door, what dictionaries name of the system, services, and nodes. The
    /// variables for shells go to a place of the site's own.
    pub fn keep_own(&self, rendered: &mut Rendered) {
        let Some(site) = &self.current else { return };
        let variables = Path::new(SITES).join(site.as_str()).join("conteneur-vars.conf");
        rendered.files.files.retain(|file| file.container.is_some() || file.path == Path::new(VARIABLES));
        for file in rendered.files.files.iter_mut().filter(|file| file.path == Path::new(VARIABLES)) {
            file.path.clone_from(&variables);
        }
        rendered.files.removed.clear();
        rendered.services.clear();
        rendered.nodes.clear();
        rendered.nodes.clear();
        rendered.needed.certificate = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str) -> SiteName {
        name.parse().unwrap()
    }

    #[test]
    fn each_container_is_of_one_site() {
        let all = vec![site("preprod"), site("qa")];
        let scopes =
            [None, Some(site("preprod")), Some(site("qa"))].map(|current| Scope::new(current, all.clone()));
        for name in ["wiki", "wiki-preprod", "wiki-qa", "wiki-other", "a-preprod-qa"] {
            assert_eq!(scopes.iter().filter(|scope| scope.has(name)).count(), 1, "{name}");
        }
        assert!(Scope::default().has("wiki-preprod"), "there is no such site");
    }

    #[test]
    fn the_state_of_a_site_is_in_a_folder_of_its_own() {
        let state = |current| Scope::new(current, Vec::new()).state("/var/lib/galerne/manifest.json");
        assert_eq!(state(None), Path::new("/var/lib/galerne/manifest.json"));
        assert_eq!(state(Some(site("qa"))), Path::new("/var/lib/galerne/sites/qa/manifest.json"));
    }
}
