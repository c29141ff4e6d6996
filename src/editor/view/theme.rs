//! The colours, of which nothing depends on one alone.

use ratatui::style::{Color, Modifier, Style};

/// How each thing looks.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    pub(super) title: Style,
    pub(super) chosen: Style,
    pub(super) elsewhere: Style,
    pub(super) dim: Style,
    pub(super) heading: Style,
    pub(super) wrong: Style,
    pub(super) changed: Style,
    pub(super) flash: Style,
    pub(super) input: Style,
    /// Whether the terminal has signs beyond those of its console's font.
    pub(super) has_signs: bool,
}

impl Theme {
    /// Without a colour: bold, reversed, underlined.
    pub fn plain() -> Self {
        let style = Style::new();
        Self {
            title: style.add_modifier(Modifier::REVERSED),
            chosen: style.add_modifier(Modifier::REVERSED),
            elsewhere: style.add_modifier(Modifier::BOLD),
            dim: style,
            heading: style.add_modifier(Modifier::BOLD),
            wrong: style.add_modifier(Modifier::BOLD),
            changed: style.add_modifier(Modifier::BOLD),
            flash: style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            input: style.add_modifier(Modifier::UNDERLINED),
            has_signs: true,
        }
    }

    /// The same for the console of Linux, whose font has few signs.
    #[must_use]
    pub fn for_console(self) -> Self {
        Self { has_signs: false, ..self }
    }

    /// The sixteen colours that every terminal has, in the user's own shades.
    pub fn coloured() -> Self {
        let style = Style::new();
        Self {
            title: style.fg(Color::Black).bg(Color::Cyan),
            chosen: style.fg(Color::Black).bg(Color::Gray),
            elsewhere: style.add_modifier(Modifier::BOLD),
            dim: style.fg(Color::DarkGray),
            heading: style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            wrong: style.fg(Color::Red),
            changed: style.fg(Color::Yellow),
            flash: style.fg(Color::Green).add_modifier(Modifier::BOLD),
            input: style.fg(Color::White).bg(Color::Blue),
            has_signs: true,
        }
    }
}
