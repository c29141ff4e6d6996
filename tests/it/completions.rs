//! What the shells complete, asked of the shells themselves.

use std::process::{Command, Output};

use tempfile::TempDir;

use crate::described::text;

/// EOLE's names, which the package makes of the same program.
fn names() -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/eole-names");
    let names = std::fs::read_to_string(path).expect("it is there");
    names.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

/// A server with one container, and `galerne` on the search path.
struct Line(TempDir);

impl Line {
    fn new() -> Self {
        let line = Self(tempfile::tempdir().expect("a folder can be made"));
        let program = env!("CARGO_BIN_EXE_galerne");
        std::os::unix::fs::symlink(program, line.0.path().join("galerne")).expect("a link can be made");
        for shell in ["bash", "zsh", "fish"] {
            let script = line.galerne(&["completions", shell]).stdout;
            std::fs::write(line.0.path().join(shell), script).expect("it can be written");
        }
        let set =
            ["set", "nombre_conteneur=1", "conteneur1_name=wiki", "conteneur1_url=wiki", "conteneur1_tag=1"];
        let ended = line.galerne(&[&["--root", &line.root()][..], &set].concat());
        assert!(ended.status.success(), "{}", text(&ended.stderr));
        line
    }

    fn root(&self) -> String {
        self.0.path().join("root").display().to_string()
    }

    fn galerne(&self, args: &[&str]) -> Output {
        Command::new(self.0.path().join("galerne")).args(args).output().expect("it starts")
    }

    /// What `shell` prints of `script`, in which `$1` is the folder with the completions and `$2` the line.
    fn ask(&self, shell: &str, script: &str, line: &str) -> Vec<String> {
        let folder = self.0.path().display().to_string();
        let mut command = Command::new(shell);
        if shell == "zsh" {
            command.arg("-f");
        }
        let path = format!("{folder}:/usr/bin:/bin");
        let output = command
            .args(["-c", script, shell, &folder, line])
            .env("PATH", path)
            .env("HOME", &folder)
            .output();
        let output = output.expect("the shell starts");
        let mut found: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
        assert!(output.stderr.is_empty(), "{shell}: {}", text(&output.stderr));
        found.sort();
        found
    }

    fn bash(&self, line: &str) -> Vec<String> {
        const SCRIPT: &str = r#"source "$1/bash"; COMP_LINE=$2; COMP_POINT=${#2}
            compopt() { :; }; _galerne galerne "" ""; printf '%s\n' "${COMPREPLY[@]}""#;
        self.ask("bash", SCRIPT, line)
    }

