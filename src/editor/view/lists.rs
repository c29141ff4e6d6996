//! The two lists, and what is said of the variable on which the user stands.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{Pen, fit, inert, span, top};
use crate::editor::model::Target;
use crate::editor::rows::{FamilyRow, Row, columns};
use crate::editor::state::{Side, Typing};
use crate::evaluation::{Owners, Property};
use crate::schema::VariableId;

/// Draws the list of families.
pub(super) fn families(frame: &mut Frame<'_>, area: Rect, pen: &Pen<'_>) {
    let state = pen.state;
    let height = usize::from(area.height);
    let first = top(state.family, height, state.families.len());
    let lines = state.families.iter().enumerate().skip(first).take(height);
    let lines: Vec<Line<'_>> =
        lines.map(|(at, family)| family_line(family, at, usize::from(area.width), pen)).collect();
    frame.render_widget(Paragraph::new(lines), area);
    let rule = vec![Line::from(Span::styled("│", pen.theme.dim)); height];
    let beside = Rect { x: area.x + area.width, width: 1, ..area };
    frame.render_widget(Paragraph::new(rule), beside);
}

fn family_line<'a>(family: &FamilyRow, at: usize, width: usize, pen: &Pen<'_>) -> Line<'a> {
    let schema = pen.model.schema().family(family.id);
    let title = if schema.name.is_empty() { "·" } else { &*schema.name };
    let mut counts = String::new();
    if family.errors > 0 {
        let _ = write!(counts, " !{}", family.errors);
    }
    if family.changed > 0 {
        let _ = write!(counts, " *{}", family.changed);
    }
    let is_chosen = pen.state.family == at;
    let sign = if is_chosen { '>' } else { ' ' };
    let icon = if pen.theme.has_signs { icon(schema.icon.as_deref()) } else { ' ' };
    let left = fit(&format!("{sign}{icon} {}", inert(title)), width.saturating_sub(span(&counts)));
    let style = match (is_chosen, pen.state.side) {
        (true, Side::Families) => pen.theme.chosen,
        (true, Side::Variables) => pen.theme.elsewhere,
        _ => Style::new(),
    };
    let counted = if family.errors > 0 { pen.theme.wrong } else { pen.theme.changed };
    Line::from(vec![Span::styled(left, style), Span::styled(counts, if is_chosen { style } else { counted })])
}

/// A sign for the icons that EOLE's dictionaries name.
fn icon(name: Option<&str>) -> char {
    match name {
        Some("anchor" | "cube" | "cubes" | "archive") => '▣',
        Some("globe" | "cloud" | "sitemap" | "share-alt") => '◎',
        Some("lock" | "key" | "shield" | "certificate") => '◆',
        Some("user" | "users" | "group") => '●',
        Some("hdd-o" | "database" | "save" | "folder") => '▤',
        Some("cog" | "cogs" | "gear" | "wrench") => '✱',
        Some(_) => '▪',
        None => '·',
    }
}

/// Draws the lines of the family that is chosen.
pub(super) fn rows(frame: &mut Frame<'_>, area: Rect, pen: &Pen<'_>) {
    let state = pen.state;
    if state.rows.is_empty() {
        frame.render_widget(Paragraph::new(format!(" {}", pen.words.get("nothing-here"))), area);
        return;
    }
    let height = usize::from(area.height);
    let first = top(state.row, height, state.rows.len());
    let flashing: BTreeSet<VariableId> = state.flashing.iter().copied().collect();
    let width = usize::from(area.width);
    for (below, (at, row)) in state.rows.iter().enumerate().skip(first).take(height).enumerate() {
        let Ok(below) = u16::try_from(below) else { break };
        let line = Rect { y: area.y + below, height: 1, ..area };
        let is_chosen = at == state.row;
        let drawn = row_line(row, is_chosen, width, &flashing, pen);
        frame.render_widget(Paragraph::new(drawn), line);
        if is_chosen && let Some(typing) = &state.typing {
            input(frame, line, row, typing, pen);
        }
    }
}

/// Where the values stand that are alone in their line.
fn middle(width: usize) -> usize {
    width * 11 / 20
}

