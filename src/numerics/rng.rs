//! Streams of random numbers, named by what they are for.
//!
//! A stream is a function of (base seed, repetition, purpose, name, index) and
//! of nothing else: not of the cell, the thread or the order of work. Hence
//! cells of one repetition share their draws (contrasts are paired), and an
//! added draw for one purpose changes no other number.
//!
//! The generator is xoshiro256++. Every sampler is a [`Distribution`], takes a fixed
//! number of uniforms per variate and uses portable functions only: so the same draw
//! under another law, or of another cell, is the same uniform put through another map,
//! and contrasts stay paired. Samplers of `rand_distr` serve where they do so too
//! ([`Open01`]); those that reject, or whose bits depend on the platform's `exp` and
//! `ln`, are refused in `clippy.toml`.

use crate::numerics::math::normal_quantile;
use rand::SeedableRng;
pub use rand_distr::{Distribution, Open01};

/// The one generator.
pub type Rng = rand_xoshiro::Xoshiro256PlusPlus;

/// What a stream is for. The discriminant is part of the key: never reuse one.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// A feature's values; name: the feature, index: the prompt.
    Feature = 1,
    /// An overseer's error on a weight; name: the feature.
    OverseerError = 2,
    /// Episodes of the pairs to be labelled; index: the round.
    Pairs = 3,
    /// The overseer's choices; index: the round.
    Choices = 4,
    /// Episodes of the held-out pairs.
    HeldOutPairs = 5,
    /// Choices on the held-out pairs.
    HeldOutChoices = 6,
    /// Batches of a sampled policy gradient; index: the iteration.
    Batches = 7,
    /// Resamples for intervals; index: the sample size.
    Bootstrap = 8,
    /// What is random in an episode that is played by hand.
    Play = 9,
    /// A system's own parameter for a trait; name: the trait.
    Disposition = 10,
    /// Directions in which a fit starts; the same in every trial.
    Starts = 11,
    /// What a protocol tells of the pairs to be labelled, where that is left to chance; index: the round.
    Telling = 12,
    /// The same of the held-out pairs.
    HeldOutTelling = 13,
    /// Episodes of the pairs that are judged in part; index: the part, in the order in which they are asked about.
    PartPairs = 14,
    /// The overseer's choices on them.
    PartChoices = 15,
    /// What is told of them: nothing is.
    PartTelling = 16,
    /// Resamples of the labels of an ensemble; index: the member.
    Resamples = 17,
    /// The seed that somebody else's method is given.
    Method = 18,
}

/// The streams of one repetition.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    /// Base seed of the experiment.
    pub seed: u32,
    /// Number of the repetition, from 0.
    pub repetition: u32,
}

impl Streams {
    /// The stream for `purpose`, told apart by `name` and `index`.
    pub fn stream(self, purpose: Purpose, name: &str, index: u64) -> Rng {
        let words = [u64::from(self.seed), u64::from(self.repetition), purpose as u64, fnv(name), index];
        Rng::seed_from_u64(words.into_iter().fold(0, |key, word| mix(key ^ word)))
    }
}

/// The finaliser of SplitMix64, after its Weyl step: a bijection of 64-bit words.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// FNV-1a.
pub(crate) fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The standard normal law by inversion: one uniform, and an increasing function of it.
/// (`rand_distr`'s `StandardNormal` takes one or several, by rejection.)
#[derive(Clone, Copy, Debug)]
pub struct Normal;

impl Distribution<f64> for Normal {
    #[inline]
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        normal_quantile(uniform(rng))
    }
}

/// A stream that the next word of another begins.
pub fn branch(rng: &mut Rng) -> Rng {
    Rng::seed_from_u64(rand::Rng::next_u64(rng))
}

/// A draw of [`Open01`]: strictly between 0 and 1, symmetric about ½, on a grid of 2⁻⁵².
#[inline]
pub fn uniform<R: rand::Rng + ?Sized>(rng: &mut R) -> f64 {
    Open01.sample(rng)
}

/// A draw of [`Normal`].
#[inline]
pub fn normal<R: rand::Rng + ?Sized>(rng: &mut R) -> f64 {
    Normal.sample(rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng as _;

    #[test]
    fn value_stability() {
        let streams = Streams { seed: 7, repetition: 3 };
        let mut rng = streams.stream(Purpose::Feature, "insight", 2);
        let bits: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        assert_eq!(bits, [5_544_126_691_726_304_161, 10_710_136_222_175_006_088, 3_520_786_904_569_229_477]);
        let variates = (uniform(&mut rng), normal(&mut rng));
        assert_eq!(variates, (0.816_166_051_504_770_3, 1.162_713_738_321_231_4));
    }

    #[test]
    fn keys_tell_streams_apart() {
        let first = |seed, repetition, purpose, name, index| {
            Streams { seed, repetition }.stream(purpose, name, index).next_u64()
        };
        let all = [
            first(0, 0, Purpose::Pairs, "", 0),
            first(1, 0, Purpose::Pairs, "", 0),
            first(0, 1, Purpose::Pairs, "", 0),
            first(0, 0, Purpose::Choices, "", 0),
            first(0, 0, Purpose::Pairs, "a", 0),
            first(0, 0, Purpose::Pairs, "", 1),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|b| a != b));
        }
    }

    #[test]
    fn uniforms_are_open() {
        struct Constant(u64);
        impl rand::TryRng for Constant {
            type Error = std::convert::Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
                Ok(self.0 as u32)
            }
            fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
                Ok(self.0)
            }
            fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Self::Error> {
                into.fill(self.0 as u8);
                Ok(())
            }
        }
        let (low, high) = (uniform(&mut Constant(0)), uniform(&mut Constant(u64::MAX)));
        assert!(0.0 < low && high < 1.0);
        assert_eq!(low, 1.0 - high);
    }
}
