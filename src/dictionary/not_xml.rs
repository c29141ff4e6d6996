//! What the XML parser refuses, in galerne's words.
//!
//! In: the parser's error. Out: a phrase for what people who write dictionaries meet, and the parser's own text for the rest.

use quick_xml::Error;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::AttrError;

use crate::phrase;
use crate::words::Phrase;

/// Why the parser stopped.
pub(super) fn reason(error: &Error) -> Phrase {
    match error {
        Error::Syntax(error) => of_syntax(*error),
        Error::IllFormed(error) => of_form(error),
        Error::InvalidAttr(error) => of_attribute(error),
        Error::Escape(error) => of_reference(error),
        other => other.to_string().into(),
    }
}

fn of_syntax(error: SyntaxError) -> Phrase {
    let end = match error {
        SyntaxError::InvalidBangMarkup => return phrase!("xml-bang", "`<!` begins nothing that XML knows"),
        SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => "?>",
        SyntaxError::UnclosedComment => "-->",
        SyntaxError::UnclosedCData => "]]>",
        SyntaxError::UnclosedTag | SyntaxError::UnclosedDoctype => ">",
        SyntaxError::UnclosedSingleQuotedAttributeValue => "'",
        SyntaxError::UnclosedDoubleQuotedAttributeValue => "\"",
    };
    phrase!("xml-unclosed", "what begins here lacks its `{end}`", end = end)
}

fn of_form(error: &IllFormedError) -> Phrase {
    match error {
        IllFormedError::MismatchedEndTag { expected, found } => phrase!(
            "xml-other-end",
            "expected `</{expected}>`, but `</{found}>` was found",
            expected = expected,
            found = found
        ),
        IllFormedError::UnmatchedEndTag(name) => {
            phrase!("xml-stray-end", "`</{name}>` closes nothing that is open", name = name)
        }
        IllFormedError::MissingEndTag(name) => phrase!("xml-open", "`{name}` is never closed", name = name),
        IllFormedError::UnclosedReference => unclosed_reference(),
        other => other.to_string().into(),
    }
}

/// What is wrong with an attribute.
pub(super) fn of_attribute(error: &AttrError) -> Phrase {
    match error {
        AttrError::ExpectedEq(_) => phrase!("xml-no-equals", "an attribute lacks its `=`"),
        AttrError::ExpectedValue(_) => phrase!("xml-no-value", "an attribute has no value"),
        AttrError::UnquotedValue(_) => {
            phrase!("xml-no-quotes", "the value of an attribute is not in quotes")
        }
        AttrError::ExpectedQuote(..) => {
            phrase!("xml-no-quote", "the value of an attribute lacks its closing quote")
        }
        AttrError::Duplicated(..) => phrase!("xml-twice", "an attribute is there twice"),
    }
}

fn of_reference(error: &EscapeError) -> Phrase {
    match error {
        EscapeError::UnrecognizedEntity(_, name) => {
            phrase!("xml-entity", "the entity `&{name};` is not defined", name = name)
        }
        EscapeError::UnterminatedEntity(_) => unclosed_reference(),
        EscapeError::InvalidCharRef(_) => {
            phrase!("xml-letter", "a reference by number stands for no character")
        }
        EscapeError::TooManyNestedEntities => error.to_string().into(),
    }
}

fn unclosed_reference() -> Phrase {
    phrase!(
        "xml-no-semicolon",
        "`&` begins a reference that lacks its `;`; write `&amp;` for the sign itself"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Err(error) => return reason(&error).to_string(),
                Ok(quick_xml::events::Event::Eof) => return String::new(),
                Ok(_) => {}
            }
        }
    }

    #[test]
    fn what_people_get_wrong_has_a_phrase() {
        assert_eq!(said("<a"), "what begins here lacks its `>`");
        assert_eq!(said("<a b='c"), "what begins here lacks its `'`");
        assert_eq!(said("<!-- a"), "what begins here lacks its `-->`");
        assert_eq!(said("<a></b>"), "expected `</a>`, but `</b>` was found");
        assert_eq!(said("<a></a></b>"), "`</b>` closes nothing that is open");
        assert!(said("<a>a & b</a>").contains("&amp;"));
    }
}
