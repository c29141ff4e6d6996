//! The way to the API server: which kubeconfig, which context, and what is said when it does not let us in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config, Error};

use crate::engine::{EngineError, answer, server};
use crate::phrase;
use crate::words::Phrase;

/// What names the file with the address of the API server and the credentials for it.
pub(super) const VARIABLE: &str = "KUBECONFIG";
/// What names one of its contexts.
const CONTEXT_VARIABLE: &str = "GALERNE_KUBE_CONTEXT";
/// Where k3s and RKE2 keep theirs.
const OTHERS: [&str; 2] = ["/etc/rancher/k3s/k3s.yaml", "/etc/rancher/rke2/rke2.yaml"];

/// How long a connection, and an answer, may take.
const CONNECTION: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(30);

/// How the cluster is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The files in which it is looked for: those that are named, all together, or else the first of the usual ones that is there.
    pub files: Vec<PathBuf>,
    /// Whether these were named.
    pub are_named: bool,
    /// The context, if it is not the one that the file chooses.
    pub context: Option<String>,
    /// What this server is called in what it makes: what another one made is not taken away.
    pub server: String,
}

impl Settings {
    /// What the environment says; `root` prefixes the path of the machine's own id.
    #[expect(clippy::disallowed_methods, reason = "it is the user's way to say how a cluster is reached")]
    pub fn from_environment(root: &Path) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let named = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        let files = if let Some(paths) = &named {
            std::env::split_paths(paths).filter(|path| !path.as_os_str().is_empty()).collect()
        } else {
            let home = variable("HOME").unwrap_or_else(|| "/root".to_owned());
            let own = PathBuf::from(home).join(".kube/config");
            [own].into_iter().chain(OTHERS.map(PathBuf::from)).collect()
        };
        Self {
            files,
            are_named: named.is_some(),
            context: variable(CONTEXT_VARIABLE),
            server: server::name(root),
        }
    }

    /// Where it is looked for, for people.
    pub(super) fn place(&self) -> String {
        let all: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        all.join(", ")
    }

    /// What the files say together.
    fn kubeconfig(&self) -> Result<Kubeconfig, EngineError> {
        let mut found: Option<Kubeconfig> = None;
        for file in &self.files {
            let read = match Kubeconfig::read_from(file) {
                Ok(read) => read,
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(unreadable(file.display().to_string(), &error)),
            };
            found = Some(match found.take() {
                Some(before) => before.merge(read).map_err(|error| unreadable(self.place(), &error))?,
                None => read,
            });
            if !self.are_named {
                break;
            }
        }
        found.ok_or_else(|| absent(self.place(), answer::no_file()))
    }
}

fn is_missing(error: &KubeconfigError) -> bool {
    matches!(error, KubeconfigError::ReadConfig(cause, _) if cause.kind() == std::io::ErrorKind::NotFound)
}

fn unreadable(file: String, error: &KubeconfigError) -> EngineError {
    EngineError::KubeconfigUnreadable { file, cause: chain(error) }
}

fn absent(address: String, cause: Phrase) -> EngineError {
    EngineError::Absent { engine: super::NAME, variable: VARIABLE, address, cause }
}

/// The way to one cluster.
#[derive(Clone)]
pub(super) struct Session {
    /// For questions that are answered at once.
    pub(super) client: Client,
    /// For answers that go on.
    pub(super) stream: Client,
    /// The namespace of who says none.
    pub(super) namespace: String,
    /// The address of the API server.
    pub(super) address: String,
}

impl Session {
    /// Reads how the cluster is reached; asks it nothing yet.
    pub(super) async fn open(settings: &Settings) -> Result<Self, EngineError> {
        let options = KubeConfigOptions { context: settings.context.clone(), ..KubeConfigOptions::default() };
        let config = Config::from_custom_kubeconfig(settings.kubeconfig()?, &options).await;
        let mut config = config.map_err(|error| unreadable(settings.place(), &error))?;
        config.connect_timeout = Some(CONNECTION);
        config.read_timeout = None;
        let stream = Self::client(config.clone(), settings)?;
        let (namespace, address) = (config.default_namespace.clone(), config.cluster_url.to_string());
        config.read_timeout = Some(ANSWER);
        config.write_timeout = Some(ANSWER);
        let client = Self::client(config, settings)?;
        Ok(Self { client, stream, namespace, address })
    }

