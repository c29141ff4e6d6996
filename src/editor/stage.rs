//! Where the editor plays: a terminal, or a script.
//!
//! In: events of a terminal, or lines. Out: what the user does. A terminal is put back in order however the editor ends.

use std::io::{self, Write};
use std::time::Duration;

use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event,
    KeyEventKind, MouseButton, MouseEventKind,
};
use ratatui::crossterm::execute;
use ratatui::{DefaultTerminal, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec};

use super::action::{Action, Motion};
use super::keys::action;
use super::model::Model;
use super::script::Order;
use super::state::State;
use super::view::{Theme, draw};
use crate::words::Words;

/// How long a terminal is listened to before something else may be done.
const MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 250_000_000 };

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The user does something.
    Do(Action),
    /// The screen has another size.
    Size(u16, u16),
    /// Nobody is there any more.
    End,
}

/// Where the editor plays.
pub trait Stage {
    /// Shows the screen.
    ///
    /// # Errors
    /// What the system says.
    fn show(&mut self, state: &State, model: &Model<'_>, words: &Words, theme: &Theme) -> io::Result<()>;

    /// Waits for what comes next, for a moment.
    ///
    /// # Errors
    /// What the system says.
    fn next(&mut self, state: &State) -> io::Result<Next>;

    /// The size of the screen, in columns and lines.
    fn size(&self) -> (u16, u16);

    /// Lets another program have the terminal.
    ///
    /// # Errors
    /// What the system says.
    fn aside(&mut self, what: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()>;
}

/// A terminal.
pub struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    /// Takes the terminal; a panic gives it back first.
    ///
    /// # Errors
    /// It is none, or the system refuses.
    pub fn open() -> io::Result<Self> {
        let terminal = ratatui::try_init()?;
        let screen = Self { terminal };
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste);
            before(panic);
        }));
        execute!(io::stdout(), EnableBracketedPaste, EnableMouseCapture)?;
        Ok(screen)
    }
}

/// Waits until something was typed, no longer than `patience`, or the size of the terminal has changed. One that is gone is an
/// error: crossterm would read its end again and again.
fn listen(patience: Timespec) -> io::Result<()> {
    let input = io::stdin();
    let mut watched = [PollFd::new(&input, PollFlags::IN)];
    match rustix::event::poll(&mut watched, Some(&patience)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let is_gone = watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
    if is_gone { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste);
        ratatui::restore();
    }
}

impl Stage for Screen {
    fn show(&mut self, state: &State, model: &Model<'_>, words: &Words, theme: &Theme) -> io::Result<()> {
        self.terminal.draw(|frame| draw(frame, state, model, words, theme)).map(|_| ())
    }

    fn next(&mut self, state: &State) -> io::Result<Next> {
        // Several keys may have come at once; those that are left are not waited for.
        listen(Timespec::default())?;
        if !event::poll(Duration::ZERO)? {
            listen(MOMENT)?;
            if !event::poll(Duration::ZERO)? {
                return Ok(Next::Do(Action::Tick));
            }
        }
        Ok(match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                Next::Do(action(key, state.context()).unwrap_or(Action::Tick))
            }
            Event::Paste(text) => Next::Do(Action::Paste(text)),
            Event::Resize(columns, lines) => Next::Size(columns, lines),
            Event::Mouse(mouse) => Next::Do(match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Action::Click(mouse.column, mouse.row),
                MouseEventKind::ScrollUp => Action::Move(Motion::Up),
                MouseEventKind::ScrollDown => Action::Move(Motion::Down),
                _ => Action::Tick,
            }),
            _ => Next::Do(Action::Tick),
        })
    }

    fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or((80, 24), |size| (size.width, size.height))
    }

    fn aside(&mut self, what: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste)?;
        ratatui::restore();
        let done = what();
        self.terminal = ratatui::try_init()?;
        execute!(io::stdout(), EnableBracketedPaste, EnableMouseCapture)?;
        done
    }
}

/// A script, whose screens are written as text.
pub struct Replay<'a> {
    orders: std::vec::IntoIter<Order>,
    terminal: Terminal<TestBackend>,
    size: (u16, u16),
    wanted: bool,
    out: &'a mut dyn Write,
}

impl<'a> Replay<'a> {
    /// Replays `orders` on a screen of 24 lines of 80 columns; what is to be shown goes to `out`.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(orders: Vec<Order>, out: &'a mut dyn Write) -> io::Result<Self> {
        let terminal = Terminal::new(TestBackend::new(80, 24)).map_err(io::Error::other)?;
        Ok(Self { orders: orders.into_iter(), terminal, size: (80, 24), wanted: false, out })
    }
}

impl Stage for Replay<'_> {
    fn show(&mut self, state: &State, model: &Model<'_>, words: &Words, theme: &Theme) -> io::Result<()> {
        if !std::mem::take(&mut self.wanted) {
            return Ok(());
        }
        self.terminal.draw(|frame| draw(frame, state, model, words, theme)).map_err(io::Error::other)?;
        self.out.write_all(text(self.terminal.backend()).as_bytes())
    }

    fn next(&mut self, _: &State) -> io::Result<Next> {
        Ok(match self.orders.next() {
            Some(Order::Do(action)) => Next::Do(action),
            Some(Order::Size(columns, lines)) => {
                self.size = (columns, lines);
                self.terminal = Terminal::new(TestBackend::new(columns, lines)).map_err(io::Error::other)?;
                Next::Size(columns, lines)
            }
            Some(Order::Screen) => {
                self.wanted = true;
                Next::Do(Action::Tick)
            }
            None => Next::End,
        })
    }

    fn size(&self) -> (u16, u16) {
        self.size
    }

    fn aside(&mut self, _: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        Ok(())
    }
}

/// What a screen shows, as lines without the blanks at their ends.
pub fn text(backend: &TestBackend) -> String {
    let buffer = backend.buffer();
    let mut text = String::new();
    for line in 0..buffer.area.height {
        let cells = (0..buffer.area.width).filter_map(|column| buffer.cell((column, line)));
        let whole: String = cells.map(ratatui::buffer::Cell::symbol).collect();
        text.push_str(whole.trim_end());
        text.push('\n');
    }
    text
}
