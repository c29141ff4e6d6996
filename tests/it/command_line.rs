//! What holds for each command, those to come included: an example that is right, help with a slip of the finger, how it ends, and results that
//! programs can read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clap::CommandFactory as _;
use galerne::command::{Line, WrongUse};
use galerne::words::{Language, Words};
use serde_json::Value;

use crate::languages::{LOCALES, spoken};
use crate::terminal::Terminal;

/// A command that does something, by the words that call it.
struct Leaf {
    path: Vec<String>,
    command: clap::Command,
}

/// All of them that are shown.
fn leaves() -> Vec<Leaf> {
    let mut whole = Line::command();
    whole.build();
    let mut found = Vec::new();
    collect(&whole, &[], &mut found);
    assert!(found.len() > 15, "{} commands are found", found.len());
    found
}

fn collect(command: &clap::Command, path: &[String], found: &mut Vec<Leaf>) {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        let path: Vec<String> = path.iter().cloned().chain([inner.get_name().to_owned()]).collect();
        if inner.has_subcommands() {
            collect(inner, &path, found);
        } else {
            found.push(Leaf { path, command: inner.clone() });
        }
    }
}

/// What is said of a call; nothing of one that is right.
fn said(words: &[&str], language: Language) -> Option<WrongUse> {
    let arguments = std::iter::once("galerne").chain(words.iter().copied()).map(Into::into);
    Line::of(&arguments.collect::<Vec<_>>(), &Words::new(language)).err()
}

