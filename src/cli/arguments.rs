//! The grammar of the command line, and its help.

use super::parts::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What happens when a policy is optimised against somebody's judgement of it?
#[derive(Parser)]
#[command(name = "oversight", version, about, max_term_width = 100)]
#[command(after_help = "Examples:
  oversight run three_failures           run a built-in experiment; results go to results/three_failures
  oversight run mine.toml --quick        a rough look at your own
  oversight trace overseer_is_wrong      one trial in plain text
  oversight list                         what there is to combine

CONFIG is a path, - for standard input, or the name of a built-in experiment.
Exit codes: 0 done, 1 a claim does not hold (verify), 2 usage or config, 3 input or output,
130 interrupted.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run experiments and write their results, summaries, figures and report
    #[command(after_help = "Examples:
  oversight run three_failures overseer_is_wrong
  oversight run mine.toml --seeds 30 --threads 2 --out /tmp/results
  oversight run overseer_is_wrong --set overseer.believes.flattery=0.2 --set feedback.labels=[20,200]
  oversight run overseer_is_wrong --set overseer.choice.rationality=[1,4]
  oversight run overseer_is_wrong --method mine='python3 examples/method.py'
  oversight run three_failures --resume
  oversight run three_failures --shard 2/3

--set with a list, on a path that takes one value, replaces the levels of its sweep; where there is none it adds
an axis, at whose first level figures and claims are.

--method starts COMMAND for every cell and seed, without a shell, and speaks the dialogue with it: see
`oversight dialogue --help`. Its rows are a level NAME of an axis `method`, beside those of ours.

Each seed that is done is kept in DIR/NAME/parts, until the run has ended. --resume takes what a run left there
that was stopped, and runs the rest; the results are those of a run that was not stopped. --shard I/N runs every
N-th seed, from the I-th on, and leaves only parts: see `oversight merge --help`. Both together go on with a shard.")]
    Run {
        /// Paths, - or names of built-in experiments
        #[arg(required = true, value_name = "CONFIG")]
        configs: Vec<String>,
        /// Folder for the results; each experiment gets its own inside
        #[arg(long = "out", default_value = "results", value_name = "DIR")]
        to: PathBuf,
        /// Threads; all cores unless given. The results do not depend on it
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
        threads: Option<u16>,
        /// A method of your own, run beside ours; may be repeated
        #[arg(long = "method", value_name = "NAME=COMMAND")]
        methods: Vec<String>,
        /// Seconds that a method may keep silent
        #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        patience: u32,
        #[command(flatten)]
        going: Going,
        #[command(flatten)]
        with: Overriding,
    },
    /// Make the results of a run of the parts that its shards left
    #[command(after_help = "Examples:
  oversight merge results/three_failures             shards that wrote to one folder
  oversight merge a/three_failures b/three_failures --out results

