//! Who is to be looked at again when a variable changes: the graph of the schema, turned around.

use crate::schema::{ArgumentValue, Schema, VariableId, dependencies, looked_at};

/// For each variable, those that follow it.
#[derive(Debug)]
pub(super) struct Followers {
    /// The place of each variable in the order of evaluation.
    rank: Vec<u32>,
    /// Those whose value or properties depend on it.
    affected: Lists,
    /// Those whose checks look at it.
    watching: Lists,
    /// The conditions that compare it, or compare with it.
    conditions: Lists,
}

/// A list of numbers for each of many things, in one piece of memory.
#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// The lists of `count` things, from pairs of a thing and an item.
    fn of(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (thing, _) in pairs {
            starts[*thing as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut free = starts.clone();
        let mut items = vec![0; pairs.len()];
        for (thing, item) in pairs {
            let place = &mut free[*thing as usize];
            items[*place as usize] = *item;
            *place += 1;
        }
        Self { starts, items }
    }

    fn get(&self, thing: usize) -> &[u32] {
        &self.items[self.starts[thing] as usize..self.starts[thing + 1] as usize]
    }
}

impl Followers {
    /// Turns the graph of `schema` around.
    pub(super) fn of(schema: &Schema) -> Self {
        let count = schema.order().len();
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let mut rank = vec![0; count];
        for (place, id) in schema.order().iter().enumerate() {
            rank[id.index()] = number(place);
        }
        let (mut affected, mut watching, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
        for id in schema.ids() {
            let me = number(id.index());
            affected.extend(dependencies(schema, id).iter().map(|other| (number(other.index()), me)));
            watching.extend(looked_at(schema, id).iter().map(|other| (number(other.index()), me)));
        }
        for (index, condition) in schema.conditions().iter().enumerate() {
            let compared = condition.values.iter().filter_map(ArgumentValue::variable);
            let named = condition.source.into_iter().chain(compared);
            conditions.extend(named.map(|id| (number(id.index()), number(index))));
        }
        Self {
            rank,
            affected: Lists::of(count, &affected),
            watching: Lists::of(count, &watching),
            conditions: Lists::of(count, &conditions),
        }
    }

    /// The place of `id` in the order of evaluation.
    pub(super) fn rank(&self, id: VariableId) -> u32 {
        self.rank[id.index()]
    }

    /// The numbers of the variables whose value or properties depend on `id`.
    pub(super) fn affected(&self, id: VariableId) -> &[u32] {
        self.affected.get(id.index())
    }

    /// The numbers of the variables whose checks look at `id`.
    pub(super) fn watching(&self, id: VariableId) -> &[u32] {
        self.watching.get(id.index())
    }

    /// The conditions that compare `id`, or compare with it.
    pub(super) fn conditions(&self, id: VariableId) -> &[u32] {
        self.conditions.get(id.index())
    }
}
