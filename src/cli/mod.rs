//! The command line. A face: it reads arguments and files, shows progress,
//! writes results, and knows no science.

mod arguments;
mod index;
mod judge;
mod list;
mod output;
mod play;
mod run;
mod schema;
mod show;
mod source;
mod trace;
mod verify;

use crate::study::config::{ConfigError, Overrides};
use crate::study::plan::Plan;
use arguments::{Arguments, Command, Overriding};
use clap::Parser;
use std::process::ExitCode;

/// What can stop a command, by exit code.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Config(#[from] Box<ConfigError>),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Files(String),
    /// What `verify` found is said already.
    #[error("not every claim holds")]
    Claims,
    #[error("interrupted; nothing more was written")]
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
    let done = match arguments.command {
        None => show::welcome(),
        Some(Command::Run { configs, to, threads, with }) => {
            run::run(&configs, &to, threads, &overrides(with))
        }
        Some(Command::Check { configs, with }) => show::check(&configs, &overrides(with)),
        Some(Command::Show { config, with }) => show::show(&config, &overrides(with)),
        Some(Command::Trace { config, seed, labels, with }) => {
            trace::trace(&config, seed, labels, &overrides(with))
        }
        Some(Command::Verify { configs, threads, with }) => {
            verify::verify(&configs, threads, &overrides(with))
        }
        Some(Command::Judge { config, pairs, with }) => judge::judge(&config, &pairs, &overrides(with)),
        Some(Command::Play { world, actions, seed, json, with }) => {
            play::play(&world, &actions, seed, json, &overrides(with))
        }
        Some(Command::Schema) => schema::print_schema(),
        Some(Command::List { what }) => list::list(what),
    };
    let Err(stop) = done else { return ExitCode::SUCCESS };
    let code = match stop {
        Stop::Config(error) => {
            eprintln!("{:?}", error.report());
            2
        }
        Stop::Usage(message) => {
            eprintln!("error: {message}");
            2
        }
        Stop::Files(message) => {
            eprintln!("error: {message}");
            3
        }
        Stop::Claims => 1,
        Stop::Interrupted => {
            eprintln!("{}", Stop::Interrupted);
            130
        }
    };
    ExitCode::from(code)
}

fn overrides(with: Overriding) -> Overrides {
    Overrides { sets: with.sets, quick: with.quick, seeds: with.seeds }
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
