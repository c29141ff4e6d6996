//! EOLE's commands by their own names, as the scripts of EOLE's users call them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::languages::{ENGLISH, FRENCH, LOCALES, spoken};

/// A machine's root, with a folder in which the executable has EOLE's names, for who has a locale.
struct Machine(TempDir, &'static str);

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/eole_commands").join(path)
}

impl Machine {
    fn new(locale: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(folder.path().join("bin")).expect("a folder can be made");
        for name in ["CreoleGet", "CreoleSet", "CreoleCat", "CreoleLint"] {
            symlink(env!("CARGO_BIN_EXE_galerne"), folder.path().join("bin").join(name)).expect("a link");
        }
        Self(folder, locale)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Calls a command by its name, on the dictionaries of the fixture or on the shipped ones.
    fn run(&self, shipped: bool, words: &[&str]) -> Output {
        let mut command = Command::new(self.path("bin").join(words[0]));
        if !shipped {
            command.arg("--no-default-dicos").arg("--dicos").arg(fixture("dicos"));
        }
        command.arg("--color=never").arg("--root").arg(self.path("root")).args(&words[1..]);
        spoken(&mut command, self.1).current_dir(self.0.path()).output().expect("the program starts")
    }

    fn call(&self, words: &[&str]) -> Output {
        self.run(false, words)
    }

    /// Calls a command, which must succeed, and gives what it prints.
    fn done(&self, words: &[&str]) -> String {
        let output = self.call(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the result is UTF-8")
    }

    /// Puts commands in place that a script finds by their names alone, as on a server.
    fn commands(&self) -> PathBuf {
        let folder = self.path("path");
        fs::create_dir(&folder).expect("a folder can be made");
        for name in ["CreoleGet", "CreoleSet"] {
            let text = format!(
                "#!/bin/sh\nexec '{}' --no-default-dicos --dicos '{}' --root '{}' \"$@\"\n",
                self.path("bin").join(name).display(),
                fixture("dicos").display(),
                self.path("root").display()
            );
            fs::write(folder.join(name), text).expect("a script can be written");
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).expect("its mode");
        }
        folder
    }

    /// Runs a script for EOLE in a folder of its own, with the shell `shell`.
    fn script(&self, shell: &str, args: &[&str]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.commands().display());
        let mut command = Command::new(shell);
        command.args(args).env("PATH", path).current_dir(self.0.path());
        spoken(&mut command, self.1).output().expect("the shell starts")
    }
}

const EVIL: &str = r#""; touch x; "$(touch x)`touch x`'$HOME\"#;

