//! The name of a container, which is also a segment of its URL and the name of its files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A container's name: 2 to 63 letters, digits, `_`, `.` and `-`, of ASCII, the first one a letter or a digit. So
/// it is a Docker name, a path segment that needs no escaping, and a file name that stays in its folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContainerName(String);

/// A text that is no [`ContainerName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("expected 2 to 63 letters, digits, `_`, `.` or `-`, the first a letter or a digit")]
pub struct NotAName;

impl ContainerName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ContainerName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let fits = (2..=63).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAName) }
    }
}

impl TryFrom<String> for ContainerName {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, NotAName> {
        text.parse()
    }
}

impl From<ContainerName> for String {
    fn from(name: ContainerName) -> Self {
        name.0
    }
}

impl fmt::Display for ContainerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_path_segments_only() {
        for good in ["wiki", "rocket.chat", "a1", "A_b-c"] {
            assert!(good.parse::<ContainerName>().is_ok(), "{good}");
        }
        for bad in ["", "a", "..", ".a", "a/b", "a b", "é1", "a;b", "a\nb", "-a", &"a".repeat(64)] {
            assert_eq!(bad.parse::<ContainerName>(), Err(NotAName), "{bad}");
        }
    }
}
