mod kill;
mod lab;
mod runs;
