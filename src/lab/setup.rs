//! The setup of one trial: who judges what, and what is made of it.

use crate::lab::feedback::{Feedback, From};
use crate::lab::optimizer::OptimizerConfig;
use crate::lab::overseer::{Overseer, OverseerConfig, Sees};
use crate::lab::protocol::Protocol;
use crate::lab::query::Query;
use crate::lab::reward_model::{Annotators, Linear, RewardModelConfig};
use crate::lab::world::{Blueprint, Blueprints, World, WorldConfig};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::Probability;
use crate::numerics::rng::Streams;
use crate::numerics::words::count;

/// One trial, but for its seed: each room's part of it.
///
/// ```
/// use oversight::lab::trial::{SharedInWorld, Trial, run};
/// use oversight::lab::{RewardModelConfig, Setup};
/// use oversight::numerics::rng::Streams;
/// let setup = Setup {
///     world: toml::from_str("answers.features.insight.gold = 1.0").unwrap(),
///     overseer: Default::default(),
///     feedback: Default::default(),
///     reward_model: RewardModelConfig::Gold,
///     optimizer: toml::from_str("best_of_n.n = [1, 2]").unwrap(),
/// };
/// let streams = Streams { seed: 0, repetition: 0 };
/// let (world, overseer) = setup.open(streams).unwrap();
/// let records = run(Trial::new(&setup, &world, &overseer, streams, &mut SharedInWorld::default()), |_| {});
/// // The better of two normal draws lies 1/√π above their mean.
/// let [one, two] = [0, 1].map(|level: usize| records[level].metrics.gold.unwrap());
/// assert!((two - one - 0.5642).abs() < 0.02);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The world.
    pub world: WorldConfig,
    /// Who judges.
    pub overseer: OverseerConfig,
    /// What is asked of them.
    pub feedback: Feedback,
    /// What is fitted to the answers.
    pub reward_model: RewardModelConfig,
    /// What makes the most of it.
    pub optimizer: OptimizerConfig,
}

impl Setup {
    /// The world and the overseer of one seed. Whoever opens many seeds keeps the
    /// [`Blueprint`], which depends on none.
    pub fn open(&self, streams: Streams) -> Result<(World, Overseer), ConfigError> {
        self.check()?;
        let blueprint = self.world.blueprint(&self.feedback.inputs)?;
        let overseer = self.overseer.overseer(&blueprint, streams)?;
        let draw = blueprint.draw(streams);
        Ok((blueprint.world(draw), overseer))
    }

