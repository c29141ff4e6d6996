//! Snapshot and templates to a set of files, and the set compared with what the disk holds.
//!
//! In: an evaluated configuration, its containers and the templates. Out: the files and the run specs, or
//! findings on the templates. The invariant: all is rendered before anything is compared or written, and a file
//! whose template failed is not in the set. No secret leaves by a difference.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostic::{Finding, Findings};
use crate::distribution::Distribution;
use crate::evaluation::Snapshot;
use crate::front::{Certificate, Front, Home, Server};
use crate::manifest::{self, ManifestFile};
use crate::nodes::{Node, Nodes};
use crate::phrase;
use crate::run_spec::{Container, ContainerName, RunSpec, RunSpecProblem, User, read};
use crate::schema::System;
use crate::template::{Language, Scope, Secrets, Templates};

mod change;
mod diff;
mod file_set;
mod header;
mod package;
mod problem;
mod service;
mod system;
mod traefik;
mod view;

pub use change::{ChangeKind, FileChange, compare};
pub use diff::diff;
pub use file_set::{Content, FileSet, GeneratedFile, Ownership, Reader, Validator};
pub use package::{PackageName, packages};
pub use problem::RenderProblem;
pub use service::{Service, ServiceName};
pub use system::templates;
pub use view::{front as front_view, of as view};

/// Where run specs are kept.
pub const RUN_SPECS: &str = "/var/lib/galerne/run";
/// Where the manifests of each application on Kubernetes are.
pub const MANIFESTS: &str = "/var/lib/galerne/manifests";
/// Where each container's location is.
pub const LOCATIONS: &str = "/etc/nginx/conteneur.d";
/// The web server's site.
pub const SITE: &str = "/etc/nginx/sites-available/conteneur.conf";
/// The link that makes the web server read its site.
pub const SITE_LINK: &str = "/etc/nginx/sites-enabled/conteneur.conf";
/// The variables of the containers, for shells.
pub const VARIABLES: &str = "/etc/eole/conteneur-vars.conf";

/// The page at `/`, in each language that it is in.
pub const HOME_PAGES: [(&str, &str); 2] =
    [("fr", "/var/lib/galerne/pages/index.html"), ("en", "/var/lib/galerne/pages/index.en.html")];
/// The page for an application that cannot be reached.
pub const MAINTENANCE_PAGE: &str = "/var/lib/galerne/pages/maintenance.html";

const SITE_TEMPLATE: &str = "nginx/conteneur.conf.tera";
const LOCATION_TEMPLATE: &str = "nginx/location.conf.tera";
const BALANCE_TEMPLATE: &str = "nginx/balance.conf.tera";
const RATE_TEMPLATE: &str = "nginx/rate.conf.tera";
const VARIABLES_TEMPLATE: &str = "eole/conteneur-vars.sh.tera";
const HOME_TEMPLATE: &str = "pages/index.html.tera";
const MAINTENANCE_TEMPLATE: &str = "pages/maintenance.html.tera";

/// What a configuration amounts to.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The files.
    pub files: FileSet,
    /// How each container is to run, in the order of the containers.
    pub specs: Vec<RunSpec>,
    /// How the nodes of the cluster are to stand.
    pub nodes: Vec<Node>,
    /// The services of the machine.
    pub services: Vec<Service>,
    /// What nginx reads to hand requests to the copies of an application, but for their addresses.
    pub balances: BTreeMap<ContainerName, String>,
    /// What must not be shown of them.
    pub secrets: Secrets,
    /// What the files name and only a machine can have.
    pub needed: Needed,
}

/// Files that are not rendered, as they differ from machine to machine: keys, certificates, hashes of passwords.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    /// The certificate of the web server.
    pub certificate: Option<Certificate>,
    /// The users of each container that has some.
    pub users: Vec<(ContainerName, Vec<User>)>,
    /// Whether it is Traefik that reads them.
    pub for_traefik: bool,
}

