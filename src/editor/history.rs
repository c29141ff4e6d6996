//! What was changed, step by step, to be taken back and done again.

use super::local::Local;
use crate::config_eol::{Saved, SavedValue};

/// The saved value of one variable, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The variable.
    pub name: String,
    /// What was saved for it.
    pub before: Option<SavedValue>,
    /// What is saved for it now.
    pub after: Option<SavedValue>,
}

/// What one action of the user changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Step {
    /// The saved values.
    pub(super) values: Vec<Change>,
    /// The local dictionary, before and after, if it changed.
    pub(super) local: Option<(Local, Local)>,
}

/// What is to be, once a step is taken back or done again.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Again {
    /// What is to be saved for each variable.
    pub(super) values: Vec<(String, Option<SavedValue>)>,
    /// The local dictionary, if it is another one.
    pub(super) local: Option<Local>,
}

/// All steps since the configuration was opened, without limit.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Remembers a step; what was taken back before it cannot be done again.
    pub(super) fn push(&mut self, step: Step) {
        if step != Step::default() {
            self.done.push(step);
            self.undone.clear();
        }
    }

    /// Takes the last step back.
    pub(super) fn undo(&mut self) -> Option<Again> {
        let step = self.done.pop()?;
        let values = step.values.iter().rev().map(|change| (change.name.clone(), change.before.clone()));
        let again =
            Again { values: values.collect(), local: step.local.as_ref().map(|(before, _)| before.clone()) };
        self.undone.push(step);
        Some(again)
    }

    /// Does the step that was taken back last again.
    pub(super) fn redo(&mut self) -> Option<Again> {
        let step = self.undone.pop()?;
        let values = step.values.iter().map(|change| (change.name.clone(), change.after.clone())).collect();
        let again = Again { values, local: step.local.as_ref().map(|(_, after)| after.clone()) };
        self.done.push(step);
        Some(again)
    }
}

/// What differs between two states of the saved values, in the order of the names of `now`, those that are gone last.
pub fn differences(base: &Saved, now: &Saved) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, after) in now.iter() {
        let before = base.get(name);
        if before != Some(after) {
            let (before, after) = (before.cloned(), Some(after.clone()));
            changes.push(Change { name: name.to_owned(), before, after });
        }
    }
    for (name, before) in base.iter() {
        if now.get(name).is_none() {
            changes.push(Change { name: name.to_owned(), before: Some(before.clone()), after: None });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, before: Option<&str>, after: Option<&str>) -> Step {
        let value = |text: &str| SavedValue::single(text, "x");
        let values = vec![Change { name: name.into(), before: before.map(value), after: after.map(value) }];
        Step { values, local: None }
    }

    #[test]
    fn steps_are_taken_back_and_done_again() {
        let mut history = History::default();
        history.push(Step::default());
        assert_eq!(history.undo(), None);
        history.push(step("a", None, Some("1")));
        history.push(step("a", Some("1"), Some("2")));
        let of = |text: &str| {
            Some(Again { values: vec![("a".into(), Some(SavedValue::single(text, "x")))], local: None })
        };
        assert_eq!(history.undo(), of("1"));
        assert_eq!(history.redo(), of("2"));
        assert_eq!(history.redo(), None);
        history.undo();
        history.push(step("b", None, Some("3")));
        assert_eq!(history.redo(), None);
    }

    #[test]
    fn what_came_changed_and_went_is_found() {
        let (mut base, mut now) = (Saved::empty(), Saved::empty());
        base.set("same", SavedValue::single("1", "x")).unwrap();
        now.set("same", SavedValue::single("1", "x")).unwrap();
        base.set("gone", SavedValue::single("1", "x")).unwrap();
        now.set("new", SavedValue::single("1", "x")).unwrap();
        let names: Vec<String> = differences(&base, &now).into_iter().map(|change| change.name).collect();
        assert_eq!(names, ["new", "gone"]);
    }
}
