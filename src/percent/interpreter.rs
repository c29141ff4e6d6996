//! Walks the tree of a template and writes its text.
//!
//! What fails outside of `%try` and `%def` is found, and the walk goes on behind it, so that a run tells all that is wrong.
//! A name whose `%set` failed is remembered, so that what follows from it is not told again.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings};
use crate::source::{FileId, Span};

use super::cursor::Failure;
use super::data::Surroundings;
use super::problem::{PercentProblem, PythonError};
use super::show;
use super::tree::{Definition, Document, Expression, Handler, Kind, Node, NodeKind, Target};
use super::value::{Answer, Heap, Value};
use crate::phrase;

/// What evaluating gives.
pub(super) type Outcome<T = Value> = Result<T, Failure>;

/// How deep calls and inclusions may stand in each other.
const MAX_CALLS: usize = 50;

/// How deep the walk may recurse.
const MAX_NESTING: usize = 200;

/// The longest output, in bytes.
const MAX_OUTPUT: usize = 64 * 1024 * 1024;

/// How many findings a rendering may have before it is given up.
const MAX_FINDINGS: usize = 100;

/// How the walk goes on behind a part.
#[derive(Debug)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Stop,
    Return(Value),
}

/// The names of one template or definition.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub locals: BTreeMap<String, Value>,
    /// The names that have no value because something was found.
    pub broken: BTreeSet<String>,
}

/// Renders a template.
pub(super) struct Interpreter<'a> {
    pub around: &'a dyn Surroundings,
    pub heap: Heap,
    pub frames: Vec<Frame>,
    pub globals: BTreeMap<String, Value>,
    pub imports: BTreeMap<String, Value>,
    pub variables: BTreeMap<String, Value>,
    /// The place to show of each disabled variable that was met.
    pub disabled: BTreeMap<String, Span>,
    pub definitions: Vec<BTreeMap<String, Arc<Definition>>>,
    pub nesting: usize,
    included: BTreeMap<FileId, Arc<Document>>,
    output: String,
    written: usize,
    pub turns: u32,
    calls: usize,
    /// How many `%try` with handlers, and definitions, are around: there, failures are passed on.
    guards: usize,
    told: BTreeSet<(Span, String)>,
    findings: Findings,
}

/// The text of `document`, or nothing and what was found.
pub(super) fn render(document: &Document, around: &dyn Surroundings) -> Result<String, Findings> {
    let mut interpreter = Interpreter {
        around,
        heap: Heap::default(),
        frames: vec![Frame::default()],
        globals: BTreeMap::new(),
        imports: BTreeMap::new(),
        variables: BTreeMap::new(),
        disabled: BTreeMap::new(),
        definitions: vec![document.definitions.clone()],
        nesting: 0,
        included: BTreeMap::new(),
        output: String::new(),
        written: 0,
        turns: 0,
        calls: 0,
        guards: 0,
        told: BTreeSet::new(),
        findings: Findings::default(),
    };
    if let Err(failure) = interpreter.block(&document.body) {
        interpreter.tell(failure);
    }
    if interpreter.findings.is_empty() { Ok(interpreter.output) } else { Err(interpreter.findings) }
}

/// Adds the place to what was answered.
pub(super) fn at<T>(answer: Answer<T>, span: Span) -> Outcome<T> {
    answer.map_err(|problem| Failure::new(problem, span))
}

