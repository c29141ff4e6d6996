//! Reading an environment so that no name is said twice: JSON readers would silently take the last one.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

use super::Secret;

/// Reads a map of names to values.
///
/// # Errors
/// A name that occurs twice.
pub(super) fn once_each<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Secret>, D::Error> {
    deserializer.deserialize_map(OnceEach)
}

struct OnceEach;

impl<'de> Visitor<'de> for OnceEach {
    type Value = BTreeMap<String, Secret>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of names and texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut environment = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Secret>()? {
            if environment.contains_key(&name) {
                return Err(A::Error::custom(format_args!("`{name}` is said twice")));
            }
            environment.insert(name, value);
        }
        Ok(environment)
    }
}
