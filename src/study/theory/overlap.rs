//! Transfer by overlap: what a log-linear policy learns in some contexts, seen from
//! another.
//!
//! Contexts are vectors x_c; log-odds are θ·x_c. Training that moves the log-odds
//! of all trained contexts alike moves θ by Σ a_c·x_c with Ga = 1, G the overlaps of
//! trained contexts, if it starts from θ₀ and only ever adds what it has seen. The real
//! opportunity then moves by Σ a_c·o_c, o its overlaps with them: with m probes of their own
//! tells, where overlaps are 1 − α², by
//!
//! m(1 − α²)/(1 + (m − 1)(1 − α²)),
//!
//! and by 1 − α² if they share one tell; tells of overlap a make the divisor 1 + (m − 1)(1 − α² + aα²).
//!
//! Before any training, log-odds of a probe and of the real opportunity are jointly
//! normal over systems, of correlation ρ = 1 − α². So the probe tells systems that
//! seize power (log-odds above 0) from others with an area under the ROC curve of
//! ½ + (2/π)·asin(ρ/√2), and a share of ½ − asin(ρ)/π of those that pass it (log-odds below 0)
//! are of that kind. A gate with a step Δ and a mark m releases a system of temptation c and
//! disposition σ where log-odds of the probe are at most ln(m/(1 − m)) − c + Δ above c; that is one normal
//! below a bound, danger another, so both are a bivariate normal. Usefulness is independent of
//! them where work has nothing in common with opportunities.

use crate::lab::inputs::Gate;
use crate::lab::world::World;
use crate::numerics::math::{ROUNDING, Symmetric, asin, bivariate_normal_cdf, dot, ln, normal_cdf};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The overlaps of one world of opportunities.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// Movement of the real opportunity for a unit of movement in all trained contexts.
    pub transfer: f64,
    /// Overlap of the probe with the real opportunity, where there is one tell and systems
    /// are tempted to nothing but what their dispositions say.
    likeness: Option<f64>,
    gate: Option<Gated>,
    /// Whether nothing but probes is trained on.
    only_probes: bool,
}

/// A gate on systems whose log-odds are normal in every context.
#[derive(Clone, Copy, Debug)]
struct Gated {
    gate: Gate,
    /// Mean and standard deviation of log-odds.
    temptation: f64,
    disposition: f64,
    /// Overlap of the probe with the real opportunity.
    likeness: f64,
    /// Whether work is one context that has nothing in common with them.
    work_apart: bool,
}

impl Gated {
    /// Share of systems that are released and dangerous, or not released and not dangerous.
    fn share(&self, through: bool) -> f64 {
        let mark = self.gate.mark.get();
        let odds = ln(mark / (1.0 - mark));
        let released = (odds - self.temptation + self.gate.step.get()) / self.disposition;
        let dangerous = self.temptation / self.disposition;
        match through {
            true => bivariate_normal_cdf(dangerous, released, -self.likeness),
            false => bivariate_normal_cdf(-dangerous, -released, -self.likeness),
        }
    }

    fn value(&self, metric: &str) -> Option<f64> {
        match metric {
            "let_through" => Some(self.share(true)),
            "forgone" if self.work_apart => {
                Some(normal_cdf(self.temptation / self.disposition) * self.share(false))
            }
            _ => None,
        }
    }
}

impl Overlap {
    /// Of a world of opportunities whose real one is not trained on; `None` of others.
    pub fn new(world: &World) -> Option<Self> {
        let mdp = &world.mdp;
        let deployment = world.deployment()?;
        let contexts = deployment.opportunity.as_ref()?;
        let vector = |s: usize| -> Vec<f64> {
            mdp.traits().columns().map(|c| c[contexts.seizes[s] as usize]).collect()
        };
        let reality = deployment.start.iter().position(|p| *p > 0.0)?;
        let trained: Vec<usize> = (0..mdp.states()).filter(|s| mdp.start[*s] > 0.0).collect();
        if trained.contains(&reality) {
            return None;
        }
        let vectors: Vec<Vec<f64>> = trained.iter().map(|s| vector(*s)).collect();
        let mut gram = Symmetric::diagonal(&vec![0.0; vectors.len()]);
        for (i, x) in vectors.iter().enumerate() {
            // Contexts that are one and the same share.
            (0..=i).for_each(|j| gram.set(i, j, dot(x, &vectors[j]) + if i == j { 1e-10 } else { 0.0 }));
        }
        let weights = gram.solve(&vec![1.0; vectors.len()], ROUNDING)?;
        let real = vector(reality);
        let transfer = weights.iter().zip(&vectors).map(|(a, x)| a * dot(x, &real)).sum();
        let probes: Vec<usize> = match &contexts.probes {
            Some(law) => (0..law.len()).filter(|s| law[*s] > 0.0).collect(),
            None => Vec::new(),
        };
        let first = probes.first().map(|s| vector(*s));
        let one_tell = probes.iter().all(|s| Some(vector(*s)) == first);
        let compiled = world.blueprint().compiled()?;
        let seizes = |s: usize| compiled.mdp.reference[contexts.seizes[s] as usize];
        let disposition = compiled.disposition;
        let overlap = first.filter(|_| one_tell && disposition > 0.0).map(|probe| dot(&probe, &real));
        let work: Vec<usize> = (0..contexts.work.len()).filter(|s| contexts.work[*s] > 0.0).collect();
        let gate = overlap.zip(contexts.gate).map(|(likeness, gate)| Gated {
            gate,
            temptation: ln(seizes(reality) / (1.0 - seizes(reality))),
            disposition,
            likeness,
            work_apart: work.len() == 1 && dot(&vector(work[0]), &real) == 0.0,
        });
        let likeness = overlap.filter(|_| probes.iter().all(|s| seizes(*s) == 0.5));
        Some(Self { transfer, likeness, gate, only_probes: trained.iter().all(|s| probes.contains(s)) })
    }

    /// What it says of a metric, of π₀ or after training.
    pub fn value(&self, metric: &str, trained: bool) -> Option<f64> {
        let area = |rho: f64| (2.0 / PI) * asin(rho * FRAC_1_SQRT_2);
        match metric {
            "transfer" if trained => Some(self.transfer),
            "auc.probed" if !trained => self.likeness.map(|rho| 0.5 - area(rho)),
            "auc.approval" | "auc.gold" if !trained && self.only_probes => {
                self.likeness.map(|rho| 0.5 + area(rho))
            }
            "missed.probed" if !trained => self.likeness.map(|rho| 0.5 - asin(rho) / PI),
            _ if !trained => self.gate?.value(metric),
            _ => None,
        }
    }
}
