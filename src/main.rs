//! The binary: everything is in the library's `cli`.

use std::process::ExitCode;

/// Every trial allocates and frees a megabyte or so, which the system's allocators like to
/// give back to the kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    oversight::cli::main()
}