The results are those of a run on one machine, to the last byte. Seeds that are missing are named, and
nothing is written; so where parts of one seed differ, or are of other trials. examples/slurm has a job
array of shards, and a job that merges them.")]
    Merge {
        /// Folders of which each has parts, as `run --shard` left them in DIR/NAME
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// Folder for the results, which get their own inside; unless given, they go to the first FOLDER
        #[arg(long = "out", value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Draw figures and judge claims again from the tables of a run, without running
    #[command(after_help = "Examples:
  oversight draw results/three_failures
  oversight draw results/three_failures --set style.width=900 --set title='In short'

Before, you may edit figures, style, claims, title and about in FOLDER/config.toml. Figures, report,
summary and verdicts are written anew, other files of yours are kept. A config that asks for other
trials than results.csv holds is refused.")]
    Draw {
        /// Folder that run wrote
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Set a value by its dotted path; may be repeated
        #[arg(long = "set", value_name = "PATH=VALUE")]
        sets: Vec<String>,
    },
    /// Check configs; print cells × seeds and an estimate of the work
    Check {
        /// Paths, - or names of built-in experiments
        #[arg(required = true, value_name = "CONFIG")]
        configs: Vec<String>,
        #[command(flatten)]
        with: Overriding,
    },
    /// Print a config with all its defaults filled in
    Show {
        /// Path, - or name of a built-in experiment
        #[arg(value_name = "CONFIG")]
        config: String,
        #[command(flatten)]
        with: Overriding,
    },
    /// Follow one trial in plain text: world, pairs as the overseer saw them, labels, weights, policy
    #[command(after_help = "Examples:
  oversight trace overseer_is_wrong --seed 3
  oversight trace what_labels_cannot_tell --labels > labels.csv
  oversight trace what_labels_cannot_tell --answers labels.csv   (change its column `label` first)

Only the first cell is followed. Choose another by naming levels:
  oversight trace three_failures --set failure=wrong --set remedy=none
  oversight trace overseer_is_wrong --set feedback.labels=1000 --set variant=control")]
    Trace {
        /// Path, - or name of a built-in experiment
        #[arg(value_name = "CONFIG")]
        config: String,
        /// Which repetition
        #[arg(long, default_value_t = 0, value_name = "S")]
        seed: u32,
        /// Print only the labels, as CSV; label 1: first preferred, 0: second, 0.5: tie, empty: skipped
        #[arg(long)]
        labels: bool,
        /// Your own labels in place of the overseer's: a CSV as --labels prints it, or - for stdin
        #[arg(long, value_name = "FILE")]
        answers: Option<String>,
        #[command(flatten)]
        with: Overriding,
    },
    /// Run experiments and judge every claim; exit 1 unless all hold
    #[command(after_help = "Examples:
  oversight verify                        every built-in experiment
  oversight verify three_failures --threads 2
  oversight verify mine.toml --quick      too few seeds to decide much: exit 1 only if a claim fails")]
    Verify {
        /// Paths, - or names of built-in experiments; all built-in ones unless given
        #[arg(value_name = "CONFIG")]
        configs: Vec<String>,
        /// Threads; all cores unless given. The verdicts do not depend on it
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
        threads: Option<u16>,
        #[command(flatten)]
        with: Overriding,
    },
    /// Print what an overseer says of pairs of segments: the chance of each label
    #[command(after_help = r#"Examples:
  oversight judge overseer_is_wrong pairs.jsonl
  echo '{"first": [1, 0], "second": [0, 1]}' | oversight judge mine.toml - --set overseer.choice.discount=0.9

A line of PAIRS holds two segments, as the reward that the overseer believes in at each step:
  {"first": [1, 0], "second": [0, 1]}
The same line of the output holds the chance that it prefers the first, prefers the second, calls
them equal, or skips them; the four sum to 1. Nothing is drawn, and nothing printed unless all lines
are good; blank ones are passed over. Segments may differ in length, except under compat.

The overseer is that of the first cell; choose another by naming levels, as in trace."#)]
    Judge {
        /// Path, - or name of a built-in experiment
        #[arg(value_name = "CONFIG")]
        config: String,
        /// Path of the pairs, or - for standard input
        #[arg(value_name = "PAIRS")]
        pairs: String,
        #[command(flatten)]
        with: Overriding,
    },
    /// One trial as a dialogue of JSON lines, for a method of your own
    #[command(after_help = r#"Example:
  echo '{"pairs": 2}' | oversight dialogue overseer_is_wrong

The first line says what there is; then every line of standard input is a request, and answered by a line:
  {"pairs": 200}                     pairs of this round, by id, with their features as they are shown
  {"ask": [0, 1, 1]}                 labels of pairs: 1 the first, 0 the second, 0.5 a tie, null skipped
  {"outcomes": [0, 1]}               features of single outcomes, of which an episode is a list
  {"reward": {"weights": {"a": 1}}}  optimises against this reward, measures it, and ends the round
  {"reward": {"values": [0.5, 1]}}   the same by a value for every outcome
A request that cannot be granted is answered by {"error": "…"}, and the dialogue goes on.

The trial is that of the first cell; choose another by naming levels, as in trace. `run --method` speaks
the same with a command, for every cell and seed."#)]
    Dialogue {
        /// Path or name of a built-in experiment
        #[arg(value_name = "CONFIG")]
        config: String,
        /// Which repetition
        #[arg(long, default_value_t = 0, value_name = "S")]
        seed: u32,
        #[command(flatten)]
        with: Overriding,
    },
    /// Act in a gridworld by hand: gold and observed reward side by side
    #[command(after_help = "Examples:
  oversight play boat_race                          the map, and what its tiles pay
  oversight play boat_race --actions rrddlluu
  oversight play absent_supervisor --actions ddd --set watched=false
  oversight play tomato_watering --actions rrrruu........ --seed 3 --json
  oversight play tampering --actions rru --set tampering=none

Actions: u up, d down, l left, r right, . nothing. Observed is the reward that the world's own reward
function gives for what is shown; gold is what it is truly worth. What is random depends on --seed.
WORLD is a built-in map (oversight list maps) or a config with a world.gridworld; of its settings,
those under world.gridworld may be named without that.")]
    Play {
        /// Built-in map, path, - or name of a built-in experiment
        #[arg(value_name = "WORLD")]
        world: String,
        /// What to do, a letter per step; without it the map is shown
        #[arg(long, default_value = "", value_name = "STRING")]
        actions: String,
        /// Which repetition
        #[arg(long, default_value_t = 0, value_name = "S")]
        seed: u32,
        /// Print one object: observed, gold, return, performance, positions, steps, done
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        with: Overriding,
    },
    /// Fit Bradley–Terry to comparisons of your own: scores of items or weights of features
    #[command(after_help = "Examples:
  oversight fit comparisons.csv
  oversight fit comparisons.csv --bootstrap 1000 --json
  oversight fit comparisons.csv --l2 0 --out results/mine
  oversight trace overseer_is_wrong --labels | oversight fit -

The first line of COMPARISONS names its columns, in any order:
  first,second,label                  names of two items
  first_a,first_b,second_a,second_b,label   numbers: features a and b on both sides
A label is 1 (first preferred), 0 (second), 0.5 (tie), 0.75 or 0.25 (slightly), or empty (skipped).
If 0.75 or 0.25 occur, thresholds between the grades are learned (cumulative logit). With a column
annotator each of them gets a reliability r: differences count r times. Other columns are ignored.
Scores of items have mean 0; se is the standard error of a score less that mean.")]
    Fit {
        /// Path of a CSV, or - for standard input
        #[arg(value_name = "COMPARISONS")]
        comparisons: String,
        /// Prior precision of scores or weights: 0 for maximum likelihood, or from 1e-9 to 1e30
        #[arg(long, default_value_t = 0.1, value_name = "X", value_parser = precision, allow_negative_numbers = true)]
        l2: f64,
        /// Learn how wide ties are, as with 0.25 and 0.75, instead of counting them half a win for each
        #[arg(long)]
        graded: bool,
        /// Standard errors and intervals from N resamples of the comparisons, in place of Laplace's
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
        bootstrap: Option<u32>,
        /// Print one object with everything
        #[arg(long)]
        json: bool,
        /// Folder for fit.csv, fit.json, fit.svg and fit.png
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Open the lab in a browser: served to this machine alone, until Ctrl-C
    #[command(after_help = "Examples:
  oversight lab
  oversight lab mine.toml --port 8000

It prints an address, to be opened in a browser; with CONFIG the bench opens on that. Nothing leaves the machine.
The lab is in programs that were built with it: `cargo xtask lab`, then `cargo build --release --features lab`.")]
    Lab {
        /// Path, - or name of a built-in experiment
        #[arg(value_name = "CONFIG")]
        config: Option<String>,
        /// Port of 127.0.0.1; a free one unless given
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        port: Option<u16>,
    },
    /// Print the JSON Schema of a config file, for completion in editors
    #[command(after_help = "Example:
  oversight schema > oversight.schema.json

With this as its first line, editors that use Taplo (Even Better TOML in VS Code) complete and
check a config:
  #:schema ./oversight.schema.json")]
    Schema,
    /// List what there is
    List {
        /// One kind only
        what: Option<Kind>,
    },
}

/// Which seeds are run.
#[derive(Args, Clone, Copy)]
pub(super) struct Going {
    /// Take the seeds that an earlier run of the same trials has done, and run the others
    #[arg(long)]
    pub(super) resume: bool,
    /// Run the I-th of N shares of the seeds, and leave them for `oversight merge`
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
}

/// Ways to change a config from the command line.
#[derive(Args)]
pub(super) struct Overriding {
    /// Repetitions, in place of the config's
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) seeds: Option<u32>,
    /// Apply the config's `[quick]` patch; `run` then judges no claims
    #[arg(long)]
    pub(super) quick: bool,
    /// Set a value by its dotted path, or choose levels of an axis by its name; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) sets: Vec<String>,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    Experiments,
    Worlds,
    Maps,
    Overseers,
    Feedback,
    Inputs,
    Protocols,
    RewardModels,
    Optimizers,
    Metrics,
    Figures,
    Claims,
}

fn precision(text: &str) -> Result<f64, String> {
    let l2: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let good = l2 == 0.0 || (1e-9..=1e30).contains(&l2);
    good.then_some(l2).ok_or_else(|| "must be 0, or from 1e-9 to 1e30".to_owned())
}