    /// Everything that types cannot say: each room checks its
    /// own part, given what it needs to know of the others.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.check_in(&mut Blueprints::default())
    }

    /// The same of one of many setups, whose worlds are in `blueprints` if they were met before.
    pub(crate) fn check_in(&self, blueprints: &mut Blueprints) -> Result<(), ConfigError> {
        self.world.check()?;
        let addresses = self.world.addresses();
        self.overseer.check(&addresses)?;
        self.reward_model.check(&addresses)?;
        self.optimizer.check(self.world.candidates())?;
        // What a repetition will ask for must be there: only the draws differ between them.
        let blueprint = blueprints.of(&self.world, &self.feedback.inputs)?;
        let overseer = self.overseer.overseer(blueprint, Streams { seed: 0, repetition: 0 })?;
        self.feedback.check_segment(blueprint)?;
        self.feedback.check(&overseer, blueprint)?;
        self.reward_model.check_blueprint(blueprint)?;
        self.check_memory(&overseer, blueprint)?;
        self.check_judged(blueprint)?;
        blueprint.compiled().map_or(Ok(()), |compiled| self.optimizer.check_table(&compiled.mdp))?;
        self.check_rounds()
    }

    fn check_memory(&self, overseer: &Overseer, blueprint: &Blueprint) -> Result<(), ConfigError> {
        let queries = u64::from(self.feedback.queries(overseer, blueprint));
        let labels = queries * u64::from((self.feedback.among.get() - 1).max(self.feedback.query.pool()));
        let (columns, steps) = (blueprint.names().len() as u64, u64::from(self.feedback.steps(blueprint)));
        // And 100 bytes a step for the episodes that are walked side by side.
        if labels * (8 * columns + 8 * steps + 150) + 100 * steps > 2 << 30 {
            let of = if steps > 1 { format!(" and {steps} steps") } else { String::new() };
            let message =
                format!("{labels} labels on {}{of} need more than 2 GiB", count(columns, "feature"));
            let help = match queries {
                fewer if fewer < labels => "ask for fewer labels, from a smaller pool or among fewer answers",
                _ => "ask for fewer labels, or drop features",
            };
            return Err(ConfigError::new("feedback.labels", message, help));
        }
        Ok(())
    }

    /// Checks that what is compared can be judged: symbols tell of whole episodes.
    fn check_judged(&self, blueprint: &Blueprint) -> Result<(), ConfigError> {
        let symbols = blueprint.compiled().is_some_and(|compiled| compiled.screen.shows_symbols());
        if symbols && self.overseer.sees == Sees::Shown {
            let message = "this overseer judges whole episodes, by all the symbols they show";
            if self.feedback.segment.is_some() {
                let help = "take segment away, or let overseer.sees = \"truth\"";
                return Err(ConfigError::new("feedback.segment", message, help));
            }
            if self.feedback.protocol.tells() {
                let message = format!("{message}, and nothing can be told of one step");
                let help = "use protocol = \"direct\", or let overseer.sees = \"truth\"";
                return Err(ConfigError::new("feedback.protocol", message, help));
            }
        }
        self.check_forecast()?;
        self.check_query()?;
        self.check_annotators()?;
        self.feedback.protocol.check(self)
    }

    /// Checks that a rule has a model that can tell it what it goes by.
    fn check_query(&self) -> Result<(), ConfigError> {
        let query = self.feedback.query;
        let by = match (&self.reward_model, query) {
            (RewardModelConfig::Tabular(_), Query::Wide(_) | Query::DOptimal(_)) => {
                "this model does not know how sure it is"
            }
            (RewardModelConfig::Linear(Linear { bootstrap: Some(_), .. }), Query::DOptimal(_)) => {
                "an ensemble has no covariance of weights"
            }
            _ => return Ok(()),
        };
        let message = format!("`{}` cannot choose: {by}", query.name());
        let help = "use reward_model.linear without bootstrap, or query = \"entropy\"";
        Err(ConfigError::new("feedback.query", message, help))
    }

    /// Checks that whoever answers by chance, or in the overseer's place, is told nothing besides, and picks by
    /// returns alone where more than two answers are shown.
    fn check_annotators(&self) -> Result<(), ConfigError> {
        let (overseer, protocol) = (&self.overseer, &self.feedback.protocol);
        let fault = |path, message, help| Err(ConfigError::new(path, message, help));
        if let RewardModelConfig::Linear(linear) = &self.reward_model
            && self.feedback.among.get() > 2
            && (linear.lower.get() > 0.0
                || linear.bootstrap.is_some()
                || linear.annotators != Annotators::Alike)
        {
            let message = "the comparisons that one pick makes are not independent, and doubt or reliability would count \
                           each by itself";
            let help = "take lower, bootstrap and annotators of reward_model.linear away, or among";
            return fault("feedback.among", message, help);
        }
        if !overseer.annotators.is_empty() && *protocol != Protocol::Direct {
            let message = "annotators are told nothing yet, and ground truth does not stand in for them";
            return fault("overseer.annotators", message, "use protocol = \"direct\"");
        }
        let inattentive = |attention: Probability| attention.get() < 1.0;
        if inattentive(overseer.attention) && (protocol.tells() || overseer.forecast.is_some()) {
            let message = "what an overseer notices by chance cannot be told to it, nor forecast";
            return fault("overseer.attention", message, "use protocol = \"direct\" and no forecast");
        }
        let choices = std::iter::once(&overseer.choice)
            .chain(overseer.annotators.iter().filter_map(|a| a.choice.as_ref()));
        for choice in choices {
            let more = choice.skip.is_some() || choice.equal.is_some() || choice.position.is_some();
            if self.feedback.among.get() > 2 && (more || choice.compat.is_some()) {
                let message = "skip, equal, position and compat are about pairs, and a query shows more than two answers";
                return fault("feedback.among", message, "take them away, or among");
            }
        }
        Ok(())
    }

    /// Checks that nothing stands between a forecast and what is made of it.
    fn check_forecast(&self) -> Result<(), ConfigError> {
        let Some(forecast) = self.overseer.forecast else { return Ok(()) };
        let fault = |path, message, help| Err(ConfigError::new(path, message, help));
        if self.feedback.protocol != Protocol::Direct || self.overseer.crowd.is_some() {
            let message = "nothing is told yet to an overseer with a forecast, nor do several share one";
            return fault("overseer.forecast", message, "use protocol = \"direct\", and no crowd");
        }
        if matches!(self.reward_model, RewardModelConfig::Linear(_)) {
            let message = "approval by a forecast is no sum of features, and a linear model cannot learn it";
            let help = "use reward_model = \"overseer\", or reward_model.tabular.of = \"state_action\"";
            return fault("overseer.forecast", message, help);
        }
        if !self.overseer.hidden.is_empty() {
            let message = "a forecast is of the world as it is, and knows hidden features";
            return fault("overseer.forecast", message, "take hidden away, or the forecast");
        }
        if forecast.blind && self.overseer.sees == Sees::Truth {
            let message = "who sees the truth is not blind to how it is hidden";
            return fault(
                "overseer.forecast.blind",
                message,
                "let overseer.sees = \"shown\", or take blind away",
            );
        }
        Ok(())
    }

    /// Checks that there is a policy whose episodes can be labelled.
    fn check_rounds(&self) -> Result<(), ConfigError> {
        let whole = self.world.candidates().is_none() && !self.optimizer.reaches_policies();
        if whole && self.feedback.from == From::Policy {
            let message =
                "this optimizer picks whole episodes over time, which is no policy to draw others from";
            let help = "use from = \"reference\", or another optimizer";
            return Err(ConfigError::new("feedback.from", message, help));
        }
        Ok(())
    }
}
