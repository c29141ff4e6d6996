//! Any text as saved values: read, changed, written, and read again as the same.
#![no_main]

use galerne::config_eol::{SavedValue, parse};
use galerne::diagnostic::{Findings, human};
use galerne::source::Sources;
use galerne::words::Words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let file = sources.add("config.eol", text);
    let Some(saved) = parse(text, file, &mut findings) else {
        let _ = human(&findings, &sources, false, &Words::default());
        return;
    };
    assert_eq!(saved.to_text(), text, "what nobody changed keeps its bytes");
    let mut changed = saved.clone();
    let names: Vec<String> = saved.names().map(str::to_owned).collect();
    changed.set("new", SavedValue::single("x", "fuzz")).expect("a plain name can be saved");
    for name in &names {
        changed.remove_item(name, 0);
        changed.unset(name);
    }
    let text = changed.to_text();
    let again = parse(&text, file, &mut findings).expect("what was written is read");
    assert!(names.iter().all(|name| name == "new" || again.get(name).is_none()));
});
