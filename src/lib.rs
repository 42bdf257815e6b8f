//! A laboratory for one question: what happens when a policy is optimised
//! against somebody's judgement of it?
//!
//! Everything is one loop, described by one TOML file (see [`lab`]):
//!
//! ```text
//!             ┌────────── world ──────────┐   features φ, gold weights w*
//!             ▲                           ▼
//!   π₀ ─► policy π ──► episodes ──► overseer (sees → fills in → values → judges)
//!             ▲                           ▼ labels, each with a cost
//!         optimizer ◄──── reward model fitted to the labels
//! ```
//!
//! The house has four floors and a front door, `cli`. Each stands on those below it and knows none above:
//!
//! | floor | what it is |
//! |---|---|
//! | `cli` | the faces: arguments, files, progress |
//! | [`show`] | what a study looks like: figures, reports |
//! | [`study`] | many trials and what follows from them: configs, plans, results, claims |
//! | [`lab`] | one trial: the loop |
//! | [`numerics`] | mathematics, random numbers, statistics |

#[cfg(feature = "cli")]
pub mod cli;
pub mod lab;
pub mod numerics;
pub mod show;
pub mod study;

/// The snippets of the book, as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/src/library.md")]
pub struct Book;
