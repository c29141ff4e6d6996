//! The name of a site, which is also the name of a folder and the end of its containers' names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::phrase;
use crate::words::Phrase;

/// Names that mean something else: the site without a name, and the ends that containers have while they are replaced.
const RESERVED: [&str; 5] = ["production", "prod", "new", "old", "base"];

/// A site's name: 2 to 16 lower-case letters and digits of ASCII, the first one a letter. So it is a file name that stays in its
/// folder, and the end of a container's name says which site it is of: there is no `-` in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteName(String);

/// A text that is no [`SiteName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub struct NotASite;

impl NotASite {
    /// What a name has to be.
    pub fn said(&self) -> Phrase {
        phrase!(
            "be-site-name",
            "expected 2 to 16 lower-case letters and digits, the first one a letter, and not {reserved}",
            reserved = RESERVED.join(", "),
        )
    }
}

impl SiteName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What its containers, networks, volumes and folders end in.
    pub fn mark(&self) -> String {
        format!("-{self}")
    }

    /// Whether what is called `name` is of this site.
    pub fn owns(&self, name: &str) -> bool {
        name.strip_suffix(self.as_str())
            .and_then(|rest| rest.strip_suffix('-'))
            .is_some_and(|rest| !rest.is_empty())
    }

    /// What stands for the site in a sentence; the one without a name is production.
    pub fn said(site: Option<&Self>) -> Phrase {
        site.map_or_else(|| phrase!("production", "production"), |site| site.to_string().into())
    }
}

impl FromStr for SiteName {
    type Err = NotASite;

    fn from_str(text: &str) -> Result<Self, NotASite> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = (2..=16).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !RESERVED.contains(&text);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotASite) }
    }
}

impl TryFrom<String> for SiteName {
    type Error = NotASite;

    fn try_from(text: String) -> Result<Self, NotASite> {
        text.parse()
    }
}

impl From<SiteName> for String {
    fn from(name: SiteName) -> Self {
        name.0
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_a_word_and_no_path() {
        for good in ["preprod", "qa", "staging2"] {
            assert!(good.parse::<SiteName>().is_ok(), "{good}");
        }
        let long = "a".repeat(17);
        for bad in
            ["", "a", "..", "a/b", "../x", "Pre", "pre-prod", "2qa", "é1", "a b", "production", "old", &long]
        {
            assert_eq!(bad.parse::<SiteName>(), Err(NotASite), "{bad}");
        }
    }

    #[test]
    fn a_container_is_of_the_site_that_its_name_ends_in() {
        let site: SiteName = "preprod".parse().unwrap();
        assert!(site.owns("wiki-preprod") && site.owns("a-b-preprod"));
        assert!(
            !site.owns("wiki")
                && !site.owns("preprod")
                && !site.owns("-preprod")
                && !site.owns("wiki.preprod")
        );
        assert!(!site.owns("wikipreprod") && !site.owns("wiki-preprod2"));
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(text in ".{0,20}") {
            if let Ok(name) = text.parse::<SiteName>() {
                let path = std::path::Path::new("/etc/eole/sites").join(name.as_str());
                prop_assert_eq!(path.parent(), Some(std::path::Path::new("/etc/eole/sites")));
                prop_assert_eq!(name.as_str(), text);
            }
        }
    }
}
