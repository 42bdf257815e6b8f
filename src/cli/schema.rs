//! `schema`: the JSON Schema of a config file.

use super::{Stop, print};
use crate::study::schema::schema;

pub(super) fn print_schema() -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(&schema()).expect("plain data");
    print(&(text + "\n"))
}
