//! Where ticks stand and what they say: the densest nice choice whose labels keep apart.
//!
//! Linear: multiples of 1, 2, 2.5 or 5 × 10^k. Logarithmic: the powers of two if all data are,
//! else powers of ten, or 1, 2, 5 × 10^k over less than two decades. Always thinned by an equal
//! stride, so that the labelled ticks are equally spaced.

use super::number::{self, Format, decimal};
use super::span::Span;
use crate::numerics::math::pow;
use crate::study::config::Scale;

const DIGITS: [f64; 4] = [1.0, 2.0, 2.5, 5.0];
const STRIDES: [i32; 12] = [1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 200];
/// More unlabelled ticks than this only smear.
const MOST_MINOR: usize = 40;

/// A place on an axis; without a label, a minor one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// The ruler on which labels must keep apart.
pub(super) struct Ruler<'a> {
    /// Pixels from end to end.
    pub(super) length: f64,
    /// Pixels a label takes along the axis, with the space it needs.
    pub(super) extent: &'a dyn Fn(&str) -> f64,
    /// No more labels than this.
    pub(super) most: usize,
}

/// Ticks within the span, in ascending order; none if there is nothing to measure.
pub(super) fn ticks(span: &Span, ruler: &Ruler<'_>) -> Vec<Tick> {
    match (span.is_empty, span.scale) {
        (true, _) => Vec::new(),
        (_, Scale::Linear) => choose(span, linear((span.low, span.high), ruler), ruler),
        (_, Scale::Log) => logarithmic(span, ruler),
    }
}

/// Multiples of nice steps, from the densest that are not too many.
fn linear((low, high): (f64, f64), ruler: &Ruler<'_>) -> impl Iterator<Item = Vec<Tick>> {
    let most = ruler.most as f64;
    let first = number::exponent((high - low) / (most + 1.0)).max(-300);
    let steps = (first..first + 4).flat_map(|power| DIGITS.map(|digit| (digit, power)));
    let ends = move |step: f64| ((low / step).ceil(), (high / step).floor());
    let few = move |(digit, power): &(f64, i32)| {
        let (from, to) = ends(decimal(*digit, *power));
        to - from + 1.0 <= most
    };
    steps.filter(few).map(move |(digit, power)| {
        let step = decimal(digit, power);
        let (from, to) = ends(step);
        let value = |i: i32| decimal((from + f64::from(i)) * digit, power);
        let values: Vec<f64> = (0..=(to - from) as i32).map(value).collect();
        let greatest = values.iter().fold(step, |most, value| value.abs().max(most));
        let format = Format::new(digit, power, greatest);
        values.into_iter().map(|value| Tick { value, label: format.write(value) }).collect()
    })
}

fn logarithmic(span: &Span, ruler: &Ruler<'_>) -> Vec<Tick> {
    let (floor, ceiling) = (span.low.floor() as i32, span.high.floor() as i32);
    let plain = span.low >= -3.0 - 1e-9 && span.high < 4.5;
    let digits = |digits: &'static [u32]| -> Vec<Tick> {
        let all = (floor..=ceiling).flat_map(|power| digits.iter().map(move |digit| (*digit, power)));
        let tick = |(digit, power)| Tick {
            value: decimal(f64::from(digit), power),
            label: number::power_of_ten(digit, power, plain),
        };
        let inside = |tick: &Tick| span.at(tick.value).is_some_and(|place| (0.0..=1.0).contains(&place));
        all.map(tick).filter(inside).collect()
    };
    // Every how many-th is named counts from the first power of two, or from 10⁰.
    let powers: Vec<(i32, Tick)> = match span.twos {
        Some((least, most, step)) => {
            let (all, plain) = ((least..=most).step_by(step as usize), least >= -4 && most <= 20);
            let tick =
                |power| Tick { value: pow(2.0, f64::from(power)), label: number::power_of_two(power, plain) };
            (0..).zip(all.map(tick)).collect()
        }
        None => (span.low.ceil() as i32..).zip(digits(&[1])).collect(),
    };
    if span.twos.is_none() && powers.len() <= 2 {
        let finer = digits(&[1, 2, 5]);
        if (3..=ruler.most).contains(&finer.len()) && apart(span, &finer, ruler) {
            return finer;
        }
    }
    if powers.len() < 2 {
        return choose(span, linear((pow(10.0, span.low), pow(10.0, span.high)), ruler), ruler);
    }
    let every = |stride: i32| {
        let named = powers.iter().filter(move |(place, _)| place.rem_euclid(stride) == 0);
        named.map(|(_, tick)| tick.clone()).collect()
    };
    let mut ticks = choose(span, STRIDES.into_iter().map(every), ruler);
    let decades = span.twos.is_none() && powers.len() <= 5 && ticks.len() == powers.len();
    let minor =
        if decades { digits(&[2, 3, 4, 5, 6, 7, 8, 9]) } else { powers.into_iter().map(|p| p.1).collect() };
    if minor.len() <= MOST_MINOR {
        let bare = minor.into_iter().filter(|tick| ticks.iter().all(|other| other.value != tick.value));
        ticks.extend(bare.map(|tick| Tick { label: String::new(), ..tick }).collect::<Vec<_>>());
    }
    ticks.sort_by(|one, other| one.value.total_cmp(&other.value));
    ticks
}

