use serde_json::json;

use super::sample::snapshot;
use super::*;
use crate::evaluation::Snapshot;
use crate::source::Memory;

/// Renders `text` as the site's template `name`.
fn render(name: &str, text: &str, snapshot: &Snapshot) -> (Option<String>, Findings, Sources) {
    let world = Memory::from_iter([(format!("/site/{name}"), text)]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let templates = Templates::load(&world, &["/site".into()], &mut sources, &mut findings);
    let rendered = templates.knowing(snapshot).render(name, &Scope::of(snapshot), &mut findings);
    (rendered, findings, sources)
}

fn position(findings: &Findings, sources: &Sources) -> Option<(usize, usize)> {
    let at = findings.iter().next()?.at.as_ref()?;
    sources.position(at.span)
}

#[test]
fn a_site_s_template_wins_over_the_built_in_one() {
    let (text, findings, _) = render("nginx/location.conf.tera", "mine\n", &Snapshot::default());
    assert_eq!(text.as_deref(), Some("mine\n"));
    assert!(findings.is_empty());
}

#[test]
fn a_template_that_is_nowhere_is_missed() {
    let templates =
        Templates::load(&Memory::default(), &[], &mut Sources::default(), &mut Findings::default());
    let (snapshot, mut findings) = (Snapshot::default(), Findings::default());
    assert_eq!(templates.render("run/nowhere.json.tera", &Scope::of(&snapshot), &mut findings), None);
    assert_eq!(findings.codes(), ["template::missing"]);
}

#[test]
fn an_undefined_variable_is_found_at_its_place_with_the_near_one() {
    let known = snapshot(&json!({"conteneur_port_http": 80}));
    let (text, findings, sources) = render("nginx/a.conf.tera", "a;\nb {{ conteneur_port_htp }};", &known);
    assert_eq!(text, None);
    assert_eq!(findings.codes(), ["template::undefined_variable"]);
    assert_eq!(position(&findings, &sources), Some((2, 6)));
    let problem = &findings.iter().next().unwrap().problem;
    assert_eq!(problem.help().unwrap().to_string(), "write `conteneur_port_http`");
}

#[test]
fn a_disabled_variable_is_called_disabled() {
    let known = snapshot(&json!({"secret_path": {"value": "/x", "disabled": true}}));
    for text in ["{{ secret_path }}", "{{ secret_path | upper }}"] {
        let (text, findings, _) = render("nginx/a.conf.tera", text, &known);
        assert_eq!(text, None);
        assert_eq!(findings.codes(), ["template::disabled_variable"]);
    }
}

#[test]
fn a_broken_template_is_found_and_the_others_still_serve() {
    let world = Memory::from_iter([
        ("/site/nginx/a.conf.tera", "{% if %}"),
        ("/site/nginx/b.conf.tera", "x\n  {{ 1 | nothing }}"),
        ("/site/nginx/c.conf.tera", "{% for x in y %}"),
        ("/site/nginx/d.conf.tera", "good"),
        ("/site/nginx/e.tera", "no language"),
    ]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let templates = Templates::load(&world, &["/site".into()], &mut sources, &mut findings);
    let mut codes = findings.codes();
    codes.sort();
    let syntax = "template::syntax";
    assert_eq!(codes, [syntax, syntax, syntax, "template::unknown_language"]);
    assert!(findings.iter().all(|finding| finding.at.is_some()));
    let scope = Snapshot::default();
    let scope = Scope::of(&scope);
    let good = templates.render("nginx/d.conf.tera", &scope, &mut findings);
    assert_eq!(good.as_deref(), Some("good"));
}

#[test]
fn a_value_that_nginx_would_read_is_refused_with_variable_and_line() {
    let known = snapshot(&json!({"size": "1m; deny all"}));
    let template = "server {\n  limit {{ size }};\n}";
    let (text, findings, sources) = render("nginx/a.conf.tera", template, &known);
    assert_eq!(text, None);
    assert_eq!(findings.codes(), ["template::unsafe_value"]);
    assert_eq!(position(&findings, &sources), Some((2, 1)));
    let finding = findings.iter().next().unwrap();
    assert!(finding.problem.to_string().contains("`size`"));
    assert_eq!(finding.related.len(), 1);
}

#[test]
fn filters_that_let_a_value_through_are_refused() {
    let known = snapshot(&json!({"x": "; deny all"}));
    for filter in ["safe", "escape_html", "escape_xml", "newlines_to_br"] {
        let template = format!("{{{{ x | {filter} }}}}");
        let (text, findings, _) = render("nginx/a.conf.tera", &template, &known);
        assert_eq!(text, None, "{filter}");
        assert_eq!(findings.codes(), ["template::failed"], "{filter}");
    }
}

#[test]
fn a_value_stays_in_its_json_string() {
    let hostile = "a\"b\\c\n\u{1}}${x}{{";
    let known = snapshot(&json!({"x": hostile, "n": 5}));
    let template = "{\"a\": \"<{{ x }}>\", \"b\": {{ x | json }}, \"n\": {{ n }}}";
    let (text, findings, _) = render("run/a.json.tera", template, &known);
    assert!(findings.is_empty());
    let value: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert_eq!(value, json!({"a": format!("<{hostile}>"), "b": hostile, "n": 5}));
}

#[test]
fn a_value_outside_of_quotes_is_refused_in_json() {
    let known = snapshot(&json!({"x": "1, \"y\": 2", "q": "\", \"y\": \""}));
    for template in ["{\"a\": {{ x }}}", "{\"a\": \"\\{{ q }}\"}"] {
        let (text, findings, _) = render("run/a.json.tera", template, &known);
        assert_eq!(text, None, "{template}");
        assert_eq!(findings.codes(), ["template::unsafe_value"], "{template}");
    }
}

#[test]
fn a_shell_s_word_is_quoted() {
    let known = snapshot(&json!({"x": "it's $(x) `y` \\ \"", "none": null, "line": "a\nb"}));
    let (text, findings, _) = render("eole/a.sh.tera", "A={{ x | sh }} B={{ none | sh }}", &known);
    assert!(findings.is_empty());
    assert_eq!(text.unwrap(), "A='it'\\''s $(x) `y` \\ \"' B=''");
    for template in ["A={{ x }}", "A={{ line | sh }}"] {
        let (text, findings, _) = render("eole/a.sh.tera", template, &known);
        assert_eq!(text, None, "{template}");
        assert_eq!(findings.errors(), 1, "{template}");
    }
}

#[test]
fn no_secret_is_in_a_message() {
    let known = snapshot(&json!({"p": {"type": "password", "value": "hunter2; x"}}));
    for template in ["{{ p }}", "{{ p | int }}", "{{ p | round }}", "{{ [p] | first | abs }}"] {
        let (text, findings, sources) = render("nginx/a.conf.tera", template, &known);
        assert_eq!(text, None, "{template}");
        let shown = crate::diagnostic::human(&findings, &sources, false, &crate::words::Words::default());
        assert!(!findings.is_empty() && !shown.contains("hunter2"), "{shown}");
    }
}
