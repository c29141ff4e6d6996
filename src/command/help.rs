//! The help of commands in the user's language.
//!
//! In: the commands, whose comments are their help in English. Out: the same with the sentences of another language, by keys that
//! follow from the names: `help-reconfigure` for a command, `help-reconfigure--dry-run` for an option of it, `help-logs-name` for an
//! argument, `help--root` for an option of every command. What a language lacks stays English. It also says in that language how a command was
//! called the wrong way.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::num::ParseIntError;

use clap::builder::{PossibleValue, Str, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

use super::{CommandError, WrongUse};
use crate::diagnostic::{Findings, all_nearest, nearest};
use crate::phrase;
use crate::site::NotASite;
use crate::words::{Language, Phrase, Words, harmless};

/// The key of a command; that of galerne itself is `help-galerne`, and one of another's own has both names: `help-cluster-status`.
fn key(command: &Command, above: &str) -> String {
    match above {
        "" | "help-galerne" => format!("help-{}", command.get_name()),
        above => format!("{above}-{}", command.get_name()),
    }
}

/// The key of an argument of the command `of`.
fn key_of(argument: &Arg, of: &str) -> String {
    match (argument.get_long(), argument.is_global_set()) {
        (Some(long), true) => format!("help--{long}"),
        (Some(long), false) => format!("{of}--{long}"),
        (None, _) => format!("{of}-{}", argument.get_id().as_str().to_lowercase()),
    }
}

/// `command` and all its own, with the help of `words`.
pub(super) fn localized(command: Command, words: &Words) -> Command {
    localized_below(command, "", words)
}

/// The same, for a command of the one that has the key `above`.
fn localized_below(command: Command, above: &str, words: &Words) -> Command {
    if words.language() == Language::En {
        return command;
    }
    let key = key(&command, above);
    // One of EOLE's shows no options of every command, beside which these two would stand.
    let shown = |argument: &Arg| argument.is_global_set() && !argument.is_hide_set();
    let is_alone = above.is_empty() && !command.get_arguments().any(shown);
    let head = heading(if is_alone { "frame-options" } else { "frame-common" }, words);
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(own("help", Some('h'), ArgAction::Help, words).help_heading(head.clone()))
        .help_template(words.get("frame-template"))
        .subcommand_help_heading(heading("frame-commands", words))
        .subcommand_value_name(words.get("frame-command"));
    if command.get_version().is_some() {
        command = command.arg(own("version", Some('V'), ArgAction::Version, words).help_heading(head));
    }
    if let Some(about) = words.find(&key) {
        let long =
            words.part(&key, "long").map_or_else(|| about.clone(), |more| format!("{about}\n\n{more}"));
        command = command.about(about).long_about(long);
    }
    if let Some(example) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(example.replacen("Example:", &words.get("frame-example"), 1));
    }
    // Under a heading of its own clap sorts by names what has no place.
    let mut place = 0;
    let in_place = |argument: Arg| {
        place += 1;
        let argument = if argument.is_positional() { argument.display_order(place) } else { argument };
        explained(argument, &key, words)
    };
    command.mut_args(in_place).mut_subcommands(|inner| localized_below(inner, &key, words))
}

/// An option that clap would add by itself, in English.
fn own(name: &'static str, short: Option<char>, action: ArgAction, words: &Words) -> Arg {
    let key = format!("help--{name}");
    let mut own = Arg::new(name).long(name).action(action).help(words.get(&key));
    // After all options of every command.
    own = own.display_order(900);
    match short {
        Some(short) => own.short(short),
        None => own,
    }
}

/// A heading, which clap puts a colon behind: French has a space before it.
fn heading(key: &str, words: &Words) -> String {
    words.get(key) + "\u{a0}"
}

/// The words in capitals that a name of a value is made of.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_ascii_uppercase()).filter(|part| !part.is_empty())
}

/// The names of the values that an argument takes, if it takes any.
fn value_names(argument: &Arg) -> &[Str] {
    let takes = argument.get_action().takes_values();
    argument.get_value_names().filter(|_| takes).unwrap_or_default()
}

/// The name of a value, such as `NAME[INDEX]`, in the language.
fn named(name: &str, words: &Words) -> String {
    let mut named = String::new();
    let mut rest = name;
    for part in parts(name) {
        let Some((before, after)) = rest.split_once(part) else { break };
        named += before;
        named += &words.find(&format!("value-{}", part.to_lowercase())).unwrap_or_else(|| part.to_owned());
        rest = after;
    }
    named + rest
}