/// The first choice that fits; else the last of several ticks, without those that do not.
fn choose(span: &Span, choices: impl Iterator<Item = Vec<Tick>>, ruler: &Ruler<'_>) -> Vec<Tick> {
    let mut last = Vec::new();
    for ticks in choices {
        if ticks.is_empty() || (ticks.len() < 2 && !last.is_empty()) {
            break;
        }
        if ticks.len() <= ruler.most && apart(span, &ticks, ruler) {
            return ticks;
        }
        last = ticks;
    }
    let mut kept: Vec<Tick> = Vec::new();
    for tick in last {
        if kept.last().is_none_or(|last| distance(span, last, &tick, ruler) >= 0.0) {
            kept.push(tick);
        }
    }
    kept.truncate(ruler.most);
    kept
}

fn apart(span: &Span, ticks: &[Tick], ruler: &Ruler<'_>) -> bool {
    ticks.windows(2).all(|pair| distance(span, &pair[0], &pair[1], ruler) >= 0.0)
}

/// Space between two labels, in pixels; negative if they are too close.
fn distance(span: &Span, one: &Tick, other: &Tick, ruler: &Ruler<'_>) -> f64 {
    let place = |tick: &Tick| span.clamped(tick.value) * ruler.length;
    let half = |tick: &Tick| (ruler.extent)(&tick.label) / 2.0;
    place(other) - place(one) - half(one) - half(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, values: &[f64], length: f64, most: usize) -> Vec<String> {
        let span = Span::over(scale, values.iter().copied(), 0.02);
        let extent = |label: &str| 6.0 * label.chars().count() as f64 + 6.0;
        let ticks = ticks(&span, &Ruler { length, extent: &extent, most });
        assert!(ticks.is_sorted_by(|a, b| a.value < b.value), "{ticks:?}");
        assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&span.at(tick.value).unwrap())), "{ticks:?}");
        let named: Vec<Tick> = ticks.into_iter().filter(|tick| !tick.label.is_empty()).collect();
        assert!(apart(&span, &named, &Ruler { length, extent: &extent, most }), "{named:?}");
        named.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn linear_ticks_are_nice() {
        let linear = |values: &[f64]| labels(Scale::Linear, values, 300.0, 6);
        assert_eq!(linear(&[0.0, 1.0]), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(linear(&[-1.0, 1.0]), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(linear(&[0.0, 48_000.0]), ["0", "10k", "20k", "30k", "40k"]);
        assert_eq!(linear(&[0.7]), ["0.650", "0.675", "0.700", "0.725", "0.750"]);
        assert_eq!(linear(&[]), [""; 0]);
    }

    #[test]
    fn powers_of_two_are_labelled_as_they_are_and_thinned_evenly() {
        let all: Vec<f64> = (0..=12).map(|power| f64::from(1 << power)).collect();
        let wide = ["1", "4", "16", "64", "256", "1024", "4096"];
        assert_eq!(labels(Scale::Log, &all, 400.0, 9), wide);
        assert_eq!(labels(Scale::Log, &all, 150.0, 9), ["1", "8", "64", "512", "4096"]);
    }

    #[test]
    fn decades_are_powers_of_ten() {
        let log = |values: &[f64]| labels(Scale::Log, values, 300.0, 8);
        assert_eq!(log(&[0.01, 3.0, 100.0]), ["0.01", "0.1", "1", "10", "100"]);
        assert_eq!(log(&[10.0, 3e6]), ["10¹", "10²", "10³", "10⁴", "10⁵", "10⁶"]);
        assert_eq!(log(&[3.0, 60.0]), ["5", "10", "20", "50"]);
        assert_eq!(log(&[0.31, 0.93]), ["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]);
        assert_eq!(log(&[1e-200, 1e200]).len(), 5);
    }

    #[test]
    fn any_range_has_few_ticks_that_keep_apart() {
        for power in (-270..290).step_by(7) {
            for spread in [0.0, 1e-12, 1e-8, 1e-3, 0.3, 1.0, 40.0, 1e9] {
                let low = decimal(-3.7, power);
                for scale in [Scale::Linear, Scale::Log] {
                    for length in [20.0, 90.0, 500.0] {
                        let values = [low.abs(), low.abs() * (1.0 + spread), low];
                        assert!(labels(scale, &values, length, 7).len() <= 7);
                    }
                }
            }
        }
    }
}
