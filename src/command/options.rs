//! What every command takes, and the places that follow from it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, ValueEnum};

use crate::dictionary::Place;
use crate::site::{SITES, SiteName};
use crate::words::{Language, given};

/// What every command takes.
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is there or not")]
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Options {
    /// Take this folder for the machine's root, and touch nothing outside of it
    #[arg(long, value_name = "DIR", global = true)]
    pub root: Option<PathBuf>,
    /// Read the dictionaries of this folder too, after all others
    #[arg(long, value_name = "DIR", global = true)]
    pub dicos: Vec<PathBuf>,
    /// Read only the dictionaries that --dicos names
    #[arg(long, global = true)]
    pub no_default_dicos: bool,
    /// Read the dictionaries in each folder of this folder too, as a namespace of the folder's name
    #[arg(long, value_name = "DIR", global = true)]
    pub extras: Vec<PathBuf>,
    /// Let the templates of this folder replace those of the same name
    #[arg(long, value_name = "DIR", global = true)]
    pub templates: Vec<PathBuf>,
    /// The saved values [default: /etc/eole/config.eol]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Act on this site instead of production, such as preprod (see `galerne site`)
    #[arg(long, value_name = "NAME", global = true)]
    pub site: Option<SiteName>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
    /// How results and messages are written
    #[arg(long, value_name = "FORM", default_value = "human", global = true)]
    pub format: Format,
    /// The same as --format json
    #[arg(long, global = true)]
    pub json: bool,
    /// Show long output as it is, not page by page
    #[arg(long, global = true)]
    pub no_pager: bool,
    /// The language of messages, help and the editor [default: that of the environment]
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub lang: Option<Language>,
    /// Say more
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment has `NO_COLOR`; elsewhere if it has `CLICOLOR_FORCE`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How results and messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    Human,
    /// As JSON.
    Json,
}

impl Color {
    /// What the arguments of a command ask for with `--color`, also where they are wrong.
    pub fn of_arguments(arguments: &[OsString]) -> Option<Self> {
        Self::from_str(given(arguments, "--color")?, true).ok()
    }

    /// Whether what goes to a terminal, or elsewhere, is coloured, in an environment with these variables.
    pub fn shows(self, is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let is_on = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is_set("NO_COLOR") => false,
            Self::Auto if is_on("CLICOLOR_FORCE") => true,
            Self::Auto => is_terminal && variable("TERM").is_none_or(|name| name != "dumb"),
        }
    }
}

impl Format {
    /// What the arguments of a command ask for, also where they are wrong.
    pub fn of_arguments(arguments: &[OsString]) -> Self {
        let mut options = arguments.iter().take_while(|argument| *argument != "--");
        match given(arguments, "--format") {
            Some("json") => Self::Json,
            _ if options.any(|argument| argument == "--json") => Self::Json,
            _ => Self::Human,
        }
    }
}

impl Options {
    /// Makes one of what can be said in two ways.
    pub(super) fn settle(&mut self) {
        if self.json {
            self.format = Format::Json;
        }
    }

    /// `path`, which is absolute, below the root.
    pub fn rooted(&self, path: &str) -> PathBuf {
        match &self.root {
            Some(root) => root.join(path.trim_start_matches('/')),
            None => PathBuf::from(path),
        }
    }

    /// The root of the machine.
    pub fn root(&self) -> &Path {
        self.root.as_deref().unwrap_or(Path::new("/"))
    }

    /// Where dictionaries are, in the order in which they are read.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        if !self.no_default_dicos {
            places.push(Place::FolderOrBuiltIn(self.rooted("/usr/share/galerne/dicos")));
            for folder in ["", "/variante", "/local"] {
                let path = format!("/usr/share/eole/creole/dicos{folder}");
                places.push(Place::OptionalFolder(self.rooted(&path)));
            }
        }
        places.extend(self.dicos.iter().cloned().map(Place::Folder));
        if !self.no_default_dicos {
            places.push(Place::Namespaces(self.rooted("/usr/share/eole/creole/extra")));
        }
        places.extend(self.extras.iter().cloned().map(Place::Namespaces));
        places
    }

    /// Where templates are; later ones replace earlier ones of the same name.
    pub fn template_places(&self) -> Vec<PathBuf> {
        let mut places = vec![self.rooted("/usr/share/galerne/templates")];
        places.extend(self.templates.iter().cloned());
        places
    }

    /// Where the templates are of the files that dictionaries name; later ones replace earlier ones of the same name.
    pub fn distribution_places(&self) -> Vec<PathBuf> {
        let folders = ["/usr/share/eole/creole/distrib", "/usr/share/eole/creole/modif"];
        folders.iter().map(|folder| self.rooted(folder)).chain(self.templates.iter().cloned()).collect()
    }

    /// The file with the saved values: of a site, with those of its own.
    pub fn config(&self) -> PathBuf {
        match &self.site {
            Some(site) => self.site_file(site, "config.eol"),
            None => self.production(),
        }
    }

    /// The folder of the sites: beside a file of saved values that was named, else with galerne's own.
    pub fn sites_folder(&self) -> PathBuf {
        match &self.config {
            None => self.rooted(SITES),
            Some(config) => config.with_file_name("sites"),
        }
    }

    /// The folder of a site.
    pub fn site_folder(&self, site: &SiteName) -> PathBuf {
        self.sites_folder().join(site.as_str())
    }

    /// The file of this name of a site.
    pub fn site_file(&self, site: &SiteName, name: &str) -> PathBuf {
        self.site_folder(site).join(name)
    }

    /// The file with the saved values of production.
    pub fn production(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| self.rooted("/etc/eole/config.eol"))
    }

    /// The file whose lock guards the saved values: beside a file that was named, else with galerne's own.
    pub fn config_lock(&self) -> PathBuf {
        match &self.config {
            None => self.rooted("/var/lib/galerne/config.lock"),
            Some(config) => {
                let name = config.file_name().unwrap_or_default().to_string_lossy();
                config.with_file_name(format!(".{name}.lock"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_option_then_the_environment_then_the_terminal() {
        let shows = |color: Color, terminal, pairs: &[(&str, &str)]| {
            color.shows(terminal, |name| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
            })
        };
        assert!(shows(Color::Auto, true, &[]) && !shows(Color::Auto, false, &[]));
        assert!(shows(Color::Always, false, &[("NO_COLOR", "1")]));
        assert!(!shows(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
        assert!(shows(Color::Auto, true, &[("NO_COLOR", "")]), "empty is not there");
        assert!(!shows(Color::Auto, true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(shows(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!shows(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!shows(Color::Auto, true, &[("TERM", "dumb")]));
    }

    #[test]
    fn the_colours_of_a_wrong_call_are_those_it_asks_for() {
        let of = |arguments: &[&str]| {
            Color::of_arguments(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
        };
        assert_eq!(of(&["galerne", "--colour", "--color", "never"]), Some(Color::Never));
        assert_eq!(of(&["galerne", "gte", "--color=always"]), Some(Color::Always));
        assert_eq!(of(&["galerne", "--color", "blue"]), None);
    }
}
