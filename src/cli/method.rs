//! `run --method`: somebody else's method, one process for each trial. It writes requests of the dialogue on its standard
//! output, and reads the answers on its standard input.
//!
//! A method is not trusted to answer: it is read and written by threads of their own, so that one that stalls,
//! in either direction, is waited for and then killed.

use super::Stop;
use super::trials::heed;
use crate::lab::trial::Record;
use crate::numerics::words::count;
use crate::study::dialogue::Dialogue;
use crate::study::plan::Plan;
use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

/// How often a Ctrl-C is looked for.
const GLANCE: Duration = Duration::from_millis(20);

/// Bytes of a request, at most.
const LONGEST: u64 = 1 << 28;

/// Lines on their way to or from a method.
const LINES: usize = 4;

/// The methods of a run, and the first failure of one.
#[derive(Default)]
pub(super) struct Methods {
    all: Vec<Method>,
    patience: Duration,
    failure: Mutex<Option<String>>,
}

struct Method {
    name: String,
    command: String,
    words: Vec<String>,
}

/// Why a dialogue is over before its end.
enum End {
    /// Something else has ended the run.
    Elsewhere,
    Failed(String),
}

impl Methods {
    /// Reads arguments `NAME=COMMAND`; names are checked with the config.
    pub(super) fn read(arguments: &[String], patience: u32) -> Result<Self, Stop> {
        let read = |argument: &String| {
            let (name, command) = argument.split_once('=')?;
            let words = words(command).filter(|words| !words.is_empty())?;
            Some(Method { name: name.to_owned(), command: command.to_owned(), words })
        };
        let all = arguments.iter().map(|argument| {
            read(argument).ok_or_else(|| {
                let help = "write --method NAME=\"COMMAND\", e.g. --method mine=\"python3 method.py\"";
                Stop::Usage(format!("`{argument}` is not a name and a command; {help}"))
            })
        });
        let patience = Duration::from_secs(patience.into());
        Ok(Self { all: all.collect::<Result<_, _>>()?, patience, failure: Mutex::default() })
    }

    /// Their names.
    pub(super) fn names(&self) -> Vec<String> {
        self.all.iter().map(|method| method.name.clone()).collect()
    }

    /// The commands of those that a plan runs, by name.
    pub(super) fn commands(&self, plan: &Plan) -> Map<String, Value> {
        let run = self.all.iter().filter(|method| plan.experiment.methods.contains(&method.name));
        run.map(|method| (method.name.clone(), method.command.clone().into())).collect()
    }

    /// What stopped a run: a method that failed, or Ctrl-C.
    pub(super) fn stop(&self) -> Stop {
        let failure = self.failure.lock().ok().and_then(|failure| failure.clone());
        heed().err().unwrap_or_else(|| failure.map_or(Stop::Interrupted, Stop::Files))
    }

    /// Runs the method of a cell; `None` if it fails, or another has failed.
    pub(super) fn run(
        &self,
        plan: &Plan,
        cell: usize,
        seed: u32,
        dialogue: Dialogue<'_>,
    ) -> Option<Vec<Record>> {
        let name = plan.experiment.method(cell)?;
        let method = self.all.iter().find(|method| method.name == name)?;
        match self.converse(method, dialogue) {
            Ok(records) => return Some(records),
            Err(End::Elsewhere) => {}
            Err(End::Failed(what)) => {
                let message = format!("method `{name}`, at {}, seed {seed}: {what}", plan.describe(cell));
                // Of several that fail at once, the first is told.
                self.failure.lock().ok()?.get_or_insert(message);
            }
        }
        None
    }

    fn converse(&self, method: &Method, mut dialogue: Dialogue<'_>) -> Result<Vec<Record>, End> {
        let mut process = Process::start(method)?;
        self.say(&process, &dialogue.opening(), "at the first line")?;
        let rounds = dialogue.rounds();
        while dialogue.ended() < rounds {
            let at = format!("after {} of {}", dialogue.ended(), count(rounds.into(), "round"));
            let Some(request) = self.wait(|wait| process.request(wait), &at)? else {
                let status = self.wait(|wait| process.status(wait), &at)?;
                return Err(End::Failed(format!("it ended {at}, {status}")));
            };
            let refused =
                |error| End::Failed(format!("{error}\nit asked {at}: {}", shortened(request.trim_end())));
            self.say(&process, &dialogue.answer(&request).map_err(refused)?, &at)?;
        }
        // The end of its input is its sign to end.
        process.answers = None;
        let at = "after the last round, when its input had ended";
        if let Some(line) = self.wait(|wait| process.request(wait), at)? {
            return Err(End::Failed(format!("it went on {at}: {}", shortened(line.trim_end()))));
        }
        let status = self.wait(|wait| process.status(wait), at)?;
        if status.success() {
            Ok(dialogue.records())
        } else {
            Err(End::Failed(format!("it ended {at}, {status}")))
        }
    }

