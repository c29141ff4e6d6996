//! A private key that somebody put there: whether it is one, and whether it is that of a certificate.
//!
//! Nothing of the key is kept or told. What is neither RSA nor on a curve is left to nginx, which checks before it loads.

use x509_parser::asn1_rs::{Any, FromDer, Tag};
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;
use x509_parser::public_key::PublicKey;

use crate::phrase;
use crate::words::Phrase;

/// What PKCS #8 calls an RSA key, as DER writes it.
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// The same for a key on a curve.
const CURVE: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// What everybody may know of a private key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Public {
    /// The modulus of an RSA key.
    Modulus(Vec<u8>),
    /// The point of a key on a curve.
    Point(Vec<u8>),
}

/// The public part of the private key in `pem`; none if it is of another kind, or does not say. An error says why nginx
/// could not use it.
pub(super) fn public(pem: &[u8]) -> Result<Option<Public>, Phrase> {
    if String::from_utf8_lossy(pem).contains("ENCRYPTED") {
        return Err(phrase!(
            "key-passphrase",
            "it has a passphrase, which nobody is there to give when nginx starts"
        ));
    }
    // What openssl writes of a curve stands in a block before the key.
    let mut blocks = Pem::iter_from_buffer(pem).filter_map(Result::ok);
    let key = blocks.find(|block| block.label.ends_with("PRIVATE KEY"));
    let key = key.ok_or_else(|| phrase!("key-none", "it has no private key in PEM"))?;
    let parts =
        parts(&key.contents).ok_or_else(|| phrase!("key-unreadable", "its private key cannot be read"))?;
    Ok(match key.label.as_str() {
        "RSA PRIVATE KEY" => modulus(&parts),
        "EC PRIVATE KEY" => point(&parts),
        _ => wrapped(&parts),
    })
}

/// Whether `public` is not what `certificate` has.
pub(super) fn differs(public: &Public, certificate: &X509Certificate<'_>) -> bool {
    match (public, certificate.public_key().parsed()) {
        (Public::Modulus(ours), Ok(PublicKey::RSA(theirs))) => trimmed(ours) != trimmed(theirs.modulus),
        (Public::Point(ours), Ok(PublicKey::EC(theirs))) => ours != theirs.data(),
        (_, parsed) => parsed.is_ok(),
    }
}

/// The elements of a sequence.
fn parts(der: &[u8]) -> Option<Vec<Any<'_>>> {
    let (_, whole) = Any::from_der(der).ok()?;
    let mut rest = (whole.tag() == Tag::Sequence).then(|| whole.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (after, part) = Any::from_der(rest).ok()?;
        parts.push(part);
        rest = after;
    }
    Some(parts)
}

/// The key inside PKCS #8: version, kind, key.
fn wrapped(outer: &[Any<'_>]) -> Option<Public> {
    let [_, kind, key, ..] = outer else { return None };
    let (_, kind) = Any::from_der(kind.as_bytes()).ok()?;
    let inner = parts(key.as_bytes())?;
    match kind.as_bytes() {
        kind if kind == RSA => modulus(&inner),
        kind if kind == CURVE => point(&inner),
        _ => None,
    }
}

/// Of version, modulus and the rest.
fn modulus(parts: &[Any<'_>]) -> Option<Public> {
    Some(Public::Modulus(parts.get(1)?.as_bytes().to_vec()))
}

/// Of version, key, and under the tags 0 and 1 the curve and the point.
fn point(parts: &[Any<'_>]) -> Option<Public> {
    let tagged = parts.get(2..)?.iter().find(|part| part.tag().0 == 1)?;
    let (_, bits) = Any::from_der(tagged.as_bytes()).ok()?;
    // The first byte says how many bits of the last are of no use, which is none.
    Some(Public::Point(bits.as_bytes().get(1..)?.to_vec()))
}

/// A number without the zeros before it.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
