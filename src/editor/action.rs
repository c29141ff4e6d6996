//! What the user can do.

use tui_input::InputRequest;

/// A step through what is listed or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// To the line above.
    Up,
    /// To the line below.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// To the column before.
    Left,
    /// To the column after.
    Right,
}

/// What the user does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Moves.
    Move(Motion),
    /// Goes to the other side: families or variables.
    OtherSide,
    /// Begins to change the value, or chooses what is pointed at.
    Enter,
    /// Leaves what is open, without keeping it.
    Escape,
    /// Takes the next one of the words to which the value is closed.
    Toggle,
    /// Adds an item.
    Add,
    /// Removes the item.
    Remove,
    /// Moves the item up.
    Raise,
    /// Moves the item down.
    Lower,
    /// Gives the variable its default back.
    Reset,
    /// Takes the last step back.
    Undo,
    /// Does it again.
    Redo,
    /// Shows more, or less again.
    NextLevel,
    /// Shows only what is not saved yet, or all again.
    OnlyChanged,
    /// Searches names, descriptions and values.
    Search,
    /// Goes to the next variable that is wrong.
    NextError,
    /// Says why the value cannot be set, and what made it what it is.
    Why,
    /// Shows what the dictionary says of the variable.
    Help,
    /// Shows all keys.
    Keys,
    /// Shows what is not saved yet.
    Differences,
    /// Saves.
    Save,
    /// Applies what is saved.
    Apply,
    /// Adds a variable to the local dictionary.
    Extend,
    /// Leaves.
    Quit,
    /// Says yes to a question.
    Yes,
    /// Says no to a question.
    No,
    /// Changes the text that is being typed.
    Edit(InputRequest),
    /// Puts a text where one is being typed.
    Paste(String),
    /// Points at a place of the screen: column and line, from 0.
    Click(u16, u16),
    /// Goes to a variable, by its name.
    GoTo(String),
    /// Shows as much as this level's word says.
    Level(String),
    /// Nothing happened for a moment.
    Tick,
}

/// The words of scripts for actions without an argument.
pub(super) const WORDS: [(&str, Action); 33] = [
    ("up", Action::Move(Motion::Up)),
    ("down", Action::Move(Motion::Down)),
    ("page-up", Action::Move(Motion::PageUp)),
    ("page-down", Action::Move(Motion::PageDown)),
    ("first", Action::Move(Motion::First)),
    ("last", Action::Move(Motion::Last)),
    ("left", Action::Move(Motion::Left)),
    ("right", Action::Move(Motion::Right)),
    ("other-side", Action::OtherSide),
    ("enter", Action::Enter),
    ("escape", Action::Escape),
    ("toggle", Action::Toggle),
    ("add", Action::Add),
    ("remove", Action::Remove),
    ("raise", Action::Raise),
    ("lower", Action::Lower),
    ("reset", Action::Reset),
    ("undo", Action::Undo),
    ("redo", Action::Redo),
    ("next-level", Action::NextLevel),
    ("only-changed", Action::OnlyChanged),
    ("search", Action::Search),
    ("next-error", Action::NextError),
    ("why", Action::Why),
    ("help", Action::Help),
    ("keys", Action::Keys),
    ("differences", Action::Differences),
    ("save", Action::Save),
    ("extend", Action::Extend),
    ("quit", Action::Quit),
    ("yes", Action::Yes),
    ("no", Action::No),
    ("tick", Action::Tick),
];
