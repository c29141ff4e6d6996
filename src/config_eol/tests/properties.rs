use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

const NAMES: [&str; 6] = ["a", "b", "conteneur1_name", "é", "with \"quote\"", "z"];

fn one_value() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
    ]
}

fn saved_item() -> impl Strategy<Value = SavedItem> {
    (one_value(), ".{0,6}").prop_map(|(value, owner)| SavedItem { value, owner })
}

fn saved_value() -> impl Strategy<Value = SavedValue> {
    prop_oneof![
        saved_item().prop_map(SavedValue::Single),
        (prop::collection::vec(one_value(), 0..4), ".{0,6}")
            .prop_map(|(values, owner)| SavedValue::Multi { values, owner }),
        prop::collection::btree_map(0..9_usize, saved_item(), 0..4).prop_map(SavedValue::Slave),
    ]
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "\n  ", "\t\r\n"])
}

/// One member's value as somebody may have written it: parts in any order, odd ones among them, any spacing.
fn member() -> impl Strategy<Value = String> {
    (saved_value(), any::<[bool; 2]>(), space(), space()).prop_map(|(value, [owner_first, odd], a, b)| {
        let mut parts =
            vec![format!("\"val\"{a}:{b}{}", value.val()), format!("\"owner\"{b}:{}", value.owners())];
        if owner_first {
            parts.reverse();
        }
        if odd {
            parts.insert(1, format!("\"more\":{a}[ 1,{{\"val\": 2}}]"));
        }
        format!("{{{a}{}{b}}}", parts.join(&format!("{b},{a}")))
    })
}

/// A whole file: some of [`NAMES`] and some members of its own, in any order and spacing.
fn file() -> impl Strategy<Value = String> {
    let named = prop::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len()).prop_shuffle();
    let members = prop::collection::vec((member(), space(), space(), any::<bool>()), NAMES.len());
    (named, members, space(), space()).prop_map(|(names, members, start, end)| {
        let mut all = Vec::new();
        for (name, (value, a, b, meta)) in names.iter().zip(members) {
            all.push(format!("{a}{}{b}:{a}{value}{b}", Json::from(*name)));
            if meta {
                all.push(format!("{b}{}:[ 1 , \"x\"]{a}", Json::from(format!("___{name}"))));
            }
        }
        format!("{start}{{{end}{}{end}}}{start}", all.join(","))
    })
}

#[derive(Debug, Clone)]
enum Edit {
    Set(&'static str, SavedValue),
    SetItem(&'static str, usize, SavedItem),
    Unset(&'static str),
    RemoveItem(&'static str, usize),
}

impl Edit {
    fn name(&self) -> &'static str {
        match self {
            Self::Set(name, _) | Self::SetItem(name, ..) | Self::Unset(name) | Self::RemoveItem(name, _) => {
                name
            }
        }
    }

    fn apply(self, saved: &mut Saved) {
        match self {
            Self::Set(name, value) => saved.set(name, value).unwrap(),
            Self::SetItem(name, index, item) => saved.set_item(name, index, item).unwrap(),
            Self::Unset(name) => {
                saved.unset(name);
            }
            Self::RemoveItem(name, index) => saved.remove_item(name, index),
        }
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let name = || prop::sample::select(NAMES.to_vec());
    prop_oneof![
        3 => (name(), saved_value()).prop_map(|(name, value)| Edit::Set(name, value)),
        2 => (name(), 0..9_usize, saved_item()).prop_map(|(name, index, item)| Edit::SetItem(name, index, item)),
        1 => name().prop_map(Edit::Unset),
        1 => (name(), 0..9_usize).prop_map(|(name, index)| Edit::RemoveItem(name, index)),
    ]
}

/// The bytes of each member, from its key to its value.
fn members(saved: &Saved) -> BTreeMap<String, String> {
    let bytes = |member: &super::super::saved::Member| [&*member.key, &member.colon, &member.value].concat();
    saved.members.iter().map(|(name, member)| (name.clone(), bytes(member))).collect()
}

fn values(saved: &Saved) -> Vec<(String, SavedValue)> {
    saved.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

fn check_spans(text: &str) {
    let (saved, findings) = read(text);
    assert_eq!(saved.is_none(), findings.has_errors());
    let labels = findings.iter().flat_map(|finding| finding.at.iter().chain(&finding.related));
    for label in labels {
        assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{label:?}");
    }
    assert_eq!(mask::masked(text).len(), text.len());
}

proptest! {
    #[test]
    fn read_then_print_is_identity(text in file()) {
        prop_assert_eq!(saved(&text).to_text(), text);
    }

    #[test]
    fn edits_keep_what_they_do_not_touch(text in file(), edits in prop::collection::vec(edit(), 0..8)) {
        let before = saved(&text);
        let touched: BTreeSet<_> = edits.iter().map(Edit::name).collect();
        let mut after = before.clone();
        for edit in edits {
            edit.apply(&mut after);
        }
        let again = saved(&after.to_text());
        prop_assert!(values(&again) == values(&after), "{}", after.to_text());
        let (old, new) = (members(&before), members(&again));
        for (name, bytes) in old.iter().filter(|(name, _)| !touched.contains(name.as_str())) {
            prop_assert_eq!(new.get(name), Some(bytes));
        }
        let order = |saved: &Saved| -> Vec<String> {
            saved.members.keys().filter(|name| !touched.contains(name.as_str())).cloned().collect()
        };
        prop_assert_eq!(order(&before), order(&again));
    }

    #[test]
    fn spans_lie_in_any_text(text in "\\PC*|[\\[\\]{}:,\"\\\\a0 \n]*") {
        check_spans(&text);
    }

    #[test]
    fn spans_lie_in_a_broken_file(text in file(), at in any::<prop::sample::Index>(), new in "\\PC{0,2}|[{}\",:]") {
        let mut places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        places.push(text.len());
        let place = at.index(places.len());
        let end = places.get(place + 1).copied().unwrap_or(text.len());
        check_spans(&format!("{}{new}{}", &text[..places[place]], &text[end..]));
        check_spans(&text[..places[place]]);
    }
}
