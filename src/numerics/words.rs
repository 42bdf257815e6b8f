//! Numbers in sentences.

/// A count and its noun.
///
/// ```
/// use oversight::numerics::words::count;
/// assert_eq!([1, 2].map(|n| count(n, "history")), ["1 history", "2 histories"]);
/// ```
pub fn count(n: u64, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("{n} {noun}"),
        Some(stem) => format!("{n} {stem}ies"),
        None => format!("{n} {noun}s"),
    }
}
