//! The editor in a real terminal.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::terminal::Terminal;

/// The keys of a terminal.
const ENTER: &str = "\r";
const ESCAPE: &str = "\u{1b}";
const SAVE: &str = "\u{13}";
const CLEAR: &str = "\u{15}";

/// A server's root with the shipped dictionaries.
struct Server(TempDir);

impl Server {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.arg("--root").arg(self.0.path()).args(args);
        command.env_clear().env("TERM", "xterm-256color").env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8");
        command
    }

    fn galerne(&self, args: &[&str]) -> Command {
        self.command(Path::new(env!("CARGO_BIN_EXE_galerne")), args)
    }

    fn edit(&self) -> Terminal {
        let terminal = Terminal::sized(self.galerne(&["edit"]), 24, 80);
        terminal.see("galerne");
        terminal
    }

    fn get(&self, name: &str) -> String {
        let output = self.galerne(&["get", name]).output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
}

/// Goes to a variable by the search, and types a value for it.
fn give(terminal: &mut Terminal, name: &str, value: &str) {
    go(terminal, name);
    terminal.press(ENTER);
    terminal.see("Enter keep");
    terminal.press(&format!("{CLEAR}{value}{ENTER}"));
    terminal.see("Enter change");
}

fn go(terminal: &mut Terminal, name: &str) {
    terminal.press("/");
    terminal.see("Search: _");
    terminal.press(name);
    terminal.see(&format!("Search: {name}_"));
    terminal.press(ENTER);
    terminal.see("Enter change");
}

fn leave(mut terminal: Terminal) -> String {
    terminal.press("q");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    assert!(shown.contains("\u{1b}[?1049l"), "the terminal's own screen is back");
    shown
}

