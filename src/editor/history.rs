//! What was changed, step by step, to be taken back and done again.

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
pub(super) type Step = Vec<Change>;

/// All steps since the configuration was opened, without limit.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Remembers a step; what was taken back before it cannot be done again.
    pub fn push(&mut self, step: Step) {
        if !step.is_empty() {
            self.done.push(step);
            self.undone.clear();
        }
    }

    /// Takes the last step back: what is to be saved for each variable.
    pub fn undo(&mut self) -> Option<Vec<(String, Option<SavedValue>)>> {
        let step = self.done.pop()?;
        let values = step.iter().rev().map(|change| (change.name.clone(), change.before.clone())).collect();
        self.undone.push(step);
        Some(values)
    }

    /// Does the step that was taken back last again.
    pub fn redo(&mut self) -> Option<Vec<(String, Option<SavedValue>)>> {
        let step = self.undone.pop()?;
        let values = step.iter().map(|change| (change.name.clone(), change.after.clone())).collect();
        self.done.push(step);
        Some(values)
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
        vec![Change { name: name.into(), before: before.map(value), after: after.map(value) }]
    }

    #[test]
    fn steps_are_taken_back_and_done_again() {
        let mut history = History::default();
        history.push(Step::new());
        assert_eq!(history.undo(), None);
        history.push(step("a", None, Some("1")));
        history.push(step("a", Some("1"), Some("2")));
        assert_eq!(history.undo(), Some(vec![("a".into(), Some(SavedValue::single("1", "x")))]));
        assert_eq!(history.redo(), Some(vec![("a".into(), Some(SavedValue::single("2", "x")))]));
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
