//! The store's signatures of a snap, without which snapd installs none that is not dangerous.
//!
//! snapd asks the store for them and checks them; what is done here is to name them: the revision by the digest of the file,
//! what the revision names (the declaration of the snap, who published it), and the keys that signed those.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha3::{Digest as _, Sha3_384};

use super::Snap;
use super::client::Failed;
use super::failure;
use super::program::unwritable;
use crate::engine::EngineError;
use crate::phrase;
use crate::plan::image;
use crate::run_spec::Source;

/// What snapd calls a text of assertions.
const KIND: &str = "application/x.ubuntu.assertion";

/// Has snapd take the signatures of `file`, which came from the store as `source`.
pub(super) async fn bring(snap: &Snap, source: &Source, file: &Path) -> Result<(), EngineError> {
    let path = file.to_owned();
    let digest =
        tokio::task::spawn_blocking(move || digest(&path)).await.unwrap_or_else(|error| Err(error.into()));
    let digest = digest.map_err(|error| unwritable(phrase!("to-read-snap", "read a snap"), file, &error))?;
    chain(snap, &digest).await.map_err(|error| failure::store(snap, &image(source), error))
}

/// Brings all that the revision of the file with this digest stands on, and it last.
async fn chain(snap: &Snap, digest: &str) -> Result<(), Failed> {
    let revision = ask(snap, "snap-revision", &[("snap-sha3-384", digest)]).await?;
    let named = header(&revision, "snap-id")?;
    let declaration = ask(snap, "snap-declaration", &[("series", "16"), ("snap-id", named)]).await?;
    let publisher = header(&declaration, "publisher-id")?;
    let account = ask(snap, "account", &[("account-id", publisher)]).await?;
    for text in [&account, &declaration, &revision] {
        let key = header(text, "sign-key-sha3-384")?;
        let key = ask(snap, "account-key", &[("public-key-sha3-384", key)]).await?;
        // One that snapd is delivered with is there already.
        let _ = snap.client.put_text("/v2/assertions", KIND, key).await;
    }
    for text in [account, declaration, revision] {
        snap.client.put_text("/v2/assertions", KIND, text).await?;
    }
    Ok(())
}

/// Has snapd ask the store for one assertion.
async fn ask(snap: &Snap, kind: &str, of: &[(&str, &str)]) -> Result<String, Failed> {
    let named: Vec<String> = of.iter().map(|(name, value)| format!("{name}={value}&")).collect();
    let text = snap.client.text(&format!("/v2/assertions/{kind}?{}remote=true", named.concat())).await?;
    if text.trim().is_empty() {
        let message = phrase!("store-lacks", "the store has no {kind} of it", kind = kind);
        return Err(Failed::Said { kind: "snap-not-found".to_owned(), message });
    }
    Ok(text)
}

/// What an assertion says in its header `name`, which is a word that may stand in an address.
fn header<'a>(assertion: &'a str, name: &str) -> Result<&'a str, Failed> {
    let lines = assertion.lines().take_while(|line| !line.is_empty());
    let mut values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let plain =
        |value: &&str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    values.next().filter(plain).ok_or_else(|| Failed::Said {
        kind: String::new(),
        message: phrase!("assertion-lacks", "an assertion of the store has no `{name}`", name = name),
    })
}

/// The SHA3-384 of a file, as assertions write it.
fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha3_384::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let part = buffer.get(..count).unwrap_or_default();
        if part.is_empty() {
            return Ok(URL_SAFE_NO_PAD.encode(digest.finalize()));
        }
        digest.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_word_above_the_first_empty_line() {
        let text = "type: snap-revision\nsnap-id: abc_-1\nbad: a&b\n\nother: x\n";
        assert_eq!(header(text, "snap-id"), Ok("abc_-1"));
        for none in ["other", "bad", "snap", "id"] {
            assert!(header(text, none).is_err(), "{none}");
        }
    }

    #[test]
    fn the_digest_is_the_one_that_assertions_have() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty");
        File::create(&file).unwrap();
        // The digest of nothing, as FIPS 202 has it, in base64 for addresses.
        let expected = "DGOnW4RduT0BEH2FK0yIWhNeRqo29_fBvy4H2i7mpU6ve3M9EXDkmLASQgHQRpTx";
        assert_eq!(digest(&file).unwrap().len(), expected.len());
        let known = crate::plan::hexadecimal(&URL_SAFE_NO_PAD.decode(digest(&file).unwrap()).unwrap());
        assert!(known.starts_with("0c63a75b845e4f7d01107d852e4c2485"), "{known}");
    }
}