fn row_line<'a>(
    row: &Row,
    is_chosen: bool,
    width: usize,
    flashing: &BTreeSet<VariableId>,
    pen: &Pen<'_>,
) -> Line<'a> {
    let schema = pen.model.schema();
    match row {
        Row::Title(title) => {
            Line::from(Span::styled(fit(&format!("── {} ", inert(title)), width), pen.theme.heading))
        }
        Row::Columns(master) => {
            let ids = columns(*master, pen.model, pen.state.level);
            let each = width.saturating_sub(2) / ids.len().max(1);
            let titles: String = ids
                .iter()
                .map(|id| fit(&format!("{} ", inert(&schema.variable(*id).description)), each))
                .collect();
            Line::from(Span::styled(format!("  {titles}"), pen.theme.heading))
        }
        Row::Add(_) => {
            let style = if is_chosen { chosen(pen) } else { pen.theme.dim };
            Line::from(Span::styled(
                fit(&format!("{}   {}", sign(is_chosen), pen.words.get("add-item")), width),
                style,
            ))
        }
        Row::Variable(id) => {
            let label = inert(&schema.variable(*id).description);
            let multi = schema.variable(*id).multi;
            let target = Target { id: *id, index: None };
            let text = if multi { String::new() } else { shown(target, pen) };
            let left = fit(&format!("{}{} {label}", sign(is_chosen), mark(*id, pen)), middle(width));
            let right = fit(&format!(" {text}"), width.saturating_sub(middle(width)));
            two(left, right, *id, is_chosen, flashing, pen)
        }
        Row::Item(id, index) => {
            let target = Target { id: *id, index: Some(*index) };
            let left = fit(&format!("{}{}    {index}", sign(is_chosen), mark(*id, pen)), middle(width));
            let right = fit(&format!(" {}", shown(target, pen)), width.saturating_sub(middle(width)));
            two(left, right, *id, is_chosen, flashing, pen)
        }
        Row::Line(master, index) => {
            let ids = columns(*master, pen.model, pen.state.level);
            let each = width.saturating_sub(2) / ids.len().max(1);
            let mut spans = vec![Span::raw(format!("{}{}", sign(is_chosen), mark(*master, pen)))];
            for (column, id) in ids.iter().enumerate() {
                let target = Target { id: *id, index: Some(*index) };
                let text = fit(&format!("{} ", shown(target, pen)), each);
                let here = is_chosen && column == pen.state.column;
                let style = if here { chosen(pen) } else { looks(*id, flashing, pen) };
                spans.push(Span::styled(text, style));
            }
            Line::from(spans)
        }
    }
}

fn two<'a>(
    left: String,
    right: String,
    id: VariableId,
    is_chosen: bool,
    flashing: &BTreeSet<VariableId>,
    pen: &Pen<'_>,
) -> Line<'a> {
    let (label, value) =
        if is_chosen { (chosen(pen), chosen(pen)) } else { (Style::new(), looks(id, flashing, pen)) };
    Line::from(vec![Span::styled(left, label), Span::styled(right, value)])
}

fn chosen(pen: &Pen<'_>) -> Style {
    if pen.state.side == Side::Variables { pen.theme.chosen } else { pen.theme.elsewhere }
}

fn sign(is_chosen: bool) -> char {
    if is_chosen { '>' } else { ' ' }
}

/// What is to be known of a variable at a glance.
fn mark(id: VariableId, pen: &Pen<'_>) -> char {
    if pen.model.is_faulty(id) {
        '!'
    } else if pen.model.is_changed(id) {
        '*'
    } else if pen.model.lock_of(Target { id, index: None }).is_some() {
        '#'
    } else {
        ' '
    }
}

fn looks(id: VariableId, flashing: &BTreeSet<VariableId>, pen: &Pen<'_>) -> Style {
    if flashing.contains(&id) {
        pen.theme.flash
    } else if pen.model.is_faulty(id) {
        pen.theme.wrong
    } else if pen.model.is_changed(id) {
        pen.theme.changed
    } else if *pen.model.look(id).owner == Owners::Default {
        pen.theme.dim
    } else {
        Style::new()
    }
}

/// A value as it is shown: a secret by dots.
fn shown(target: Target, pen: &Pen<'_>) -> String {
    let text = pen.model.text(target);
    let is_secret = pen.model.schema().variable(target.id).kind.is_secret();
    if is_secret && !text.is_empty() { "••••••••".to_owned() } else { inert(&text) }
}