impl Interpreter<'_> {
    pub(super) fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Finds what failed, once for each place.
    fn tell(&mut self, failure: Failure) {
        let key = (failure.at, failure.problem.to_string());
        if failure.is_told || !self.told.insert(key) {
            return;
        }
        let (label, related) = match &*failure.problem {
            PercentProblem::UnknownVariable { .. } => {
                (phrase!("at-no-dictionary-defines-it", "no dictionary defines it"), None)
            }
            PercentProblem::DisabledVariable { name } => {
                (phrase!("at-it-is-used-here", "it is used here"), self.disabled.get(name).copied())
            }
            _ => (phrase!("at-here", "here"), None),
        };
        let mut finding = Finding::new(*failure.problem).at(failure.at, label);
        if let Some(span) = related {
            finding = finding.related(span, phrase!("at-it-is-defined-here", "it is defined here"));
        }
        self.findings.push(finding);
    }

    /// Runs parts one after the other.
    pub(super) fn block(&mut self, nodes: &[Node]) -> Outcome<Flow> {
        let Some(first) = nodes.first() else { return Ok(Flow::Next) };
        self.deeper(first.span)?;
        let result = self.run(nodes);
        self.nesting -= 1;
        result
    }

    /// Counts one level of the recursion.
    pub(super) fn deeper(&mut self, span: Span) -> Outcome<()> {
        if self.nesting >= MAX_NESTING {
            let what = phrase!(
                "tpl-deep-blocks",
                "blocks, expressions and calls are more than {most} deep",
                most = MAX_NESTING
            );
            return Err(Failure::new(PercentProblem::too_long(what), span));
        }
        self.nesting += 1;
        Ok(())
    }

    fn run(&mut self, nodes: &[Node]) -> Outcome<Flow> {
        for node in nodes {
            match self.node(node) {
                Ok(Flow::Next) => {}
                Ok(other) => return Ok(other),
                Err(failure) => self.failed(node, failure)?,
            }
        }
        Ok(Flow::Next)
    }

    /// Tells a failure where the walk can go on behind it.
    fn failed(&mut self, node: &Node, failure: Failure) -> Outcome<()> {
        let is_final = matches!(*failure.problem, PercentProblem::TooLong { .. });
        if self.guards > 0 || is_final || self.told.len() >= MAX_FINDINGS {
            return Err(failure);
        }
        self.tell(failure);
        match &node.kind {
            NodeKind::Set { targets, .. } => targets.iter().for_each(|target| self.break_names(target)),
            NodeKind::For { target, .. } => self.break_names(target),
            NodeKind::Import(imports) => {
                for import in imports {
                    self.frame().broken.insert(import.name.clone());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn break_names(&mut self, target: &Target) {
        match target {
            Target::Name(name) => {
                let frame = self.frame();
                frame.locals.remove(name);
                frame.broken.insert(name.clone());
                self.globals.remove(name);
            }
            Target::Item { .. } => {}
            Target::Several(targets) => targets.iter().for_each(|target| self.break_names(target)),
        }
    }

    fn node(&mut self, node: &Node) -> Outcome<Flow> {
        at(self.heap.spend(1), node.span)?;
        match &node.kind {
            NodeKind::Text(text) => self.write(text, node.span)?,
            NodeKind::Show { value, silent } => self.show(value, *silent)?,
            NodeKind::If { branches, otherwise } => {
                for (test, body) in branches {
                    if self.test(test)? {
                        return self.block(body);
                    }
                }
                return self.block(otherwise);
            }
            NodeKind::For { target, over, body } => return self.run_for(target, over, body),
            NodeKind::While { test, body } => return self.run_while(test, body),
            NodeKind::Repeat { count, body } => return self.run_repeat(count, body),
            NodeKind::Set { global, targets, operator, value } => {
                self.set(*global, targets, *operator, value)?;
            }
            NodeKind::Include { name, raw } => self.include(name, *raw)?,
            NodeKind::Import(imports) => self.import(imports, node.span)?,
            NodeKind::Silent(value) => drop(self.value(value)?),
            NodeKind::Break => return Ok(Flow::Break),
            NodeKind::Continue => return Ok(Flow::Continue),
            NodeKind::Stop => return Ok(Flow::Stop),
            NodeKind::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::None), |value| self.value(value))?;
                return Ok(Flow::Return(value));
            }
            NodeKind::Try { body, handlers, otherwise, finally } => {
                return self.run_try(body, handlers, otherwise, finally);
            }
            NodeKind::Delete(targets) => {
                for target in targets {
                    self.delete(target, node.span)?;
                }
            }
            NodeKind::Assert(test) => {
                if !self.test(test)? {
                    let problem = PercentProblem::failed(
                        PythonError::Assertion,
                        phrase!("tpl-assertion", "this does not hold"),
                    );
                    return Err(Failure::new(problem, test.span));
                }
            }
        }
        Ok(Flow::Next)
    }

    fn write(&mut self, text: &str, span: Span) -> Outcome<()> {
        self.written = self.written.saturating_add(text.len());
        if self.written > MAX_OUTPUT {
            let what = phrase!("tpl-output", "the text is longer than {most} bytes", most = MAX_OUTPUT);
            return Err(Failure::new(PercentProblem::too_long(what), span));
        }
        self.output.push_str(text);
        Ok(())
    }

    fn show(&mut self, value: &Expression, silent: bool) -> Outcome<()> {
        let shown = match self.value(value) {
            Err(failure) if silent && failure.problem.is_caught_as("NotFound") => return Ok(()),
            other => other?,
        };
        let text = at(show::placed(&shown, &self.heap), value.span)?;
        self.write(&text, value.span)
    }

    pub(super) fn test(&mut self, test: &Expression) -> Outcome<bool> {
        let value = self.value(test)?;
        at(value.plain(&self.heap), test.span).map(|value| value.is_true())
    }

    fn include(&mut self, name: &Expression, raw: bool) -> Outcome<()> {
        let value = self.value(name)?;
        let path = at(value.str(&self.heap), name.span)?;
        let Some((file, text)) = self.around.include(&path) else {
            let is_written = matches!(*name.kind, Kind::Text(_));
            let name_shown = if is_written {
                phrase!("quoted", "`{name}`", name = &*path)
            } else {
                phrase!("tpl-calculated-name", "of the calculated name")
            };
            return Err(Failure::new(PercentProblem::MissingInclude { name: name_shown }, name.span));
        };
        if raw {
            return self.write(&text, name.span);
        }
        let document = self.document(file, &text, name.span)?;
        at(self.heap.spend(document.definitions.len()), name.span)?;
        self.enter(name.span)?;
        self.frames.push(Frame::default());
        self.definitions.push(document.definitions.clone());
        let result = self.block(&document.body);
        self.definitions.pop();
        self.frames.pop();
        self.calls -= 1;
        result.map(drop)
    }

    /// The tree of what is included.
    fn document(&mut self, file: FileId, text: &str, span: Span) -> Outcome<Arc<Document>> {
        if let Some(document) = self.included.get(&file) {
            return Ok(Arc::clone(document));
        }
        at(self.heap.room(text.len()), span)?;
        let document = Arc::new(super::reader::document(text, file)?);
        self.included.insert(file, Arc::clone(&document));
        Ok(document)
    }

    fn enter(&mut self, span: Span) -> Outcome<()> {
        if self.calls >= MAX_CALLS {
            let what =
                phrase!("tpl-deep-calls", "calls or inclusions are more than {most} deep", most = MAX_CALLS);
            return Err(Failure::new(PercentProblem::too_long(what), span));
        }
        self.calls += 1;
        Ok(())
    }

    /// What a definition writes, or returns, in a frame that has its arguments.
    pub(super) fn run_definition(&mut self, definition: &Definition, frame: Frame, span: Span) -> Outcome {
        self.enter(span)?;
        let outer = mem::take(&mut self.output);
        self.frames.push(frame);
        self.guards += 1;
        let result = self.block(&definition.body);
        self.guards -= 1;
        self.frames.pop();
        let text = mem::replace(&mut self.output, outer);
        self.written = self.written.saturating_sub(text.len());
        self.calls -= 1;
        match result? {
            Flow::Return(value) => Ok(value),
            _ => at(self.heap.text(text), span),
        }
    }

    fn run_try(
        &mut self,
        body: &[Node],
        handlers: &[Handler],
        otherwise: &[Node],
        finally: &[Node],
    ) -> Outcome<Flow> {
        let guard = usize::from(!handlers.is_empty());
        self.guards += guard;
        let tried = self.block(body);
        self.guards -= guard;
        let result = match tried {
            Ok(Flow::Next) => self.block(otherwise),
            Err(failure) => self.handle(failure, handlers),
            other => other,
        };
        if matches!(&result, Err(failure) if matches!(*failure.problem, PercentProblem::TooLong { .. })) {
            return result;
        }
        match self.block(finally)? {
            Flow::Next => result,
            other => Ok(other),
        }
    }

    /// Runs the first handler that catches `failure`.
    fn handle(&mut self, failure: Failure, handlers: &[Handler]) -> Outcome<Flow> {
        let catches = |handler: &&Handler| {
            let mut classes: Vec<&str> = handler.classes.iter().map(String::as_str).collect();
            if classes.is_empty() {
                classes.push("Exception");
            }
            // `NameMapper.NotFound` is `NotFound`.
            classes
                .iter()
                .any(|class| failure.problem.is_caught_as(class.rsplit('.').next().unwrap_or_default()))
        };
        let Some(handler) = handlers.iter().find(catches) else { return Err(failure) };
        if let Some(name) = &handler.name {
            let message = at(self.heap.text(failure.problem.to_string()), failure.at)?;
            self.frame().locals.insert(name.clone(), message);
        }
        self.block(&handler.body)
    }
}
