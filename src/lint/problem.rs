//! What is suspicious, though nothing is wrong.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::function::FunctionError;
use crate::words::Phrase;

/// What is suspicious about dictionaries and templates. Each is a warning.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum Lint {
    /// Nothing reads a variable.
    #[error("nothing uses `{name}`")]
    #[diagnostic(
        severity(Warning),
        code(lint::unused_variable),
        help("use it in a template or a constraint, or take it out")
    )]
    UnusedVariable {
        /// The variable.
        name: String,
    },
    /// Only checks and groups know a variable.
    #[error("`{name}` is checked but never used: no template, calculation or condition reads it")]
    #[diagnostic(
        severity(Warning),
        code(lint::not_in_templates),
        help("use it in a template, or take it out")
    )]
    NotInTemplates {
        /// The variable.
        name: String,
    },
    /// A condition that nothing can make true.
    #[error("this condition never holds: `{name}` {why}")]
    #[diagnostic(
        severity(Warning),
        code(lint::condition_never_holds),
        help("correct the values of the condition, or take it out")
    )]
    ConditionNeverHolds {
        /// Its source.
        name: String,
        /// Why not.
        why: Phrase,
    },
    /// A default that the variable's own checks refuse.
    #[error("the default \"{value}\" of `{name}` fails its own check: {reason}")]
    #[diagnostic(
        severity(Warning),
        code(lint::default_fails_check),
        help("change the default, or the check")
    )]
    DefaultFailsCheck {
        /// The variable.
        name: String,
        /// The default.
        value: String,
        /// Why it is refused.
        reason: FunctionError,
    },
    /// Values of an enumeration that its conditions do not know.
    #[error("no condition on `{name}` expects {}", words.join(", "))]
    #[diagnostic(
        severity(Warning),
        code(lint::unexpected_choice),
        help("add them to a condition, or take them from the values of the variable")
    )]
    UnexpectedChoice {
        /// The variable.
        name: String,
        /// The values.
        words: Vec<String>,
    },
    /// A template that names a variable that no dictionary defines.
    #[error("the template `{template}` names `{name}`, which no dictionary defines")]
    #[diagnostic(severity(Warning), code(lint::template_unknown_variable), help("{help}"))]
    TemplateUnknownVariable {
        /// The template.
        template: String,
        /// The name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A template that uses a variable that may be disabled.
    #[error("the template `{template}` uses `{name}`, which may be disabled, without asking")]
    #[diagnostic(
        severity(Warning),
        code(lint::template_disabled_variable),
        help("ask `{{% if {name} is defined %}}`, or give it a value with the filter `default`")
    )]
    TemplateDisabledVariable {
        /// The template.
        template: String,
        /// The variable.
        name: String,
    },
    /// A condition on a set to which nothing belongs.
    #[error("nothing belongs to the {kind} `{name}`")]
    #[diagnostic(
        severity(Warning),
        code(lint::list_without_members),
        help("give a file or service {kind}='{name}', or the target optional='True'")
    )]
    ListWithoutMembers {
        /// The attribute that names the set.
        kind: &'static str,
        /// The set.
        name: String,
    },
    /// A redefinition that has no effect.
    #[error("this redefinition of `{name}` has no effect: {why}")]
    #[diagnostic(severity(Warning), code(lint::shadowed_redefinition), help("take it out"))]
    ShadowedRedefinition {
        /// The variable.
        name: String,
        /// Why not.
        why: Phrase,
    },
    /// A text of a dictionary that one of its translations lacks.
    #[error("`{key}` is not translated to `{language}`")]
    #[diagnostic(
        severity(Warning),
        code(lint::translation_missing),
        help("translate it in the file beside the dictionary: {key} = …")
    )]
    TranslationMissing {
        /// The key of the text.
        key: String,
        /// The language of the translation.
        language: String,
    },
    /// A translation of a text that the dictionary does not have.
    #[error("`{key}` translates nothing: its dictionary has no such text")]
    #[diagnostic(severity(Warning), code(lint::translation_unknown), help("{help}"))]
    TranslationUnknown {
        /// The key.
        key: String,
        /// What to do.
        help: Phrase,
    },
    /// A translation that is not written as it should be.
    #[error("this translation cannot be read: {reason}")]
    #[diagnostic(
        severity(Warning),
        code(lint::translation_unreadable),
        help("write `NAME = text`, and further texts below it as `    .help = text`")
    )]
    TranslationUnreadable {
        /// What is wrong with it.
        reason: Phrase,
    },
}
