//! The web server that gives each container its place under one address.
//!
//! In: files that the web server reads, once they are written. Out: its verdict on them, and a server that has
//! read them. It refuses to reload what it did not accept.

mod nginx;
mod service;
mod traefik;

pub use nginx::stock_default_site;
pub use service::{Nginx, Proxy, ProxyError};
pub use traefik::Traefik;
