//! The editor mode from which on something is shown.

/// Who is shown a variable or a family.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Everybody.
    Basic,
    /// Most.
    #[default]
    Normal,
    /// Those who asked for more.
    Expert,
}

impl Mode {
    /// The mode that dictionaries call `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Basic, Self::Normal, Self::Expert].into_iter().find(|mode| mode.as_str() == word)
    }

    /// The word of the dictionaries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Normal => "normal",
            Self::Expert => "expert",
        }
    }
}
