//! The variables of the front door, read one by one.

use std::path::{Component, Path, PathBuf};

use super::{Certificate, Front, FrontProblem, Home, Https, Maintenance, Server};
use crate::diagnostic::{Finding, Findings, alternatives};
use crate::evaluation::Snapshot;
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

/// For whom a certificate is made where the server has no name.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const TEXT: &str = "Cette application est momentanément indisponible. Réessayez dans un instant.";

impl Front {
    /// The front door of `snapshot`, in which [`Front::check`] has found nothing wrong or missing.
    pub fn of(snapshot: &Snapshot) -> Self {
        let (mut wrong, mut missing) = <(Findings, Findings)>::default();
        Reading { snapshot, wrong: &mut wrong, missing: &mut missing }.front()
    }

    /// Finds what is wrong with the front door of `snapshot`, and what is still to be filled in: `names` are those of the
    /// applications that are served.
    pub fn check<'a>(
        snapshot: &Snapshot,
        mut names: impl Iterator<Item = &'a str>,
        wrong: &mut Findings,
        missing: &mut Findings,
    ) {
        let mut reading = Reading { snapshot, wrong, missing };
        if let Home::Application { name } = reading.front().home
            && !names.any(|other| other == name)
        {
            // It may be described next.
            let expected = phrase!("be-application", "the name of an application that has a port");
            let finding = reading.finding("conteneur_accueil_application", name, expected);
            reading.missing.push(finding);
        }
    }
}

struct Reading<'a> {
    snapshot: &'a Snapshot,
    wrong: &'a mut Findings,
    missing: &'a mut Findings,
}

