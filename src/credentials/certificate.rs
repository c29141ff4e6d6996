//! The certificate of the web server: kept, made, or somebody else's and looked at.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;

use super::clock::{DAY, day, moment, now};
use super::{CredentialsProblem, Ground, key};
use crate::diagnostic::Findings;
use crate::front::{CERTIFICATE, KEY};
use crate::phrase;
use crate::words::Phrase;

/// For how long a certificate is made: no browser takes a longer one.
const LIFE: i64 = 825 * DAY;
/// From when on it is replaced, or its end is told.
const LATE: i64 = 30 * DAY;
/// The longest common name that a certificate can have.
const LONGEST: usize = 64;

/// A certificate and its key, in PEM.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) certificate: String,
    pub(super) key: String,
}

/// The certificate for `names` that is there, or a new one: if there is none, if it is for other names, if its key
/// is another one's, or if it soon expires.
pub(super) fn self_signed(names: &[String], ground: &Ground<'_>) -> Result<Pair, CredentialsProblem> {
    let certificate = ground.text(Path::new(CERTIFICATE));
    match certificate.zip(ground.text(Path::new(KEY))) {
        Some((certificate, key)) if serves(&certificate, &key, names) => Ok(Pair { certificate, key }),
        _ => made(names, now()).map_err(|error| CredentialsProblem::NotMade {
            what: phrase!("a-certificate", "a certificate for {names}", names = names.join(", ")),
            reason: error.to_string().into(),
        }),
    }
}

/// A new certificate for `names`, and its key.
pub(super) fn made(names: &[String], now: i64) -> Result<Pair, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    if let Some(name) = names.first().filter(|name| name.len() <= LONGEST) {
        params.distinguished_name.push(DnType::CommonName, name.as_str());
    }
    // The clocks of those who come may be behind.
    params.not_before = moment(now - DAY);
    params.not_after = moment(now + LIFE);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

fn serves(certificate: &str, key: &str, names: &[String]) -> bool {
    let Ok(key) = KeyPair::from_pem(key) else { return false };
    let wanted: BTreeSet<String> = names.iter().map(|name| normal(name)).collect();
    parsed(certificate.as_bytes(), |found| {
        let of_key = &*found.public_key().subject_public_key.data == key.public_key_raw();
        let lasts = found.validity().not_after.timestamp() > now() + LATE;
        of_key && lasts && self::names(found) == wanted
    })
    .unwrap_or(false)
}

/// A name without capitals, an address in its usual form.
fn normal(name: &str) -> String {
    name.parse::<IpAddr>().map_or_else(|_| name.to_ascii_lowercase(), |address| address.to_string())
}

/// The names and addresses that a certificate is for.
fn names(certificate: &X509Certificate<'_>) -> BTreeSet<String> {
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(normal(name)),
            GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(*bytes)
                .map(|bytes| Ipv4Addr::from(bytes).to_string())
                .or_else(|_| <[u8; 16]>::try_from(*bytes).map(|bytes| Ipv6Addr::from(bytes).to_string()))
                .ok(),
            _ => None,
        })
        .collect()
}

/// What `look` sees in the first certificate of a text in PEM.
fn parsed<T>(pem: &[u8], look: impl FnOnce(&X509Certificate<'_>) -> T) -> Result<T, Phrase> {
    let (_, pem) = parse_x509_pem(pem).map_err(|_| phrase!("no-pem", "it is no PEM"))?;
    if pem.label != "CERTIFICATE" {
        return Err(phrase!(
            "no-certificate",
            "it begins with {label}, not with a certificate",
            label = pem.label
        ));
    }
    let certificate =
        pem.parse_x509().map_err(|_| phrase!("certificate-unreadable", "its certificate cannot be read"))?;
    Ok(look(&certificate))
}

/// The last day of a certificate.
pub(super) fn last_day(pem: &str) -> Option<String> {
    parsed(pem.as_bytes(), |found| day(found.validity().not_after.timestamp())).ok()
}

/// Looks at a certificate and a key that somebody put there.
pub(super) fn check(certificate: &Path, key: &Path, ground: &Ground<'_>, findings: &mut Findings) {
    let unreadable =
        |path: &Path, reason: Phrase| CredentialsProblem::Unreadable { path: path.to_owned(), reason };
    let public =
        ground.read(key).map_err(|error| Phrase::from(error.to_string())).and_then(|pem| key::public(&pem));
    let public = public.map_err(|reason| findings.add(unreadable(key, reason))).ok().flatten();
    let looked = ground.read(certificate).map_err(|error| Phrase::from(error.to_string())).and_then(|pem| {
        parsed(&pem, |found| {
            let differs = public.is_some_and(|public| key::differs(&public, found));
            (differs, found.validity().not_after.timestamp())
        })
    });
    match looked {
        Err(reason) => findings.add(unreadable(certificate, reason)),
        Ok((true, _)) => findings.add(CredentialsProblem::KeyMismatch {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        }),
        Ok((_, until)) if until < now() + LATE => findings.add(CredentialsProblem::Expires {
            path: certificate.to_owned(),
            day: day(until),
            is_over: until < now(),
        }),
        Ok(_) => {}
    }
}
