//! What expressions give while a template renders: Python's values, and the [`Heap`] that bounds how much there is of them.
//!
//! Lists and dictionaries are shared, as in Python. The heap keeps hold of each until the end and then empties them one
//! by one, so that neither a list in itself nor a very deep one does harm.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use fancy_regex::Regex;
use indexmap::IndexMap;

use super::data::{Data, Group};
use super::problem::PercentProblem;
use crate::phrase;

/// What working on values gives; the one who knows the place adds it.
pub(super) type Answer<T = Value> = Result<T, PercentProblem>;

/// A list that can be shared.
pub(super) type Items = Rc<RefCell<Vec<Value>>>;

/// A dictionary that can be shared.
pub(super) type Mapping = Rc<RefCell<IndexMap<Key, Value>>>;

/// A value.
#[derive(Debug, Clone, Default)]
pub(super) enum Value {
    #[default]
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    List(Items),
    /// Like a list, but never changed.
    Tuple(Items),
    Dict(Mapping),
    /// A master with its slaves.
    Master(Rc<Master>),
    /// One value of a master.
    Item(Rc<Master>, usize),
    /// A slave's item that is disabled.
    Disabled(Arc<str>),
    /// What can be called by this name.
    Function(Callable),
    /// A module that was imported.
    Module(Arc<str>),
    /// What a regular expression matched: the groups with their byte ranges.
    Match(Rc<Matched>),
}

/// What can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Callable {
    Definition(String),
    Builtin(&'static str),
    Helper(&'static str),
    Library(String),
}

/// A master with its slaves.
#[derive(Debug)]
pub(super) struct Master {
    pub name: Arc<str>,
    pub values: Vec<Value>,
    /// The items of each slave; none of one that is disabled altogether.
    pub slaves: BTreeMap<String, Option<Vec<Value>>>,
}

/// What a regular expression matched.
#[derive(Debug)]
pub(super) struct Matched {
    pub groups: Vec<Option<Arc<str>>>,
    pub names: Vec<(String, usize)>,
    pub range: (usize, usize),
}

/// The key of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    None,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(Arc<str>),
    Tuple(Vec<Key>),
}

/// The longest text.
pub(super) const MAX_TEXT: usize = 64 * 1024 * 1024;

/// How much work a rendering may be: an evaluated expression, an item of a list, and sixteen bytes of text are one each.
const MAX_WORK: u64 = 50_000_000;

/// What bounds the work, and holds what is shared.
#[derive(Debug)]
pub(super) struct Heap {
    left: Cell<u64>,
    lists: RefCell<Vec<Items>>,
    dicts: RefCell<Vec<Mapping>>,
    /// The regular expressions that were met.
    pub regexes: RefCell<BTreeMap<String, Rc<Regex>>>,
}

impl Default for Heap {
    fn default() -> Self {
        Self {
            left: Cell::new(MAX_WORK),
            lists: RefCell::default(),
            dicts: RefCell::default(),
            regexes: RefCell::default(),
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        for list in self.lists.borrow().iter() {
            let items = list.try_borrow_mut().map(|mut items| std::mem::take(&mut *items));
            drop(items);
        }
        for dict in self.dicts.borrow().iter() {
            let items = dict.try_borrow_mut().map(|mut items| std::mem::take(&mut *items));
            drop(items);
        }
    }
}

impl Heap {
    /// Counts work.
    pub(super) fn spend(&self, work: usize) -> Answer<()> {
        match self.left.get().checked_sub(work as u64) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(PercentProblem::too_long(phrase!(
                "tpl-work",
                "rendering takes more than {most} steps",
                most = MAX_WORK
            ))),
        }
    }

    pub(super) fn text(&self, text: impl Into<Arc<str>>) -> Answer {
        let text = text.into();
        self.room(text.len())?;
        Ok(Value::Text(text))
    }