    fn say(&self, process: &Process, answer: &Value, at: &str) -> Result<(), End> {
        let mut line = Some(format!("{answer}\n"));
        self.wait(|wait| process.say(&mut line, wait), &format!("and read no answers {at}"))
    }

    /// Waits as long as there is patience, and the run goes on.
    fn wait<T>(&self, mut look: impl FnMut(Duration) -> Option<T>, at: &str) -> Result<T, End> {
        let mut waited = Duration::ZERO;
        while waited < self.patience {
            waited += GLANCE;
            if heed().is_err() || self.failure.lock().map_or(true, |failure| failure.is_some()) {
                return Err(End::Elsewhere);
            }
            if let Some(seen) = look(GLANCE) {
                return Ok(seen);
            }
        }
        let seconds = count(self.patience.as_secs(), "second");
        Err(End::Failed(format!(
            "it kept silent for {seconds} {at}; give it more time with --patience SECONDS"
        )))
    }
}

/// A process of a method. It is killed when it is dropped.
struct Process {
    child: Child,
    requests: Receiver<String>,
    answers: Option<SyncSender<String>>,
    /// Whether it was seen to end by itself, after its output had.
    ended: bool,
}

impl Process {
    fn start(method: &Method) -> Result<Self, End> {
        let (program, arguments) = method.words.split_first().expect("checked on reading");
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        // A Ctrl-C is ours to take.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child =
            command.spawn().map_err(|e| End::Failed(format!("`{program}` cannot be started: {e}")))?;
        let (mut input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let (ask, requests) = sync_channel(LINES);
        let (answers, answered) = sync_channel::<String>(LINES);
        // The threads end with the pipes.
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut next = || {
                let mut line = Vec::new();
                let read = output.by_ref().take(LONGEST).read_until(b'\n', &mut line);
                read.is_ok_and(|bytes| bytes > 0).then(|| String::from_utf8_lossy(&line).into_owned())
            };
            std::iter::from_fn(&mut next).try_for_each(|line| ask.send(line))
        });
        thread::spawn(move || {
            answered.iter().try_for_each(|line| input.write_all(line.as_bytes()).and_then(|()| input.flush()))
        });
        Ok(Self { child, requests, answers: Some(answers), ended: false })
    }

    /// Says a line, if there is place for it; who does not listen any more will be found to have ended.
    fn say(&self, line: &mut Option<String>, wait: Duration) -> Option<()> {
        match self.answers.as_ref()?.try_send(line.take()?) {
            Err(TrySendError::Full(unsaid)) => {
                *line = Some(unsaid);
                thread::sleep(wait);
                None
            }
            Ok(()) | Err(TrySendError::Disconnected(_)) => Some(()),
        }
    }

    /// Its next request, or `Some(None)` if there will be none; `None` if it needs more time.
    fn request(&self, wait: Duration) -> Option<Option<String>> {
        match self.requests.recv_timeout(wait) {
            Ok(request) => Some(Some(request)),
            Err(RecvTimeoutError::Disconnected) => Some(None),
            Err(RecvTimeoutError::Timeout) => None,
        }
    }

    /// How it ended; `None` if it has not.
    fn status(&mut self, wait: Duration) -> Option<std::process::ExitStatus> {
        // Most end within a few milliseconds of their output.
        const PARTS: u32 = 10;
        (0..PARTS).find_map(|_| {
            let status = self.child.try_wait().ok().flatten();
            self.ended = status.is_some();
            if status.is_none() {
                thread::sleep(wait / PARTS);
            }
            status
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // What it has started goes with it, where there is a `kill`. It may be gone already.
        #[cfg(unix)]
        {
            let group = format!("-{}", self.child.id());
            let mut kill = Command::new("kill");
            drop(kill.args(["-KILL", "--", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status());
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The words of a command: what stands in quotes is one. `None` if a quote does not end.
fn words(command: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// The start of whatever was said.
fn shortened(text: &str) -> String {
    let start: String = text.chars().take(100).flat_map(char::escape_debug).collect();
    if text.chars().nth(100).is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_hold_words_together() {
        let split = |command| words(command).map(|words| words.join("|"));
        assert_eq!(
            split(r#" python3  "my method.py" --k='a "b"' '' "#).unwrap(),
            r#"python3|my method.py|--k=a "b"|"#
        );
        assert_eq!(split("it's"), None);
        assert_eq!(split("  ").unwrap(), "");
    }
}
