//! Numbers that cannot be out of range: checked once where a config is read,
//! so that a run never has to ask again.
//!
//! Each type refuses NaN, and says in its error which range it wants.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, IntoDeserializer, SeqAccess, Unexpected, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A type's schema, written where it is used: the type has no name in the schema of a config.
macro_rules! inline_schema {
    ($name:ident, $schema:tt) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
pub(crate) use inline_schema;

macro_rules! ranges {
    ($($(#[$doc:meta])* $name:ident($inner:ident), $words:literal $(, $bound:ident $limit:literal)*;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
        pub struct $name($inner);

        impl $name {
            /// The checked number, or `None` outside the range.
            pub fn new(x: $inner) -> Option<Self> {
                let number = f64::from(x);
                let good = !number.is_nan() $(&& within(number, stringify!($bound), f64::from($limit)))*;
                good.then_some(Self(x))
            }

            /// The number itself.
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl From<$name> for f64 {
            fn from(x: $name) -> f64 {
                f64::from(x.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let new = |x, whole| $inner(x, whole).and_then(Self::new);
                d.deserialize_any(Checked { new, words: $words, bools: false })
            }
        }

        inline_schema!($name, { "type": json_type(stringify!($inner)) $(, (stringify!($bound)): $limit)* });
    )*};
}

fn f64(x: f64, _whole: bool) -> Option<f64> {
    Some(x)
}

fn u32(x: f64, whole: bool) -> Option<u32> {
    (whole && (0.0..=f64::from(u32::MAX)).contains(&x)).then_some(x as u32)
}

fn json_type(of: &str) -> &'static str {
    if of == "f64" { "number" } else { "integer" }
}

/// Whether a number keeps a bound, as JSON Schema calls it.
fn within(x: f64, bound: &str, limit: f64) -> bool {
    match bound {
        "minimum" => x >= limit,
        "maximum" => x <= limit,
        "exclusiveMinimum" => x > limit,
        "exclusiveMaximum" => x < limit,
        _ => unreachable!("there are four"),
    }
}

ranges! {
    /// A number whose products with features cannot overflow.
    Finite(f64), "a number from -1e30 to 1e30", minimum -1e30, maximum 1e30;
    /// A number above 0 whose inverse is as harmless as itself.
    Positive(f64), "above 0 (from 1e-30 to 1e30)", minimum 1e-30, maximum 1e30;
    /// A number from 0 up.
    NonNegative(f64), "0 or more (to 1e30)", minimum 0, maximum 1e30;
    /// A number from 0 to 1.
    Probability(f64), "from 0 to 1", minimum 0, maximum 1;
    /// A part of a whole, and not nothing.
    Share(f64), "from 1e-9 to 1", minimum 1e-9, maximum 1;
    /// A weight of a step relative to the one before it, under which endless sums end.
    Discount(f64), "from 0 to 0.9999", minimum 0, maximum 0.9999;
    /// A correlation: strictly between −1 and 1.
    Correlation(f64), "strictly between -1 and 1", exclusiveMinimum -1, exclusiveMaximum 1;
    /// The chance that an answer is flipped; at ½ nothing is left to learn.
    FlipRate(f64), "from 0 up to, but not including, 0.5", minimum 0, exclusiveMaximum 0.5;
    /// Degrees of freedom; with fewer, variates overflow.
    Freedom(f64), "from 0.5 to 1e30", minimum 0.5, maximum 1e30;
    /// A standard deviation of a logarithm; with more, variates overflow.
    LogDeviation(f64), "above 0, up to 20", minimum 1e-30, maximum 20;
    /// Anything but NaN; infinities stand for limits.
    Extended(f64), "a number or inf, not nan";
    /// A whole number from 0 to 1,000,000,000.
    Whole(u32), "a whole number from 0 to 1000000000", minimum 0, maximum 1000000000;
    /// A whole number from 1 to 1,000,000,000.
    Count(u32), "a whole number from 1 to 1000000000", minimum 1, maximum 1000000000;
}

/// Values of settings that are not given.
pub(crate) mod unless_given {
    use super::{Count, Positive, Probability};

    macro_rules! values {
        ($($name:ident: $range:ident = $x:literal;)*) => {
            $(pub(crate) fn $name() -> $range {
                $range::new($x).expect("in range")
            })*
        };
    }
    values! {
        eight: Count = 8;
        ten: Count = 10;
        sixty_four: Count = 64;
        four_thousand: Count = 4096;
        tenth: Positive = 0.1;
        fifth: Positive = 0.2;
        one: Positive = 1.0;
        never: Probability = 0.0;
        half: Probability = 0.5;
        most: Probability = 0.95;
        always: Probability = 1.0;
    }
}

impl Default for Finite {
    fn default() -> Self {
        Self(0.0)
    }
}

impl Default for Probability {
    fn default() -> Self {
        Self(0.0)
    }
}

/// Checks inside the visitor, where the deserializer still knows the position
/// of the number; it says whether the number is written as a whole one.
pub(crate) struct Checked<T> {
    pub(crate) new: fn(f64, bool) -> Option<T>,
    pub(crate) words: &'static str,
    /// Whether true and false stand for 1 and 0.
    pub(crate) bools: bool,
}

impl<T> Checked<T> {
    fn read<E: Error>(&self, x: f64, whole: bool) -> Result<T, E> {
        let number = if whole { x.to_string() } else { format!("{x:?}").to_lowercase() };
        let refuse = || E::custom(format!("{number} is out of range: this must be {}", self.words));
        (self.new)(x, whole).ok_or_else(refuse)
    }
}

impl<T> Visitor<'_> for Checked<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.words.starts_with("a ") || self.bools { "" } else { "a number " };
        write!(f, "{noun}{}", self.words)
    }
    fn visit_bool<E: Error>(self, x: bool) -> Result<T, E> {
        match (self.new)(f64::from(u8::from(x)), true) {
            Some(number) if self.bools => Ok(number),
            _ => Err(E::invalid_type(Unexpected::Bool(x), &self)),
        }
    }
    fn visit_i64<E: Error>(self, x: i64) -> Result<T, E> {
        self.read(x as f64, true)
    }
    fn visit_u64<E: Error>(self, x: u64) -> Result<T, E> {
        self.read(x as f64, true)
    }
    fn visit_f64<E: Error>(self, x: f64) -> Result<T, E> {
        self.read(x, false)
    }
}

/// One value, or a list of at least one, in order: the levels of a pressure axis from weak to
/// strong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Levels<T>(#[serde(deserialize_with = "one_or_more")] Vec<T>);

impl<T> Levels<T> {
    /// Levels from a list; `None` if it is empty.
    pub fn new(levels: Vec<T>) -> Option<Self> {
        (!levels.is_empty()).then_some(Self(levels))
    }
    /// The levels, as listed.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
    /// The same as plain numbers.
    pub fn numbers(&self) -> Vec<f64>
    where
        T: Copy + Into<f64>,
    {
        self.0.iter().map(|level| (*level).into()).collect()
    }
}

impl<T: JsonSchema> JsonSchema for Levels<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Levels_of_{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}

/// Reads one scalar, or a list of at least one; an untagged enum would lose the places of items.
pub fn one_or_more<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    struct OneOrMore<T>(PhantomData<T>);
    macro_rules! scalars {
        ($($visit:ident($scalar:ty)),*) => {
            $(fn $visit<E: Error>(self, x: $scalar) -> Result<Vec<T>, E> {
                T::deserialize(x.into_deserializer()).map(|x| vec![x])
            })*
        };
    }
    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or a list of values")
        }
        scalars!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<T>, A::Error> {
            let listed: Vec<T> = Vec::deserialize(SeqAccessDeserializer::new(seq))?;
            let empty = || A::Error::custom("an empty list: give at least one");
            (!listed.is_empty()).then_some(listed).ok_or_else(empty)
        }
    }
    d.deserialize_any(OneOrMore(PhantomData))
}
