//! Why a function has no result, or refuses a value.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Serialize, Serializer};

use crate::phrase;
use crate::words::Phrase;

/// Why a function has no result, or refuses a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionError {
    /// The value is none of those that are allowed.
    NotAmong {
        /// Those that are.
        words: Vec<String>,
    },
    /// The value is no integer, or not within its bounds.
    NotWithin {
        /// The smallest one.
        least: Option<i64>,
        /// The largest one.
        most: Option<i64>,
    },
    /// The value does not match an expression, and the dictionary says what that means.
    Explained {
        /// The dictionary's words.
        message: String,
    },
    /// The value does not match an expression.
    NoMatch {
        /// The expression.
        pattern: String,
    },
    /// The value is one that it must not be.
    Same,
    /// The list has the value already.
    Repeated,
    /// The text is no IPv4 address.
    NoAddress,
    /// The address is none of a machine in the network.
    NotInNetwork {
        /// The network.
        network: Ipv4Addr,
        /// Its mask.
        mask: Ipv4Addr,
    },
    /// The address is not that of a network.
    NoNetwork {
        /// The one that it belongs to.
        network: Ipv4Addr,
    },
    /// The address is not the network's broadcast address.
    NoBroadcast {
        /// It.
        broadcast: Ipv4Addr,
    },
    /// The text is not of the form that it should have.
    NotOfForm {
        /// Which.
        expected: Phrase,
    },
    /// The text is too short or too long.
    WrongLength {
        /// The fewest letters.
        least: Option<i64>,
        /// The most letters.
        most: Option<i64>,
    },
    /// Another item of the list has the name.
    NameTaken,
    /// A site's own function refuses the value.
    SiteRefuses {
        /// In its words.
        reason: String,
    },
    /// A site's own function cannot be run, or does not answer as it should.
    SiteFails {
        /// Why.
        reason: Phrase,
    },
    /// The machine does not give what the function needs.
    Absent {
        /// What is missing.
        what: Phrase,
    },
    /// The call is wrong: no value can be judged or made.
    WrongArguments {
        /// What was expected.
        expected: Phrase,
    },
    /// The regular expression of a call is none.
    BadPattern {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An expression of the template engine is none, or fails.
    BadExpression {
        /// What the engine says.
        reason: String,
    },
    /// The list of a call is none.
    BadList {
        /// What stands there.
        text: String,
    },
}

impl FunctionError {
    /// Says that the call is wrong.
    pub(super) fn wrong_call(expected: Phrase) -> Self {
        Self::WrongArguments { expected }
    }

    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotAmong { words } => {
                phrase!("expected-one-of", "expected one of {words}", words = words.join(", "))
            }
            Self::NotWithin { least, most } => bounds(*least, *most),
            Self::Explained { message: words } | Self::SiteRefuses { reason: words } => words.clone().into(),
            Self::NoMatch { pattern } => {
                phrase!("expected-match", "expected a text that matches `{pattern}`", pattern = pattern)
            }
            Self::Same => phrase!(
                "expected-another",
                "expected another value than that of the variable it is compared with"
            ),
            Self::Repeated => phrase!("expected-once", "expected each item only once"),
            Self::NameTaken => phrase!("item-name-taken", "the name is given to another item already"),
            Self::NotOfForm { expected } => phrase!("expected", "expected {expected}", expected = expected),
            Self::WrongLength { least, most } => lengths(*least, *most),
            Self::SiteFails { reason } => {
                phrase!("site-function-fails", "the site's function fails: {reason}", reason = reason)
            }
            Self::Absent { what } => phrase!("machine-lacks", "this machine has no {what}", what = what),
            Self::WrongArguments { expected } => {
                phrase!("call-is-wrong", "the call is wrong: expected {expected}", expected = expected)
            }
            Self::BadPattern { pattern, reason } => phrase!(
                "no-pattern",
                "`{pattern}` is no regular expression: {reason}",
                pattern = pattern,
                reason = reason
            ),
            Self::BadExpression { reason } => {
                phrase!("expression-fails", "the expression fails: {reason}", reason = reason)
            }
            Self::BadList { text } => {
                phrase!("no-list", "`{text}` is no list of words, such as ['one', 'two']", text = text)
            }
            Self::NoAddress
            | Self::NotInNetwork { .. }
            | Self::NoNetwork { .. }
            | Self::NoBroadcast { .. } => self.address(),
        }
    }

    /// What is said of addresses.
    fn address(&self) -> Phrase {
        match self {
            Self::NotInNetwork { network, mask } => phrase!(
                "expected-in-network",
                "expected the address of a machine in the network {network} with the netmask {mask}",
                network = network,
                mask = mask
            ),
            Self::NoNetwork { network } => phrase!(
                "expected-network",
                "expected the address of a network, which with this netmask is {network}",
                network = network
            ),
            Self::NoBroadcast { broadcast } => phrase!(
                "expected-broadcast",
                "expected the broadcast address of the network, which is {broadcast}",
                broadcast = broadcast
            ),
            _ => phrase!("expected-address", "expected an IPv4 address, such as 192.0.2.1"),
        }
    }

    /// Whether the dictionary's call is wrong, and not the value.
    pub fn blames_the_call(&self) -> bool {
        matches!(
            self,
            Self::WrongArguments { .. }
                | Self::BadPattern { .. }
                | Self::BadList { .. }
                | Self::BadExpression { .. }
                | Self::SiteFails { .. }
                | Self::Absent { .. }
        )
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for FunctionError {}

impl Serialize for FunctionError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.phrase().serialize(serializer)
    }
}

fn bounds(least: Option<i64>, most: Option<i64>) -> Phrase {
    match (least, most) {
        (Some(least), Some(most)) => phrase!(
            "integer-within",
            "expected an integer from {least} to {most}",
            least = least,
            most = most
        ),
        (Some(least), None) => {
            phrase!("integer-at-least", "expected an integer of at least {least}", least = least)
        }
        (None, Some(most)) => {
            phrase!("integer-at-most", "expected an integer of at most {most}", most = most)
        }
        (None, None) => phrase!("integer", "expected an integer"),
    }
}

fn lengths(least: Option<i64>, most: Option<i64>) -> Phrase {
    match (least, most) {
        (Some(least), Some(most)) => {
            phrase!("length-within", "expected {least} to {most} characters", least = least, most = most)
        }
        (Some(least), None) => {
            phrase!("length-at-least", "expected at least {least} characters", least = least)
        }
        (None, Some(most)) => phrase!("length-at-most", "expected at most {most} characters", most = most),
        (None, None) => phrase!("length-some", "expected some characters"),
    }
}
