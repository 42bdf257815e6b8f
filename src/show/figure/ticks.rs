//! Where ticks stand and what they say: the densest nice choice whose labels keep apart.
//!
//! Linear: multiples of 1, 2, 2.5 or 5 × 10^k. Logarithmic: the powers of two if all data are,
//! else powers of ten, or 1, 2, 5 × 10^k over less than two decades. Always thinned by an equal
//! stride, so that the labelled ticks are equally spaced.

use super::Scale;
use super::axis::Span;
use super::number::{self, Format, decimal};

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
    match (span.is_empty, span.scale, span.twos) {
        (true, _, _) => Vec::new(),
        (_, Scale::Linear, _) => linear(span, (span.low, span.high), ruler),
        (_, Scale::Log, Some(exponents)) => powers_of_two(span, exponents, ruler),
        (_, Scale::Log, None) => logarithmic(span, ruler),
    }
}

fn linear(span: &Span, (low, high): (f64, f64), ruler: &Ruler<'_>) -> Vec<Tick> {
    let first = number::exponent((high - low) / (ruler.most as f64 + 1.0)).max(-300);
    let candidates = (first..first + 4).flat_map(|power| DIGITS.map(|digit| (digit, power)));
    let mut ticks = Vec::new();
    for (digit, power) in candidates {
        let step = decimal(digit, power);
        let (from, to) = ((low / step).ceil(), (high / step).floor());
        if to - from + 1.0 > ruler.most as f64 {
            continue;
        }
        let values: Vec<f64> =
            (0..=(to - from) as i32).map(|i| decimal((from + f64::from(i)) * digit, power)).collect();
        let greatest = values.iter().fold(step, |most, value| value.abs().max(most));
        let format = Format::new(digit, power, greatest);
        let chosen: Vec<Tick> =
            values.iter().map(|&value| Tick { value, label: format.write(value) }).collect();
        if chosen.is_empty() || (chosen.len() < 2 && !ticks.is_empty()) {
            break;
        }
        ticks = chosen;
        if apart(span, &ticks, ruler) {
            return ticks;
        }
    }
    keep_apart(span, ticks, ruler)
}

fn powers_of_two(span: &Span, (least, most, step): (i32, i32, i32), ruler: &Ruler<'_>) -> Vec<Tick> {
    let plain = least >= -4 && most <= 20;
    let all: Vec<i32> = (least..=most).step_by(step as usize).collect();
    let value =
        |power: i32| (0..power.unsigned_abs()).fold(1.0, |v, _| if power < 0 { v / 2.0 } else { v * 2.0 });
    let label = |power: i32| number::power_of_two(power, plain);
    strided(span, &all, least, &value, &label, ruler)
}

fn logarithmic(span: &Span, ruler: &Ruler<'_>) -> Vec<Tick> {
    let decades: Vec<i32> = (span.low.ceil() as i32..=span.high.floor() as i32).collect();
    let plain = span.low >= -3.0 - 1e-9 && span.high < 4.5;
    if decades.len() <= 2 {
        let around = span.low.floor() as i32..=span.high.floor() as i32;
        let finer: Vec<Tick> = around
            .flat_map(|power| [1, 2, 5].map(|digit| (digit, power)))
            .map(|(digit, power)| Tick {
                value: decimal(f64::from(digit), power),
                label: number::power_of_ten(digit, power, plain),
            })
            .filter(|tick| is_inside(span, tick.value))
            .collect();
        if (3..=ruler.most).contains(&finer.len()) && apart(span, &finer, ruler) {
            return finer;
        }
    }
    if decades.len() < 2 {
        let ends = (crate::numerics::math::pow(10.0, span.low), crate::numerics::math::pow(10.0, span.high));
        return linear(span, ends, ruler);
    }
    let label = |power: i32| number::power_of_ten(1, power, plain);
    let mut ticks = strided(span, &decades, 0, &|power| decimal(1.0, power), &label, ruler);
    if decades.len() <= 5 && ticks.iter().all(|tick| !tick.label.is_empty()) {
        let minor = (span.low.floor() as i32..=span.high.floor() as i32)
            .flat_map(|power| (2..10).map(move |digit| decimal(f64::from(digit), power)))
            .filter(|&value| is_inside(span, value))
            .map(|value| Tick { value, label: String::new() });
        ticks.extend(minor);
        ticks.sort_by(|one, other| one.value.total_cmp(&other.value));
    }
    ticks
}

/// Powers of a base: all as ticks if they are few, every so many of them, from `anchor`, labelled.
fn strided(
    span: &Span,
    powers: &[i32],
    anchor: i32,
    value: &dyn Fn(i32) -> f64,
    label: &dyn Fn(i32) -> String,
    ruler: &Ruler<'_>,
) -> Vec<Tick> {
    let labelled = |stride: i32| -> Vec<Tick> {
        let step = powers.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
        let chosen = powers.iter().filter(|&&power| (power - anchor).rem_euclid(stride * step) == 0);
        chosen.map(|&power| Tick { value: value(power), label: label(power) }).collect()
    };
    let fits = |ticks: &Vec<Tick>| ticks.len() <= ruler.most && apart(span, ticks, ruler);
    let mut ticks = STRIDES
        .iter()
        .map(|&stride| labelled(stride))
        .find(fits)
        .unwrap_or_else(|| keep_apart(span, labelled(1), ruler));
    if powers.len() <= MOST_MINOR {
        let bare: Vec<Tick> = powers
            .iter()
            .map(|&power| Tick { value: value(power), label: String::new() })
            .filter(|tick| ticks.iter().all(|other| other.value != tick.value))
            .collect();
        ticks.extend(bare);
    }
    ticks.sort_by(|one, other| one.value.total_cmp(&other.value));
    ticks
}

fn is_inside(span: &Span, value: f64) -> bool {
    span.at(value).is_some_and(|place| (0.0..=1.0).contains(&place))
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

/// Last resort: drops each tick too close to the one kept before it.
fn keep_apart(span: &Span, ticks: Vec<Tick>, ruler: &Ruler<'_>) -> Vec<Tick> {
    let mut kept: Vec<Tick> = Vec::new();
    for tick in ticks {
        if kept.last().is_none_or(|last| distance(span, last, &tick, ruler) >= 0.0) {
            kept.push(tick);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, values: &[f64], length: f64, most: usize) -> Vec<String> {
        let span = Span::over(scale, values.iter().copied(), 0.02);
        let extent = |label: &str| 6.0 * label.chars().count() as f64 + 6.0;
        let ticks = ticks(&span, &Ruler { length, extent: &extent, most });
        assert!(ticks.is_sorted_by(|a, b| a.value < b.value), "{ticks:?}");
        assert!(ticks.iter().all(|tick| is_inside(&span, tick.value)), "{ticks:?}");
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
