//! The templates of the files that dictionaries name: EOLE's `distrib`, and what overrides it.
//!
//! In: the folders, in their order; what a file says of its template; the snapshot. Out: the text of the file, or findings on the
//! template. The invariant: a template that a later folder has replaces the whole one of an earlier folder, and no name
//! leads out of them. A value with a line end or another control character is refused, as it would be read as more than a value.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings};
use crate::evaluation::Snapshot;
use crate::percent;
use crate::source::{FileId, Sources, Span, World, read_text};
use crate::template::{Scope, TemplateProblem, Templates};

mod sight;

use crate::phrase;
use sight::{Masters, Sight};

/// The language of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateLanguage {
    /// EOLE's, with `%` and `%%`.
    Percent,
    /// Tera's.
    Tera,
    /// None: the text is the file.
    Plain,
}

impl TemplateLanguage {
    /// The words for them in a dictionary.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("creole", Self::Percent),
        ("cheetah", Self::Percent),
        ("tera", Self::Tera),
        ("jinja", Self::Tera),
        ("none", Self::Plain),
    ];

    /// The language of the template `name`, by its name or what stands in it. EOLE's wins where both could be meant: a brace is at
    /// home in many files, two percent signs before a name are not.
    pub fn guess(name: &str, text: &str) -> Self {
        if Path::new(name).extension().is_some_and(|extension| extension == "tera") {
            return Self::Tera;
        }
        let is_directive = |line: &str| {
            let word = line.trim_start().strip_prefix('%');
            word.is_some_and(|rest| {
                rest.starts_with(|first: char| first.is_ascii_lowercase() || first == '#')
            })
        };
        let is_placeholder = |rest: &str| {
            rest.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '{')
        };
        let statement = |rest: &str| {
            let word = rest.trim_start_matches('-').trim_start();
            ["if ", "for ", "set ", "include ", "raw", "block ", "macro ", "import "]
                .iter()
                .any(|begins| word.starts_with(begins))
        };
        let goes_on = |line: &str| line.trim_end().ends_with("%slurp");
        if text.lines().any(|line| is_directive(line) || goes_on(line))
            || text.split("%%").skip(1).any(is_placeholder)
        {
            Self::Percent
        } else if text.split("{%").skip(1).any(statement) {
            Self::Tera
        } else {
            Self::Plain
        }
    }
}

/// One template.
#[derive(Debug, Clone)]
struct Text {
    file: FileId,
    text: Arc<str>,
}

/// The templates of the files that dictionaries name.
pub struct Distribution<'w> {
    world: &'w dyn World,
    root: PathBuf,
    instanciated: bool,
    texts: BTreeMap<String, Text>,
}

impl<'w> Distribution<'w> {
    /// No templates, on the machine below `root`.
    pub fn new(world: &'w dyn World, root: &Path, instanciated: bool) -> Self {
        Self { world, root: root.to_owned(), instanciated, texts: BTreeMap::new() }
    }

    /// Reads the templates `names` from `places`, of which later ones win, and all that they may include.
    pub fn read(
        &mut self,
        places: &[PathBuf],
        names: &BTreeSet<String>,
        sources: &mut Sources,
        findings: &mut Findings,
    ) {
        for name in names {
            self.read_one(places, name, sources, findings);
        }
        // Which ones are included is known only once they are rendered.
        if self.texts.values().any(|template| template.text.contains("%include")) {
            let files: Vec<PathBuf> =
                places.iter().flat_map(|place| self.world.list(place).unwrap_or_default()).collect();
            for file in files {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if !self.texts.contains_key(name) {
                    // One that is no text matters only to who includes it.
                    self.read_one(places, &name.to_owned(), sources, &mut Findings::default());
                }
            }
        }
    }

    fn read_one(
        &mut self,
        places: &[PathBuf],
        name: &String,
        sources: &mut Sources,
        findings: &mut Findings,
    ) {
        for place in places.iter().rev() {
            let path = place.join(name);
            match read_text(self.world, &path, sources) {
                Ok(file) => {
                    let text = sources.get(file).map(|source| source.text.clone()).unwrap_or_default();
                    self.texts.insert(name.clone(), Text { file, text });
                    return;
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return findings.add(TemplateProblem::unreadable(&path, &error)),
            }
        }
    }

    /// Whether there is a template `name`.
    pub fn contains(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// Where the template `name` begins; `None` if there is none.
    pub fn start_of(&self, name: &str) -> Option<Span> {
        self.texts.get(name).map(|template| Span::new(template.file, 0, 0))
    }

    /// What the template `name` makes of `snapshot`, the lines left out that begin with `comment`; `None` if something was
    /// found. Without a `language`, it is guessed.
    pub fn render(
        &self,
        name: &str,
        language: Option<TemplateLanguage>,
        comment: Option<&str>,
        snapshot: &Snapshot,
        findings: &mut Findings,
    ) -> Option<String> {
        let Some(Text { file, text }) = self.texts.get(name).cloned() else {
            findings.add(TemplateProblem::Missing { name: name.to_owned() });
            return None;
        };
        let language = language.unwrap_or_else(|| TemplateLanguage::guess(name, &text));
        let blanked = comment.filter(|comment| !comment.is_empty()).map(|comment| blank(&text, comment));
        let text = blanked.as_deref().unwrap_or(&text);
        let rendered = match language {
            TemplateLanguage::Plain => Some(text.to_owned()),
            TemplateLanguage::Percent => self.percent(text, file, snapshot, findings),
            TemplateLanguage::Tera => Templates::of_one(name, file, text, findings).and_then(|templates| {
                templates.knowing(snapshot).render(name, &Scope::of(snapshot), findings)
            }),
        };
        let rendered = rendered?;
        Some(if blanked.is_some() { without_blanks(&rendered) } else { rendered })
    }

    fn percent(
        &self,
        text: &str,
        file: FileId,
        snapshot: &Snapshot,
        findings: &mut Findings,
    ) -> Option<String> {
        let document = percent::parse(text, file, findings)?;
        let masters = Masters::of(snapshot);
        let sight = Sight::new(self, snapshot, &masters);
        let rendered = percent::render(&document, &sight, findings);
        let unfit = sight.unfit();
        for (name, definition) in &unfit {
            let problem = TemplateProblem::ControlCharacter { variable: name.clone() };
            let finding = Finding::new(problem)
                .at(Span::new(file, 0, 0), phrase!("at-this-template-uses-it", "this template uses it"));
            findings.push(finding.related(
                *definition,
                phrase!("at-name-defined-here", "`{name}` is defined here", name = name),
            ));
        }
        rendered.filter(|_| unfit.is_empty())
    }
}

/// What stands in the place of a line that is left out: as long as the line, so that every place stays where it is.
const BLANK: char = '\0';

/// `text` with the lines blanked that begin with `comment`.
fn blank(text: &str, comment: &str) -> String {
    let mut blanked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        if content.trim_start().starts_with(comment) {
            blanked.extend(std::iter::repeat_n(BLANK, content.len()));
            blanked.push_str(&line[content.len()..]);
        } else {
            blanked.push_str(line);
        }
    }
    blanked
}

fn without_blanks(text: &str) -> String {
    let blank = |line: &&str| {
        let content = line.trim_end_matches('\n');
        content.is_empty() || !content.chars().all(|letter| letter == BLANK)
    };
    text.split_inclusive('\n').filter(blank).collect()
}

#[cfg(test)]
mod tests;
