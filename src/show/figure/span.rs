//! The stretch of numbers an axis covers, and where on it a value lies.

use crate::numerics::math::log10;
use crate::study::config::Scale;

/// Beyond these magnitudes nothing is drawn (or, for the small, told from zero), so that
/// differences and powers of ten stay finite.
pub(super) const HUGE: f64 = 1e300;
const TINY: f64 = 1e-280;
/// A relative spread below this counts as none: labels would need too many digits.
const SPREAD: f64 = 1e-9;

/// A range in the units of its scale: plain values, or their decimal logarithms.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) scale: Scale,
    /// Ends of the axis, padding included.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Least and greatest exponent, if all values are powers of two on a logarithmic axis.
    pub(super) twos: Option<(i32, i32)>,
    /// No value could be drawn: the range is arbitrary.
    pub(super) is_empty: bool,
}

impl Span {
    /// The range of the values that can be drawn, with `pad` of it (a share) at either end.
    pub(super) fn over(scale: Scale, values: impl Iterator<Item = f64>, pad: f64) -> Span {
        let values: Vec<f64> = values.filter(|&value| drawable(scale, value)).collect();
        let units = || values.iter().map(|&value| transform(scale, value));
        let (low, high) =
            widen(scale, units().fold(f64::INFINITY, f64::min), units().fold(f64::NEG_INFINITY, f64::max));
        let room = pad * (high - low);
        let twos = if scale == Scale::Log { powers_of_two(&values) } else { None };
        Span { scale, low: low - room, high: high + room, twos, is_empty: values.is_empty() }
    }

    /// An axis of slots, on which a value is the index of its slot: from the low end, or
    /// `downwards` from the high one.
    pub(super) fn slots(count: usize, downwards: bool) -> Span {
        let last = count.max(1) as f64 - 0.5;
        let (low, high) = if downwards { (last, -0.5) } else { (-0.5, last) };
        Span { scale: Scale::Linear, low, high, twos: None, is_empty: count == 0 }
    }

    /// Where a value lies: 0 at the low end, 1 at the high end; `None` if it cannot be drawn.
    pub(super) fn at(&self, value: f64) -> Option<f64> {
        drawable(self.scale, value)
            .then(|| (transform(self.scale, value) - self.low) / (self.high - self.low))
    }

    /// Like [`Span::at`], but what cannot be drawn lies at the end it is beyond.
    pub(super) fn clamped(&self, value: f64) -> f64 {
        let beyond = if value > HUGE { 1.0 } else { 0.0 };
        self.at(value).unwrap_or(beyond)
    }
}

fn drawable(scale: Scale, value: f64) -> bool {
    value.abs() <= HUGE && (scale == Scale::Linear || value > TINY)
}

fn transform(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Linear if value.abs() < TINY => 0.0,
        Scale::Linear => value,
        Scale::Log => log10(value),
    }
}

/// Opens a range that is empty (then low > high) or a single value.
fn widen(scale: Scale, low: f64, high: f64) -> (f64, f64) {
    let magnitude = low.abs().max(high.abs());
    match scale {
        _ if low > high => (0.0, 1.0),
        Scale::Linear if magnitude == 0.0 => (-1.0, 1.0),
        Scale::Linear if high - low < SPREAD * magnitude => (low - 0.1 * magnitude, high + 0.1 * magnitude),
        Scale::Log if high - low < SPREAD => (low - 0.5, high + 0.5),
        _ => (low, high),
    }
}

/// The least and greatest exponent, if all values are powers of two.
fn powers_of_two(values: &[f64]) -> Option<(i32, i32)> {
    let exponents = || values.iter().map(|value| ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023);
    let (least, most) = (exponents().min()?, exponents().max()?);
    let is_power = |value: &f64| value.to_bits() & ((1 << 52) - 1) == 0;
    (least < most && values.iter().all(is_power)).then_some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(scale: Scale, values: &[f64]) -> Span {
        Span::over(scale, values.iter().copied(), 0.0)
    }

    #[test]
    fn ends_of_the_data_are_ends_of_the_axis() {
        let linear = span(Scale::Linear, &[3.0, -1.0, f64::NAN, f64::INFINITY]);
        assert_eq!((linear.at(-1.0), linear.at(1.0), linear.at(3.0)), (Some(0.0), Some(0.5), Some(1.0)));
        let log = span(Scale::Log, &[1.0, 100.0, 0.0, -5.0]);
        assert_eq!((log.at(10.0), log.at(0.0)), (Some(0.5), None));
        assert_eq!((log.clamped(0.0), log.clamped(f64::INFINITY)), (0.0, 1.0));
    }

    #[test]
    fn slots_are_equally_wide() {
        let (right, down) = (Span::slots(4, false), Span::slots(4, true));
        assert_eq!((right.at(0.0), right.at(3.0)), (Some(0.125), Some(0.875)));
        assert_eq!((down.at(0.0), down.at(3.0)), (Some(0.875), Some(0.125)));
    }

    #[test]
    fn no_range_is_empty() {
        for values in [&[][..], &[0.0], &[7.0, 7.0], &[-1e-3], &[1e300, -1e300], &[1e-290]] {
            for scale in [Scale::Linear, Scale::Log] {
                let span = span(scale, values);
                assert!(span.high > span.low && (span.high - span.low).is_finite(), "{span:?}");
            }
        }
    }

    #[test]
    fn powers_of_two_are_recognised() {
        assert_eq!(span(Scale::Log, &[0.25, 4096.0, 8.0]).twos, Some((-2, 12)));
        assert_eq!(span(Scale::Log, &[1.0, 1024.0, 4.0]).twos, Some((0, 10)));
        assert_eq!(span(Scale::Log, &[1.0, 3.0]).twos, None);
        assert_eq!(span(Scale::Linear, &[1.0, 2.0]).twos, None);
    }
}