#[test]
fn the_nine_variables_are_typed_saved_and_given_back() {
    let server = Server::new();
    let mut terminal = server.edit();
    give(&mut terminal, "conteneur1_name", "wiki");
    give(&mut terminal, "conteneur1_url", "library/nginx");
    give(&mut terminal, "conteneur1_tag", "1.27");
    give(&mut terminal, "conteneur1_repository", "registry.example.org");
    for (master, slave) in [(("mountpoint_in", "/data"), "/srv/wiki"), (("port_in", "80"), "8081")] {
        give(&mut terminal, &format!("conteneur1_{}", master.0), master.1);
        terminal.press("l");
        terminal.press(ENTER);
        terminal.see("Enter keep");
        terminal.press(&format!("{slave}{ENTER}"));
        terminal.see("Enter change");
    }
    // The type has one word to choose from.
    go(&mut terminal, "conteneur1_type");
    terminal.press(ENTER);
    terminal.see("Enter choose");
    terminal.press(ENTER);
    terminal.see("Enter change");
    terminal.press(SAVE);
    terminal.see("Saved. Apply it now?");
    terminal.press("n");
    leave(terminal);
    for (name, expected) in [
        ("conteneur1_name", "wiki"),
        ("conteneur1_type", "docker"),
        ("conteneur1_url", "library/nginx"),
        ("conteneur1_tag", "1.27"),
        ("conteneur1_repository", "registry.example.org"),
        ("conteneur1_mountpoint_in", "/data"),
        ("conteneur1_mountpoint_out", "/srv/wiki"),
        ("conteneur1_port_in", "80"),
        ("conteneur1_port_out", "8081"),
    ] {
        assert_eq!(server.get(name), expected, "{name}");
        let creole = server.path("CreoleGet");
        if !creole.exists() {
            symlink(env!("CARGO_BIN_EXE_galerne"), &creole).expect("a link can be made");
        }
        let output = server.command(&creole, &[name]).output().expect("it starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), expected, "{name}");
    }
    let mode = fs::metadata(server.path("etc/eole/config.eol")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_was_saved_is_applied_from_the_editor() {
    let server = Server::new();
    let mut terminal = server.edit();
    give(&mut terminal, "nombre_conteneur", "0");
    terminal.press(SAVE);
    terminal.see("Saved. Apply it now?");
    terminal.press("y");
    terminal.see("Do this? [y/N]");
    terminal.press("y\r");
    terminal.see("done: ");
    terminal.press(ENTER);
    terminal.see("nombre_conteneur");
    leave(terminal);
    assert!(server.path("etc/nginx/sites-available/conteneur.conf").exists());
}

#[test]
fn what_was_typed_a_second_ago_outlives_whatever_ends_the_editor() {
    for signal in [Signal::SIGKILL, Signal::SIGHUP, Signal::SIGTERM] {
        let server = Server::new();
        let mut terminal = server.edit();
        give(&mut terminal, "conteneur1_name", "wiki");
        // Not even kept by Enter yet.
        go(&mut terminal, "conteneur1_url");
        terminal.press(&format!("{ENTER}library/ngi"));
        terminal.see("library/ngi");
        std::thread::sleep(Duration::from_millis(1200));
        terminal.kill(signal);
        assert_eq!(server.get("conteneur1_name"), "", "nothing was saved");
        let unsaved = server.path("etc/eole/.config.eol.galerne-unsaved");
        assert_eq!(fs::metadata(&unsaved).expect("it is kept").permissions().mode() & 0o777, 0o600);
        let mut terminal = server.edit();
        terminal.see("Work that was not saved is there.");
        terminal.press("y");
        terminal.see("library/ngi");
        terminal.see("Enter keep");
        terminal.press(ENTER);
        terminal.see("2 changes");
        terminal.press("s");
        terminal.see("Saved. Apply it now?");
        terminal.press("n");
        leave(terminal);
        assert_eq!(server.get("conteneur1_name"), "wiki", "{signal}");
        assert_eq!(server.get("conteneur1_url"), "library/ngi", "{signal}");
        assert!(!unsaved.exists());
    }
}

#[test]
fn a_text_that_is_no_value_yet_is_found_again_too() {
    let server = Server::new();
    let mut terminal = server.edit();
    go(&mut terminal, "conteneur_port_http");
    terminal.press(&format!("{ENTER}{CLEAR}99999"));
    terminal.see("expected a port");
    std::thread::sleep(Duration::from_millis(1200));
    terminal.kill(Signal::SIGKILL);
    let mut terminal = server.edit();
    terminal.see("Work that was not saved is there.");
    terminal.press("y");
    terminal.see("99999");
    terminal.see("Enter keep");
    terminal.press(ESCAPE);
    terminal.see("Enter change");
    leave(terminal);
    assert_eq!(server.get("conteneur_port_http"), "80");
}

#[test]
fn a_terminal_that_is_closed_ends_the_editor_and_loses_nothing() {
    let server = Server::new();
    let mut terminal = server.edit();
    give(&mut terminal, "conteneur1_name", "wiki");
    terminal.unplug();
    let mut terminal = server.edit();
    terminal.see("Work that was not saved is there.");
    terminal.press("n");
    terminal.see("Enter change");
    leave(terminal);
    assert_eq!(server.get("conteneur1_name"), "");
}

/// What the next test runs in a terminal of its own: it is nothing unless that test asks for it.
#[test]
fn a_panic_on_the_screen() {
    if std::env::var_os("GALERNE_PANIC").is_some() {
        let _screen = galerne::editor::Screen::open().expect("there is a terminal");
        panic!("on purpose");
    }
}

#[test]
fn a_panic_puts_the_terminal_back_in_order() {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.args(["--exact", "editor::a_panic_on_the_screen", "--nocapture"]).env("GALERNE_PANIC", "1");
    let (status, shown) = Terminal::sized(command, 24, 80).end();
    assert!(!status.success());
    let (own, words) = (shown.find("\u{1b}[?1049h"), shown.find("on purpose"));
    let back = shown.find("\u{1b}[?1049l");
    assert!(own.is_some() && own < back && back < words, "the words are on the screen that stays: {shown:?}");
    for off in ["\u{1b}[?2004l", "\u{1b}[?1000l"] {
        assert!(shown.contains(off), "{off:?} is not in {shown:?}");
    }
}

#[test]
fn values_that_cannot_be_read_are_shown_and_left_as_they_are() {
    let server = Server::new();
    fs::create_dir_all(server.path("etc/eole")).expect("it can be made");
    let text = "{\"conteneur1_name\": {\"owner\": \"x\", \"val\": \"wiki\"";
    fs::write(server.path("etc/eole/config.eol"), text).expect("it can be written");
    let mut terminal = server.edit();
    terminal.see("The saved values cannot be read");
    terminal.see("config_eol::");
    terminal.press(ESCAPE);
    terminal.see("Enter change");
    terminal.press("s");
    terminal.see("this is for reading only");
    leave(terminal);
    assert_eq!(fs::read_to_string(server.path("etc/eole/config.eol")).expect("it is there"), text);
}

#[test]
fn a_value_that_no_longer_fits_is_shown_at_its_variable() {
    let server = Server::new();
    fs::create_dir_all(server.path("etc/eole")).expect("it can be made");
    let text = "{\"___version___\": \"9.9\", \"conteneur_port_http\": {\"owner\": \"x\", \"val\": \"quatre-vingts\"}, \
                \"inconnue\": {\"owner\": \"x\", \"val\": 1}}";
    fs::write(server.path("etc/eole/config.eol"), text).expect("it can be written");
    let mut terminal = server.edit();
    terminal.see("1 error");
    terminal.press("e");
    terminal.see("does not fit its type");
    terminal.press("w");
    terminal.see("quatre-vingts");
    terminal.press(ESCAPE);
    terminal.see("Enter change");
    give(&mut terminal, "conteneur_port_http", "8080");
    terminal.press("s");
    terminal.see("Saved. Apply it now?");
    terminal.press("n");
    leave(terminal);
    let saved = fs::read_to_string(server.path("etc/eole/config.eol")).expect("it is there");
    assert!(saved.contains("inconnue") && saved.contains("\"9.9\"") && saved.contains("8080"), "{saved}");
}

#[test]
fn line_by_line_it_says_where_one_is_and_what_is_there() {
    let server = Server::new();
    let mut command = server.galerne(&["edit", "--plain"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let lines = "goto conteneur1_name\nenter\nwiki\ngoto conteneur1_port_in\nenter\n99999\n80\nright\nenter\n8081\n\
                 goto conteneur_https\nenter\n2\nwhat\n\nsearch\ntag\n1\nsave\ny\nn\nquit\n";
    child.stdin.take().expect("it is ours").write_all(lines.as_bytes()).expect("it listens");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for sentence in [
        "Name of the container (conteneur1_name): wiki",
        "expected a port from 1 to 65535",
        "(conteneur1_port_out[0]): 8081",
        "Save nevertheless?",
        "Saved",
        "next-error, why",
    ] {
        assert!(said.contains(sentence), "`{sentence}` is not said: {said}");
    }
    assert!(!said.contains('\u{1b}'), "{said}");
    assert_eq!(
        (server.get("conteneur1_name"), server.get("conteneur1_port_in")),
        ("wiki".into(), "80".into())
    );
}

#[test]
fn a_path_is_completed_as_far_as_there_is_one_way() {
    let server = Server::new();
    fs::create_dir_all(server.path("etc/ssl/private/galerne-test")).expect("it can be made");
    fs::write(server.path("etc/ssl/private/galerne-test/one.pem"), "").expect("it can be written");
    fs::write(server.path("etc/ssl/private/galerne-test/only.pem"), "").expect("it can be written");
    let mut terminal = server.edit();
    go(&mut terminal, "conteneur1_mountpoint_in");
    terminal.press(ENTER);
    terminal.see("Enter keep");
    // The column is too narrow for the whole: what is typed is kept and asked for.
    terminal.press("/etc/ss\tpr\tg\to\t");
    terminal.press(ENTER);
    terminal.see("Enter change");
    terminal.press("s");
    terminal.see("Save nevertheless?");
    terminal.press("y");
    terminal.see("Saved. Apply it now?");
    terminal.press("n");
    leave(terminal);
    assert_eq!(server.get("conteneur1_mountpoint_in"), "/etc/ssl/private/galerne-test/on");
}

/// Plays a script, and gives what it shows.
fn play(server: &Server, script: &str) -> String {
    let path = server.path("script");
    fs::write(&path, script).expect("it can be written");
    let output = server.galerne(&["edit", "--script", path.to_str().expect("it is text")]).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_site_adds_its_own_variables_to_a_local_dictionary() {
    let server = Server::new();
    let add = "extend\nup\ntype Le site\ndown\ntype nom_du_site\ndown\ntype Nom de l'école\ndown\ndown\ndown\ntype Prévert\n\
               down\ndown\ndown\ntype conteneur_ipv6\ndown\ntype non\nsave\n";
    let name = "usr/share/eole/creole/dicos/local/90_editeur.xml";
    let shown = play(&server, &format!("{add}goto nom_du_site\nscreen\nundo\nscreen\n"));
    let (with, without) = shown.split_at(shown.len() / 2);
    assert!(
        with.contains("Le site") && with.contains("Nom de l'école") && with.contains("Prévert"),
        "{with}"
    );
    assert!(!without.contains("Le site"), "{without}");
    assert!(!server.path(name).exists(), "nothing was saved");
    play(&server, &format!("{add}save\nyes\n"));
    assert_eq!(server.get("nom_du_site"), "Prévert");
    let text = fs::read_to_string(server.path(name)).expect("it was written");
    assert!(text.contains("description='Nom de l&apos;école'") && text.contains("disabled_if_in"), "{text}");
    assert_eq!(fs::metadata(server.path(name)).expect("it is there").permissions().mode() & 0o777, 0o644);
    // One more, beside it; one that cannot be is refused, and the form is there again.
    let more = "extend\ntype ville\ndown\ntype La ville\nsave\n";
    let shown = play(&server, &format!("{more}save\nyes\nextend\ntype ville\nsave\nscreen\n"));
    assert!(shown.contains("> Name") && shown.contains("ville_"), "{shown}");
    assert_eq!(server.get("ville"), "");
    let text = fs::read_to_string(server.path(name)).expect("it was written");
    assert!(text.contains("nom_du_site") && text.matches("name='ville'").count() == 1, "{text}");
    // What somebody wrote by hand is not touched.
    fs::write(server.path(name), text.replace("<creole>", "<creole><!-- à la main -->"))
        .expect("it can be written");
    assert!(play(&server, "extend\nscreen\n").contains("change it by hand"));
}

#[test]
fn a_second_editor_only_looks_and_what_somebody_else_wrote_is_kept() {
    let server = Server::new();
    let mut terminal = server.edit();
    let second = server.edit();
    second.see("Somebody else edits these values");
    leave(second);
    give(&mut terminal, "conteneur1_name", "wiki");
    let set = server.galerne(&["set", "conteneur_port_http=8080", "conteneur1_name=theirs"]).status();
    assert!(set.expect("it starts").success());
    terminal.press("s");
    terminal.see("is mandatory");
    terminal.press("y");
    terminal.see("Somebody else has changed the saved values");
    terminal.press("y");
    terminal.see("Saved. Apply it now?");
    terminal.press("n");
    leave(terminal);
    assert_eq!(
        (server.get("conteneur1_name"), server.get("conteneur_port_http")),
        ("wiki".into(), "8080".into())
    );
}

#[test]
fn nothing_is_lost_by_leaving_and_nothing_saved_by_saying_no() {
    let server = Server::new();
    let mut terminal = server.edit();
    give(&mut terminal, "conteneur1_name", "wiki");
    terminal.press("q");
    terminal.see("Save before leaving?");
    terminal.press(ESCAPE);
    terminal.see("1 change");
    terminal.press("q");
    terminal.see("Save before leaving?");
    terminal.press("n");
    assert!(terminal.end().0.success());
    assert_eq!(server.get("conteneur1_name"), "");
    leave(server.edit());
}

#[test]
fn it_speaks_french_has_eoles_names_and_follows_the_size_of_the_terminal() {
    let server = Server::new();
    let genconfig = server.path("genconfig");
    symlink(env!("CARGO_BIN_EXE_galerne"), &genconfig).expect("a link can be made");
    let mut command = server.command(&genconfig, &[]);
    command.env("LANG", "fr_FR.UTF-8").env("NO_COLOR", "1");
    let mut terminal = Terminal::sized(command, 24, 80);
    terminal.see("Entrée modifier");
    let colours = ["\u{1b}[31m", "\u{1b}[38;", "\u{1b}[48;"];
    assert!(colours.iter().all(|colour| !terminal.shown().contains(colour)), "there are no colours");
    terminal.resize(10, 50);
    terminal.see("Le terminal est trop petit");
    terminal.resize(40, 120);
    terminal.see("Entrée modifier");
    terminal.press("?");
    terminal.see("toutes les touches");
    terminal.press(ESCAPE);
    terminal.see("Entrée modifier");
    leave(terminal);
}

#[test]
fn without_a_terminal_it_says_so_and_a_script_needs_none() {
    let server = Server::new();
    let output = server.galerne(&["--format", "json", "edit"]).output().expect("it starts");
    let (codes, _) = crate::described::said(&output, 1);
    assert_eq!(codes, ["command::no_terminal"]);
    let script = server.path("script");
    fs::write(&script, "goto conteneur1_name\nenter\ntype wiki\nenter\nsave\nyes\nscreen\n")
        .expect("it can be written");
    let path = script.to_str().expect("it is text");
    let output = server.galerne(&["edit", "--script", path]).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Conteneur-1"));
    assert_eq!(server.get("conteneur1_name"), "wiki");
    fs::write(&script, "fly\n").expect("it can be written");
    let output = server.galerne(&["--format", "json", "edit", "--script", path]).output().expect("it starts");
    assert_eq!(crate::described::said(&output, 2).0, ["editor::script"]);
    let output =
        server.galerne(&["--format", "json", "edit", "--script", "/none"]).output().expect("it starts");
    assert_eq!(crate::described::said(&output, 1).0, ["command::unreadable"]);
}

/// The picture of a README, below its command.
const PICTURE: &str = "```text\n# galerne edit\n";

#[test]
fn the_pictures_of_the_readmes_are_what_the_editor_shows() {
    for (readme, language) in [("README.md", "en"), ("README.fr.md", "fr")] {
        let server = Server::new();
        // As the README's first example.
        let values = [
            "nombre_conteneur=1",
            "conteneur1_name=demo",
            "conteneur1_repository=127.0.0.1:5000",
            "conteneur1_url=galerne/demo",
            "conteneur1_tag=1",
            "conteneur1_mountpoint_in[0]=/data",
            "conteneur1_mountpoint_out[0]=/srv/galerne-demo",
            "conteneur1_port_in[0]=80",
            "conteneur1_port_out[0]=8081",
        ];
        let saved = server.galerne(&[&["set"][..], &values].concat()).status().expect("it starts");
        assert!(saved.success());
        let script = server.path("script");
        fs::write(&script, "goto conteneur1_tag\nscreen\n").expect("it can be written");
        let script = script.to_str().expect("it is text");
        let output = server.galerne(&["--lang", language, "edit", "--script", script]).output();
        let shown = String::from_utf8(output.expect("it starts").stdout).expect("it is text");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(readme);
        let text = fs::read_to_string(&path).expect("it is there");
        let (before, rest) = text.split_once(PICTURE).expect("it has a picture");
        let (picture, after) = rest.split_once("```\n").expect("the picture ends");
        // The first line names the file, which is another one here.
        let below = |screen: &str| screen.lines().skip(1).map(str::trim_end).collect::<Vec<_>>().join("\n");
        if std::env::var_os("GALERNE_UPDATE").is_some() {
            let title = picture.lines().next().unwrap_or_default();
            let text = format!("{before}{PICTURE}{title}\n{}\n```\n{after}", below(&shown));
            fs::write(&path, text).expect("it can be written");
        } else {
            assert_eq!(below(picture), below(&shown), "{readme}: GALERNE_UPDATE=1 draws it anew");
        }
    }
}
