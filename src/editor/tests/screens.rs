use super::*;
use crate::config_eol::SavedValue;

/// A container with all of its nine variables.
const NINE: &str = "goto conteneur1_name\nenter\ntype wiki\nenter\n\
    goto conteneur1_url\nenter\ntype library/nginx\nenter\n\
    goto conteneur1_tag\nenter\ntype 1.27\nenter\n\
    goto conteneur1_repository\nenter\ntype registry.example.org\nenter\n\
    goto conteneur1_mountpoint_in\nenter\ntype /data\nenter\nright\nenter\ntype /srv/wiki\nenter\n\
    goto conteneur1_port_in\nenter\ntype 80\nenter\nright\nenter\ntype 8081\nenter\n";

fn shown(script: &str) -> String {
    play(&shipped(), Saved::empty(), script).0
}

fn text_of(saved: &Saved, name: &str) -> Vec<String> {
    let items = match saved.get(name) {
        Some(SavedValue::Single(item)) => vec![item.value.clone()],
        Some(value) => value.items().into_values().map(|item| item.value).collect(),
        None => Vec::new(),
    };
    items.iter().map(|item| item.to_string().trim_matches('"').to_owned()).collect()
}

#[test]
fn every_screen_is_as_it_was() {
    for (name, script) in [
        ("start", "screen"),
        ("filled", &format!("{NINE}screen")),
        ("typing", "goto conteneur1_name\nenter\ntype wi ki\nscreen"),
        ("choice", "goto conteneur1_type\nenter\nscreen"),
        ("search", "search\ntype adresse\nscreen"),
        ("differences", &format!("{NINE}differences\nscreen")),
        ("keys", "keys\nscreen"),
        ("why", "goto conteneur1_url\nwhy\nscreen"),
        ("help", "goto conteneur1_name\nhelp\nscreen"),
        ("leave", "goto conteneur1_name\nenter\ntype wiki\nenter\nquit\nscreen"),
        ("debug", "mode debug\ngoto conteneur_port_https\nscreen"),
        ("small", "size 50 10\nscreen\nsize 60 12\nscreen"),
    ] {
        insta::assert_snapshot!(format!("{name}_80x24"), shown(script));
        if name != "small" {
            insta::assert_snapshot!(format!("{name}_120x40"), shown(&format!("size 120 40\n{script}")));
        }
    }
}

#[test]
fn the_nine_variables_are_set_by_keys() {
    let (_, saved) = play(&shipped(), Saved::empty(), NINE);
    for (name, expected) in [
        ("conteneur1_name", "wiki"),
        ("conteneur1_url", "library/nginx"),
        ("conteneur1_tag", "1.27"),
        ("conteneur1_repository", "registry.example.org"),
        ("conteneur1_mountpoint_in", "/data"),
        ("conteneur1_mountpoint_out", "/srv/wiki"),
        ("conteneur1_port_in", "80"),
        ("conteneur1_port_out", "8081"),
    ] {
        assert_eq!(text_of(&saved, name), [expected], "{name}");
    }
}

#[test]
fn a_number_of_families_is_followed_at_once_and_taken_back() {
    let more = "goto nombre_conteneur\nenter\ntype 3\nenter\n";
    let families = |script: &str| shown(script).matches("Conteneur-").count();
    assert_eq!(families("screen"), 1);
    assert_eq!(families(&format!("{more}screen")), 3);
    assert_eq!(families(&format!("{more}undo\nscreen")), 1);
    assert_eq!(families(&format!("{more}undo\nredo\nscreen")), 3);
}

#[test]
fn what_is_typed_is_judged_at_each_key_and_left_as_it_was_by_escape() {
    let wrong = shown("goto conteneur1_port_in\nenter\ntype 99999\nscreen");
    assert!(wrong.contains("expected a port from 1 to 65535"), "{wrong}");
    let (_, saved) = play(&shipped(), Saved::empty(), "goto conteneur1_name\nenter\ntype wiki\nescape");
    assert_eq!(saved.get("conteneur1_name"), None);
    // What is of the type and refused by a check is kept only by those who insist.
    let once = "goto conteneur1_name\nenter\ntype a b\nenter\n";
    let (_, saved) = play(&shipped(), Saved::empty(), &format!("{once}escape"));
    assert_eq!(saved.get("conteneur1_name"), None);
    let (_, saved) = play(&shipped(), Saved::empty(), &format!("{once}enter"));
    assert_eq!(text_of(&saved, "conteneur1_name"), ["a b"]);
}

#[test]
fn items_are_added_moved_and_removed_with_their_slaves() {
    let two = "goto conteneur1_port_in\nenter\ntype 80\nenter\nright\nenter\ntype 8081\nenter\n\
               add\ntype 443\nenter\nright\nenter\ntype 8082\nenter\n";
    let ports = |script: &str| {
        let (_, saved) = play(&shipped(), Saved::empty(), script);
        (text_of(&saved, "conteneur1_port_in"), text_of(&saved, "conteneur1_port_out"))
    };
    let of = |one: &[&str]| one.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(ports(two), (of(&["80", "443"]), of(&["8081", "8082"])));
    assert_eq!(ports(&format!("{two}raise")), (of(&["443", "80"]), of(&["8082", "8081"])));
    assert_eq!(ports(&format!("{two}up\nremove")), (of(&["443"]), of(&["8082"])));
    assert_eq!(ports(&format!("{two}up\nremove\nundo")), (of(&["80", "443"]), of(&["8081", "8082"])));
    assert_eq!(ports(&format!("{two}reset")).1, of(&[]), "the slave in whose column one stands");
}

#[test]
fn nothing_typed_steers_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}\u{9b}31m";
    let screen = shown(&format!("goto conteneur1_name\nenter\ntype {evil}\nscreen\nsearch\n"));
    assert!(screen.chars().all(|letter| letter == '\n' || !letter.is_control()), "{screen:?}");
    assert!(!screen.contains('\u{202e}'));
}

#[test]
fn a_script_that_says_nothing_known_is_refused_line_by_line() {
    let wrong = read("up\n\n# a comment\nfly\nsize 1\n").unwrap_err();
    let lines: Vec<usize> = wrong.iter().map(|error| error.line).collect();
    assert_eq!(lines, [4, 5]);
}

#[test]
fn a_secret_is_shown_nowhere() {
    let script = "goto conteneur1_environnement_nom\nenter\ntype CLEF\nenter\nright\nenter\ntype hush-hush\nscreen\nenter\n\
                  screen\ndifferences\nscreen\nescape\nsearch\ntype hush\nscreen\nescape\nhelp\nscreen";
    let script = format!("mode expert\n{script}");
    let (screens, saved) = play(&shipped(), Saved::empty(), &script);
    assert_eq!(text_of(&saved, "conteneur1_environnement_valeur"), ["hush-hush"]);
    assert!(!screens.contains("hush-hush"), "{screens}");
}
