//! The command line. A face: it reads arguments and files, shows progress,
//! writes results, and knows no science.

mod answers;
mod arguments;
mod dialogue;
mod draw;
mod fit;
mod index;
mod judge;
mod lab;
mod list;
mod merge;
mod method;
mod output;
mod parts;
mod play;
mod results;
mod run;
mod show;
mod source;
mod trace;
mod trials;
mod verify;
mod warnings;

use crate::study::config::{ConfigError, Overrides};
use crate::study::plan::Plan;
use arguments::{Arguments, Command, Overriding};
use clap::Parser;
use method::Methods;
use std::process::ExitCode;

/// What can stop a command.
enum Stop {
    Config(Box<ConfigError>),
    Usage(String),
    Files(String),
    /// A claim does not hold; `verify` has said so.
    Claims,
    Interrupted,
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Stop::Config(Box::new(error))
    }
}

/// Runs the command line; exit codes are 0 done, 1 a claim does not hold,
/// 2 usage or config, 3 input or output, 130 interrupted.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    warnings::show();
    let done = match arguments.command {
        None => show::welcome(),
        Some(Command::Run { configs, to, threads, methods, patience, going, with }) => {
            Methods::read(&methods, patience).and_then(|methods| {
                let overrides = Overrides { methods: methods.names(), ..overrides(with) };
                run::run(&configs, &to, threads, &methods, going, &overrides)
            })
        }
        Some(Command::Merge { folders, to }) => merge::merge(&folders, to.as_deref()),
        Some(Command::Draw { folder, sets }) => draw::draw(&folder, sets),
        Some(Command::Check { configs, with }) => show::check(&configs, &overrides(with)),
        Some(Command::Show { config, with }) => show::show(&config, &overrides(with)),
        Some(Command::Trace { config, seed, labels, answers, with }) => {
            trace::trace(&config, seed, labels, answers.as_deref(), &overrides(with))
        }
        Some(Command::Dialogue { config, seed, with }) => dialogue::dialogue(&config, seed, &overrides(with)),
        Some(Command::Verify { configs, threads, with }) => {
            verify::verify(&configs, threads, &overrides(with))
        }
        Some(Command::Judge { config, pairs, with }) => judge::judge(&config, &pairs, &overrides(with)),
        Some(Command::Play { world, actions, seed, json, with }) => {
            play::play(&world, &actions, seed, json, &overrides(with))
        }
        Some(Command::Fit { comparisons: path, l2, graded, bootstrap, json, out }) => {
            let resamples = bootstrap.unwrap_or(0);
            fit::fit(&fit::Asked { path, l2, graded, resamples, json, out })
        }
        Some(Command::Lab { config, port }) => lab::lab(config.as_deref(), port),
        Some(Command::Schema) => show::print_schema(),
        Some(Command::List { what }) => list::list(what),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.tell(),
    }
}

impl Stop {
    /// Says why on standard error, and gives the exit code.
    fn tell(self) -> ExitCode {
        let (code, message) = match self {
            Stop::Claims => return ExitCode::from(1),
            Stop::Config(error) => (2, format!("{:?}", error.report())),
            Stop::Usage(message) => (2, format!("error: {message}")),
            Stop::Files(message) => (3, format!("error: {message}")),
            Stop::Interrupted => (130, "interrupted; nothing more was written".to_owned()),
        };
        eprintln!("{message}");
        ExitCode::from(code)
    }
}

fn overrides(with: Overriding) -> Overrides {
    Overrides { sets: with.sets, quick: with.quick, seeds: with.seeds, ..Overrides::default() }
}

/// Reads and plans a config given as a path, `-`, or the name of an experiment.
fn plan(config: &str, overrides: &Overrides) -> Result<Plan, Stop> {
    let (source, text) = source::open(config)?;
    Ok(Plan::read(&source, &text, overrides)?)
}

/// Prints to standard output; a reader that has had enough is no error.
fn print(text: &str) -> Result<(), Stop> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::Files(format!("cannot write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}