/// Renders everything that `containers` of `snapshot` need. All that fails is found; then the result is not whole
/// and must not be applied.
pub fn render(
    system: &System,
    snapshot: &Snapshot,
    containers: &[Container],
    sources: Sources<'_>,
    findings: &mut Findings,
) -> Rendered {
    let Sources { templates, distribution } = sources;
    let front = Front::of(snapshot);
    let needed = Needed {
        for_traefik: front.server != Server::Nginx,
        certificate: front.https.as_ref().map(|https| https.certificate.clone()),
        users: containers.iter().filter(|one| one.upstream().is_some()).filter_map(users).collect(),
    };
    let mut rendering = Rendering {
        snapshot,
        front: &front,
        front_view: view::front(&front),
        templates: &templates.knowing(snapshot),
        findings,
        rendered: Rendered { secrets: Secrets::of(snapshot), needed, ..Rendered::default() },
    };
    rendering.shared(containers);
    for container in containers {
        rendering.container(container);
    }
    let Rendering { mut rendered, findings, .. } = rendering;
    system::render(system, snapshot, distribution, &mut rendered.files, findings);
    let (services, nameless) = service::services(system, snapshot);
    for entry in nameless {
        let problem = RenderProblem::BadService { name: entry.name().to_owned() };
        findings.push(Finding::new(problem).at(entry.text.span, phrase!("at-here", "here")));
    }
    rendered.services = services;
    rendered.nodes = Nodes::of(snapshot).all;
    rendered
}

/// Where templates come from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// galerne's own and the site's.
    pub templates: &'a Templates,
    /// Those of the files that dictionaries name.
    pub distribution: &'a Distribution<'a>,
}

/// Renders the one template `name` as it would be for all containers; `None` if something was found.
pub fn render_one(
    name: &str,
    snapshot: &Snapshot,
    containers: &[Container],
    templates: &Templates,
    findings: &mut Findings,
) -> Option<String> {
    let views: Vec<_> = containers.iter().map(view::of).collect();
    let front = view::front_in(&Front::of(snapshot), HOME_PAGES[0].0);
    let scope = Scope::of(snapshot).with("containers", &views).with("front", &front);
    templates.knowing(snapshot).render(name, &scope, findings)
}

fn users(container: &Container) -> Option<(ContainerName, Vec<User>)> {
    let users = &container.door.users;
    (!users.is_empty()).then(|| (container.name.clone(), users.clone()))
}

/// A rendering under way.
struct Rendering<'a> {
    snapshot: &'a Snapshot,
    front: &'a Front,
    front_view: serde_json::Value,
    templates: &'a Templates,
    findings: &'a mut Findings,
    rendered: Rendered,
}

