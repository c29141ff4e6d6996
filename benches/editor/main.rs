//! How long the editor takes from its start to its first screen, and from a key to the screen that shows what it did.
//! `cargo bench --bench editor` prints what the README says; `-- --quick` takes 500 containers instead of 5000.
#![allow(missing_docs, clippy::print_stdout, reason = "a program that prints figures")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the run")]
#![allow(
    clippy::disallowed_methods,
    dead_code,
    reason = "it makes and reads scratch files, by a part of the generator"
)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use galerne::compile::linked;
use galerne::config_eol::load as load_saved;
use galerne::diagnostic::Findings;
use galerne::dictionary::{Place, load};
use galerne::editor::{Model, Order, State, Theme, Work, draw, read, update};
use galerne::function::Functions;
use galerne::source::{Disk, Sources};
use galerne::words::{Language, Words};
use generator::Form;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "../compare/generator.rs"]
mod generator;

/// What is done, key by key: moving, typing, choosing, searching, adding, taking back, looking.
const SCRIPT: &str = "goto conteneur2500_tag\nenter\ntype 2.0\nenter\ndown\nup\npage-down\npage-up\nother-side\ndown\npage-down\n\
    last\nfirst\nother-side\nsearch\ntype app25\ndown\nenter\ngoto conteneur1_port_in\nenter\ntype 80\nenter\nright\nenter\n\
    type 8080\nenter\nadd\ntype 443\nenter\nremove\nundo\nredo\nundo\nnext-error\nnext-level\nnext-level\nonly-changed\n\
    only-changed\ndifferences\nescape\nwhy\nescape\nhelp\nescape\ngoto conteneur1_type\nenter\ndown\nenter\nundo\n";

fn main() {
    let count = if std::env::args().any(|arg| arg == "--quick") { 500 } else { 5000 };
    let script = SCRIPT.replace("2500", &(count / 2).to_string());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("editor{count}"));
    let _ = fs::remove_dir_all(&folder);
    generator::write(Form::Numbered, count, &folder.join("dicos"));
    fs::write(folder.join("config.eol"), generator::saved(Form::Numbered, count)).unwrap();
    let mut starts = Vec::new();
    let mut keys = Vec::new();
    for _ in 0..5 {
        let (start, each) = one(&folder, &script);
        starts.push(start);
        keys.extend(each);
    }
    keys.sort();
    let at = |hundredth: usize| keys[(keys.len() - 1) * hundredth / 100];
    println!(
        "{count} containers: the first screen after {:.0?}; from a key to the screen {:.2?}, 99 of 100 within {:.2?}, the longest \
         {:.2?}",
        starts.iter().min().unwrap(),
        at(50),
        at(99),
        at(100)
    );
}

/// Starts, and does what the script says: how long the start took, and each key.
fn one(folder: &Path, script: &str) -> (Duration, Vec<Duration>) {
    let begun = Instant::now();
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let dictionaries = load(&[Place::Folder(folder.join("dicos"))], &Disk, &mut sources, &mut findings);
    let saved =
        load_saved(&Disk, &folder.join("config.eol"), &mut sources, &mut findings).expect("it is read");
    let library = Functions::default();
    let schema = linked(&dictionaries, &saved, &library).expect("it links");
    let mut model = Model::new(&schema, Work::new(saved, None), &library);
    let mut state = State::new(&model, "config.eol", false);
    let (words, theme) = (Words::new(Language::En), Theme::coloured());
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    state.resize(120, 40);
    terminal.draw(|frame| draw(frame, &state, &model, &words, &theme)).unwrap();
    let start = begun.elapsed();
    let mut keys = Vec::new();
    for order in read(script).expect("it is a script") {
        let Order::Do(action) = order else { continue };
        let begun = Instant::now();
        update(&mut state, &mut model, action, &words);
        terminal.draw(|frame| draw(frame, &state, &model, &words, &theme)).unwrap();
        keys.push(begun.elapsed());
        assert!(!model.is_old());
    }
    (start, keys)
}
