//! A second configuration on the same server, such as pre-production: what it takes from the first, and what it gives back.
//!
//! In: the saved values of production and those of the site's own. Out: the values that the site has, what differs, and what
//! production becomes when the site is promoted. The invariants: all of it is pure; a site has each value of production but for
//! its own, and for what is kept apart (names, ports, folders, volumes, networks), which is marked as the site's; values that
//! belong together (a master and its slaves) are of one of the two; nothing that is kept apart is promoted.

mod apart;
mod clash;
mod inherit;
mod name;
mod problem;
mod promote;
mod scope;
#[cfg(test)]
mod tests;

pub use apart::{Apart, Keys, MOST, Mark};
pub use clash::{Neighbour, clashes};
pub use inherit::{DERIVED, Heritage, INHERITED, Units, base_of, is_productions, own_of};
pub use name::{NotASite, SiteName};
pub use problem::SiteProblem;
pub use promote::{Change, Promotion, Sides, promotion};
pub use scope::{SITES, Scope};
