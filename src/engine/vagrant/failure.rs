//! What Vagrant says when it fails, turned into a sentence that says what is wrong and what to do.

use super::ENGINE;
use super::program::{Failure, refused};
use crate::engine::{
    EngineError,
    answer::{harmless, no_word},
    docker::port_of,
};
use crate::phrase;
use crate::plan::image;
use crate::run_spec::{Provider, Source};
use crate::words::Phrase;

/// What Vagrant was asked when it failed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// To bring a box.
    Box(&'a Source),
    /// To do this to the machine of this name.
    Machine(&'a str, &'a str),
}

/// What curl answers when there is no such page.
const NO_SUCH_PAGE: &str = "returned error: 404";

/// The sentence for `failure` with a machine or box of `provider`.
pub(super) fn sentence(failure: &Failure, asked: Asked<'_>, provider: Provider) -> EngineError {
    let cause = cause(&failure.words);
    let has = |words: &[&str]| words.iter().any(|word| failure.words.english().contains(word));
    if has(&["No space left on device", "no space left on device", "Disk quota exceeded"]) {
        return EngineError::DiskFull { engine: ENGINE, cause: cause.to_string() };
    }
    let class = failure.class.as_str();
    if class.starts_with("Provider")
        || class == "FogLibvirtConnectionError"
        || class == "VBoxManageNotFoundError"
    {
        return EngineError::ProviderAbsent { provider: provider.name().to_owned(), cause };
    }
    match asked {
        Asked::Box(source) => of_box(class, has, source, cause),
        Asked::Machine(_, name)
            if has(&["already allocated", "address already in use", "ports are already in use"]) =>
        {
            EngineError::PortTaken { container: name.to_owned(), port: port_of(cause.english()) }
        }
        Asked::Machine(_, name) if class == "ForwardPortCollision" => {
            EngineError::PortTaken { container: name.to_owned(), port: port_of(cause.english()) }
        }
        Asked::Machine(what, name) => refused(format!("{what} `{name}`"), &[cause]),
    }
}

fn of_box(class: &str, has: impl Fn(&[&str]) -> bool, source: &Source, cause: Phrase) -> EngineError {
    let image = image(source);
    match class {
        "BoxChecksumMismatch"
        | "BoxUnpackageFailure"
        | "BoxProviderDoesntMatch"
        | "BoxMetadataFileNotFound" => EngineError::ImageDamaged { image, log: vec![cause] },
        "BoxAddNoMatchingProvider" | "BoxAddNoMatchingVersion" | "BoxNotFound" => {
            EngineError::ImageAbsent { image, cause }
        }
        _ if has(&[NO_SUCH_PAGE, "Couldn't open file"]) => EngineError::ImageAbsent { image, cause },
        "DownloaderError" | "BoxMetadataDownloadError" | "BoxAddShortNotFound" | "BoxServerNotSet" => {
            EngineError::RegistryUnreachable { image, cause }
        }
        _ => refused(phrase!("to-fetch-box", "fetch the box `{image}`", image = image), &[cause]),
    }
}

/// What matters of the words: of a program that Vagrant ran, what that complained of; without what would steer a terminal.
fn cause(said: &Phrase) -> Phrase {
    if said.key().is_some() {
        return said.clone();
    }
    let words = said.english();
    let complaint = words.split_once("Stderr:").map(|(_, rest)| rest.split("Stdout:").next().unwrap_or(rest));
    let complaint = complaint.filter(|text| !text.trim().is_empty()).unwrap_or(words);
    let words: Vec<&str> = complaint.split_whitespace().collect();
    let line = harmless(&words.join(" "));
    if line.is_empty() { no_word() } else { line.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(class: &str, words: &str, asked: Asked<'_>) -> EngineError {
        let failure = Failure { class: class.to_owned(), words: words.to_owned().into() };
        sentence(&failure, asked, Provider::Libvirt)
    }

    #[test]
    fn each_failure_has_its_sentence() {
        use miette::Diagnostic as _;
        let json = serde_json::json!({"image": "a/b", "tag": "1", "provider": "libvirt"});
        let source: Source = serde_json::from_value(json).unwrap();
        let (of_box, start) = (Asked::Box(&source), Asked::Machine("start", "wiki"));
        let in_use = "Vagrant cannot forward the specified ports: ports are already in use: 8080 (host)";
        for (class, words, asked, code) in [
            ("BoxChecksumMismatch", "did not match", of_box, "image_damaged"),
            ("BoxAddNoMatchingVersion", "no version", of_box, "image_absent"),
            ("DownloaderError", "The requested URL returned error: 404", of_box, "image_absent"),
            ("DownloaderError", "Could not resolve host", of_box, "registry_unreachable"),
            ("ProviderNotUsable", "no VBoxManage", start, "provider_absent"),
            ("FogLibvirtConnectionError", "no such file", start, "provider_absent"),
            ("ForwardPortCollision", in_use, start, "port_taken"),
            ("", "write /var/x: No space left on device", start, "disk_full"),
            ("VagrantError", "anything", start, "refused"),
        ] {
            let code = format!("engine::{code}");
            assert_eq!(said(class, words, asked).code().unwrap().to_string(), code, "{class} {words}");
        }
    }

    #[test]
    fn what_a_program_complains_of_is_the_cause() {
        let words = "A Docker command failed!\n\nCommand: [\"docker\", \"run\"]\n\nStderr: docker: driver failed: Bind for \
                     127.0.0.1:8080 failed: port is already allocated.\n\n\nStdout: 43\u{1b}[2J";
        let expected = EngineError::PortTaken { container: "wiki".to_owned(), port: "8080".to_owned() };
        assert_eq!(said("ExecuteError", words, Asked::Machine("start", "wiki")), expected);
        assert_eq!(
            cause(&words.into()).english(),
            "docker: driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated."
        );
    }
}
