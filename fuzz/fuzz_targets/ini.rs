//! Any bytes as an older configuration.
#![no_main]

use std::path::Path;

use galerne::config_eol::load_older;
use galerne::diagnostic::{Findings, human};
use galerne::source::{Memory, Sources};
use galerne::words::Words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let world = Memory::from_iter([("/older", bytes)]);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let older = load_older(&world, Path::new("/older"), &mut sources, &mut findings);
    assert!(older.is_some() || findings.has_errors(), "what is not read is told");
    let _ = human(&findings, &sources, false, &Words::default());
});
