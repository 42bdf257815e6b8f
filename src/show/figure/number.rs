//! Numbers as figures print them: one format for a whole axis, a true minus, no `1e5`.

/// 10 to a whole power; exact up to 22.
pub(super) fn ten(exponent: i32) -> f64 {
    let power = (0..exponent.unsigned_abs()).fold(1.0, |product, _| product * 10.0);
    if exponent < 0 { 1.0 / power } else { power }
}

/// `digit · 10^exponent`, rounded once where that is possible.
pub(super) fn decimal(digit: f64, exponent: i32) -> f64 {
    if exponent < 0 { digit / ten(-exponent) } else { digit * ten(exponent) }
}

/// The exponent of the leading digit of a positive number.
pub(super) fn exponent(value: f64) -> i32 {
    let mut exponent = crate::numerics::math::log10(value).floor() as i32;
    while decimal(1.0, exponent + 1) <= value {
        exponent += 1;
    }
    while decimal(1.0, exponent) > value {
        exponent -= 1;
    }
    exponent
}

/// How one linear axis writes its ticks: divided by a power of ten, to fixed decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Format {
    power: i32,
    decimals: usize,
    style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Plain,
    /// 12k, 3.5M, 2G
    Suffix(&'static str),
    /// 2.5×10⁻⁷
    Scientific,
}

impl Format {
    /// For multiples of `digit · 10^step` none of which exceeds `greatest` in magnitude.
    pub(super) fn new(digit: f64, step: i32, greatest: f64) -> Format {
        let extra = if digit == 2.5 { 1 } else { 0 };
        let decimals = |power: i32| (extra - (step - power)).max(0) as usize;
        let leading = exponent(greatest);
        let suffix = match leading {
            4 | 5 => Some((3, "k")),
            6..=8 => Some((6, "M")),
            9..=11 => Some((9, "G")),
            _ => None,
        };
        match suffix {
            Some((power, letter)) if decimals(power) <= 3 => {
                Format { power, decimals: decimals(power), style: Style::Suffix(letter) }
            }
            _ if (-3..12).contains(&leading) => {
                Format { power: 0, decimals: decimals(0), style: Style::Plain }
            }
            _ => Format { power: leading, decimals: decimals(leading), style: Style::Scientific },
        }
    }

    pub(super) fn write(self, value: f64) -> String {
        if value == 0.0 && self.style != Style::Plain {
            return "0".to_owned();
        }
        let digits = fixed(decimal(value, -self.power), self.decimals);
        match self.style {
            Style::Plain => digits,
            Style::Suffix(letter) => digits + letter,
            Style::Scientific => format!("{digits}×10{}", superscript(self.power)),
        }
    }
}

/// `digit · 10^exponent` or, `plain`, the number itself in shortest form.
pub(super) fn power_of_ten(digit: u32, exponent: i32, plain: bool) -> String {
    if plain {
        fixed(decimal(f64::from(digit), exponent), exponent.min(0).unsigned_abs() as usize)
    } else if digit == 1 {
        format!("10{}", superscript(exponent))
    } else {
        format!("{digit}×10{}", superscript(exponent))
    }
}

/// 2 to a whole power: `2ⁿ` or, `plain`, the number itself.
pub(super) fn power_of_two(exponent: i32, plain: bool) -> String {
    if !plain {
        return format!("2{}", superscript(exponent));
    }
    let power = f64::from(1_u32 << exponent.unsigned_abs());
    if exponent < 0 { format!("{}", 1.0 / power) } else { format!("{power}") }
}

/// Fixed decimals with a true minus sign, and none before zero.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().any(|c| c.is_ascii_digit() && c != '0') => {
            format!("−{digits}")
        }
        Some(digits) => digits.to_owned(),
        None => text,
    }
}

fn superscript(number: i32) -> String {
    let raise = |character: char| match character {
        '-' => '⁻',
        digit => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap_or(0) as usize).unwrap_or(digit),
    };
    number.to_string().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let format = Format::new(digit, step, greatest);
            for (value, text) in values {
                assert_eq!(format.write(*value), *text);
            }
        }
    }

    #[test]
    fn powers_are_written_out_or_raised() {
        assert_eq!(power_of_ten(1, -3, true), "0.001");
        assert_eq!(power_of_ten(5, 2, true), "500");
        assert_eq!(power_of_ten(1, 12, false), "10¹²");
        assert_eq!(power_of_ten(2, -7, false), "2×10⁻⁷");
        assert_eq!(power_of_two(12, true), "4096");
        assert_eq!(power_of_two(-3, true), "0.125");
        assert_eq!(power_of_two(-30, false), "2⁻³⁰");
    }

    #[test]
    fn exponents_are_exact_at_powers_of_ten() {
        for power in -270..=299 {
            assert_eq!(exponent(decimal(1.0, power)), power);
        }
        assert_eq!(exponent(999.999), 2);
    }
}
