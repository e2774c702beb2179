//! An SMTP relay that keeps what it takes: as slow as it is told to be.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A mail that the relay has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub to: String,
    pub message_id: String,
}

#[derive(Default)]
struct State {
    taken: Mutex<Vec<Taken>>,
    /// Mails whose content has come and that were not answered for yet.
    in_hand: AtomicUsize,
    delay_millis: AtomicU64,
}

/// A relay on a port of its own.
pub struct Relay {
    port: u16,
    state: Arc<State>,
}

impl Relay {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let kept = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = kept.clone();
                std::thread::spawn(move || converse(stream, &state));
            }
        });
        Self { port, state }
    }

    /// As `HEARTH_MAIL` names it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// From now on it takes so long to answer for a mail's content.
    pub fn delay(&self, delay: Duration) {
        let millis = delay.as_millis().try_into().expect("a short delay");
        self.state.delay_millis.store(millis, Ordering::Relaxed);
    }

    /// Everything it has taken, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().expect("nobody panicked").clone()
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn wait_until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        for _ in 0..1500 {
            if so(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("in 30 s it did not come to this: {what}");
    }

    /// Mails whose content has come and that were not answered for yet.
    pub fn in_hand(&self) -> usize {
        self.state.in_hand.load(Ordering::Relaxed)
    }
}

fn converse(stream: TcpStream, state: &State) -> io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut mail = Taken {
        to: String::new(),
        message_id: String::new(),
    };
    let mut in_data = false;
    write!(out, "220 ready\r\n")?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if in_data {
            if let Some(id) = line.strip_prefix("Message-ID: ") {
                id.clone_into(&mut mail.message_id);
            }
            if line == "." {
                in_data = false;
                state.in_hand.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(state.delay_millis.load(Ordering::Relaxed)));
                // What has come whole is taken, whether or not the sender lives to hear it.
                state.taken.lock().expect("nobody panicked").push(mail.clone());
                state.in_hand.fetch_sub(1, Ordering::Relaxed);
                write!(out, "250 kept\r\n")?;
            }
        } else if line == "DATA" {
            in_data = true;
            write!(out, "354 go on\r\n")?;
        } else {
            if let Some(to) = line.strip_prefix("RCPT TO:") {
                to.trim_matches(['<', '>']).clone_into(&mut mail.to);
            }
            write!(out, "250 ok\r\n")?;
        }
    }
    Ok(())
}
