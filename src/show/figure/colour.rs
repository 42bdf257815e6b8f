//! Colours as numbers: how light they are, how they contrast, and two scales for
//! values that survive print in grey.
//!
//! Luminance and contrast: WCAG 2.1. The sequential scale is cividis (Nuñez,
//! Anderton and Renslow 2018), whose lightness rises evenly; the ends of the
//! diverging one differ in lightness as well as in hue.

use std::fmt;

/// Red, green, blue: `0xrrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u32);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

pub(super) const WHITE: Colour = Colour(0xff_ff_ff);
pub(super) const BLACK: Colour = Colour(0);

const SEQUENTIAL: [u32; 10] =
    [0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55, 0xfee838];
const DIVERGING: [u32; 5] = [0x0b3a75, 0x6d97c7, 0xf7f7f7, 0xf9d48c, 0xefa92a];

/// The sequential scale at a share from 0, dark, to 1, light.
pub(super) fn sequential(share: f64) -> Colour {
    along(&SEQUENTIAL, share)
}

/// The diverging scale at a share from 0 by way of ½, nearly white, to 1.
pub(super) fn diverging(share: f64) -> Colour {
    along(&DIVERGING, share)
}

fn along(stops: &[u32], share: f64) -> Colour {
    let place = share.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let first = (place as usize).min(stops.len() - 2);
    Colour(stops[first]).mix(Colour(stops[first + 1]), place - first as f64)
}

impl Colour {
    /// So much of the way to another colour.
    pub(super) fn mix(self, other: Colour, share: f64) -> Colour {
        let channel = |shift: u32| {
            let (from, to) = (f64::from(self.0 >> shift & 0xff), f64::from(other.0 >> shift & 0xff));
            ((from + share * (to - from)).round() as u32) << shift
        };
        Colour(channel(16) | channel(8) | channel(0))
    }

    /// Relative luminance: 0 black, 1 white.
    pub(super) fn luminance(self) -> f64 {
        let channel = |shift: u32| {
            let value = f64::from(self.0 >> shift & 0xff) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                crate::numerics::math::pow((value + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    /// Contrast of two colours, 1 to 21; small text needs 4.5.
    pub(super) fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// The same hue, dark enough for text on white.
    pub(super) fn legible(self) -> Colour {
        let shades = (0..=20).map(|i| self.mix(BLACK, f64::from(i) / 20.0));
        shades.into_iter().find(|shade| shade.contrast(WHITE) >= 4.7).unwrap_or(BLACK)
    }

    /// The ink, black or white, that is better read on this colour: always 4.5 or more.
    pub(super) fn ink(self) -> Colour {
        if self.contrast(BLACK) >= self.contrast(WHITE) { BLACK } else { WHITE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequential_scale_gets_lighter_all_the_way() {
        let lights: Vec<f64> = (0..=200).map(|i| sequential(f64::from(i) / 200.0).luminance()).collect();
        assert!(lights.is_sorted() && lights[200] - lights[0] > 0.7);
    }

    #[test]
    fn the_diverging_scale_is_lightest_in_the_middle_and_its_ends_differ_in_grey() {
        let light = |share: f64| diverging(share).luminance();
        let (low, middle, high) = (light(0.0), light(0.5), light(1.0));
        assert!(middle > 0.9 && high > 4.0 * low, "{low} {middle} {high}");
        let halves: [Vec<f64>; 2] =
            [0.0, 1.0].map(|end| (0..=50).map(|i| light(end + (0.5 - end) * f64::from(i) / 50.0)).collect());
        assert!(halves.iter().all(|half| half.is_sorted()));
    }

    #[test]
    fn ink_can_be_read_on_every_colour_of_the_scales() {
        for i in 0..=200 {
            let share = f64::from(i) / 200.0;
            for colour in [sequential(share), diverging(share)] {
                assert!(colour.contrast(colour.ink()) >= 4.5, "{colour}");
            }
        }
        assert_eq!(Colour(0x0072b2).to_string(), "#0072b2");
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
    }
}
