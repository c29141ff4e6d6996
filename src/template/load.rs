//! Reading the templates of all places, and compiling them by language.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use tera::Tera;

use super::{Language, Template, TemplateProblem, builtin, escape, failure};
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::{Sources, Span, World, read_text};

/// Every template by its relative name: galerne's own, then what `places` put over them.
pub(super) fn texts(
    world: &dyn World,
    places: &[PathBuf],
    sources: &mut Sources,
    findings: &mut Findings,
) -> BTreeMap<String, Template> {
    let mut texts = BTreeMap::new();
    for (name, text) in builtin::TEMPLATES {
        let file = sources.add(format!("templates/{name}"), text);
        texts.insert(name.to_owned(), Template { file, text: text.into() });
    }
    for place in places {
        for folder in builtin::FOLDERS {
            read_folder(world, &place.join(folder), folder, sources, &mut texts, findings);
        }
    }
    texts
}

fn read_folder(
    world: &dyn World,
    path: &std::path::Path,
    folder: &str,
    sources: &mut Sources,
    texts: &mut BTreeMap<String, Template>,
    findings: &mut Findings,
) {
    let files = match world.list(path) {
        Ok(files) => files,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => return findings.add(TemplateProblem::unreadable(path, &error)),
    };
    for file in files {
        let Some(base) = file.file_name().and_then(|base| base.to_str()) else {
            continue;
        };
        if file.extension().is_none_or(|extension| extension != "tera") {
            continue;
        }
        match read_text(world, &file, sources) {
            Err(error) => findings.add(TemplateProblem::unreadable(&file, &error)),
            Ok(id) if Language::of(base).is_none() => {
                let problem = TemplateProblem::UnknownLanguage { name: base.to_owned() };
                findings.push(
                    Finding::new(problem)
                        .at(Span::new(id, 0, 0), phrase!("at-in-this-template", "in this template")),
                );
            }
            Ok(id) => {
                let text = sources.get(id).map(|source| source.text.clone());
                let text = text.unwrap_or_default();
                texts.insert(format!("{folder}/{base}"), Template { file: id, text });
            }
        }
    }
}

/// Compiles the templates of one language; what does not compile is found and left out.
pub(super) fn compile(
    language: Language,
    texts: &BTreeMap<String, Template>,
    findings: &mut Findings,
) -> Tera {
    let mut engine = engine(language);
    let mut left: BTreeMap<&str, &str> = texts
        .iter()
        .filter(|(name, _)| language == Language::Lines || Language::of(name) == Some(language))
        .map(|(name, template)| (name.as_str(), &*template.text))
        .collect();
    while let Err(error) = engine.add_raw_templates(left.iter().map(|(name, text)| (*name, *text))) {
        let guilty = failure::report_build(&error, texts, findings);
        let before = left.len();
        left.retain(|name, _| !guilty.iter().any(|bad| bad == name));
        if left.len() == before {
            break;
        }
    }
    engine
}

/// Tera with the escape function and the filters of `language`.
fn engine(language: Language) -> Tera {
    let mut engine = Tera::new();
    engine.set_escape_fn(language.escape());
    engine.autoescape_on([".tera"]);
    for name in ["safe", "escape_html", "escape_xml", "newlines_to_br"] {
        engine.register_filter(name, escape::refused_filter);
    }
    match language {
        Language::Json => engine.register_filter("json", escape::json_filter),
        Language::Shell => engine.register_filter("sh", escape::shell_filter),
        Language::Nginx | Language::Html | Language::Lines => {}
    }
    engine
}