    fn client(config: Config, settings: &Settings) -> Result<Client, EngineError> {
        let file = settings.place();
        Client::try_from(config)
            .map_err(|error| EngineError::KubeconfigUnreadable { file, cause: chain(&error) })
    }

    /// The sentence for what the API server answered to `what`.
    pub(super) fn failed(&self, error: &Error, what: Phrase) -> EngineError {
        match error {
            Error::Api(status) => sentence(status, &self.address, what),
            Error::Auth(_) => {
                EngineError::CredentialsRefused { address: self.address.clone(), cause: chain(error) }
            }
            Error::Service(_) | Error::HyperError(_) | Error::ReadEvents(_) => {
                absent(self.address.clone(), chain(error).into())
            }
            _ => EngineError::Refused { engine: super::NAME, what, cause: chain(error).into() },
        }
    }
}

/// What an answer means that is no success.
fn sentence(status: &kube::core::Status, address: &str, what: Phrase) -> EngineError {
    let cause = status.message.clone();
    match status.code {
        401 => EngineError::CredentialsRefused { address: address.to_owned(), cause },
        // A policy that forbids something says so as one who forbids it to us does.
        403 => EngineError::Forbidden { what, cause },
        404 if is_namespace(status) => {
            let details = status.details.as_ref().map(|details| details.name.clone());
            EngineError::NamespaceAbsent { namespace: details.unwrap_or_default() }
        }
        _ => EngineError::Refused { engine: super::NAME, what, cause: cause.into() },
    }
}

fn is_namespace(status: &kube::core::Status) -> bool {
    status.details.as_ref().is_some_and(|details| details.kind == "namespaces")
}

/// An error with its causes, which say what happened.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        // Many say what they were caused by themselves.
        if !words.iter().any(|before| before.contains(&cause_words)) {
            words.push(cause_words);
        }
        source = cause.source();
    }
    words.join(": ")
}

/// What the API server is asked, for messages.
pub(super) fn to_make(kind: &str, name: &str) -> Phrase {
    phrase!("to-make-object", "make the {kind} `{name}`", kind = kind, name = name)
}

/// The same.
pub(super) fn to_read(kind: &str, name: &str) -> Phrase {
    phrase!("to-read-object", "read the {kind} `{name}`", kind = kind, name = name)
}

/// The same.
pub(super) fn to_remove(kind: &str, name: &str) -> Phrase {
    phrase!("to-remove-object", "remove the {kind} `{name}`", kind = kind, name = name)
}

/// The same.
pub(super) fn to_list(kind: &str) -> Phrase {
    phrase!("to-list-objects", "list what there is of the kind {kind}", kind = kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_sentence() {
        let said = |code: u16, kind: &str, name: &str| {
            let text =
                serde_json::json!({"code": code, "message": "no", "details": {"kind": kind, "name": name}});
            let status: kube::core::Status = serde_json::from_value(text).unwrap();
            sentence(&status, "https://192.0.2.1:6443", to_make("Service", "wiki"))
        };
        assert!(matches!(said(401, "", ""), EngineError::CredentialsRefused { .. }));
        assert!(matches!(said(403, "services", "wiki"), EngineError::Forbidden { .. }));
        let absent = EngineError::NamespaceAbsent { namespace: "web".to_owned() };
        assert_eq!(said(404, "namespaces", "web"), absent);
        assert!(matches!(said(422, "services", "wiki"), EngineError::Refused { .. }));
    }

    #[test]
    fn a_file_that_is_missing_is_told_from_one_that_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        let settings =
            Settings { files: vec![file.clone()], are_named: true, context: None, server: "here".to_owned() };
        assert!(matches!(settings.kubeconfig(), Err(EngineError::Absent { .. })));
        #[expect(clippy::disallowed_methods, reason = "a test writes what is read")]
        std::fs::write(&file, "clusters: 3").unwrap();
        assert!(matches!(settings.kubeconfig(), Err(EngineError::KubeconfigUnreadable { .. })));
    }
}
