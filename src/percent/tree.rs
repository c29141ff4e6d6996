//! The tree of a template: what [`super::parse`] makes and the interpreter walks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Span;

/// A template that was read. It owns its tree; the places in it refer to the file that it was read from.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) body: Vec<Node>,
    pub(super) definitions: BTreeMap<String, Arc<Definition>>,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub span: Span,
}

/// What a part of a template is.
#[derive(Debug, Clone)]
pub(super) enum NodeKind {
    Text(Arc<str>),
    /// `%%name`, `%echo` and the one-line `%if`: a value that is written; `silent` as `%%!name`.
    Show {
        value: Expression,
        silent: bool,
    },
    If {
        branches: Vec<(Expression, Vec<Node>)>,
        otherwise: Vec<Node>,
    },
    For {
        target: Target,
        over: Expression,
        body: Vec<Node>,
    },
    While {
        test: Expression,
        body: Vec<Node>,
    },
    Repeat {
        count: Expression,
        body: Vec<Node>,
    },
    Set {
        global: bool,
        targets: Vec<Target>,
        operator: Option<Binary>,
        value: Expression,
    },
    Include {
        name: Expression,
        raw: bool,
    },
    Import(Vec<Import>),
    Silent(Expression),
    Break,
    Continue,
    Stop,
    Return(Option<Expression>),
    Try {
        body: Vec<Node>,
        handlers: Vec<Handler>,
        otherwise: Vec<Node>,
        finally: Vec<Node>,
    },
    Delete(Vec<Target>),
    Assert(Expression),
}

/// `%import path as name`, or one name of `%from`.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub path: String,
    pub name: String,
}

/// `%except`: the classes that it catches (none: all), and the name that the message gets.
#[derive(Debug, Clone)]
pub(super) struct Handler {
    pub classes: Vec<String>,
    pub name: Option<String>,
    pub body: Vec<Node>,
}

/// `%def`.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub parameters: Vec<(String, Option<Expression>)>,
    pub body: Vec<Node>,
}

/// What can be assigned to.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Name(String),
    Item { of: Expression, index: Expression },
    Several(Vec<Target>),
}

/// An expression with its place. `depth` bounds how far a walk of it can recurse.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub kind: Box<Kind>,
    pub span: Span,
    pub depth: u16,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    None,
    Boolean(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    /// A name; `marked` with `%%`.
    Name {
        name: String,
        marked: bool,
    },
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    Not(Expression),
    Negative(Expression),
    Positive(Expression),
    Invert(Expression),
    Binary(Binary, Expression, Expression),
    Compare(Expression, Vec<(Comparison, Expression)>),
    And(Expression, Expression),
    Or(Expression, Expression),
    Choice {
        test: Expression,
        then: Expression,
        otherwise: Expression,
    },
    /// An attribute; of a marked name it is called if it can be.
    Attribute {
        of: Expression,
        name: String,
        marked: bool,
    },
    Index(Expression, Expression),
    Slice(Expression, [Option<Expression>; 3]),
    Call {
        of: Expression,
        arguments: Vec<(Option<String>, Expression)>,
    },
    Comprehension {
        item: Expression,
        clauses: Vec<Clause>,
    },
    DictComprehension {
        key: Expression,
        value: Expression,
        clauses: Vec<Clause>,
    },
}

/// A part of a comprehension.
#[derive(Debug, Clone)]
pub(super) enum Clause {
    For(Target, Expression),
    If(Expression),
}

/// An operator with a value on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
}
