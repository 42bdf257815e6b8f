//! Where ticks stand and what they say: the densest nice choice whose labels keep apart, in one format
//! for a whole axis, with a true minus and no `1e5`.
//!
//! Linear: multiples of 1, 2, 2.5 or 5 × 10^k. Logarithmic: the powers of two if all data are,
//! else powers of ten, or 1, 2, 5 × 10^k (1, 3 where that leaves fewer than two labels) over less than two decades. Always thinned by an equal
//! stride, so that the labelled ticks are equally spaced.

use super::span::Span;
use crate::numerics::math::{log10, pow};
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
        (_, Scale::Linear) => choose(span, linear(span.low, span.high, ruler.most), ruler),
        (_, Scale::Log) => logarithmic(span, ruler),
    }
}

/// Multiples of nice steps, from the densest that are not too many.
fn linear(low: f64, high: f64, most: usize) -> impl Iterator<Item = Vec<Tick>> {
    let first = exponent((high - low) / (most as f64 + 1.0)).max(-300);
    let steps = (first..first + 4).flat_map(|power| DIGITS.map(|digit| (digit, power)));
    steps.filter_map(move |(digit, power)| {
        let step = decimal(digit, power);
        let (from, to) = ((low / step).ceil(), (high / step).floor());
        let count = to - from + 1.0;
        let values = (0..count as i32).map(|i| decimal((from + f64::from(i)) * digit, power));
        let greatest = step.max(decimal(from * digit, power).abs()).max(decimal(to * digit, power).abs());
        let tick = |value| Tick { value, label: number(value, (digit, power), greatest) };
        (count <= most as f64).then(|| values.map(tick).collect())
    })
}

/// 1 and 3 × 10^k, where nothing else leaves two labels.
pub(super) fn thirds(span: &Span, ruler: &Ruler<'_>) -> Vec<Tick> {
    let thirds = if span.scale == Scale::Log { decades(span, &[1.0, 3.0]) } else { Vec::new() };
    if apart(span, &thirds, ruler) { thirds } else { Vec::new() }
}

/// These digits × powers of ten, within a logarithmic span.
fn decades(span: &Span, digits: &[f64]) -> Vec<Tick> {
    let plain = span.low >= -3.0 - 1e-9 && span.high < 4.5;
    let ten = |digit: f64, power: i32| {
        let (value, raised) = (decimal(digit, power), format!("10{}", superscript(power)));
        let label = if digit == 1.0 { raised } else { format!("{digit}×{raised}") };
        Tick { value, label: if plain { format!("{value}") } else { label } }
    };
    let inside = |tick: &Tick| span.at(tick.value).is_some_and(|place| (0.0..=1.0).contains(&place));
    let powers = span.low.floor() as i32..=span.high.floor() as i32;
    let all = powers.flat_map(|power| digits.iter().map(move |digit| ten(*digit, power)));
    all.filter(inside).collect()
}

fn logarithmic(span: &Span, ruler: &Ruler<'_>) -> Vec<Tick> {
    let of = |digits: &[f64]| decades(span, digits);
    // Every how many-th is named counts from the first power of two, or from 10⁰.
    let (powers, first) = match span.twos {
        Some((least, most)) => {
            let two = |power| {
                let (value, raised) = (pow(2.0, f64::from(power)), format!("2{}", superscript(power)));
                Tick { value, label: if least >= -4 && most <= 20 { format!("{value}") } else { raised } }
            };
            ((least..=most).map(two).collect(), 0)
        }
        None => (of(&[1.0]), span.low.ceil() as i32),
    };
    let finer = of(&[1.0, 2.0, 5.0]);
    if span.twos.is_none()
        && powers.len() <= 2
        && (3..=ruler.most).contains(&finer.len())
        && apart(span, &finer, ruler)
    {
        return finer;
    }
    if powers.len() < 2 {
        return choose(span, linear(pow(10.0, span.low), pow(10.0, span.high), ruler.most), ruler);
    }
    let every = |stride: i32| {
        let named = powers.iter().zip(first..).filter(move |(_, place)| place.rem_euclid(stride) == 0);
        named.map(|(tick, _)| tick.clone()).collect()
    };
    let named = choose(span, STRIDES.into_iter().map(every), ruler);
    let minor = |tick: Tick| if named.contains(&tick) { tick } else { Tick { label: String::new(), ..tick } };
    let crowded = powers.len() > MOST_MINOR;
    powers.iter().filter(|tick| !crowded || named.contains(tick)).cloned().map(minor).collect()
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
    last.dedup_by(|next, kept| !apart(span, &[kept.clone(), next.clone()], ruler));
    last.truncate(ruler.most);
    last
}

