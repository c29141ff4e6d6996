//! `CreoleCat`: what one template makes of the configuration.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply;
use crate::command::{Session, Status};
use crate::compile::Compiled;
use crate::diagnostic::Findings;
use crate::distribution::Distribution;
use crate::render::{Content, render_one};
use crate::template::{Language, TemplateProblem, Templates};

/// Render one template, or one file that is generated, to a file or to standard output
///
/// Passwords are shown.
#[derive(Debug, Args)]
#[command(after_help = "Example: CreoleCat -t conteneur-vars.sh -o /tmp/vars")]
pub(in crate::command) struct CreoleCat {
    /// The name of the template, or of the generated file
    #[arg(short, long, value_name = "TEMPLATE")]
    template: String,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl CreoleCat {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let places = session.options.template_places();
        let templates = Templates::load(session.world, &places, &mut session.sources, &mut session.findings);
        let Some((_, compiled)) = session.compiled() else { return Status::Refused };
        if session.findings.has_errors() || compiled.wrong.has_errors() || compiled.missing.has_errors() {
            session.findings.append(compiled.findings());
            return Status::Refused;
        }
        let distribution = session.distribution(&compiled, Some(&self.template));
        let text = match self.text(&compiled, &templates, &distribution) {
            Ok(text) => text,
            Err(findings) => {
                session.findings.append(findings);
                return Status::Refused;
            }
        };
        match &self.output {
            None => {
                let written = session.out.write_all(text.as_bytes());
                session.end(written)
            }
            Some(path) => match apply::write_file(path, &text) {
                Ok(()) => session.end(Ok(())),
                Err(error) => session.refuse(error),
            },
        }
    }

    fn text(
        &self,
        compiled: &Compiled,
        templates: &Templates,
        distribution: &Distribution<'_>,
    ) -> Result<String, Findings> {
        let wanted = self.template.as_str();
        if distribution.contains(wanted) {
            let mut findings = Findings::default();
            let text = distribution.render(wanted, None, None, &compiled.snapshot, &mut findings);
            return text.ok_or(findings);
        }
        if let Some(name) = template(wanted, templates) {
            let mut findings = Findings::default();
            let text = render_one(name, &compiled.snapshot, &compiled.containers, templates, &mut findings);
            return text.ok_or(findings);
        }
        let rendered = compiled.render(templates, distribution)?;
        let mut files = rendered.files.files.into_iter();
        let is_wanted = |path: &Path| path == Path::new(wanted) || path.file_name() == Some(wanted.as_ref());
        let text = files.find_map(|file| match file.content {
            Content::Text(text) if is_wanted(&file.path) => Some(text),
            _ => None,
        });
        text.ok_or_else(|| missing(wanted))
    }
}

/// The template that somebody means who says `wanted`: its name, its base name, or that without its endings.
pub(super) fn template<'t>(wanted: &str, templates: &'t Templates) -> Option<&'t str> {
    let means = |name: &str| {
        let base = name.rsplit('/').next().unwrap_or(name);
        let stem = Language::of(name).and_then(|language| base.strip_suffix(language.suffix()));
        [Some(name), Some(base), base.strip_suffix(".tera"), stem].contains(&Some(wanted))
    };
    templates.names().find(|name| means(name))
}

/// There is no such template.
pub(super) fn missing(name: &str) -> Findings {
    let mut findings = Findings::default();
    findings.add(TemplateProblem::Missing { name: name.to_owned() });
    findings
}
