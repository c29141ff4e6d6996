//! The editor without a terminal: actions in, screens and saved values out.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::compile::linked;
use crate::config_eol::Saved;
use crate::diagnostic::Findings;
use crate::dictionary::{Dictionary, Place, load};
use crate::function::Functions;
use crate::source::{Memory, Sources, World};
use crate::words::{Language, Words};

mod monkey;
mod screens;

fn dictionaries(places: &[Place], world: &dyn World) -> Vec<Dictionary> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let dictionaries = load(places, world, &mut sources, &mut findings);
    assert!(!findings.has_errors(), "{:?}", findings.codes());
    dictionaries
}

/// The shipped dictionaries.
fn shipped() -> Vec<Dictionary> {
    dictionaries(&[Place::FolderOrBuiltIn("none".into())], &Memory::default())
}

/// Does what a script says from `saved` on, and gives all screens that it shows and what is saved at its end.
fn play(dictionaries: &[Dictionary], saved: Saved, script: &str) -> (String, Saved) {
    let orders = read(script).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let (library, words, theme) = (Functions::default(), Words::new(Language::En), Theme::plain());
    let (mut work, mut before, mut shown) = (Work::new(saved, None), None, String::new());
    let mut orders = orders.into_iter();
    let mut size = (80, 24);
    loop {
        let schema = linked(dictionaries, &work.saved, &library).expect("it links");
        let mut model = Model::new(&schema, work, &library);
        let mut state = match before.take() {
            Some(place) => State::again(place, &model),
            None => State::new(&model, "/etc/eole/config.eol", false),
        };
        state.resize(size.0, size.1);
        while !model.is_old() {
            match orders.next() {
                None => return (shown, model.into_work().saved),
                Some(Order::Do(action)) => {
                    update(&mut state, &mut model, action, &words);
                }
                Some(Order::Size(columns, lines)) => {
                    size = (columns, lines);
                    state.resize(columns, lines);
                }
                Some(Order::Screen) => {
                    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
                    terminal.draw(|frame| draw(frame, &state, &model, &words, &theme)).unwrap();
                    shown += &text(terminal.backend());
                }
            }
        }
        (work, before) = (model.into_work(), Some(state));
    }
}
