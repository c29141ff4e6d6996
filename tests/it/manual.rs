//! Manual pages and completions.

use std::process::{Command, Stdio};

use crate::described::{said, text};

fn galerne(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_galerne")).args(args).output().expect("it starts")
}

#[test]
fn each_command_has_a_page_without_a_mistake() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let to = folder.path().to_str().expect("it is text");
    assert!(galerne(&["man", "--to", to]).status.success());
    let help = text(&galerne(&["--help"]).stdout);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 15 && names.contains(&"reconfigure"), "{names:?}");
    for name in &names {
        let path = folder.path().join(format!("man1/galerne-{name}.1"));
        let page = std::fs::read_to_string(&path).expect("it was written");
        assert!(page.contains("Example"), "{name}");
        if name != &"help" {
            assert_eq!(text(&galerne(&["man", name]).stdout), page, "{name}");
        }
    }
    if !crate::schemas::has("mandoc") {
        return;
    }
    let pages = std::fs::read_dir(folder.path().join("man1")).expect("it is there").flatten();
    let lint =
        Command::new("mandoc").args(["-Tlint", "-Wwarning"]).args(pages.map(|page| page.path())).output();
    let lint = lint.expect("it starts");
    assert!(lint.status.success(), "{}", text(&lint.stdout));
}

#[test]
fn an_unknown_command_has_no_page() {
    let output = galerne(&["--format", "json", "man", "reconfigur"]);
    let (codes, messages) = said(&output, 1);
    assert_eq!(codes, ["command::unknown_command"]);
    assert!(messages.contains("reconfigure"), "{messages}");
}

#[test]
fn bash_takes_the_completions_and_completes_a_command() {
    let completions = galerne(&["completions", "bash"]).stdout;
    let script = "source /dev/stdin; COMP_WORDS=(galerne reco); COMP_CWORD=1; _galerne galerne reco galerne; echo \"${COMPREPLY[@]}\"";
    let mut child = Command::new("bash")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("it is ours"), &completions).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(text(&output.stdout).trim(), "reconfigure");
    for shell in ["zsh", "fish"] {
        assert!(text(&galerne(&["completions", shell]).stdout).contains("reconfigure"), "{shell}");
    }
}