fn apart(span: &Span, ticks: &[Tick], ruler: &Ruler<'_>) -> bool {
    let place = |tick: &Tick| span.clamped(tick.value) * ruler.length;
    let half = |tick: &Tick| (ruler.extent)(&tick.label) / 2.0;
    ticks.windows(2).all(|pair| place(&pair[1]) - place(&pair[0]) >= half(&pair[0]) + half(&pair[1]))
}

/// A multiple of `digit · 10^step`, on an axis with no number greater than `greatest`.
pub(super) fn number(value: f64, (digit, step): (f64, i32), greatest: f64) -> String {
    let decimals = |power: i32| (i32::from(digit == 2.5) - (step - power)).max(0) as usize;
    let (power, suffix) = match exponent(greatest) {
        4 | 5 if decimals(3) <= 3 => (3, "k".to_owned()),
        6..=8 if decimals(6) <= 3 => (6, "M".to_owned()),
        9..=11 if decimals(9) <= 3 => (9, "G".to_owned()),
        -3..12 => (0, String::new()),
        power => (power, format!("×10{}", superscript(power))),
    };
    if value == 0.0 && power != 0 {
        return "0".to_owned();
    }
    let digits = format!("{:.*}", decimals(power), decimal(value.abs(), -power));
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    format!("{}{digits}{suffix}", if value < 0.0 && !is_zero { "−" } else { "" })
}

/// `digit · 10^exponent`, rounded once where that is possible.
fn decimal(digit: f64, exponent: i32) -> f64 {
    let power = pow(10.0, f64::from(exponent.abs()));
    if exponent < 0 { digit / power } else { digit * power }
}

/// The exponent of the leading digit of a positive number.
pub(super) fn exponent(value: f64) -> i32 {
    (log10(value) + 1e-12).floor() as i32
}

fn superscript(number: i32) -> String {
    let raise = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10).unwrap_or(10) as usize).unwrap_or('⁻');
    number.to_string().chars().map(raise).collect()
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
        assert_eq!(log(&[2e-7, 3e-6]), ["2×10⁻⁷", "5×10⁻⁷", "10⁻⁶", "2×10⁻⁶"]);
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

    type Pairs = &'static [(f64, &'static str)];

    #[test]
    fn one_format_serves_an_axis() {
        let cases: [(f64, i32, f64, Pairs); 7] = [
            (5.0, -1, 1.0, &[(0.0, "0.0"), (-0.5, "−0.5"), (1.0, "1.0")]),
            (2.5, -1, 1.0, &[(0.0, "0.00"), (0.25, "0.25"), (1.0, "1.00")]),
            (2.5, 3, 12_000.0, &[(0.0, "0"), (7500.0, "7.5k"), (-10_000.0, "−10.0k")]),
            (1.0, 6, 3e6, &[(2e6, "2M")]),
            (5.0, -9, 2e-8, &[(5e-9, "0.5×10⁻⁸"), (0.0, "0"), (1.5e-8, "1.5×10⁻⁸")]),
            (1.0, 0, 100_003.0, &[(100_001.0, "100.001k")]),
            (1.0, -1, 100_003.0, &[(100_001.0, "100001.0")]),
        ];
        for (digit, step, greatest, values) in cases {
            for (value, text) in values {
                assert_eq!(number(*value, (digit, step), greatest), *text);
            }
        }
    }

    #[test]
    fn exponents_are_exact_at_powers_of_ten() {
        for power in -270..=299 {
            assert_eq!(exponent(decimal(1.0, power)), power);
        }
        assert_eq!((exponent(999.999), superscript(-30).as_str()), (2, "⁻³⁰"));
    }
}
