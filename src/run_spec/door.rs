//! Who may use an application, and how much: the addresses, users and rate of its variables.

use std::fmt;
use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::Secret;
use super::reading::Reading;
use crate::phrase;
use crate::value::Value;

/// Who may use an application, and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Door {
    /// The networks from which it may be used; all if there are none.
    pub allow: Vec<Network>,
    /// Who may use it; all if there are none.
    pub users: Vec<User>,
    /// How many requests of one address it takes; all if nothing is said.
    pub rate: Option<Rate>,
}

/// An address, or all that begin as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

/// A user with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Secret,
}

/// How many requests of one address are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// In a second, on average.
    pub per_second: u32,
    /// At once, over the average.
    pub burst: u32,
}

impl Network {
    /// The network that `text` writes, as an address or with the length of its prefix. Bits beyond that are cleared.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse().ok().filter(|length| *length <= most)?,
            None => most,
        };
        let address = match address {
            IpAddr::V4(v4) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
                IpAddr::V4((u32::from(v4) & mask).into())
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
                IpAddr::V6((u128::from(v6) & mask).into())
            }
        };
        Some(Self { address, length })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Reading<'_> {
    /// Who may use the application. What is wrong is found and left out.
    pub(super) fn door(&mut self) -> Door {
        let per_second = u32::try_from(self.number("debit")).unwrap_or_default();
        let burst = u32::try_from(self.number("debit_rafale")).unwrap_or_default();
        let rate = (per_second > 0).then_some(Rate { per_second, burst });
        Door { allow: self.allow(), users: self.users(), rate }
    }

    fn allow(&mut self) -> Vec<Network> {
        let mut allow = Vec::new();
        for item in self.value("acces").map_or(&[][..], Value::items).iter().filter(|item| !item.is_empty()) {
            let text = item.to_string();
            match Network::parse(&text) {
                Some(network) => allow.push(network),
                None => self.bad_value(
                    "acces",
                    text,
                    phrase!("be-network", "an address or a network such as `10.1.0.0/16`"),
                ),
            }
        }
        allow
    }

    fn users(&mut self) -> Vec<User> {
        let (names, passwords) = ("utilisateur_nom", "utilisateur_mot_de_passe");
        let secrets = self.value(passwords).map_or(&[][..], Value::items);
        let mut users: Vec<User> = Vec::new();
        for (index, item) in self.value(names).map_or(&[][..], Value::items).iter().enumerate() {
            if item.is_empty() {
                continue;
            }
            let name = item.to_string();
            let password = secrets.get(index).filter(|secret| !secret.is_empty()).map(ToString::to_string);
            let is_new = users.iter().all(|user| user.name != name);
            let fits =
                is_new && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte));
            match password {
                _ if !fits => {
                    let expected = phrase!(
                        "be-user",
                        "a name of letters, digits, `.`, `_`, `@` and `-` that no other user has"
                    );
                    self.bad_value(names, name, expected);
                }
                None => self.missing_side(passwords, index + 1),
                // A browser cannot send one, and nobody could ever get in.
                Some(password) if password.contains(char::is_control) => {
                    self.bad_value(
                        passwords,
                        "…".to_owned(),
                        phrase!("be-password", "a password without line ends and tabs"),
                    );
                }
                Some(password) => users.push(User { name, password: Secret::new(password) }),
            }
        }
        users
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_as_nginx_wants_it() {
        for (text, written) in [
            ("192.0.2.7", "192.0.2.7/32"),
            ("10.1.2.3/16", "10.1.0.0/16"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(Network::parse(text).unwrap().to_string(), written);
        }
        for text in ["", "all", "10.1.2.3/33", "10.1/16", "::/129", "10.1.2.3/", "10.1.2.3;"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