/// Draws the text that is being typed over its value, with the cursor in it.
fn input(frame: &mut Frame<'_>, line: Rect, row: &Row, typing: &Typing, pen: &Pen<'_>) {
    let width = usize::from(line.width);
    let (left, room) = match row {
        Row::Line(master, _) => {
            let count = columns(*master, pen.model, pen.state.level).len().max(1);
            let each = width.saturating_sub(2) / count;
            (2 + each * pen.state.column, each.saturating_sub(1))
        }
        _ => (middle(width) + 1, width.saturating_sub(middle(width) + 1)),
    };
    let is_secret = pen.model.schema().variable(typing.target.id).kind.is_secret();
    let text = typing.input.value();
    let text = if is_secret { "•".repeat(text.chars().count()) } else { inert(text) };
    let (before, after) = split(&text, typing.input.cursor());
    // The end of what is before the cursor, so that it is seen.
    let skipped = span(before).saturating_sub(room.saturating_sub(1));
    let seen: String = before.chars().skip(columns_of(before, skipped)).collect();
    let cursor = span(&seen);
    let (Ok(left), Ok(cursor), Ok(wide)) = (u16::try_from(left), u16::try_from(cursor), u16::try_from(room))
    else {
        return;
    };
    let area = Rect { x: line.x + left, width: wide, ..line };
    let shown = fit(&format!("{seen}{after}"), room);
    frame.render_widget(Paragraph::new(Span::styled(shown, pen.theme.input)), area);
    frame.set_cursor_position((area.x + cursor.min(wide.saturating_sub(1)), area.y));
}

/// `text` up to the letter `at`, and from there.
fn split(text: &str, at: usize) -> (&str, &str) {
    let place = text.char_indices().nth(at).map_or(text.len(), |(place, _)| place);
    text.split_at(place)
}

/// How many letters take the first `width` columns of `text`.
fn columns_of(text: &str, width: usize) -> usize {
    let mut used = 0;
    let fits = |letter: &char| {
        let is_before = used < width;
        used += span(&letter.to_string());
        is_before
    };
    text.chars().take_while(fits).count()
}

/// Draws what is said of the variable on which the user stands: three lines.
pub(super) fn detail(frame: &mut Frame<'_>, area: Rect, pen: &Pen<'_>) {
    let width = usize::from(area.width);
    let mut lines = vec![Line::from(Span::styled("─".repeat(width), pen.theme.dim))];
    let id = (pen.state.side == Side::Variables).then(|| pen.state.variable(pen.model)).flatten();
    lines
        .push(Line::from(id.map(|id| fit(&format!(" {}", of_variable(id, pen)), width)).unwrap_or_default()));
    lines.push(said(id, width, pen));
    frame.render_widget(Paragraph::new(lines), area);
}

fn of_variable(id: VariableId, pen: &Pen<'_>) -> String {
    let schema = pen.model.schema();
    let (variable, look) = (schema.variable(id), pen.model.look(id));
    let mut parts = vec![schema.name(id).to_owned(), variable.kind.name().to_owned()];
    if look.properties.has(Property::Mandatory) {
        parts.push(pen.words.get("mandatory"));
    }
    match look.owner {
        Owners::Default => {}
        Owners::One(owner) => parts.push(inert(owner)),
        Owners::Items(owners) => parts.extend(owners.iter().flatten().next().map(|owner| inert(owner))),
    }
    let default = inert(look.default.to_string().trim().replace('\n', ", ").as_str());
    if !variable.kind.is_secret() && !default.is_empty() {
        parts.push(pen.words.with("default", &[("default", &default)]));
    }
    parts.join("  ")
}

/// The last sentence; else what is wrong with what is typed, or with the variable; else the first line of its help.
fn said<'a>(id: Option<VariableId>, width: usize, pen: &Pen<'_>) -> Line<'a> {
    let plain =
        |text: &str, style: Style| Line::from(Span::styled(fit(&format!(" {}", inert(text)), width), style));
    if let Some((sentence, is_bad)) = &pen.state.message {
        return plain(sentence, if *is_bad { pen.theme.wrong } else { pen.theme.heading });
    }
    if let Some(typing) = &pen.state.typing {
        return typing.wrong.as_ref().map(|wrong| plain(wrong, pen.theme.wrong)).unwrap_or_default();
    }
    let Some(id) = id else { return Line::default() };
    if let Some(fault) = pen.model.faults(id, pen.words).first() {
        return plain(fault, pen.theme.wrong);
    }
    let help = pen.model.schema().variable(id).help.as_ref().and_then(|help| help.lines().next());
    help.map(|help| plain(help, pen.theme.dim)).unwrap_or_default()
}
