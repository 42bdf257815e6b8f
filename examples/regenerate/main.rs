//! Writes `experiments/NAME/` for the built-in experiments, or for those named:
//! what each of them showed. Run it where the repository is:
//! `cargo run --release --example regenerate`.

mod prediction;

use oversight::show::{figure, report};
use oversight::study::claims::{claims_json, evidence_csv, gather, judge};
use oversight::study::config::Overrides;
use oversight::study::experiments::experiments;
use oversight::study::leaderboard::leaderboard;
use oversight::study::plan::{Plan, Row};
use oversight::study::record;
use oversight::study::results::{Results, leaderboard_csv};
use rayon::prelude::*;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for (name, text) in experiments() {
        if !wanted.is_empty() && !wanted.iter().any(|w| w == name) {
            continue;
        }
        let plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &Overrides::default())?;
        let one = |seed| plan.seed(seed, || true).expect("not interrupted");
        let rows: Vec<Row> = (0..plan.experiment.seeds)
            .into_par_iter()
            .map(one)
            .collect::<Vec<_>>()
            .into_iter()
            .flatten()
            .collect();
        let results = Results::new(&plan, &rows);
        let evidence = gather(&results);
        let judgements = judge(&plan, &evidence);
        let folder = Path::new("experiments").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let mut words = String::new();
        for (figure, chart) in figure::charts(&results, &judgements) {
            let said = if report::has_shares(&chart) { report::words(&chart) } else { Vec::new() };
            for (panel, sentences) in said {
                words += &format!("## {figure} {panel}\n\n- {}\n\n", sentences.join("\n- "));
            }
            std::fs::write(folder.join(format!("{figure}.svg")), figure::with_font(&figure::svg(&chart)))?;
        }
        if let Some((chart, text)) = prediction::prediction(&results) {
            std::fs::write(folder.join("prediction.svg"), figure::with_font(&figure::svg(&chart)))?;
            std::fs::write(folder.join("prediction.md"), text)?;
        }
        if !words.is_empty() {
            std::fs::write(folder.join("cells.md"), format!("# Cell by cell\n\n{}\n", words.trim()))?;
        }
        std::fs::write(folder.join("README.md"), report::readme(&plan, &judgements))?;
        std::fs::write(folder.join("claims.json"), claims_json(&judgements))?;
        std::fs::write(folder.join("contrasts.csv"), evidence_csv(&evidence))?;
        std::fs::write(folder.join("digests.csv"), record::digests_csv(&results))?;
        std::fs::write(folder.join("summary.csv"), record::short_summary_csv(&results))?;
        if let Some(board) = leaderboard(&results) {
            std::fs::write(folder.join("leaderboard.csv"), leaderboard_csv(&board))?;
            let title = format!("Leaderboard of `{name}`");
            std::fs::write(folder.join("leaderboard.md"), report::leaderboard_md(&title, &board))?;
        }
        println!("{name}:");
        for j in &judgements {
            println!(
                "  {:<9}  {}  {:?} {:?}\n             {}",
                j.verdict.to_string(),
                j.say,
                j.estimate,
                j.interval,
                j.why
            );
        }
    }
    Ok(())
}