impl Rendering<'_> {
    /// The files that serve all containers.
    fn shared(&mut self, containers: &[Container]) {
        let views: Vec<_> = containers.iter().map(view::of).collect();
        let scope = Scope::of(self.snapshot).with("containers", &views).with("front", &self.front_view);
        self.text(VARIABLES_TEMPLATE, VARIABLES.into(), &scope, None, Reader::Anyone);
        if self.front.server != Server::Nginx {
            return self.shared_of_traefik();
        }
        self.text(SITE_TEMPLATE, SITE.into(), &scope, None, Reader::Nginx);
        self.rendered.files.files.push(GeneratedFile {
            mode: 0o777,
            reader: Reader::Nginx,
            ..GeneratedFile::new(SITE_LINK, Content::Link(SITE.into()))
        });
        if let Home::Page { .. } = self.front.home {
            for (language, path) in HOME_PAGES {
                let front = view::front_in(self.front, language);
                let scope = scope.clone().with("front", &front);
                self.text(HOME_TEMPLATE, path.into(), &scope, None, Reader::Anyone);
            }
        }
        if self.front.maintenance.is_some() {
            self.text(MAINTENANCE_TEMPLATE, MAINTENANCE_PAGE.into(), &scope, None, Reader::Anyone);
        }
    }

    /// The files of one container.
    fn container(&mut self, container: &Container) {
        let view = view::labelled(container, self.front);
        let scope = Scope::of(self.snapshot).with("container", &view).with("front", &self.front_view);
        if self.front.server != Server::Nginx {
            self.application_of_traefik(container);
            return self.spec(container, &scope);
        }
        if container.upstream().is_some() && container.door.rate.is_some() {
            let path = format!("{LOCATIONS}/{}.rate", container.name).into();
            self.text(RATE_TEMPLATE, path, &scope, Some(container), Reader::Nginx);
        }
        if container.upstream().is_some() {
            let path = format!("{LOCATIONS}/{}.conf", container.name).into();
            self.text(LOCATION_TEMPLATE, path, &scope, Some(container), Reader::Nginx);
        }
        if container.upstream().is_some() && container.cluster.is_some() {
            self.balance(container, &scope);
        }
        self.spec(container, &scope);
    }

    /// What is completed when the copies run, and is no file of the set until then.
    fn balance(&mut self, container: &Container, scope: &Scope) {
        if let Some(text) = self.templates.render(BALANCE_TEMPLATE, scope, self.findings) {
            let text = header(BALANCE_TEMPLATE) + &text;
            self.rendered.balances.insert(container.name.clone(), text);
        }
    }

    /// Renders a text and says at its top where it comes from.
    fn text(
        &mut self,
        template: &str,
        path: PathBuf,
        scope: &Scope,
        container: Option<&Container>,
        reader: Reader,
    ) {
        let Some(text) = self.templates.render(template, scope, self.findings) else {
            return;
        };
        self.rendered.files.files.push(GeneratedFile {
            container: container.map(|container| container.name.clone()),
            reader,
            ..GeneratedFile::new(path, Content::Text(header(template) + &text))
        });
    }

    fn spec(&mut self, container: &Container, scope: &Scope) {
        let template = format!("run/{}.json.tera", container.technology.name());
        let Some(text) = self.templates.render(&template, scope, self.findings) else {
            return;
        };
        let read = read(&text, &template, container).and_then(|spec| {
            let pretty = serde_json::to_string_pretty(&spec);
            let pretty = pretty.map_err(|error| vec![unreadable(&template, container, error.to_string())])?;
            Ok((spec, pretty))
        });
        match read {
            Ok((spec, text)) => {
                self.manifests(&spec, container);
                self.keep(spec, text + "\n");
            }
            Err(problems) => self.refuse(problems, &template, container),
        }
    }

    /// The objects that an application on Kubernetes is, as files that can be applied or kept in git.
    fn manifests(&mut self, spec: &RunSpec, container: &Container) {
        let files = manifest::files(spec);
        if files.is_empty() {
            return;
        }
        for file in &files {
            match file.yaml() {
                Ok(yaml) => self.manifest(file, &yaml, spec),
                Err(error) => {
                    let reason = self.rendered.secrets.hide(&error.to_string());
                    let problem = unreadable(&file.path, container, reason);
                    self.findings.push(
                        Finding::new(problem)
                            .at(container.definition, phrase!("at-defined-here", "defined here")),
                    );
                }
            }
        }
        let ignored = files.iter().filter(|file| file.is_secret).map(|file| format!("/{}\n", file.path));
        self.manifest_file(".gitignore", ignored.collect(), spec, false);
    }

    fn manifest(&mut self, file: &ManifestFile, yaml: &str, spec: &RunSpec) {
        let text = format!("# Generated by galerne: changes made here are lost.\n{yaml}");
        self.manifest_file(&file.path, text, spec, file.is_secret);
    }

    fn manifest_file(&mut self, path: &str, text: String, spec: &RunSpec, is_secret: bool) {
        self.rendered.files.files.push(GeneratedFile {
            mode: if is_secret { 0o600 } else { 0o644 },
            container: Some(spec.name.clone()),
            ..GeneratedFile::new(format!("{MANIFESTS}/{}/{path}", spec.name), Content::Text(text))
        });
    }

    fn keep(&mut self, spec: RunSpec, text: String) {
        self.rendered.files.files.push(GeneratedFile {
            mode: 0o600,
            container: Some(spec.name.clone()),
            ..GeneratedFile::new(format!("{RUN_SPECS}/{}.json", spec.name), Content::Text(text))
        });
        self.rendered.specs.push(spec);
    }

    fn refuse(&mut self, problems: Vec<RunSpecProblem>, template: &str, container: &Container) {
        for problem in problems {
            let problem = match problem {
                RunSpecProblem::Unreadable { message, .. } => {
                    unreadable(template, container, self.rendered.secrets.hide(&message))
                }
                other => other,
            };
            let mut finding = Finding::new(problem);
            if let Some(span) = self.templates.start_of(template) {
                finding =
                    finding.at(span, phrase!("at-this-template-rendered-it", "this template rendered it"));
            }
            self.findings.push(finding.related(
                container.definition,
                phrase!("at-the-container-is-defined-here", "the container is defined here"),
            ));
        }
    }
}

/// What a text says at its top.
fn header(template: &str) -> String {
    let words = format!("Generated by galerne from {template}: changes made here are lost.");
    match Language::of(template) {
        Some(Language::Html) => format!("<!-- {words} -->\n"),
        _ => format!("# {words}\n"),
    }
}

fn unreadable(template: &str, container: &Container, message: String) -> RunSpecProblem {
    RunSpecProblem::Unreadable {
        template: template.to_owned(),
        container: container.name.to_string(),
        message,
    }
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
