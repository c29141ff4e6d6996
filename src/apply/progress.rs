//! Events as a person or a program follows them.
//!
//! In: events. Out: bars on a terminal, else lines; or one JSON document a line.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Effect, Event, Sink};
use crate::engine::Layer;
use crate::phrase;
use crate::words::{Phrase, Words};

/// How much a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// All that fails, and what is done to containers, files and the web server.
    Usual,
    /// Every effect, those too that only make sure that the others can be taken back.
    All,
}

/// A line for each effect that ends, and for each layer whose status changes.
pub struct Lines<'w, W> {
    words: &'w Words,
    detail: Detail,
    inner: Mutex<LinesInner<W>>,
}

struct LinesInner<W> {
    out: W,
    layers: BTreeMap<String, Phrase>,
}

impl<'w, W: Write + Send> Lines<'w, W> {
    /// Writes to `out` in the language of `words`.
    pub fn new(out: W, detail: Detail, words: &'w Words) -> Self {
        Self { words, detail, inner: Mutex::new(LinesInner { out, layers: BTreeMap::new() }) }
    }
}

impl<W: Write + Send> Sink for Lines<'_, W> {
    fn event(&self, event: &Event) {
        let mut inner = locked(&self.inner);
        let line = match event {
            Event::Progress { image, layer } => {
                let known = inner.layers.insert(layer.id.clone(), layer.status.clone());
                if known.as_ref() == Some(&layer.status) {
                    return;
                }
                let line = phrase!(
                    "layer-line",
                    "{image} {layer}: {status}",
                    image = image,
                    layer = layer.id,
                    status = layer.status
                );
                Some(format!("    {}", self.words.phrase(&line)))
            }
            other => line(other, self.detail, self.words),
        };
        if let Some(line) = line {
            // Who no longer reads misses nothing that matters.
            let _ = writeln!(inner.out, "{line}");
        }
    }
}

/// A bar for each layer that is fetched, above them a line for each effect that ends.
pub struct Bars<'w> {
    words: &'w Words,
    detail: Detail,
    all: MultiProgress,
    layers: Mutex<BTreeMap<String, ProgressBar>>,
}

impl<'w> Bars<'w> {
    /// Draws on `target`, the terminal's standard error as a rule, in the language of `words`.
    pub fn new(target: ProgressDrawTarget, detail: Detail, words: &'w Words) -> Self {
        Self {
            words,
            detail,
            all: MultiProgress::with_draw_target(target),
            layers: Mutex::new(BTreeMap::new()),
        }
    }

    fn draw(&self, image: &str, layer: &Layer) {
        let mut bars = locked(&self.layers);
        let bar = bars.entry(format!("{image} {}", layer.id)).or_insert_with(|| self.all.add(bar(layer)));
        bar.set_message(self.words.phrase(&layer.status));
        if let Some(total) = layer.total {
            bar.set_length(total);
        }
        if let Some(current) = layer.current {
            bar.set_position(current);
        }
        if is_done(layer) {
            bar.finish();
        }
    }

    fn clear(&self) {
        for bar in std::mem::take(&mut *locked(&self.layers)).into_values() {
            bar.finish_and_clear();
        }
    }
}

impl Sink for Bars<'_> {
    fn event(&self, event: &Event) {
        match event {
            Event::Progress { image, layer } => self.draw(image, layer),
            other => {
                if matches!(other, Event::Stage { .. } | Event::Ended { .. }) {
                    self.clear();
                }
                if let Some(line) = line(other, self.detail, self.words) {
                    // A terminal that is gone misses nothing that matters.
                    let _ = self.all.println(line);
                }
            }
        }
    }
}

/// One JSON document a line, written out at once.
pub struct JsonLines<W> {
    out: Mutex<W>,
}

impl<W: Write + Send> JsonLines<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out: Mutex::new(out) }
    }
}

impl<W: Write + Send> Sink for JsonLines<W> {
    fn event(&self, event: &Event) {
        let mut out = locked(&self.out);
        if let Ok(mut text) = serde_json::to_vec(event) {
            text.push(b'\n');
            // Who no longer reads misses nothing that matters.
            let _ = out.write_all(&text).and_then(|()| out.flush());
        }
    }
}

