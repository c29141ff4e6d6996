//! The screen: what is drawn where.
//!
//! In: where the user is and what the configuration is. Out: cells. A value that would steer a terminal, or turn the direction of a
//! line, is shown by dots; no colour says what no sign says.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthChar;

use super::keys::{Context, LISTS};
use super::model::Model;
use super::state::State;
use crate::words::Words;

mod lists;
mod popup;
mod theme;

pub(super) use popup::question;

pub use theme::Theme;

/// How many lines of the screen are not those of the lists.
pub(super) const FRAME: u16 = 5;

/// How small a screen may be, in columns and lines.
const LEAST: (u16, u16) = (60, 12);

/// A place in the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Family(usize),
    Row(usize),
}

/// What is drawn with.
pub(super) struct Pen<'a> {
    pub(super) state: &'a State,
    pub(super) model: &'a Model<'a>,
    pub(super) words: &'a Words,
    pub(super) theme: &'a Theme,
}

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, state: &State, model: &Model<'_>, words: &Words, theme: &Theme) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        frame.render_widget(Paragraph::new(words.get("too-small")), area);
        return;
    }
    let pen = Pen { state, model, words, theme };
    let line = |at: u16, height: u16| Rect { x: area.x, y: area.y + at, width: area.width, height };
    frame.render_widget(Paragraph::new(title(&pen, usize::from(area.width))), line(0, 1));
    lists::families(frame, families_area(area), &pen);
    lists::rows(frame, rows_area(area), &pen);
    lists::detail(frame, line(area.height - 4, 3), &pen);
    frame.render_widget(Paragraph::new(hint(&pen)), line(area.height - 1, 1));
    popup::draw(frame, area, &pen);
}

fn families_area(area: Rect) -> Rect {
    let width = (area.width / 3).min(30);
    Rect { x: area.x, y: area.y + 1, width, height: area.height.saturating_sub(FRAME) }
}

fn rows_area(area: Rect) -> Rect {
    let left = families_area(area).width + 1;
    Rect {
        x: area.x + left,
        y: area.y + 1,
        width: area.width - left,
        height: area.height.saturating_sub(FRAME),
    }
}

/// What stands at a place of the screen.
pub(super) fn place(state: &State, column: u16, line: u16) -> Option<Place> {
    let (width, height) = (u16::try_from(state.width).ok()?, u16::try_from(state.height).ok()?);
    let area = Rect { x: 0, y: 0, width, height: height.saturating_add(FRAME) };
    let (families, rows) = (families_area(area), rows_area(area));
    let below = usize::from(line.checked_sub(1)?);
    if below >= state.height {
        return None;
    }
    if column < families.width {
        let at = top(state.family, state.height, state.families.len()) + below;
        return (at < state.families.len()).then_some(Place::Family(at));
    }
    let at = top(state.row, state.height, state.rows.len()) + below;
    (column >= rows.x && at < state.rows.len()).then_some(Place::Row(at))
}

/// The first line that is shown of `length`, with the one `at` in the middle as far as there are lines.
pub(super) fn top(at: usize, height: usize, length: usize) -> usize {
    at.saturating_sub(height / 2).min(length.saturating_sub(height))
}

fn title<'a>(pen: &Pen<'_>, width: usize) -> Line<'a> {
    let Pen { state, model, words, theme } = pen;
    let mut parts = vec![words.get(&format!("level-{}", state.level.word()))];
    if state.only_changed {
        parts.push(words.get("only-changed"));
    }
    let errors = model.faulty().count();
    if errors > 0 {
        parts.push(words.count("errors", errors));
    }
    let changed = model.unsaved().len();
    if changed > 0 {
        parts.push(words.count("changed", changed));
    }
    let right = format!("[{}] ", parts.join(", "));
    let left = fit(&format!(" galerne  {}", inert(&state.title)), width.saturating_sub(span(&right)));
    Line::from(Span::styled(format!("{left}{right}"), theme.title))
}

fn hint<'a>(pen: &Pen<'_>) -> Line<'a> {
    let key = match pen.state.context() {
        Context::Lists => "hint-lists",
        Context::Typing => "hint-typing",
        Context::Choosing => "hint-choosing",
        Context::Reading => "hint-reading",
        Context::Filling => "hint-filling",
        Context::Asked => return Line::default(),
    };
    Line::from(Span::styled(format!(" {}", pen.words.get(key)), pen.theme.dim))
}

/// All keys, a line each.
pub(super) fn keys(words: &Words) -> Vec<String> {
    let mut lines = vec![format!("{:<17}{}", "↑ ↓ ← → h j k l", words.get("keys-move"))];
    let named = LISTS.iter().filter(|line| !line.3.is_empty());
    lines.extend(named.map(|line| format!("{:<17}{}", line.3, words.get(line.4))));
    lines
}

/// `text` without what would steer a terminal or turn its direction.
pub(super) fn inert(text: &str) -> String {
    let is_mark = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}');
    text.chars().map(|letter| if letter.is_control() || is_mark(letter) { '·' } else { letter }).collect()
}

/// How many columns a text takes.
pub(super) fn span(text: &str) -> usize {
    text.chars().map(|letter| letter.width().unwrap_or(0)).sum()
}

/// `text` in exactly `width` columns; of a longer one the beginning and `…`.
pub(super) fn fit(text: &str, width: usize) -> String {
    let (mut fitted, mut used) = (String::new(), 0);
    let whole = span(text) <= width;
    let room = if whole { width } else { width.saturating_sub(1) };
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        fitted.push(letter);
        used += wide;
    }
    if !whole && width > 0 {
        fitted.push('…');
        used += 1;
    }
    fitted.push_str(&" ".repeat(width.saturating_sub(used)));
    fitted
}

/// Clears what is below something that opens over it.
fn clear(frame: &mut Frame<'_>, area: Rect) {
    frame.render_widget(Clear, area);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_columns_that_it_has() {
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本", 2), "… ");
        assert_eq!(fit("", 2), "  ");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(
            inert("a\u{1b}[31m\u{202e}b\nc\u{200b}\u{9b}"),
            "a·[31m··b·c··".replace("··b·c··", "·b·c··")
        );
    }

    #[test]
    fn the_chosen_line_is_among_those_shown() {
        for length in 0..30 {
            for at in 0..length {
                let first = top(at, 7, length);
                assert!(first <= at && at < first + 7, "{at} of {length}");
            }
        }
    }
}