impl Reading<'_> {
    fn front(&mut self) -> Front {
        let names = self.names();
        let server = self.server();
        let protocol = self.word("conteneur_protocole", ["http", "https", "redirection"]);
        let http = (protocol != "https").then(|| self.port("conteneur_port_http", 80));
        let https = (protocol != "http").then(|| self.https(&names));
        Front {
            http,
            https,
            default_server: self.is_on("conteneur_site_par_defaut", true),
            ipv6: self.is_on("conteneur_ipv6", true),
            home: self.home(server),
            maintenance: self.maintenance(server),
            server,
            names,
        }
    }

    fn server(&mut self) -> Server {
        if self.word("proxy", ["nginx", "traefik"]) == "nginx" {
            return Server::Nginx;
        }
        Server::Traefik {
            control: self.port("proxy_port", 8099),
            labels: self.is_on("proxy_etiquettes", false),
        }
    }

    fn names(&self) -> Vec<String> {
        let value = self.snapshot.value("conteneur_nom_serveur");
        let items = value.into_iter().flat_map(Value::items);
        items.filter(|item| !item.is_empty()).map(ToString::to_string).collect()
    }

    fn https(&mut self, names: &[String]) -> Https {
        let certificate = self.certificate(names);
        let is_self_signed = matches!(certificate, Certificate::SelfSigned { .. });
        let hsts = self.number("conteneur_hsts", 0, 0..=63_072_000);
        let sends_it = !is_self_signed || self.is_on("conteneur_hsts_autosigne", false);
        let redirect = self.number("conteneur_redirection_code", 308, 301..=308);
        if ![301, 308].contains(&redirect) {
            self.wrong(
                "conteneur_redirection_code",
                redirect.to_string(),
                phrase!("be-redirect", "301 or 308"),
            );
        }
        Https {
            port: self.port("conteneur_port_https", 443),
            redirect: u16::try_from(redirect).unwrap_or(308),
            http2: self.is_on("conteneur_http2", true),
            hsts: if sends_it { hsts } else { 0 },
            certificate,
        }
    }

    fn certificate(&mut self, names: &[String]) -> Certificate {
        if self.word("conteneur_certificat", ["autosigné", "manuel"]) == "manuel" {
            return Certificate::Files {
                certificate: self.path("conteneur_certificat_fichier"),
                key: self.path("conteneur_certificat_cle"),
            };
        }
        let local = || LOCAL.map(str::to_owned).into();
        Certificate::SelfSigned { names: if names.is_empty() { local() } else { names.to_owned() } }
    }

    fn home(&self, server: Server) -> Home {
        let application = self.text("conteneur_accueil_application");
        if !application.is_empty() {
            return Home::Application { name: application };
        }
        // Traefik has no pages of its own.
        if server != Server::Nginx || !self.is_on("conteneur_accueil", true) {
            return Home::Line;
        }
        let title = self.text("conteneur_accueil_titre");
        Home::Page { title: if title.is_empty() { "Applications".to_owned() } else { title } }
    }

    fn maintenance(&mut self, server: Server) -> Option<Maintenance> {
        if server != Server::Nginx || !self.is_on("conteneur_maintenance", true) {
            return None;
        }
        let text = self.text("conteneur_maintenance_texte");
        Some(Maintenance {
            text: if text.is_empty() { TEXT.to_owned() } else { text },
            retry_after: self.number("conteneur_maintenance_delai", 30, 1..=86_400),
        })
    }

    fn text(&self, name: &str) -> String {
        self.snapshot.value(name).map(ToString::to_string).unwrap_or_default()
    }

    /// One of `words`, of which the first is the default.
    fn word<const N: usize>(&mut self, name: &'static str, words: [&'static str; N]) -> &'static str {
        let text = self.text(name);
        let known =
            words.iter().find(|word| **word == text).or_else(|| words.first().filter(|_| text.is_empty()));
        known.copied().unwrap_or_else(|| {
            self.wrong(name, text, alternatives(words.as_slice()));
            words.first().copied().unwrap_or_default()
        })
    }

    fn is_on(&self, name: &str, default: bool) -> bool {
        let text = self.text(name);
        if text.is_empty() { default } else { text == "oui" }
    }

    fn number(&mut self, name: &'static str, default: u32, within: std::ops::RangeInclusive<u32>) -> u32 {
        let text = self.text(name);
        if text.is_empty() {
            return default;
        }
        let number = text.parse().ok().filter(|number| within.contains(number));
        number.unwrap_or_else(|| {
            self.wrong(
                name,
                text,
                phrase!(
                    "whole-number",
                    "a whole number from {least} to {most}",
                    least = within.start(),
                    most = within.end()
                ),
            );
            default
        })
    }

    fn port(&mut self, name: &'static str, default: u16) -> u16 {
        let text = self.text(name);
        if text.is_empty() {
            return default;
        }
        let port = text.parse().ok().filter(|port| *port > 0);
        port.unwrap_or_else(|| {
            self.wrong(name, text, phrase!("type-port", "a port from 1 to 65535"));
            default
        })
    }

    fn path(&mut self, name: &'static str) -> PathBuf {
        let text = self.text(name);
        let path = Path::new(&text);
        let leads_up = path.components().any(|part| part == Component::ParentDir);
        let is_odd = !path.is_absolute() || leads_up || text.contains(char::is_control);
        let expected = phrase!("be-file-path", "the absolute path of a file");
        if text.is_empty() {
            let finding = self.finding(name, String::new(), expected);
            self.missing.push(finding);
        } else if is_odd {
            self.wrong(name, text.clone(), expected);
        }
        PathBuf::from(text)
    }

    fn wrong(&mut self, variable: &'static str, found: String, expected: Phrase) {
        let finding = self.finding(variable, found, expected);
        self.wrong.push(finding);
    }

    fn finding(&self, variable: &'static str, found: String, expected: Phrase) -> Finding {
        let finding = Finding::new(FrontProblem::BadValue { variable, found, expected });
        match self.snapshot.entry(variable) {
            Some(entry) => finding.at(entry.definition, phrase!("at-defined-here", "defined here")),
            None => finding,
        }
    }
}