    /// Makes sure that a text of `length` bytes may be made.
    pub(super) fn room(&self, length: usize) -> Answer<()> {
        if length > MAX_TEXT {
            return Err(PercentProblem::too_long(phrase!(
                "tpl-text-length",
                "a text has more than {most} bytes",
                most = MAX_TEXT
            )));
        }
        self.spend(length / 16 + 1)
    }

    pub(super) fn list(&self, items: Vec<Value>) -> Answer {
        Ok(Value::List(self.items(items)?))
    }

    pub(super) fn tuple(&self, items: Vec<Value>) -> Answer {
        Ok(Value::Tuple(self.items(items)?))
    }

    fn items(&self, items: Vec<Value>) -> Answer<Items> {
        self.spend(2 * items.len() + 4)?;
        let items = Rc::new(RefCell::new(items));
        self.lists.borrow_mut().push(Rc::clone(&items));
        Ok(items)
    }

    pub(super) fn dict(&self, items: IndexMap<Key, Value>) -> Answer {
        self.spend(4 * items.len() + 4)?;
        let items = Rc::new(RefCell::new(items));
        self.dicts.borrow_mut().push(Rc::clone(&items));
        Ok(Value::Dict(items))
    }

    /// The value of the variable `name`.
    pub(super) fn of_data(&self, name: &str, data: &Data) -> Answer {
        match data {
            Data::None => Ok(Value::None),
            Data::Boolean(boolean) => Ok(Value::Bool(*boolean)),
            Data::Number(number) => Ok(Value::Int(*number)),
            Data::Float(number) => Ok(Value::Float(*number)),
            Data::Text(text) => self.text(Arc::clone(text)),
            Data::List(items) => {
                let items: Answer<Vec<Value>> = items.iter().map(|item| self.of_data(name, item)).collect();
                self.list(items?)
            }
            Data::Group(group) => self.master(name, group),
            Data::Disabled => Ok(Value::Disabled(name.into())),
        }
    }

    fn master(&self, name: &str, group: &Group) -> Answer {
        let values: Answer<Vec<Value>> = group.values.iter().map(|value| self.of_data(name, value)).collect();
        let values = values?;
        let mut slaves = BTreeMap::new();
        for (slave, items) in &group.slaves {
            let full = format!("{name}.{slave}");
            let items: Answer<Vec<Value>> = items.iter().map(|item| self.of_data(&full, item)).collect();
            let mut items = items?;
            let is_disabled =
                !items.is_empty() && items.iter().all(|item| matches!(item, Value::Disabled(_)));
            items.resize(values.len(), Value::None);
            slaves.insert(slave.clone(), (!is_disabled).then_some(items));
        }
        Ok(Value::Master(Rc::new(Master { name: name.into(), values, slaves })))
    }
}

impl Master {
    /// The items of a slave that is not disabled altogether.
    pub(super) fn slave(&self, name: &str) -> Option<&[Value]> {
        self.slaves.get(name)?.as_deref()
    }

    /// Whether it has a slave of this name, disabled or not.
    pub(super) fn has_slave(&self, name: &str) -> bool {
        self.slaves.contains_key(name)
    }
}

impl Value {
    /// Of a master's item, the value; of a master, the list of its values; else itself. An item that is disabled is refused.
    pub(super) fn plain(&self, heap: &Heap) -> Answer {
        match self {
            Self::Item(master, index) => Ok(master.values.get(*index).cloned().unwrap_or_default()),
            Self::Master(master) => heap.list(master.values.clone()),
            Self::Disabled(name) => Err(PercentProblem::DisabledVariable { name: name.to_string() }),
            other => Ok(other.clone()),
        }
    }

