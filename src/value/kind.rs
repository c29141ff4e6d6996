//! The types that a dictionary can give a variable.

use std::fmt;

use super::{Mismatch, Value, net, text};

/// The type of a variable, by CREOLE's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum VariableType {
    /// Any text.
    #[default]
    Text,
    /// An integer.
    Number,
    /// A number, with a fraction or without.
    Float,
    /// `True` or `False`.
    Boolean,
    /// One of two words: `oui`/`non`, `yes`/`no` or `on`/`off`.
    TwoWords(&'static [&'static str; 2]),
    /// `none`, `daily`, `weekly` or `monthly`.
    Schedule,
    /// `pre` or `post`.
    ScheduleMod,
    /// An IPv4 address.
    Ip,
    /// An IPv4 address of a private network.
    LocalIp,
    /// An IPv4 network mask.
    Netmask,
    /// An IPv4 network address.
    Network,
    /// An IPv4 broadcast address.
    Broadcast,
    /// An IPv4 address with its prefix length.
    Cidr,
    /// An IPv4 network address with its prefix length.
    NetworkCidr,
    /// A domain name, or an IP address unless `strict`.
    Domain {
        /// Whether an IP address is refused.
        strict: bool,
    },
    /// A host name without a dot, or an IP address unless `strict`.
    Hostname {
        /// Whether an IP address is refused.
        strict: bool,
    },
    /// A NetBIOS name.
    Netbios,
    /// An `http` or `https` address.
    WebAddress,
    /// A mail address.
    Mail,
    /// A TCP or UDP port.
    Port,
    /// A hardware address.
    Mac,
    /// An absolute path.
    Filename,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A user of the system.
    UnixUser,
    /// A secret: any text, shown nowhere.
    Password,
}

/// Every type by the name that dictionaries give it.
const NAMES: [(&str, VariableType); 31] = {
    use VariableType as T;
    [
        ("string", T::Text),
        ("number", T::Number),
        ("float", T::Float),
        ("boolean", T::Boolean),
        ("oui/non", T::TwoWords(&["oui", "non"])),
        ("yes/no", T::TwoWords(&["yes", "no"])),
        ("on/off", T::TwoWords(&["on", "off"])),
        ("schedule", T::Schedule),
        ("schedulemod", T::ScheduleMod),
        ("ip", T::Ip),
        ("local_ip", T::LocalIp),
        ("netmask", T::Netmask),
        ("network", T::Network),
        ("broadcast", T::Broadcast),
        ("cidr", T::Cidr),
        ("network_cidr", T::NetworkCidr),
        ("domain", T::Domain { strict: false }),
        ("domain_strict", T::Domain { strict: true }),
        ("hostname", T::Hostname { strict: false }),
        ("hostname_strict", T::Hostname { strict: true }),
        ("netbios", T::Netbios),
        ("web_address", T::WebAddress),
        ("mail", T::Mail),
        ("port", T::Port),
        ("mac", T::Mac),
        ("filename", T::Filename),
        ("date", T::Date),
        ("unix_user", T::UnixUser),
        ("password", T::Password),
        // Spellings of other releases of EOLE.
        ("domainname", T::Domain { strict: false }),
        ("domainname_strict", T::Domain { strict: true }),
    ]
};

impl VariableType {
    /// The type that dictionaries call `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The names of all types.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The name that dictionaries give this type.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map_or("string", |(name, _)| name)
    }

    /// Whether its values must not be shown.
    pub fn is_secret(self) -> bool {
        self == Self::Password
    }

    /// The words to which this type is closed, if it is.
    pub fn words(self) -> Option<&'static [&'static str]> {
        match self {
            Self::TwoWords(words) => Some(words),
            Self::Schedule => Some(&["none", "daily", "weekly", "monthly"]),
            Self::ScheduleMod => Some(&["pre", "post"]),
            _ => None,
        }
    }

    /// Makes one value of this type out of `text`; an empty text is [`Value::None`].
    ///
    /// # Errors
    /// What was expected instead.
    pub fn parse(self, text: &str) -> Result<Value, Mismatch> {
        if text.is_empty() {
            return Ok(Value::None);
        }
        let accepted = |good: bool| good.then(|| Value::Text(text.to_owned()));
        let value = match self {
            Self::Text | Self::Password => accepted(text::is_plain(text)),
            Self::Number => text.parse().ok().map(Value::Number),
            Self::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
            Self::Boolean => text::boolean(text).map(Value::Boolean),
            Self::TwoWords(_) | Self::Schedule | Self::ScheduleMod => {
                accepted(self.words().is_some_and(|words| words.contains(&text)))
            }
            Self::LocalIp => accepted(net::ip(text).is_some_and(net::is_local)),
            Self::Netmask => accepted(net::netmask(text).is_some()),
            Self::Ip | Self::Network | Self::Broadcast => accepted(net::ip(text).is_some()),
            Self::Cidr => accepted(net::cidr(text).is_some()),
            Self::NetworkCidr => accepted(net::cidr(text).is_some_and(net::is_network)),
            Self::Domain { strict } => accepted(text::is_domain(text) || !strict && net::ip(text).is_some()),
            Self::Hostname { strict } => {
                accepted(text::is_host_label(text, 63) || !strict && net::ip(text).is_some())
            }
            Self::Netbios => accepted(text::is_host_label(text, 15)),
            Self::WebAddress => accepted(text::is_web_address(text)),
            Self::Mail => accepted(text::is_mail(text)),
            Self::Port => {
                text.parse::<u16>().ok().filter(|port| *port > 0).map(|port| Value::Number(port.into()))
            }
            Self::Mac => accepted(net::is_mac(text)),
            Self::Filename => accepted(text::is_absolute_path(text)),
            Self::Date => accepted(text::is_date(text)),
            Self::UnixUser => accepted(text::is_unix_user(text)),
        };
        value.ok_or_else(|| Mismatch::new(self, text))
    }
}

impl fmt::Display for VariableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