    /// What fish offers, without what each means.
    fn fish(&self, line: &str) -> Vec<String> {
        let found = self.ask("fish", r#"source "$argv[2]/fish"; complete --do-complete "$argv[3]""#, line);
        found.iter().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
    }
}

#[test]
fn bash_completes_commands_variables_values_and_containers() {
    let line = Line::new();
    let root = line.root();
    assert_eq!(line.bash("galerne reco"), ["reconfigure"]);
    assert_eq!(line.bash(&format!("galerne --root {root} get conteneur1_ur")), ["conteneur1_url"]);
    assert_eq!(line.bash(&format!("galerne --root {root} set conteneur1_ur")), ["conteneur1_url="]);
    // Readline has cut at the sign: what comes before it is not said again.
    let types = line.bash(&format!("galerne --root {root} set conteneur1_type="));
    assert!(types.contains(&"docker".to_owned()) && types.contains(&"lxc".to_owned()), "{types:?}");
    assert_eq!(line.bash(&format!("galerne --root {root} set conteneur1_type=podm")), ["podman"]);
    assert_eq!(line.bash(&format!("galerne logs --root {root} w")), ["wiki"]);
    assert_eq!(line.bash("galerne explain schema::cy"), ["cycle"]);
    assert_eq!(line.bash("galerne schema creole.rn"), ["creole.rnc", "creole.rng"]);
    assert!(line.bash("galerne rollback --d").contains(&"--dry-run".to_owned()));
}

#[test]
fn fish_completes_the_same_with_what_each_means() {
    if !crate::schemas::has("fish") {
        return;
    }
    let line = Line::new();
    let root = line.root();
    assert_eq!(line.fish("galerne reco"), ["reconfigure"]);
    assert_eq!(line.fish(&format!("galerne --root {root} set conteneur1_ur")), ["conteneur1_url="]);
    let value = line.fish(&format!("galerne --root {root} set conteneur1_type=podm"));
    assert_eq!(value, ["conteneur1_type=podman"]);
    assert_eq!(line.fish(&format!("galerne logs --root {root} w")), ["wiki"]);
}

#[test]
fn zsh_reads_its_completions_and_asks_the_same() {
    if !crate::schemas::has("zsh") {
        return;
    }
    let line = Line::new();
    // What the shell would show is shown by a function of the same name.
    let script = r#"compdef() { :; }
        _describe() { local name=$4; print -rl -- "${(@P)name}"; }
        source "$1/zsh"; words=(${(z)2}); CURRENT=${#words}; _galerne"#;
    let found = line.ask("zsh", script, "galerne reco");
    assert!(found.iter().any(|line| line.starts_with("reconfigure:Apply")), "{found:?}");
    let found = line.ask("zsh", script, &format!("galerne --root {} set conteneur1_ur", line.root()));
    assert!(found.iter().any(|line| line.starts_with("conteneur1_url=:")), "{found:?}");
}

#[test]
fn nothing_is_said_where_the_configuration_cannot_be_read() {
    let line = Line::new();
    let config = line.0.path().join("root/etc/eole/config.eol");
    std::fs::write(config, "{").expect("it can be written");
    let output = line.galerne(&["complete", "--", "galerne", "--root", &line.root(), "get", "conteneur"]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn what_a_code_means_is_said_in_the_language_of_the_line() {
    let line = Line::new();
    let output = line.galerne(&["complete", "--", "galerne", "--lang", "fr", "explain", "schema::cy"]);
    let shown = text(&output.stdout);
    assert_eq!(shown, "schema::cycle\tDes variables dépendent les unes des autres en cercle.\n");
}

#[test]
fn the_names_of_eole_are_completed_as_what_they_call() {
    let line = Line::new();
    let root = line.root();
    assert_eq!(line.bash(&format!("CreoleGet --root {root} conteneur1_ur")), ["conteneur1_url"]);
    assert_eq!(line.bash(&format!("/usr/bin/CreoleSet --root {root} conteneur1_ur")), ["conteneur1_url"]);
    assert_eq!(line.bash("CreoleGet --li"), ["--list"]);
    assert_eq!(line.bash("CreoleLint --dic"), ["--dico-only"]);
    assert_eq!(line.bash("reconfigure --dry"), ["--dry-run"]);
    assert_eq!(line.bash("gen_config --pl"), ["--plain"]);
    assert_eq!(line.bash("galerne man CreoleG"), ["CreoleGet"]);
    // Each shell does so for each of the names.
    let script = |shell: &str| text(&line.galerne(&["completions", shell]).stdout);
    for (shell, begin) in [
        ("bash", "} && complete -F _galerne "),
        ("zsh", "#compdef "),
        ("zsh", "    compdef _galerne "),
        ("fish", "for name in "),
    ] {
        let script = script(shell);
        let known = script.lines().find_map(|line| line.strip_prefix(begin)).unwrap_or_default();
        let mut known: Vec<&str> = known.split(' ').collect();
        let mut wanted = names();
        wanted.push("galerne".to_owned());
        known.sort_unstable();
        wanted.sort();
        assert_eq!(known, wanted, "{shell}: {begin}");
    }
    if crate::schemas::has("fish") {
        assert_eq!(line.fish(&format!("CreoleSet --root {root} conteneur1_ur")), ["conteneur1_url"]);
        assert_eq!(line.fish("reconfigure --dry"), ["--dry-run"]);
    }
}

#[test]
fn nodes_and_states_are_completed() {
    let line = Line::new();
    let root = line.root();
    let set = ["set", "cluster_noeud_nom[0]=srv1", "cluster_noeud_nom[1]=srv2"];
    let ended = line.galerne(&[&["--root", &root][..], &set].concat());
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert_eq!(line.bash(&format!("galerne cluster --root {root} drain srv")), ["srv1", "srv2"]);
    assert_eq!(line.bash(&format!("galerne cluster --root {root} label srv2")), ["srv2"]);
    let empty = tempfile::tempdir().expect("a folder can be made");
    let empty = empty.path().display().to_string();
    assert_eq!(
        line.bash(&format!("galerne --root {empty} rollback ")).iter().filter(|found| *found == "1").count(),
        0
    );
    let ended = line.galerne(&["--root", &empty, "instance", "--non-interactive"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert!(line.bash(&format!("galerne --root {empty} rollback ")).contains(&"1".to_owned()));
}