/// What a person is told of an event.
fn line(event: &Event, detail: Detail, words: &Words) -> Option<String> {
    let said = |effect: &Effect| words.phrase(&effect.phrase());
    match event {
        Event::Finished { effect, .. } if effect.is_bookkeeping() && detail == Detail::Usual => None,
        Event::Finished { effect, .. } => Some(format!("  ✓ {}", said(effect))),
        Event::Failed { effect, .. } => Some(format!("  ✗ {}", said(effect))),
        Event::Rollout { container, words: far } => {
            let said = phrase!("rollout-line", "    {container}: {far}", container = container, far = far);
            Some(words.phrase(&said))
        }
        _ => None,
    }
}

fn bar(layer: &Layer) -> ProgressBar {
    let bar = ProgressBar::new(layer.total.unwrap_or_default());
    let style = ProgressStyle::with_template("    {prefix} {bar:30} {bytes:>10}/{total_bytes:10} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(layer.id.clone());
    bar
}

fn is_done(layer: &Layer) -> bool {
    matches!(layer.status.english(), "Pull complete" | "Already exists")
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is drawn is still right after another thread's panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Action;
    use crate::words::Language;

    fn progress(status: &'static str) -> Event {
        Event::Progress {
            image: "wiki:1".to_owned(),
            layer: Layer { id: "4f".to_owned(), status: status.into(), current: Some(1), total: Some(2) },
        }
    }

    #[test]
    fn a_layer_has_one_line_a_status() {
        let words = Words::default();
        let lines = Lines::new(Vec::new(), Detail::Usual, &words);
        for status in ["Downloading", "Downloading", "Pull complete"] {
            lines.event(&progress(status));
        }
        lines.event(&Event::Finished { sequence: 1, effect: Effect::Do(Action::CheckProxy) });
        let text = String::from_utf8(lines.inner.into_inner().unwrap().out).unwrap();
        assert_eq!(
            text,
            "    wiki:1 4f: Downloading\n    wiki:1 4f: Pull complete\n  ✓ have nginx check its configuration\n"
        );
    }

    #[test]
    fn an_event_is_one_json_line_that_reads_back() {
        let lines = JsonLines::new(Vec::new());
        lines.event(&progress("Downloading"));
        let bytes = lines.out.into_inner().unwrap();
        assert!(bytes.ends_with(b"\n") && !bytes[..bytes.len() - 1].contains(&b'\n'));
        let event: Event = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(event, progress("Downloading"));
    }

    #[test]
    fn how_far_a_rollout_is_is_said_in_the_language_and_to_programs_in_english() {
        let run = phrase!("rollout-run", "{runs} of {wanted} copies run", runs = 1, wanted = 2);
        let far = phrase!("rollout-moves", "{words}: {nodes}", words = run, nodes = "srv1 1");
        let event = Event::Rollout { container: "wiki".parse().unwrap(), words: far };
        let said =
            |language| line(&event, Detail::Usual, &Words::new(language)).expect("a person is told of it");
        assert_eq!(said(Language::En), "    wiki: 1 of 2 copies run: srv1 1");
        assert_eq!(said(Language::Fr), "    wiki\u{a0}: 1 copie sur 2 tourne\u{a0}: srv1 1");
        let json = r#"{"event":"rollout","container":"wiki","words":"1 of 2 copies run: srv1 1"}"#;
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert_eq!(serde_json::from_str::<Event>(json).unwrap(), event);
    }

    #[test]
    fn bars_without_a_terminal_draw_nothing() {
        let words = Words::default();
        let bars = Bars::new(ProgressDrawTarget::hidden(), Detail::All, &words);
        bars.event(&progress("Downloading"));
        bars.event(&progress("Pull complete"));
        assert_eq!(locked(&bars.layers).len(), 1);
        bars.clear();
        assert!(locked(&bars.layers).is_empty());
    }
}
