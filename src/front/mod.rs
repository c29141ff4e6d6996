//! The front door: over which protocols, with which certificate and with which pages of its own the server answers.
//!
//! In: a snapshot. Out: a [`Front`], or findings. The invariant: what a dictionary does not define has the default
//! that `dicos/12_frontal.xml` states, which is HTTP alone. It refuses words, numbers and paths that have no meaning.

use std::path::{Path, PathBuf};

mod problem;
mod read;

pub use problem::FrontProblem;

/// The variables that are read here.
pub const VARIABLES: [&str; 22] = [
    "conteneur_accueil",
    "conteneur_accueil_application",
    "conteneur_accueil_titre",
    "conteneur_certificat",
    "conteneur_certificat_cle",
    "conteneur_certificat_fichier",
    "conteneur_hsts",
    "conteneur_hsts_autosigne",
    "conteneur_http2",
    "conteneur_ipv6",
    "conteneur_maintenance",
    "conteneur_maintenance_delai",
    "conteneur_maintenance_texte",
    "conteneur_nom_serveur",
    "conteneur_port_http",
    "conteneur_port_https",
    "conteneur_protocole",
    "conteneur_redirection_code",
    "conteneur_site_par_defaut",
    "proxy",
    "proxy_etiquettes",
    "proxy_port",
];

/// The certificate that is made here.
pub const CERTIFICATE: &str = "/var/lib/galerne/tls/certificate.pem";
/// Its key.
pub const KEY: &str = "/var/lib/galerne/tls/key.pem";

/// How the web server receives who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// The program that is the door.
    pub server: Server,
    /// The names to which it answers; all if there are none.
    pub names: Vec<String>,
    /// The port of HTTP; with HTTPS too, it only sends on.
    pub http: Option<u16>,
    /// HTTPS, if it is spoken.
    pub https: Option<Https>,
    /// Whether it answers to names that no other site has.
    pub default_server: bool,
    /// Whether it listens over IPv6 too.
    pub ipv6: bool,
    /// What is at `/`.
    pub home: Home,
    /// The page for an application that cannot be reached; without it, the web server's own.
    pub maintenance: Option<Maintenance>,
}

/// The program that is the door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    #[default]
    Nginx,
    /// Traefik.
    Traefik {
        /// The port on this machine alone at which it says what it has read.
        control: u16,
        /// Whether containers are labelled for a Traefik that asks their engine.
        labels: bool,
    },
}

/// How HTTPS is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Https {
    /// The port.
    pub port: u16,
    /// The status with which HTTP sends here.
    pub redirect: u16,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
    /// For how many seconds browsers are to insist on HTTPS; not at all if 0.
    pub hsts: u32,
    /// The certificate.
    pub certificate: Certificate,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// It is made here, for these names and addresses.
    SelfSigned {
        /// The names and addresses, at least one.
        names: Vec<String>,
    },
    /// Somebody put it there.
    Files {
        /// The certificate and those above it.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

/// What is at `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// A page under this title that lists the applications.
    Page {
        /// The title.
        title: String,
    },
    /// The application of this name, to which `/` leads.
    Application {
        /// Its name.
        name: String,
    },
    /// A line that says that the server is up.
    Line,
}

/// The page for an application that cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// What it says.
    pub text: String,
    /// After how many seconds it may be tried again.
    pub retry_after: u32,
}

impl Certificate {
    /// The files of the certificate and of its key.
    pub fn files(&self) -> (&Path, &Path) {
        match self {
            Self::SelfSigned { .. } => (Path::new(CERTIFICATE), Path::new(KEY)),
            Self::Files { certificate, key } => (certificate, key),
        }
    }
}

impl Front {
    /// The ports on which the web server listens, with the variables that name them.
    pub fn ports(&self) -> impl Iterator<Item = (&'static str, u16)> {
        let http = self.http.map(|port| ("conteneur_port_http", port));
        let https = self.https.as_ref().map(|https| ("conteneur_port_https", https.port));
        let control = match self.server {
            Server::Nginx => None,
            Server::Traefik { control, .. } => Some(("proxy_port", control)),
        };
        http.into_iter().chain(https).chain(control)
    }
}

#[cfg(test)]
mod tests;
