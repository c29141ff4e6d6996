//! What opens over the lists: choices, texts, the search, questions.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Wrap};

use super::{Pen, clear, fit, inert, span, top};
use crate::editor::form::{Entry, Form};
use crate::editor::state::{Asked, Popup};
use crate::schema::VariableId;

/// Draws what is open, if something is.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, pen: &Pen<'_>) {
    match &pen.state.popup {
        None => {}
        Some(Popup::Choice { target, words, is_open, at }) => {
            let title = inert(&pen.model.schema().variable(target.id).description);
            let other = is_open.then(|| pen.words.get("other"));
            let words: Vec<String> = words.iter().cloned().chain(other).collect();
            list(frame, area, &title, &words, *at, pen);
        }
        Some(Popup::Text { title, lines, top }) => reading(frame, area, title, lines, *top, pen),
        Some(Popup::Search { input, hits, at }) => {
            let lines: Vec<String> = hits.iter().map(|id| hit(*id, pen)).collect();
            let title = format!("{}: {}_", pen.words.get("search"), inert(input.value()));
            let count = pen.words.count("hits", hits.len());
            list(frame, area, &format!("{title}  {count}"), &lines, *at, pen);
        }
        Some(Popup::Form { form }) => fill(frame, area, form, pen),
        Some(Popup::Ask { what, lines }) => {
            let question = pen.words.get(question(*what));
            let mut lines: Vec<String> = lines.iter().take(8).cloned().collect();
            lines.push(question);
            let height = u16::try_from(lines.len()).unwrap_or(8) + 4;
            let inner =
                open(frame, centre(area, area.width.saturating_sub(8).min(76), height), "galerne", pen);
            let lines: Vec<Line<'_>> = lines.iter().map(|line| Line::from(inert(line))).collect();
            frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), inner);
        }
    }
}

/// Draws a form: a line each, with what stands in it.
fn fill(frame: &mut Frame<'_>, area: Rect, form: &Form, pen: &Pen<'_>) {
    let height = u16::try_from(form.fields.len() + 2).unwrap_or(u16::MAX);
    let width = area.width.saturating_sub(6).min(90);
    let inner = open(frame, centre(area, width, height), &pen.words.get("form"), pen);
    let titles: Vec<String> = form.fields.iter().map(|field| pen.words.get(field.title)).collect();
    let wide = titles.iter().map(|title| span(title)).max().unwrap_or(0) + 3;
    let room = usize::from(inner.width).saturating_sub(wide);
    let first = top(form.at, usize::from(inner.height), form.fields.len());
    let lines = form.fields.iter().zip(&titles).enumerate().skip(first).take(usize::from(inner.height));
    let lines = lines.map(|(at, (field, title))| {
        let is_here = at == form.at;
        let (text, style) = match &field.entry {
            Entry::Text(input) if is_here => (format!("{}_", inert(input.value())), pen.theme.input),
            Entry::Text(input) => (inert(input.value()), Style::new()),
            Entry::Word { words, at } => (format!("< {} >", words[*at]), Style::new()),
        };
        let sign = if is_here { '>' } else { ' ' };
        let style = if is_here { pen.theme.chosen } else { style };
        // Of a text that is too long, the end, where the cursor is.
        let skipped = span(&text).saturating_sub(room);
        let text: String = text.chars().skip(skipped).collect();
        Line::from(vec![
            Span::raw(fit(&format!("{sign} {title}"), wide)),
            Span::styled(fit(&text, room), style),
        ])
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), inner);
}

/// The name of the sentence that asks.
pub(in crate::editor) fn question(what: Asked) -> &'static str {
    match what {
        Asked::Leave => "ask-leave",
        Asked::SaveWrong => "ask-save-wrong",
        Asked::Overwrite => "ask-overwrite",
        Asked::Recover => "ask-recover",
        Asked::Apply => "ask-apply",
    }
}

fn hit(id: VariableId, pen: &Pen<'_>) -> String {
    let schema = pen.model.schema();
    let variable = schema.variable(id);
    format!("{} ({})", variable.description, schema.name(id))
}

/// A rectangle in the middle, as large as asked for and there is room.
fn centre(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    Rect { x, y, width, height }
}

/// Opens a frame; gives what is within.
fn open(frame: &mut Frame<'_>, area: Rect, title: &str, pen: &Pen<'_>) -> Rect {
    clear(frame, area);
    let room = usize::from(area.width).saturating_sub(4);
    let title = format!(" {} ", fit(title, room.min(span(title))));
    let block = Block::bordered().title(Span::styled(title, pen.theme.heading));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

fn list(frame: &mut Frame<'_>, area: Rect, title: &str, words: &[String], at: usize, pen: &Pen<'_>) {
    let longest = words.iter().map(|word| span(word)).max().unwrap_or(0).max(span(title) + 2).max(24);
    let width = u16::try_from(longest + 6).unwrap_or(u16::MAX).min(area.width.saturating_sub(4));
    let height = u16::try_from(words.len() + 2).unwrap_or(u16::MAX).clamp(3, area.height.saturating_sub(4));
    let inner = open(frame, centre(area, width, height), title, pen);
    let (room, wide) = (usize::from(inner.height), usize::from(inner.width));
    let first = top(at, room, words.len());
    let lines = words.iter().enumerate().skip(first).take(room).map(|(place, word)| {
        let (sign, style) = if place == at { ('>', pen.theme.chosen) } else { (' ', Style::new()) };
        Line::from(Span::styled(fit(&format!("{sign} {}", inert(word)), wide), style))
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), inner);
}

fn reading(frame: &mut Frame<'_>, area: Rect, title: &str, lines: &[String], first: usize, pen: &Pen<'_>) {
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).clamp(5, area.height.saturating_sub(2));
    let room = usize::from(height.saturating_sub(2));
    let last = (first + room).min(lines.len());
    let is_whole = first == 0 && last == lines.len();
    let title =
        if is_whole { title.to_owned() } else { format!("{title} {}–{last}/{}", first + 1, lines.len()) };
    let inner = open(frame, centre(area, area.width.saturating_sub(6).min(100), height), &title, pen);
    let lines: Vec<Line<'_>> = lines.iter().skip(first).map(|line| Line::from(inert(line))).collect();
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
}
