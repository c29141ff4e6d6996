//! Manual pages and help.

use std::process::Command;

use crate::described::{said, text};

fn galerne(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_galerne")).args(args).output().expect("it starts")
}

/// Writes the pages of all commands in a language, which has examples and commands under these headings.
fn write_pages(language: &str, folder: &str, [heading, commands_heading]: [&str; 2]) {
    let scratch = tempfile::tempdir().expect("a folder can be made");
    let to = scratch.path().to_str().expect("it is text");
    assert!(galerne(&["--lang", language, "man", "--to", to]).status.success());
    let help = text(&galerne(&["--lang", "en", "--help"]).stdout);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 15 && names.contains(&"reconfigure"), "{names:?}");
    let pages = scratch.path().join(folder).join("man1");
    for name in &names {
        let path = pages.join(format!("galerne-{name}.1"));
        let page = std::fs::read_to_string(&path).expect("it was written");
        assert!(page.contains(&format!("\n.SH {heading}\n")), "{name}");
        if name != &"help" {
            assert_eq!(text(&galerne(&["--lang", language, "man", name]).stdout), page, "{name}");
        }
    }
    let whole = std::fs::read_to_string(pages.join("galerne.1")).expect("it was written");
    assert!(whole.contains(&format!("\n.SH {commands_heading}\n")), "{language}");
    for (name, own) in [("CreoleGet", "galerne-CreoleGet"), ("genconfig", "galerne-edit")] {
        let page = std::fs::read_to_string(pages.join(format!("{own}.1"))).expect("it was written");
        assert_eq!(text(&galerne(&["--lang", language, "man", name]).stdout), page, "{name}");
    }
    for hidden in ["attend", "complete"] {
        assert!(!pages.join(format!("galerne-{hidden}.1")).exists(), "{hidden}");
    }
    let set = std::fs::read_to_string(pages.join("galerne-set.1")).expect("it was written");
    let kept = set.split(".nf\n").nth(1).and_then(|rest| rest.split(".fi\n").next()).unwrap_or_default();
    assert!(kept.lines().count() == 3 && kept.lines().all(|line| line.contains("=VAL")), "{kept}");
    if !crate::schemas::has("mandoc") {
        return;
    }
    let pages = std::fs::read_dir(pages).expect("it is there").flatten();
    let lint =
        Command::new("mandoc").args(["-Tlint", "-Wwarning"]).args(pages.map(|page| page.path())).output();
    let lint = lint.expect("it starts");
    assert!(lint.status.success(), "{}", text(&lint.stdout));
}

#[test]
fn each_command_has_a_page_without_a_mistake() {
    write_pages("en", "", ["EXAMPLE", "COMMANDS"]);
    write_pages("fr", "fr", ["EXEMPLE", "COMMANDES"]);
}

#[test]
fn an_unknown_command_has_no_page() {
    let output = galerne(&["--format", "json", "man", "reconfigur"]);
    let (codes, messages) = said(&output, 1);
    assert_eq!(codes, ["command::unknown_command"]);
    assert!(messages.contains("reconfigure"), "{messages}");
}

#[test]
fn french_is_spoken_to_who_reads_french_and_english_in_the_locale_of_programs() {
    let run = |language: &str, args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        let output = command.args(args).env_clear().env("LANG", language).output();
        let output = output.expect("it starts");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, help, _) = run("fr_FR.UTF-8", &["rollback", "--help"]);
    assert!(
        code == Some(0) && help.starts_with("Revenir à un état") && help.contains("Utilisation : galerne")
    );
    assert!(run("C.UTF-8", &["rollback", "--help"]).1.contains("Usage: galerne"));
    assert!(run("C.UTF-8", &["rollback", "--help", "--lang", "fr"]).1.contains("Utilisation : galerne"));
    let (code, _, wrong) = run("fr_FR.UTF-8", &["reconfigur"]);
    assert_eq!(code, Some(2));
    assert!(
        wrong.contains("la commande reconfigur n'existe pas") && wrong.contains("reconfigure ?"),
        "{wrong}"
    );
    let (code, _, wrong) = run("fr_FR.UTF-8", &["docs", "--as", "xml"]);
    assert_eq!(code, Some(2));
    assert!(wrong.contains("ne peut pas valoir xml") && wrong.contains("markdown, html, json"), "{wrong}");
}
