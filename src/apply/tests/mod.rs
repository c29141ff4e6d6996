mod kill;
mod lab;
mod runs;
mod technologies;
