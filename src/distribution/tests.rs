use serde_json::json;

use super::*;
use crate::source::Memory;
use crate::template::sample;

/// What the template `name` of the first folder makes of a few variables.
fn rendered(
    name: &str,
    language: Option<TemplateLanguage>,
    files: &[(&str, &str)],
) -> (Option<String>, Findings) {
    let world: Memory = files.iter().copied().collect();
    let mut distribution = Distribution::new(&world, Path::new("/"), false);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let places = ["/distrib".into(), "/modif".into()];
    distribution.read(&places, &BTreeSet::from([name.to_owned()]), &mut sources, &mut findings);
    let snapshot = sample::snapshot(&json!({"nom": "scribe", "vide": null, "liste": ["a", "b"]}));
    let text = distribution.render(name, language, None, &snapshot, &mut findings);
    (text, findings)
}

fn text(template: &str) -> Option<String> {
    rendered("a", None, &[("/distrib/a", template)]).0
}

#[test]
fn the_language_is_what_stands_in_the_template() {
    assert_eq!(text("%%nom\n").as_deref(), Some("scribe\n"));
    assert_eq!(text("%for %%x in %%liste\n%%x\n%end for\n").as_deref(), Some("a\nb\n"));
    assert_eq!(text("{% for x in liste %}{{ x }}{% endfor %}").as_deref(), Some("ab"));
    for plain in ["LogFormat \"%h %p\"\n", "${nom} {{ nom }}\n", "100%\n"] {
        assert_eq!(text(plain).as_deref(), Some(plain));
    }
}

#[test]
fn the_language_can_be_said() {
    let files = [("/distrib/a", "%%nom {{ nom }}")];
    let text = |language| rendered("a", Some(language), &files).0;
    assert_eq!(text(TemplateLanguage::Percent).as_deref(), Some("scribe {{ nom }}"));
    assert_eq!(text(TemplateLanguage::Tera).as_deref(), Some("%%nom scribe"));
    assert_eq!(text(TemplateLanguage::Plain).as_deref(), Some("%%nom {{ nom }}"));
}

#[test]
fn a_later_folder_wins_and_an_include_is_found_there_too() {
    let files = [("/distrib/a", "theirs"), ("/modif/a", "%include \"b\"\nours\n"), ("/distrib/b", "%%nom\n")];
    assert_eq!(rendered("a", None, &files).0.as_deref(), Some("scribe\nours\n"));
}

#[test]
fn what_a_template_lacks_is_found_in_it() {
    let (text, findings) = rendered("a", None, &[("/distrib/a", "%%nomm\n")]);
    assert_eq!((text, findings.codes()), (None, vec!["percent::unknown_variable".to_owned()]));
    let (text, findings) = rendered("a", None, &[("/distrib/a.txt", "")]);
    assert_eq!((text, findings.codes()), (None, vec!["template::missing".to_owned()]));
}