    /// Python's name of the type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::None | Self::Disabled(_) => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) | Self::Master(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Item(master, index) => master.values.get(*index).map_or("NoneType", Self::type_name),
            Self::Function(_) => "function",
            Self::Module(_) => "module",
            Self::Match(_) => "match",
        }
    }

    /// Whether it counts as true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::None | Self::Disabled(_) => false,
            Self::Bool(boolean) => *boolean,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) | Self::Tuple(items) => !items.borrow().is_empty(),
            Self::Dict(items) => !items.borrow().is_empty(),
            Self::Master(master) => !master.values.is_empty(),
            Self::Item(master, index) => master.values.get(*index).is_some_and(Self::is_true),
            Self::Function(_) | Self::Module(_) | Self::Match(_) => true,
        }
    }

    /// The items that a loop goes over.
    pub(super) fn iterate(&self, heap: &Heap) -> Answer<Vec<Value>> {
        let items = match self {
            Self::Master(master) => {
                (0..master.values.len()).map(|index| Self::Item(Rc::clone(master), index)).collect()
            }
            Self::List(items) | Self::Tuple(items) => {
                heap.spend(items.borrow().len())?;
                items.borrow().clone()
            }
            Self::Dict(items) => {
                heap.spend(items.borrow().len())?;
                items.borrow().keys().map(|key| key.value(heap)).collect::<Answer<_>>()?
            }
            Self::Text(text) => {
                heap.spend(text.len())?;
                text.chars().map(|letter| Self::Text(letter.to_string().into())).collect()
            }
            Self::Item(..) | Self::Disabled(_) => return self.plain(heap)?.iterate(heap),
            other => {
                let name = other.type_name();
                return Err(PercentProblem::wrong_type(phrase!(
                    "tpl-no-list",
                    "a value of type {kind} is no list",
                    kind = name
                )));
            }
        };
        heap.spend(items.len())?;
        Ok(items)
    }

    /// The integer that it is.
    pub(super) fn int(&self, heap: &Heap) -> Answer<i64> {
        match self.plain(heap)? {
            Self::Int(number) => Ok(number),
            Self::Bool(boolean) => Ok(i64::from(boolean)),
            other => Err(PercentProblem::wrong_type(phrase!(
                "tpl-wants-integer",
                "expected an integer, not a {kind}",
                kind = other.type_name()
            ))),
        }
    }

    /// The text that it is.
    pub(super) fn str(&self, heap: &Heap) -> Answer<Arc<str>> {
        match self.plain(heap)? {
            Self::Text(text) => Ok(text),
            other => Err(PercentProblem::wrong_type(phrase!(
                "tpl-wants-text",
                "expected a text, not a {kind}",
                kind = other.type_name()
            ))),
        }
    }
}

impl Key {
    /// The key that `value` is.
    pub(super) fn of(value: &Value, heap: &Heap) -> Answer<Self> {
        Self::bounded(value, heap, 20)
    }

    fn bounded(value: &Value, heap: &Heap, depth: usize) -> Answer<Self> {
        heap.spend(1)?;
        Ok(match value.plain(heap)? {
            Value::None => Self::None,
            Value::Bool(boolean) => Self::Bool(boolean),
            Value::Int(number) => Self::Int(number),
            Value::Float(number) => Self::Float(number.to_bits()),
            Value::Text(text) => {
                heap.spend(text.len() / 16)?;
                Self::Text(text)
            }
            Value::Tuple(items) if depth > 0 => {
                let keys: Answer<Vec<Key>> =
                    items.borrow().iter().map(|item| Self::bounded(item, heap, depth - 1)).collect();
                Self::Tuple(keys?)
            }
            other => {
                let message = phrase!(
                    "tpl-no-key",
                    "a {kind} cannot be the key of a dictionary",
                    kind = other.type_name()
                );
                return Err(PercentProblem::wrong_type(message));
            }
        })
    }

    /// The value that it was made of.
    pub(super) fn value(&self, heap: &Heap) -> Answer {
        Ok(match self {
            Self::None => Value::None,
            Self::Bool(boolean) => Value::Bool(*boolean),
            Self::Int(number) => Value::Int(*number),
            Self::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Self::Text(text) => Value::Text(Arc::clone(text)),
            Self::Tuple(keys) => {
                let items: Answer<Vec<Value>> = keys.iter().map(|key| key.value(heap)).collect();
                return heap.tuple(items?);
            }
        })
    }
}
