//! Which key does what: a table, by where the user is.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;

use super::action::{Action, Motion};

/// Where the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In the lists.
    Lists,
    /// Typing a text.
    Typing,
    /// Choosing among words.
    Choosing,
    /// Reading.
    Reading,
    /// Filling a form.
    Filling,
    /// Before a question.
    Asked,
}

/// A key of the lists: the code, whether Control is held, what it does, how it is shown, and the name of what it says of itself.
type Line = (KeyCode, bool, Action, &'static str, &'static str);

use KeyCode as K;

/// The keys of the lists; those of arrows and pages come from [`motion`].
pub(super) const LISTS: [Line; 33] = [
    (K::Enter, false, Action::Enter, "Enter", "key-edit"),
    (K::Char(' '), false, Action::Toggle, "Space", "key-toggle"),
    (K::Tab, false, Action::OtherSide, "Tab", "key-side"),
    (K::BackTab, false, Action::OtherSide, "", ""),
    (K::Char('/'), false, Action::Search, "/", "key-search"),
    (K::Char('e'), false, Action::NextError, "e", "key-error"),
    (K::Char('c'), false, Action::OnlyChanged, "c", "key-changed"),
    (K::Char('m'), false, Action::NextLevel, "m", "key-mode"),
    (K::Char('+'), false, Action::Add, "+", "key-add"),
    (K::Insert, false, Action::Add, "", ""),
    (K::Char('-'), false, Action::Remove, "-", "key-remove"),
    (K::Delete, false, Action::Remove, "", ""),
    (K::Char('K'), false, Action::Raise, "K", "key-raise"),
    (K::Char('J'), false, Action::Lower, "J", "key-lower"),
    (K::Up, true, Action::Raise, "", ""),
    (K::Down, true, Action::Lower, "", ""),
    (K::Char('r'), false, Action::Reset, "r", "key-reset"),
    (K::Char('u'), false, Action::Undo, "u", "key-undo"),
    (K::Char('z'), true, Action::Undo, "", ""),
    (K::Char('U'), false, Action::Redo, "U", "key-redo"),
    (K::Char('r'), true, Action::Redo, "", ""),
    (K::Char('w'), false, Action::Why, "w", "key-why"),
    (K::F(1), false, Action::Help, "F1", "key-help"),
    (K::Char('i'), false, Action::Help, "", ""),
    (K::Char('d'), false, Action::Differences, "d", "key-diff"),
    (K::Char('s'), true, Action::Save, "Ctrl-S", "key-save"),
    (K::Char('s'), false, Action::Save, "", ""),
    (K::F(2), false, Action::Save, "", ""),
    (K::Char('a'), false, Action::Apply, "a", "key-apply"),
    (K::Char('N'), false, Action::Extend, "N", "key-extend"),
    (K::Char('?'), false, Action::Keys, "?", "key-keys"),
    (K::Char('q'), false, Action::Quit, "q", "key-quit"),
    (K::Char('c'), true, Action::Quit, "", ""),
];

/// What the key does for a user who is at `context`; nothing, if nothing.
pub fn action(key: KeyEvent, context: Context) -> Option<Action> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.code == KeyCode::Esc {
        return Some(Action::Escape);
    }
    match context {
        Context::Lists => {
            let line = LISTS.iter().find(|line| line.0 == key.code && line.1 == control);
            line.map(|line| line.2.clone()).or_else(|| motion(key.code, true).map(Action::Move))
        }
        Context::Typing => match key.code {
            KeyCode::Enter => Some(Action::Enter),
            KeyCode::Up => Some(Action::Move(Motion::Up)),
            KeyCode::Down => Some(Action::Move(Motion::Down)),
            KeyCode::Tab => Some(Action::OtherSide),
            KeyCode::Char('s') if control => Some(Action::Save),
            KeyCode::F(2) => Some(Action::Save),
            code => request(code, control).map(Action::Edit),
        },
        Context::Choosing => match key.code {
            KeyCode::Enter | KeyCode::Char(' ') => Some(Action::Enter),
            code => motion(code, true).map(Action::Move),
        },
        Context::Reading => match key.code {
            KeyCode::Enter | KeyCode::Char('q' | '?' | ' ') => Some(Action::Escape),
            code => motion(code, true).map(Action::Move),
        },
        Context::Filling => match key.code {
            KeyCode::Enter => Some(Action::Enter),
            KeyCode::Up | KeyCode::BackTab => Some(Action::Move(Motion::Up)),
            KeyCode::Down | KeyCode::Tab => Some(Action::Move(Motion::Down)),
            KeyCode::Char('s') if control => Some(Action::Save),
            KeyCode::F(2) => Some(Action::Save),
            code => request(code, control).map(Action::Edit),
        },
        Context::Asked => match key.code {
            KeyCode::Char('y' | 'o' | 'Y' | 'O') => Some(Action::Yes),
            KeyCode::Char('n' | 'N') => Some(Action::No),
            _ => None,
        },
    }
}

/// The motion of a key, those of vi among them.
fn motion(code: KeyCode, letters: bool) -> Option<Motion> {
    Some(match code {
        KeyCode::Up => Motion::Up,
        KeyCode::Down => Motion::Down,
        KeyCode::Left => Motion::Left,
        KeyCode::Right => Motion::Right,
        KeyCode::PageUp => Motion::PageUp,
        KeyCode::PageDown => Motion::PageDown,
        KeyCode::Home => Motion::First,
        KeyCode::End => Motion::Last,
        KeyCode::Char('k') if letters => Motion::Up,
        KeyCode::Char('j') if letters => Motion::Down,
        KeyCode::Char('h') if letters => Motion::Left,
        KeyCode::Char('l') if letters => Motion::Right,
        KeyCode::Char('g') if letters => Motion::First,
        KeyCode::Char('G') if letters => Motion::Last,
        _ => return None,
    })
}

/// What a key does to a text, as in a shell.
fn request(code: KeyCode, control: bool) -> Option<InputRequest> {
    use InputRequest as R;
    Some(match (code, control) {
        (KeyCode::Char('a'), true) | (KeyCode::Home, _) => R::GoToStart,
        (KeyCode::Char('e'), true) | (KeyCode::End, _) => R::GoToEnd,
        (KeyCode::Char('u'), true) => R::DeleteLine,
        (KeyCode::Char('k'), true) => R::DeleteTillEnd,
        (KeyCode::Char('w'), true) => R::DeletePrevWord,
        (KeyCode::Left, true) => R::GoToPrevWord,
        (KeyCode::Right, true) => R::GoToNextWord,
        (KeyCode::Left, false) => R::GoToPrevChar,
        (KeyCode::Right, false) => R::GoToNextChar,
        (KeyCode::Backspace, _) => R::DeletePrevChar,
        (KeyCode::Delete, _) => R::DeleteNextChar,
        (KeyCode::Char(letter), false) => R::InsertChar(letter),
        _ => return None,
    })
}
