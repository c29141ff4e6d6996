//! Why a function has no result, or refuses a value.

use std::net::Ipv4Addr;

use thiserror::Error;

/// Why a function has no result, or refuses a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FunctionError {
    /// The value is none of those that are allowed.
    #[error("expected one of {}", .words.join(", "))]
    NotAmong {
        /// Those that are.
        words: Vec<String>,
    },
    /// The value is no integer, or not within its bounds.
    #[error("expected an integer{}", bounds(*least, *most))]
    NotWithin {
        /// The smallest one.
        least: Option<i64>,
        /// The largest one.
        most: Option<i64>,
    },
    /// The value does not match an expression, and the dictionary says what that means.
    #[error("{message}")]
    Explained {
        /// The dictionary's words.
        message: String,
    },
    /// The value does not match an expression.
    #[error("expected a text that matches `{pattern}`")]
    NoMatch {
        /// The expression.
        pattern: String,
    },
    /// The value is one that it must not be.
    #[error("expected another value than that of the variable it is compared with")]
    Same,
    /// The list has the value already.
    #[error("expected each item only once")]
    Repeated,
    /// The text is no IPv4 address.
    #[error("expected an IPv4 address, such as 192.0.2.1")]
    NoAddress,
    /// The address is none of a machine in the network.
    #[error("expected the address of a machine in the network {network} with the netmask {mask}")]
    NotInNetwork {
        /// The network.
        network: Ipv4Addr,
        /// Its mask.
        mask: Ipv4Addr,
    },
    /// The address is not that of a network.
    #[error("expected the address of a network, which with this netmask is {network}")]
    NoNetwork {
        /// The one that it belongs to.
        network: Ipv4Addr,
    },
    /// The address is not the network's broadcast address.
    #[error("expected the broadcast address of the network, which is {broadcast}")]
    NoBroadcast {
        /// It.
        broadcast: Ipv4Addr,
    },
    /// The text is not of the form that it should have.
    #[error("expected {expected}")]
    NotOfForm {
        /// Which.
        expected: &'static str,
    },
    /// The text is too short or too long.
    #[error("expected {}", lengths(*least, *most))]
    WrongLength {
        /// The fewest letters.
        least: Option<i64>,
        /// The most letters.
        most: Option<i64>,
    },
    /// Another item of the list has the name.
    #[error("the name is given to another item already")]
    NameTaken,
    /// A site's own function refuses the value.
    #[error("{reason}")]
    SiteRefuses {
        /// In its words.
        reason: String,
    },
    /// A site's own function cannot be run, or does not answer as it should.
    #[error("the site's function fails: {reason}")]
    SiteFails {
        /// Why.
        reason: String,
    },
    /// The machine does not give what the function needs.
    #[error("this machine has no {what}")]
    Absent {
        /// What is missing.
        what: &'static str,
    },
    /// The call is wrong: no value can be judged or made.
    #[error("the call is wrong: expected {expected}")]
    WrongArguments {
        /// What was expected.
        expected: &'static str,
    },
    /// The regular expression of a call is none.
    #[error("`{pattern}` is no regular expression: {reason}")]
    BadPattern {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An expression of the template engine is none, or fails.
    #[error("the expression fails: {reason}")]
    BadExpression {
        /// What the engine says.
        reason: String,
    },
    /// The list of a call is none.
    #[error("`{text}` is no list of words, such as ['one', 'two']")]
    BadList {
        /// What stands there.
        text: String,
    },
}

impl FunctionError {
    /// Says that the call is wrong.
    pub(super) fn wrong_call(expected: &'static str) -> Self {
        Self::WrongArguments { expected }
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

fn bounds(least: Option<i64>, most: Option<i64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    }
}

fn lengths(least: Option<i64>, most: Option<i64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most} characters"),
        (Some(least), None) => format!("at least {least} characters"),
        (None, Some(most)) => format!("at most {most} characters"),
        (None, None) => "some characters".to_owned(),
    }
}
