//! Any bytes as a dictionary: read, linked, evaluated, and every finding drawn.
#![no_main]

use galerne::compile::evaluated;
use galerne::config_eol::Saved;
use galerne::diagnostic::{Findings, human, json};
use galerne::dictionary::{Namespace, decode, parse};
use galerne::function::{Functions, SiteFunctions, Surroundings};
use galerne::source::Sources;
use galerne::words::Words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes.to_vec()) else { return };
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let file = sources.add("fuzz.xml", text.as_str());
    let dictionary = parse(&text, file, Namespace::Main, &mut findings);
    if !findings.has_errors() {
        let library = Functions::new(Box::new(Nowhere), SiteFunctions::default());
        match evaluated(dictionary.into_iter().collect(), &Saved::empty(), &library) {
            Ok((_, result)) => findings.append(result.wrong),
            Err(found) => findings.append(found),
        }
    }
    let _ = (human(&findings, &sources, false, &Words::default()), json(&findings, &sources));
});

/// A machine of which nothing is known, so that a run depends on its input alone.
struct Nowhere;

impl Surroundings for Nowhere {
    fn interface(&self, _: &str) -> Option<(std::net::Ipv4Addr, std::net::Ipv4Addr)> {
        None
    }
    fn devices(&self) -> Vec<String> {
        Vec::new()
    }
    fn gateway(&self) -> Option<std::net::Ipv4Addr> {
        None
    }
    fn dns(&self) -> Vec<String> {
        Vec::new()
    }
    fn release(&self, _: &str) -> Option<String> {
        None
    }
    fn is_instanciated(&self) -> bool {
        true
    }
    fn files(&self, _: &std::path::Path) -> Vec<String> {
        Vec::new()
    }
    fn device(&self, _: &std::path::Path) -> Option<galerne::function::Device> {
        None
    }
    fn random(&self, bytes: &mut [u8]) -> bool {
        bytes.fill(7);
        true
    }
}
