//! `cargo xtask lab`: the lab in a browser, from Rust and plain files to `web/dist`.
//!
//! `web/dist` is a folder for any static host, and `web/dist/oversight-lab.html` in it is the same in one file, which
//! opens from a disk. No tool of another ecosystem is needed.

mod bundle;
mod single;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use wasm_bindgen_cli_support::Bindgen;

/// What a step may fail with; the message says all there is to know.
type Done<T = ()> = Result<T, Box<dyn Error>>;

const USAGE: &str = "cargo xtask lab [--quick-build]

Builds the lab into web/dist, and web/dist/oversight-lab.html, the lab in one file.
  --quick-build   compile sooner, to a larger and slower wasm: for tests of the page";

/// The name that wasm-bindgen gives its files.
const NAME: &str = "oversight_web";

/// Most bytes of the wasm: raw, and as gzip.
const BUDGET: [usize; 2] = [4_300_000, 1_430_000];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["lab"] => false,
        ["lab", "--quick-build"] => true,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match lab(quick) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn lab(quick: bool) -> Done {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has a folder above it")?;
    let page = root.join("web/page");
    // Made beside it, so that what stands there is never half of one and half of another.
    let (making, dist) = (root.join("web/dist.making"), root.join("web/dist"));
    empty(&making)?;
    glue(&compile(root, quick)?, &making)?;
    for file in files(&page)? {
        fs::copy(page.join(&file), making.join(&file))?;
    }
    for (name, bytes) in fonts(root)? {
        fs::write(making.join(name), bytes)?;
    }
    let wasm = fs::read(making.join(format!("{NAME}_bg.wasm")))?;
    let gzip = single::gzip(&wasm)?;
    let one = single::page(&making, &gzip)?;
    fs::write(making.join("oversight-lab.html"), &one)?;
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::rename(&making, &dist)?;
    let [raw, small, one] =
        [wasm.len(), gzip.len(), one.len()].map(|bytes| format!("{:.2} MB", bytes as f64 / 1e6));
    println!("web/dist: wasm {raw}, {small} as gzip; oversight-lab.html {one}");
    if !quick && (wasm.len() > BUDGET[0] || gzip.len() > BUDGET[1]) {
        return Err(format!("the wasm is larger than {BUDGET:?} bytes, raw and as gzip").into());
    }
    Ok(())
}

/// Compiles `web`; the path of the wasm.
fn compile(root: &Path, quick: bool) -> Done<PathBuf> {
    let profile = if quick { "quick" } else { "release" };
    let target = root.join("target/web");
    // From inside, so that its .cargo/config.toml counts.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--locked", "--target", "wasm32-unknown-unknown", "--profile", profile])
        .current_dir(root.join("web"))
        .arg("--target-dir")
        .arg(&target)
        .status()?;
    if !status.success() {
        return Err("cargo could not build web".into());
    }
    Ok(target.join("wasm32-unknown-unknown").join(profile).join(format!("{NAME}.wasm")))
}

/// Writes the wasm and the script that speaks with it, for a worker that loads it by `importScripts`.
fn glue(wasm: &Path, to: &Path) -> Done {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).remove_name_section(true);
    bindgen
        .no_modules(true)
        .and_then(|bindgen| bindgen.generate(to))
        .map_err(|error| format!("{error:#}"))?;
    Ok(())
}

/// The font of the figures, as files of its own: `roboto-400.woff2` and `roboto-700.woff2`.
fn fonts(root: &Path) -> Done<Vec<(String, Vec<u8>)>> {
    let sheet = fs::read_to_string(root.join("src/show/figure/font/roboto.css"))?;
    let mut fonts = Vec::new();
    for rule in sheet.split("@font-face").skip(1) {
        let between = |from: &str, to: &str| Some(rule.split_once(from)?.1.split_once(to)?.0);
        let weight = between("font-weight:", ";").ok_or("a font without a weight")?;
        let bytes = between("base64,", ")").ok_or("a font without a source")?;
        fonts.push((format!("roboto-{weight}.woff2"), single::from_base64(bytes)?));
    }
    Ok(fonts)
}

/// The names of the files in a folder, in order; folders inside are none of ours.
fn files(folder: &Path) -> Done<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().into_string().map_err(|name| format!("{name:?} is not UTF-8"))?);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn empty(folder: &Path) -> Done {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
