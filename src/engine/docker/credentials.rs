//! Credentials for a registry, from where `docker login` put them.
//!
//! In: Docker's configuration file and an image. Out: what the engine is to show to the image's registry, or
//! nothing. The order is Docker's own: a helper for that registry, the general helper, the file itself. The
//! invariant: no credential is ever part of an error.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard::auth::DockerCredentials;
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::engine::EngineError;
use crate::phrase;
use crate::program::ended;
use crate::source::{Disk, World};
use crate::words::Phrase;

/// The name under which Docker's configuration knows Docker Hub.
const HUB: &str = "https://index.docker.io/v1/";

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Configuration {
    auths: BTreeMap<String, Auth>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    #[serde(rename = "auth")]
    encoded: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username")]
    username: String,
    #[serde(rename = "Secret")]
    secret: String,
}

/// What the configuration at `path` has for the registry of `image`; nothing if it has nothing.
pub(super) async fn find(path: &Path, image: &str) -> Result<Option<DockerCredentials>, EngineError> {
    let registry = registry_of(image);
    let unreadable =
        |cause: Phrase| EngineError::CredentialsUnreadable { registry: registry.to_owned(), cause };
    let bytes = match Disk.read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(format!("{}: {error}", path.display()).into())),
    };
    // The position alone is said: the message of a parser could quote what it read.
    let configuration: Configuration = serde_json::from_slice(&bytes).map_err(|error| {
        unreadable(phrase!(
            "credentials-at",
            "{path}: line {line}, column {column}",
            path = path.display().to_string(),
            line = error.line(),
            column = error.column()
        ))
    })?;
    let helper = configuration.cred_helpers.get(registry).or(configuration.creds_store.as_ref());
    let found = match helper {
        Some(helper) => ask(helper, registry).await.map_err(unreadable)?,
        None => None,
    };
    match found {
        Some(found) => Ok(Some(found)),
        None => from_file(&configuration, registry).map_err(unreadable),
    }
}

/// The registry that `image` names, or Docker Hub.
fn registry_of(image: &str) -> &str {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => HUB,
    }
}

fn from_file(configuration: &Configuration, registry: &str) -> Result<Option<DockerCredentials>, Phrase> {
    let found = configuration
        .auths
        .iter()
        .find(|(name, _)| name.as_str() == registry || host(name) == host(registry));
    let Some((_, auth)) = found else {
        return Ok(None);
    };
    let (username, password) = match &auth.encoded {
        Some(encoded) if !encoded.is_empty() => decode(encoded)?,
        _ => (auth.username.clone(), auth.password.clone()),
    };
    let has_any = username.is_some() || auth.identitytoken.is_some();
    Ok(has_any.then(|| DockerCredentials {
        username,
        password,
        identitytoken: auth.identitytoken.clone(),
        serveraddress: Some(registry.to_owned()),
        ..DockerCredentials::default()
    }))
}

/// `https://registry.example.org/v2/` and `registry.example.org` are one registry.
fn host(name: &str) -> &str {
    let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    name.split('/').next().unwrap_or(name)
}

fn decode(encoded: &str) -> Result<(Option<String>, Option<String>), Phrase> {
    let wrong = || phrase!("credentials-auth", "its `auth` is no base64 of `user:password`");
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| wrong())?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let (user, password) = text.split_once(':').ok_or_else(wrong)?;
    let password = password.trim_end_matches('\0');
    Ok((Some(user.to_owned()), Some(password.to_owned())))
}

/// Asks the program `docker-credential-HELPER`, in the way that Docker does.
async fn ask(helper: &str, registry: &str) -> Result<Option<DockerCredentials>, Phrase> {
    let program = format!("docker-credential-{helper}");
    if helper.contains('/') {
        return Err(phrase!(
            "credentials-helper",
            "`{helper}` is no name of a credential helper",
            helper = helper
        ));
    }
    let failed = |error: io::Error| Phrase::from(format!("{program}: {error}"));
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read its input says by its exit what is wrong.
        let _ = input.write_all(registry.as_bytes()).await;
    }
    let output = child.wait_with_output().await.map_err(failed)?;
    if !output.status.success() {
        let nothing = String::from_utf8_lossy(&output.stdout).contains("credentials not found");
        let failed = || {
            phrase!(
                "credentials-failed",
                "{program} failed ({status})",
                program = program,
                status = ended(output.status)
            )
        };
        return if nothing { Ok(None) } else { Err(failed()) };
    }
    let answer: Answer = serde_json::from_slice(&output.stdout)
        .map_err(|_| phrase!("credentials-no-json", "{program} answered no JSON", program = program))?;
    Ok(Some(credentials(answer, registry)))
}

/// A helper answers `<token>` in the place of a user for a token.
fn credentials(answer: Answer, registry: &str) -> DockerCredentials {
    let serveraddress = Some(registry.to_owned());
    if answer.username == "<token>" {
        return DockerCredentials {
            identitytoken: Some(answer.secret),
            serveraddress,
            ..DockerCredentials::default()
        };
    }
    DockerCredentials {
        username: Some(answer.username),
        password: Some(answer.secret),
        serveraddress,
        ..DockerCredentials::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(configuration: &str, image: &str) -> Result<Option<DockerCredentials>, EngineError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), configuration.as_bytes())
            .unwrap();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(find(&path, image))
    }

    #[test]
    fn an_entry_of_the_file_is_found_by_its_host() {
        let file = r#"{"auths": {"https://r.example.org/v2/": {"auth": "YWRhOmx2OmxhY2U="}}}"#;
        let credentials = found(file, "r.example.org/wiki").unwrap().unwrap();
        assert_eq!(credentials.username.as_deref(), Some("ada"));
        assert_eq!(credentials.password.as_deref(), Some("lv:lace"));
        assert_eq!(found(file, "other.example.org/wiki").unwrap(), None);
        assert_eq!(found(file, "library/nginx").unwrap(), None);
    }

    #[test]
    fn docker_hub_has_a_name_of_its_own() {
        let file = r#"{"auths": {"https://index.docker.io/v1/": {"auth": "YTpi"}}}"#;
        assert!(found(file, "library/nginx").unwrap().is_some());
        assert!(found(file, "nginx").unwrap().is_some());
    }

    #[test]
    fn what_is_wrong_is_said_without_what_was_read() {
        for file in
            [r#"{"auths": {"r.example.org": {"auth": "hunter2"}}}"#, r#"{"auths": "hunter2"}"#, "hunter2"]
        {
            let error = found(file, "r.example.org/wiki").unwrap_err();
            assert!(matches!(error, EngineError::CredentialsUnreadable { .. }), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn a_helper_that_is_missing_is_named() {
        let file = r#"{"credsStore": "no-such-helper"}"#;
        let error = found(file, "r.example.org/wiki").unwrap_err();
        assert!(error.to_string().contains("docker-credential-no-such-helper"), "{error}");
    }
}