fn explained(argument: Arg, of: &str, words: &Words) -> Arg {
    let key = match (argument.is_positional(), argument.is_global_set()) {
        _ if matches!(argument.get_id().as_str(), "help" | "version") => return argument,
        (true, _) => "frame-arguments",
        (false, true) => "frame-common",
        (false, false) => "frame-options",
    };
    let argument = argument.help_heading(heading(key, words));
    let names: Vec<String> = value_names(&argument).iter().map(|name| named(name, words)).collect();
    let argument = if names.is_empty() { argument } else { argument.value_names(names) };
    let key = key_of(&argument, of);
    let Some(mut help) = words.find(&key) else { return argument };
    if let Some(more) = words.part(&key, "long") {
        help = format!("{help}\n\n{more}");
    }
    if !argument.get_action().takes_values() {
        return argument.help(help).long_help(None::<&'static str>);
    }
    // What clap adds to a help by itself is English.
    let values = possible(&argument);
    if !values.iter().all(|value| help.contains(value)) {
        help = format!("{help} [{}]", words.with("frame-values", &[("values", &values.join(", "))]));
    }
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && !argument.is_hide_default_value_set() {
        help = format!("{help} [{}]", words.with("frame-default", &[("value", &defaults.join(", "))]));
    }
    argument.help(help).long_help(None::<&'static str>).hide_possible_values(true).hide_default_value(true)
}

fn possible(argument: &Arg) -> Vec<String> {
    if argument.is_hide_possible_values_set() {
        return Vec::new();
    }
    argument.get_possible_values().iter().map(PossibleValue::get_name).map(str::to_owned).collect()
}

/// Says what may have been meant where a slip of the finger tells more than the likeness that clap looks for, and of the commands that are
/// lacking those alone that are shown.
pub(super) fn with_near(error: &mut clap::Error, command: &Command, arguments: &[OsString]) {
    let part = |kind| error.get(kind).map(listed).unwrap_or_default();
    let names = arguments.iter().skip(1).filter_map(|argument| argument.to_str());
    let inner = names.fold(command, |inner, name| inner.find_subcommand(name).unwrap_or(inner));
    let (kind, near) = match error.kind() {
        ErrorKind::UnknownArgument => {
            let wanted = part(ContextKind::InvalidArg);
            let known =
                inner.get_arguments().chain(command.get_arguments()).filter(|known| !known.is_hide_set());
            let longs = known.filter_map(Arg::get_long).map(|long| format!("--{long}"));
            let longs: Vec<String> = longs.collect();
            let near = nearest(&wanted, longs.iter().map(String::as_str)).map(str::to_owned);
            (ContextKind::SuggestedArg, near.map(ContextValue::String))
        }
        ErrorKind::InvalidSubcommand => {
            let wanted = part(ContextKind::InvalidSubcommand);
            let known = inner.get_subcommands().filter(|known| !known.is_hide_set()).map(Command::get_name);
            let near: Vec<String> = all_nearest(&wanted, known).into_iter().map(str::to_owned).collect();
            let near = Some(near).filter(|near| !near.is_empty());
            (ContextKind::SuggestedSubcommand, near.map(ContextValue::Strings))
        }
        ErrorKind::MissingSubcommand => {
            let shown = inner.get_subcommands().filter(|known| !known.is_hide_set());
            let shown = shown.map(|known| known.get_name().to_owned()).collect();
            (ContextKind::ValidSubcommand, Some(ContextValue::Strings(shown)))
        }
        _ => return,
    };
    if let Some(near) = near {
        error.insert(kind, near);
    }
}

/// What is said of a call with these arguments that is wrong; help and version are said as they are.
pub(super) fn wrong_use(error: &clap::Error, arguments: &[OsString], words: &Words) -> WrongUse {
    let is_wrong = error.use_stderr();
    let rendered = error.render();
    let mut findings = Findings::default();
    if is_wrong {
        findings.add(CommandError::WrongUse { said: in_a_line(&rendered.to_string()) });
    }
    let said = |styles: Styles| said(error, &styles, words).filter(|_| is_wrong);
    let text = said(Styles::plain()).unwrap_or_else(|| rendered.to_string());
    let coloured = said(Styles::styled()).unwrap_or_else(|| rendered.ansi().to_string());
    // What clap repeats of an argument, it repeats as it is.
    if arguments.iter().any(|argument| argument.to_string_lossy().contains(char::is_control)) {
        let text = harmless(&text);
        return WrongUse { coloured: text.clone(), text, is_wrong, findings };
    }
    WrongUse { text, coloured, is_wrong, findings }
}

/// What clap says is wrong, without what it says of each call.
fn in_a_line(text: &str) -> String {
    let said = text.split("\n\nUsage:").next().and_then(|text| text.split("\n\nFor more").next());
    let words: Vec<&str> = said.unwrap_or_default().split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

/// What is wrong with a call, in another language than English.
fn said(error: &clap::Error, styles: &Styles, words: &Words) -> Option<String> {
    if words.language() == Language::En {
        return None;
    }
    let sentence = sentence(error, words)?;
    let (wrong, near, head) = (styles.get_error(), styles.get_valid(), styles.get_usage());
    let mut text = format!("{wrong}{}{wrong:#} {sentence}\n", words.get("frame-error"));
    for (kind, key) in [
        (ContextKind::SuggestedArg, "frame-near"),
        (ContextKind::SuggestedSubcommand, "frame-near"),
        (ContextKind::SuggestedValue, "frame-near"),
        (ContextKind::ValidValue, "frame-one-of"),
        (ContextKind::ValidSubcommand, "frame-one-of"),
    ] {
        if let Some(found) = error.get(kind).map(listed).filter(|found| !found.is_empty()) {
            let _ = writeln!(text, "\n  {near}{}{near:#}", words.with(key, &[("names", &found)]));
        }
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let _ = writeln!(text, "\n{head}{}{head:#} {usage}", words.get("frame-usage"));
    }
    let _ = writeln!(text, "\n{}", words.get("frame-more"));
    Some(text)
}

/// What is wrong, for the kinds that a user meets.
fn sentence(error: &clap::Error, words: &Words) -> Option<String> {
    let part = |kind| error.get(kind).map(listed).unwrap_or_default();
    let argument = part(ContextKind::InvalidArg);
    let why = reason(error).map(|why| words.phrase(&why)).unwrap_or_default();
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "wrong-argument",
        ErrorKind::InvalidSubcommand => "wrong-command",
        ErrorKind::MissingRequiredArgument => "wrong-required",
        ErrorKind::MissingSubcommand => "wrong-no-command",
        ErrorKind::ArgumentConflict => "wrong-conflict",
        ErrorKind::InvalidValue if part(ContextKind::InvalidValue).is_empty() => "wrong-no-value",
        ErrorKind::ValueValidation if !why.is_empty() => "wrong-value-why",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "wrong-value",
        _ => return None,
    };
    let conflict = part(ContextKind::PriorArg);
    let (value, command) = (part(ContextKind::InvalidValue), part(ContextKind::InvalidSubcommand));
    let texts = [
        ("argument", argument.as_str()),
        ("value", value.as_str()),
        ("command", command.as_str()),
        ("other", conflict.as_str()),
        ("why", why.as_str()),
    ];
    Some(words.with(key, &texts))
}

/// Why a value is refused, as the one who read it says: galerne's own types, or the numbers of clap.
fn reason(error: &clap::Error) -> Option<Phrase> {
    let source = std::error::Error::source(error)?;
    if let Some(phrase) = source.downcast_ref::<Phrase>() {
        return Some(phrase.clone());
    }
    if let Some(rule) = source.downcast_ref::<NotASite>() {
        return Some(rule.said());
    }
    let text = source.to_string();
    if source.is::<ParseIntError>() {
        return Some(phrase!("whole-number-wanted", "expected a whole number, such as 3"));
    }
    Some(match text.split_once(" is not in ") {
        Some((_, range)) => phrase!("not-in-range", "it is not in {range}", range = range),
        None => text.into(),
    })
}

fn listed(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;
    use clap::builder::StyledStr;
    use fluent_syntax::ast::Entry;

    use super::*;
    use crate::command::{Line, eole};

    /// What galerne's own help needs, whatever the commands are.
    const FRAME: [&str; 14] = [
        "frame-template",
        "frame-commands",
        "frame-command",
        "frame-common",
        "frame-options",
        "frame-arguments",
        "frame-example",
        "frame-values",
        "frame-default",
        "frame-error",
        "frame-near",
        "frame-one-of",
        "frame-usage",
        "frame-more",
    ];

    fn add(key: String, short: Option<&str>, long: Option<&str>, keys: &mut BTreeSet<String>) {
        if short.is_some() && long.is_some() && long != short {
            keys.insert(format!("{key}.long"));
        }
        if short.is_some() {
            keys.insert(key);
        }
    }

    fn collect(command: &Command, above: &str, keys: &mut BTreeSet<String>) {
        let own = key(command, above);
        let text = |text: Option<&StyledStr>| text.map(ToString::to_string);
        let (short, long) = (text(command.get_about()), text(command.get_long_about()));
        add(own.clone(), short.as_deref(), long.as_deref(), keys);
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let (short, long) = (text(argument.get_help()), text(argument.get_long_help()));
            add(key_of(argument, &own), short.as_deref(), long.as_deref(), keys);
            let names = value_names(argument).iter();
            keys.extend(
                names.flat_map(|name| parts(name)).map(|part| format!("value-{}", part.to_lowercase())),
            );
        }
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            collect(inner, &own, keys);
        }
    }

    fn wanted() -> BTreeSet<String> {
        let mut keys: BTreeSet<String> = FRAME.iter().map(|key| (*key).to_owned()).collect();
        for kind in
            ["argument", "command", "required", "no-command", "conflict", "no-value", "value", "value-why"]
        {
            keys.insert(format!("wrong-{kind}"));
        }
        keys.extend(["help--help", "help--version"].map(str::to_owned));
        collect(&Line::command(), "", &mut keys);
        for command in &eole::commands() {
            collect(command, "", &mut keys);
        }
        keys
    }

    #[test]
    fn a_name_of_a_value_is_said_part_by_part() {
        let words = Words::new(Language::Fr);
        assert_eq!(named("NAME[INDEX]", &words), "NOM[INDICE]");
        assert_eq!(named("[USER@]HOST", &words), "[UTILISATEUR@]MACHINE");
        assert_eq!(named("UNHEARD_OF", &words), "UNHEARD_OF");
    }

    #[test]
    fn a_value_is_refused_with_the_reason() {
        let words = Words::new(Language::Fr);
        let said = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            Line::of(&arguments, &words).expect_err("it is wrong").text
        };
        for (arguments, why) in [
            (&["galerne", "--site", "Foo!", "check"][..], "de 2 à 16 minuscules"),
            (&["galerne", "reconfigure", "--wait", "abc"], "il faut un nombre entier"),
            (&["galerne", "reconfigure", "--wait", "99999999999"], "0..=4294967295"),
            (&["galerne", "rollback", "nope"], "il faut un nombre entier"),
            (&["galerne", "cluster", "init", "a b"], "192.0.2.1"),
        ] {
            let said = said(arguments);
            assert!(said.contains("ne peut pas valoir") && said.contains(why), "{said}");
        }
    }

    #[test]
    fn no_argument_is_an_order_to_a_terminal() {
        for language in [Language::En, Language::Fr] {
            for argument in ["\u{1b}[2Jx", "--\u{1b}[2Jx", "--site=\u{9b}2J"] {
                let arguments = ["galerne", "get", argument].map(OsString::from);
                let Err(wrong) = Line::of(&arguments, &Words::new(language)) else { continue };
                for text in [wrong.text, wrong.coloured] {
                    assert!(!text.contains(crate::words::is_order), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn french_has_all_of_the_help_and_nothing_else() {
        let text = include_str!("../../locales/fr/help.ftl");
        let parsed = fluent_syntax::parser::parse(text).expect("it parses");
        let mut said = BTreeSet::new();
        for entry in parsed.body {
            let Entry::Message(message) = entry else { continue };
            said.extend(
                message.attributes.iter().map(|part| format!("{}.{}", message.id.name, part.id.name)),
            );
            said.insert(message.id.name.to_owned());
        }
        let wanted = wanted();
        let missing: Vec<_> = wanted.difference(&said).collect();
        let idle: Vec<_> = said.difference(&wanted).collect();
        assert!(missing.is_empty() && idle.is_empty(), "missing: {missing:#?}, not used: {idle:#?}");
    }
}
