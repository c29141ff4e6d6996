//! XML text to a tree: one dictionary as its author wrote it, every name with the place where it stands.
//!
//! In: the bytes of a file. Out: a [`Dictionary`]. Nothing is resolved here: names are texts, and only the form is
//! judged. What is refused: XML that is not well-formed, elements and attributes that the dialect does not know,
//! attributes that are missing, words that are none of the possible ones.

mod decode;
mod element;
mod entries;
mod constraints;
mod fields;
mod not_xml;
mod places;
mod problem;
mod rougail;
mod texts;
mod translation;
mod tree;
mod variables;

pub use decode::decode;
pub use places::{Place, load};
pub use problem::DictionaryError;
pub use texts::Texts;
pub use translation::{Described, Sentence, Text, Translation, Unreadable};
pub use tree::*;

use crate::diagnostic::Findings;
use crate::source::FileId;
use element::Element;
use fields::Fields;

/// Reads the dictionary `text`, which is numbered `file` and whose variables live in `namespace`; what is wrong with it
/// goes to `findings`.
///
/// `None` if it is not well-formed or its root is neither `creole` nor `rougail`. With errors in `findings`, the tree
/// lacks what they are about.
pub fn parse(text: &str, file: FileId, namespace: Namespace, findings: &mut Findings) -> Option<Dictionary> {
    parse_sharing(text, file, namespace, &mut Texts::default(), findings)
}

/// Does the same with texts that other dictionaries have too.
fn parse_sharing(
    text: &str,
    file: FileId,
    namespace: Namespace,
    texts: &mut Texts,
    findings: &mut Findings,
) -> Option<Dictionary> {
    let root = element::read(text, file, texts, findings)?;
    let mut dictionary = Dictionary { namespace, ..Dictionary::new(file) };
    match root.name {
        "creole" => {
            Fields::of(&root).finish(findings);
            for child in root.children("creole", SECTIONS, findings) {
                section(child, &mut dictionary, findings);
            }
        }
        "rougail" => {
            dictionary.dialect = Dialect::Rougail;
            rougail::document(&root, &mut dictionary, findings);
        }
        _ => {
            findings.push(problem::unknown_element(&root, "", &["creole", "rougail"]));
            return None;
        }
    }
    dictionary.shrink();
    Some(dictionary)
}

/// What `<creole>` may hold.
const SECTIONS: &[&str] = &["containers", "files", "variables", "constraints", "help"];

/// Reads one section of the document into `dictionary`.
fn section(element: &Element, dictionary: &mut Dictionary, findings: &mut Findings) {
    Fields::of(element).finish(findings);
    match element.name {
        "containers" => entries::containers(element, &mut dictionary.entries, findings),
        "files" => entries::files(element, &mut dictionary.entries, findings),
        "variables" => variables::section(element, dictionary, findings),
        "constraints" => constraints::section(element, &mut dictionary.constraints, findings),
        _ => variables::help(element, &mut dictionary.help, findings),
    }
}

#[cfg(test)]
mod tests;