#[test]
fn a_script_written_for_eole_runs() {
    for locale in LOCALES {
        let machine = Machine::new(locale);
        machine.done(&["CreoleSet", "libelle", EVIL]);
        machine.done(&["CreoleSet", "mot_de_passe", "se cret"]);
        let output = machine.script("sh", &[fixture("script.sh").to_str().unwrap()]);
        let printed = String::from_utf8(output.stdout).unwrap();
        let expected = format!(
            "ip: 192.0.2.15\ndefault: par defaut\nempty default: <>\ndetail: x\ndns: 192.0.2.1\ndns: 192.0.2.2\n\
             dns=\"192.0.2.1 192.0.2.2\"\n255.255.255.0\n255.255.0.0\ntaille: 3\nlibelle: {EVIL}\nmot_de_passe: se cret\n"
        );
        assert_eq!(printed, expected, "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success());
        assert!(!machine.path("x").exists());
    }
}

#[test]
fn no_value_breaks_out_of_the_list() {
    let evil = [
        EVIL,
        "\"; rm -rf x; \"",
        "$(touch x)",
        "`touch x`",
        "\\",
        "\\\"",
        "a\\$(touch x)",
        "$'",
        "'",
        "!x",
        "é €",
        "${x:=$(touch x)}",
        "#",
        "*",
        "~",
        "a  b",
        "-n",
        "-q",
        "-vx",
        " ",
    ];
    for (text, locale) in evil.into_iter().zip(LOCALES.into_iter().cycle()) {
        let machine = Machine::new(locale);
        machine.done(&["CreoleSet", "libelle", text]);
        for shell in ["sh", "bash"] {
            let _ = fs::remove_dir_all(machine.path("path"));
            let output =
                machine.script(shell, &["-c", "eval \"$(CreoleGet --list)\"; printf %s \"$libelle\""]);
            assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{shell}");
            assert!(output.stderr.is_empty() && !machine.path("x").exists(), "{text}");
        }
    }
}

#[test]
fn the_list_has_every_variable_that_a_shell_can_have() {
    for locale in LOCALES {
        let machine = Machine::new(locale);
        let expected = "adresse_ip_eth0=\"192.0.2.15\"\nlibelle=\"\"\nmot_de_passe=\"\"\nactiver=\"non\"\ndns=\"\"\n\
            taille=\"3\"\nreseau=\"\"\nmasque=\"\"\n";
        assert_eq!(machine.done(&["CreoleGet", "--list"]), expected);
    }
}

#[test]
fn what_is_not_there_is_refused_with_a_message() {
    let nbsp = "\u{a0}";
    for (words, code, english, french) in [
        (
            vec!["CreoleGet", "adresse_ip_eth1"],
            1,
            "unknown variable `adresse_ip_eth1`",
            format!("la variable «{nbsp}adresse_ip_eth1{nbsp}» n'existe pas"),
        ),
        (
            vec!["CreoleGet", "detail"],
            1,
            "`detail` is disabled",
            format!("«{nbsp}detail{nbsp}» est désactivée"),
        ),
        (vec!["CreoleGet"], 2, "Usage: CreoleGet", "Utilisation : CreoleGet".to_owned()),
        (
            vec!["CreoleSet", "taille", "x"],
            1,
            "`taille` cannot have this value",
            format!("«{nbsp}taille{nbsp}» ne peut pas avoir cette valeur"),
        ),
        (
            vec!["CreoleSet", "masque", "255.0.0.0"],
            1,
            "`masque` has 0 items",
            format!("«{nbsp}masque{nbsp}» a 0 élément"),
        ),
        (
            vec!["CreoleSet", "inconnue", "x"],
            1,
            "unknown variable `inconnue`",
            format!("la variable «{nbsp}inconnue{nbsp}» n'existe pas"),
        ),
        (vec!["CreoleSet", "taille"], 2, "Usage: CreoleSet", "Utilisation : CreoleSet".to_owned()),
        (
            vec!["CreoleSet", "taille", "3", "--default"],
            2,
            "cannot be used with",
            "ne va pas avec".to_owned(),
        ),
        (vec!["CreoleCat", "-t", "inconnu"], 1, "inconnu", "inconnu".to_owned()),
        (vec!["CreoleLint", "-t", "inconnu"], 1, "inconnu", "inconnu".to_owned()),
    ] {
        for (locale, message) in [(ENGLISH, english), (FRENCH, &*french)] {
            let output = Machine::new(locale).call(&words);
            let messages = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{words:?}: {messages}");
            assert!(messages.contains(message), "{words:?}: {messages}");
            assert!(output.stdout.is_empty());
        }
    }
}

#[test]
fn lists_and_slaves_are_set_as_a_whole() {
    for locale in LOCALES {
        let machine = Machine::new(locale);
        machine.done(&["CreoleSet", "dns", "192.0.2.1\n192.0.2.2\n"]);
        machine.done(&["CreoleSet", "dns", "192.0.2.3"]);
        assert_eq!(machine.done(&["CreoleGet", "dns"]), "192.0.2.3\n");
        machine.done(&["CreoleSet", "dns", ""]);
        assert_eq!(machine.done(&["CreoleGet", "dns"]), "");
        machine.done(&["CreoleSet", "reseau", "a\nb"]);
        machine.done(&["CreoleSet", "masque", "255.0.0.0\n255.255.0.0"]);
        machine.done(&["CreoleSet", "masque", "\n255.255.255.0"]);
        assert_eq!(machine.done(&["CreoleGet", "masque"]), "\n255.255.255.0\n");
        assert!(!machine.call(&["CreoleSet", "masque", "255.0.0.0\n255.0.0.0\n255.0.0.0"]).status.success());
        assert_eq!(machine.done(&["CreoleGet", "masque"]), "\n255.255.255.0\n");
        let saved = fs::read_to_string(machine.path("root/etc/eole/config.eol")).unwrap();
        assert!(saved.contains("\"creoleset\""));
    }
}

#[test]
fn one_template_is_rendered() {
    for locale in LOCALES {
        let machine = Machine::new(locale);
        let printed = |name: &str| {
            let output = machine.run(true, &["CreoleCat", "-t", name]);
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let site = printed("nginx/conteneur.conf.tera");
        assert!(site.contains("server {"));
        assert_eq!(site, printed("conteneur.conf"));
        assert_eq!(site, printed("conteneur"));
        assert!(printed("/etc/eole/conteneur-vars.conf").starts_with("# Generated by galerne"));
        // To a file: a new one is private, one that is there keeps its mode, what is no file stays.
        let output = machine.run(true, &["CreoleCat", "-t", "conteneur", "-o", "site.conf"]);
        assert!(output.status.success() && output.stdout.is_empty());
        let path = machine.path("site.conf");
        assert_eq!(fs::read_to_string(&path).unwrap(), site);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        fs::write(&path, "old").unwrap();
        assert!(machine.run(true, &["CreoleCat", "-o", "site.conf", "-t", "conteneur"]).status.success());
        assert_eq!(fs::read_to_string(&path).unwrap(), site);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        symlink("site.conf", machine.path("link")).unwrap();
        let refused = machine.run(true, &["CreoleCat", "-o", "link", "-t", "conteneur"]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(machine.path("link").is_symlink());
    }
}

#[test]
fn lint_says_what_check_says() {
    for (locale, nothing) in [
        (ENGLISH, "nothing wrong: containers 0, files 6\n"),
        (FRENCH, "tout va bien\u{a0}: conteneurs 0, fichiers 6\n"),
    ] {
        says_what_check_says(&Machine::new(locale), nothing);
    }
}

fn says_what_check_says(machine: &Machine, nothing: &str) {
    let output = machine.run(true, &["CreoleLint"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), nothing);
    assert!(machine.run(true, &["CreoleLint", "-t", "conteneur.conf"]).status.success());
    assert_eq!(machine.run(true, &["CreoleLint", "-d"]).stdout, b"");
    let wrong = machine.path("wrong");
    fs::create_dir(&wrong).unwrap();
    fs::write(
        wrong.join("a.xml"),
        "<creole><variables><family name='f'><variable name='a' type='x'/></family></variables></creole>",
    )
    .unwrap();
    for words in [vec!["CreoleLint"], vec!["CreoleLint", "-d"]] {
        let output = machine.run(true, &[&words[..], &["--dicos", wrong.to_str().unwrap()]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("schema::unknown_type"));
    }
}

#[test]
fn the_help_is_that_of_the_command() {
    for (locale, usage) in [
        (ENGLISH, "Usage: CreoleSet [OPTIONS] <NAME> [VALUE]"),
        (FRENCH, "Utilisation : CreoleSet [OPTIONS] <NOM> [VALEUR]"),
    ] {
        let help = Machine::new(locale).done(&["CreoleSet", "--help"]);
        assert!(help.contains(usage) && help.contains("--default"), "{help}");
        assert!(!help.contains("--root"), "{help}");
    }
}
