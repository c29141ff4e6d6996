//! The web server in front of the containers.

mod nginx;

pub use nginx::stock_default_site;