#[test]
fn every_command_has_an_example_that_is_right() {
    let mut wrong = Vec::new();
    for Leaf { path, command } in leaves() {
        let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let called = path.join(" ");
        let is_its_own = |example: &&str| {
            example.starts_with("galerne ") && format!("{example} ").contains(&format!(" {called} "))
        };
        let Some(example) = example.strip_prefix("Example: ").filter(is_its_own) else {
            wrong.push(format!("{called}: `{example}` is no example of it"));
            continue;
        };
        let line = example.lines().next().unwrap_or_default();
        let alone = line.split([';', '|', '>']).next().unwrap_or_default();
        let words: Vec<&str> = alone.split_whitespace().skip(1).map(|word| word.trim_matches('\'')).collect();
        wrong.extend(said(&words, Language::En).map(|wrong| format!("{example}: {}", wrong.text)));
        let french = said(
            &[&path.iter().map(String::as_str).collect::<Vec<_>>()[..], &["--help"]].concat(),
            Language::Fr,
        );
        let french = french.map(|help| help.text).unwrap_or_default();
        let head = Words::new(Language::Fr).get("frame-example");
        // It may go on on the next line.
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !plain(&french).contains(&plain(&format!("{head} {example}"))) {
            wrong.push(format!("{called}: its French help has no example"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_help_of_groups_and_of_the_names_of_eole_has_an_example_in_each_language() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = fs::read_to_string(project.join("packaging/eole-names")).expect("it is there");
    let names = names.lines().filter_map(|line| line.split_whitespace().next().map(|name| vec![name]));
    let whole = Line::command();
    let groups = whole.get_subcommands().filter(|command| command.has_subcommands());
    let groups = groups.map(|group| vec!["galerne", group.get_name()]);
    let mut count = 0;
    for called in names.chain(groups).chain([vec!["galerne"]]) {
        count += 1;
        for (language, head) in [
            (Language::En, "Example:".to_owned()),
            (Language::Fr, Words::new(Language::Fr).get("frame-example")),
        ] {
            let words = called.iter().copied().chain(["--help"]).map(Into::into);
            let help = Line::of(&words.collect::<Vec<_>>(), &Words::new(language)).err();
            let help = help.map(|help| help.text).unwrap_or_default();
            let example = help.lines().find_map(|line| line.strip_prefix(&head)).unwrap_or_default().trim();
            let is_its_own = example.starts_with("galerne ") || example.starts_with(called[0]);
            assert!(is_its_own, "{called:?} has no example: {help}");
        }
    }
    assert!(count > 10, "{count} are found");
}

#[test]
fn the_arguments_of_a_command_of_eole_stand_under_their_own_headings() {
    let help = |name: &str, language| {
        let words = [name, "--help"].map(Into::into);
        Line::of(&words, &Words::new(language)).err().map(|help| help.text).unwrap_or_default()
    };
    for (language, parts, alien) in [
        (Language::En, ["Arguments", "[NAME]", "[DEFAULT]", "Options", "--list"], "Options of every"),
        (Language::Fr, ["Arguments", "[NOM]", "[DÉFAUT]", "Options", "--list"], "Options de toutes"),
    ] {
        let shown = help("CreoleGet", language);
        let place = |part: &str| shown.lines().position(|line| line.trim_start().starts_with(part));
        let places = parts.map(place);
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {shown}");
        for name in ["CreoleGet", "CreoleSet", "CreoleCat", "CreoleLint"] {
            assert!(!help(name, language).contains(alien), "{name}: {shown}");
        }
    }
}

#[test]
fn what_galerne_itself_calls_is_not_listed_where_a_command_is_missing() {
    for language in [Language::En, Language::Fr] {
        let told = said(&["--json"], language).map(|wrong| wrong.text).unwrap_or_default();
        assert!(told.contains("reconfigure, "), "{told}");
        assert!(!told.contains("attend") && !told.contains("complete,"), "{told}");
    }
}

#[test]
fn programs_are_told_of_a_wrong_call_as_json() {
    let root = tempfile::tempdir().expect("a folder can be made");
    for words in [
        &["reconfigur", "--json"][..],
        &["--format", "json", "plan", "--no-such-option"],
        &["--format=json", "logs"],
        &["--lang", "fr", "--json", "reconfigur"],
    ] {
        let output = run(root.path(), words);
        let told: Value = serde_json::from_slice(&output.stderr).expect("it is JSON");
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert_eq!(told[0]["code"], "command::wrong_use", "{told}");
        let message = told[0]["message"].as_str().unwrap_or_default();
        assert!(!message.starts_with("error:") && !message.contains("Usage"), "{message}");
    }
    let output = run(root.path(), &["--lang", "en", "reconfigur", "--", "--json"]);
    assert!(output.stderr.starts_with(b"error: unrecognized"), "{output:?}");
}

/// `name` with its last two letters exchanged; none where they are the same.
fn slipped(name: &str) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let last = letters.len().checked_sub(1).filter(|last| *last > 0)?;
    letters.swap(last - 1, last);
    (letters[last] != letters[last - 1]).then(|| letters.into_iter().collect())
}

#[test]
fn a_slip_of_the_finger_is_told_with_what_was_meant() {
    let mut wrong = Vec::new();
    let mut look = |words: &[&str], meant: &str| {
        for language in [Language::En, Language::Fr] {
            let told = said(words, language).map(|wrong| (wrong.is_wrong, wrong.text)).unwrap_or_default();
            // Beside the name of the command that is in the usage.
            let hint = told.1.lines().take(5).any(|line| line.contains(meant) && !line.contains("galerne "));
            if !told.0 || !hint {
                wrong.push(format!("{words:?} does not propose {meant}: {}", told.1));
            }
        }
    };
    let mut options = 0;
    for Leaf { path, command } in leaves() {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if let Some((last, before)) = path.split_last()
            && let Some(slip) = slipped(last)
        {
            look(&[before, &[&slip]].concat(), last);
        }
        for option in
            command.get_arguments().filter(|option| !option.is_hide_set()).filter_map(clap::Arg::get_long)
        {
            let Some(slip) = slipped(option) else { continue };
            options += 1;
            look(&[&path[..], &[&format!("--{slip}")]].concat(), &format!("--{option}"));
        }
    }
    assert!(options > 100, "{options} options are found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How a command is called on a machine's root with the dictionaries of `fixtures/dicos/plain`, and what it prints with `--json`.
enum Prints {
    /// One document.
    Document(&'static [&'static str]),
    /// One document a line.
    Lines(&'static [&'static str]),
    /// Nothing for programs: it is for people, or for other programs as it is.
    NoJson,
    /// It wants more than there is here; what looks at it is named.
    Elsewhere(&'static str),
}

/// Of each command by its name. A new one has a line here, and its result in `schemas/results.schema.json`.
const RESULTS: [(&str, Prints); 37] = [
    ("check", Prints::Document(&[])),
    ("cluster status", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster init", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster token", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster join", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster drain", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster label", Prints::Elsewhere("tests/it/cluster.rs")),
    ("cluster hosts", Prints::Elsewhere("tests/it/cluster.rs")),
    ("completions", Prints::NoJson),
    ("diagnose", Prints::Document(&[])),
    ("docs", Prints::Document(&[])),
    ("edit", Prints::NoJson),
    ("explain", Prints::Document(&[])),
    ("explain", Prints::Document(&["schema::cycle"])),
    ("follow", Prints::Document(&[])),
    ("get", Prints::Document(&[])),
    ("import", Prints::Document(&["--dry-run", "older.eol"])),
    ("instance", Prints::Lines(&["--non-interactive"])),
    ("logs", Prints::Elsewhere("tests/it/change.rs")),
    ("man", Prints::Document(&["--to", "pages"])),
    ("plan", Prints::Document(&[])),
    ("reconfigure", Prints::Lines(&[])),
    ("render", Prints::Document(&[])),
    ("render", Prints::Document(&["--to", "files"])),
    ("rollback", Prints::Document(&["--list"])),
    ("schema", Prints::Document(&[])),
    ("schema", Prints::Document(&["--to", "schemas"])),
    ("set", Prints::Document(&["conteneur1_tag=a"])),
    ("status", Prints::Document(&[])),
    ("site", Prints::Document(&[])),
    ("site", Prints::Document(&["add", "gone"])),
    ("site", Prints::Lines(&["remove", "gone", "--yes"])),
    ("site", Prints::Document(&["add", "preprod"])),
    ("diff", Prints::Document(&["--site", "preprod"])),
    ("promote", Prints::Document(&["preprod"])),
    ("system", Prints::Document(&[])),
    ("values", Prints::Document(&[])),
];

/// Runs the program on `root`.
fn run(root: &Path, words: &[&str]) -> Output {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    command.current_dir(root).arg("--root").arg(root).args(["--no-default-dicos", "--dicos"]);
    command.arg(project.join("fixtures/dicos/plain")).args(words).output().expect("the program starts")
}

/// A result of a command must be of its schema.
pub(crate) fn expect_of_schema(name: &str, result: &Value) {
    let validator = validator(name).expect("the schema has the command");
    let wrong: Vec<String> = validator.iter_errors(result).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:?}: {result}");
}

/// The part of the schema that is for a command.
fn validator(name: &str) -> Option<jsonschema::Validator> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/results.schema.json");
    let mut schema: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("it is a schema");
    schema["$defs"].get(name)?;
    schema["$ref"] = format!("#/$defs/{}", name.replace(' ', "%20")).into();
    Some(jsonschema::validator_for(&schema).expect("it can be used"))
}

#[test]
fn every_result_is_json_of_its_schema_for_those_who_ask() {
    let root = tempfile::tempdir().expect("a folder can be made");
    fs::write(root.path().join("older.eol"), "{}").expect("it can be written");
    let mut wrong = Vec::new();
    for Leaf { path, .. } in leaves() {
        let name = path.join(" ");
        let rows: Vec<_> =
            RESULTS.iter().filter(|(known, _)| *known == name).map(|(_, prints)| prints).collect();
        if rows.is_empty() {
            wrong.push(format!("{name}: RESULTS does not say what it prints"));
        }
        for prints in rows {
            let (arguments, in_lines) = match prints {
                Prints::Document(arguments) => (arguments, false),
                Prints::Lines(arguments) => (arguments, true),
                Prints::NoJson => continue,
                Prints::Elsewhere(test) => {
                    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(test).exists(), "{name}: {test}");
                    // It hands a secret to another program, and prints nothing.
                    if name != "cluster token" && validator(&name).is_none() {
                        wrong.push(format!("{name}: results.schema.json does not have it"));
                    }
                    continue;
                }
            };
            let Some(validator) = validator(&name) else {
                wrong.push(format!("{name}: results.schema.json does not have it"));
                continue;
            };
            let words: Vec<&str> =
                path.iter().map(String::as_str).chain(arguments.iter().copied()).chain(["--json"]).collect();
            let output = run(root.path(), &words);
            // What is wrong with the machine that runs this is no matter here.
            let is_fine = output.status.success() || name == "diagnose";
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if !is_fine || text.is_empty() {
                wrong.push(format!("{words:?}: {output:?}"));
            }
            let documents: Vec<&str> = if in_lines { text.lines().collect() } else { vec![&text] };
            for document in documents {
                match serde_json::from_str::<Value>(document) {
                    Ok(value) => wrong.extend(
                        validator
                            .iter_errors(&value)
                            .map(|error| format!("{name}: {error} at {}", error.instance_path())),
                    ),
                    Err(error) => wrong.push(format!("{name}: {error}: {document}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_ends_as_the_table_of_exit_codes_says() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let broken = root.path().join("broken");
    fs::create_dir(&broken).expect("a folder can be made");
    fs::write(broken.join("a.xml"), "<creole>").expect("it can be written");
    for Leaf { path, .. } in leaves() {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let code = |more: &[&str]| run(root.path(), &[&words[..], more].concat()).status.code();
        assert_eq!(code(&["--help"]), Some(0), "{path:?}");
        assert_eq!(code(&["--no-such-option"]), Some(2), "{path:?}");
        // Those that read the configuration refuse one that cannot be read, and touch nothing.
        let row = RESULTS.iter().find(|(known, _)| *known == path.join(" ")).map(|(_, prints)| prints);
        if matches!(&*path[0], "explain" | "schema" | "man" | "follow" | "site") {
            continue;
        }
        if let Some(Prints::Document(arguments) | Prints::Lines(arguments)) = row
            && !arguments.contains(&"--list")
        {
            let broken = broken.to_str().expect("it is text");
            let refused = code(&[arguments, &["--dicos", broken][..]].concat());
            assert_eq!(refused, Some(1), "{path:?}");
        }
    }
    let made: Vec<_> =
        fs::read_dir(root.path()).expect("it is there").flatten().map(|entry| entry.file_name()).collect();
    assert!(made.iter().all(|name| name == "broken" || name == "var"), "{made:?}");
}

#[test]
fn what_acts_says_nothing_to_those_who_want_it_quiet() {
    let root = tempfile::tempdir().expect("a folder can be made");
    fs::write(root.path().join("older.eol"), "{}").expect("it can be written");
    for words in [
        &["set", "conteneur1_tag=b"][..],
        &["check"],
        &["import", "older.eol"],
        &["schema", "--to", "schemas"],
        &["man", "--to", "pages"],
        &["render", "--to", "files"],
        &["instance", "--non-interactive"],
        &["reconfigure"],
    ] {
        let output = run(root.path(), &[words, &["--quiet"]].concat());
        let told = (output.status.code(), output.stdout.len(), output.stderr.len());
        assert_eq!(told, (Some(0), 0, 0), "{words:?}: {output:?}");
    }
    let both = run(root.path(), &["check", "--quiet", "--verbose"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn colours_are_as_the_option_and_the_environment_say_in_help_too() {
    let root = tempfile::tempdir().expect("a folder can be made");
    // The same in each language.
    let coloured = |words: &[&str], variables: &[(&str, &str)]| {
        let [english, french] = LOCALES.map(|locale| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
            command.arg("--root").arg(root.path()).args(words).env_clear().envs(variables.iter().copied());
            let output = command.env("LANG", locale).output().expect("the program starts");
            [output.stdout, output.stderr].concat().contains(&0x1b)
        });
        assert_eq!(english, french, "{words:?}");
        english
    };
    for words in [&["--help"][..], &["get", "--help"], &["gte"], &["get", "rien_de_tel"]] {
        let always = [&["--color", "always"], words].concat();
        let never = [&["--color=never"], words].concat();
        assert!(coloured(&always, &[("NO_COLOR", "1")]), "{always:?}");
        assert!(!coloured(&never, &[("CLICOLOR_FORCE", "1")]), "{never:?}");
        assert!(!coloured(words, &[]), "{words:?}");
        assert!(coloured(words, &[("CLICOLOR_FORCE", "1")]), "{words:?}");
        assert!(!coloured(words, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "{words:?}");
    }
}

#[test]
fn no_message_gives_orders_to_the_terminal() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let dicos = root.path().join("dicos\u{1b}[2J");
    fs::create_dir(&dicos).expect("a folder can be made");
    let text = "<creole><variables><family name='f'><variable name='a' type='x' description='\u{9b}2J\u{7f}'/></family></variables></creole>";
    fs::write(dicos.join("a.xml"), text).expect("it can be written");
    for (locale, color) in LOCALES.into_iter().flat_map(|locale| [(locale, "never"), (locale, "always")]) {
        let run = |words: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
            command.args(["--color", color, "--root"]).arg(root.path()).args(words);
            let output = spoken(&mut command, locale).output().expect("the program starts");
            String::from_utf8(output.stderr).expect("it is UTF-8")
        };
        let path = dicos.to_str().expect("it is text");
        let (message, source) = (run(&["get", "a\u{1b}[2Jx\u{9b}y"]), run(&["--dicos", path, "check"]));
        assert!(message.contains("a\\u{1b}[2Jx\\u{9b}y"), "{message}");
        assert!(source.contains("schema::unknown_type") && source.contains("'??2J?'"), "{source}");
        for said in [message, source] {
            assert!(!said.contains("\u{1b}[2J") && !said.contains(['\u{9b}', '\u{7f}']), "{said:?}");
        }
    }
}

#[test]
fn long_output_goes_to_the_pager_on_a_terminal_alone() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let pages = folder.path().join("pages; touch shell");
    let program = folder.path().join("pager");
    fs::write(
        &program,
        format!("#!/bin/sh\necho \"$#\" > '{0}'\ncat >> '{0}'\necho end of pages\n", pages.display()),
    )
    .expect("it can be written");
    let mut mode = fs::metadata(&program).expect("it is there").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    fs::set_permissions(&program, mode).expect("it can be changed");
    let command = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        command.env_remove("SUDO_UID").env("PAGER", "false");
        command.env("GALERNE_PAGER", format!("{} -a $(touch shell)", program.display()));
        command.current_dir(folder.path()).args(words);
        command
    };
    let mut terminal = Terminal::start(command(&["explain"]));
    terminal.expect("end of pages");
    let text = fs::read_to_string(&pages).expect("the pager has it");
    assert!(text.starts_with("3\n") && text.contains("schema::cycle"), "{text}");
    assert!(!folder.path().join("shell").exists(), "a shell was given the name of the pager");
    fs::remove_file(&pages).expect("it is there");
    for (words, last) in [
        (&["explain", "--no-pager"][..], "template::unsafe_value"),
        (&["explain", "--json"], "template::unsafe_value"),
        (&["schema"], "creole.xsd"),
    ] {
        Terminal::start(command(words)).expect(last);
        assert!(!pages.exists(), "{words:?}");
    }
    assert!(command(&["explain"]).output().expect("it starts").status.success());
    assert!(!pages.exists(), "there is no terminal");
}
