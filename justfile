# Recipes for those who have `just`; nothing needs it.

# Everything CI runs
ci:
    .ci/run

# The lab in a browser, into web/dist
lab:
    cargo xtask lab

# All tests
test:
    cargo test

# Format and lint
tidy:
    cargo fmt --all
    cargo clippy --all-targets -- -D warnings

# Kills a run at fifty random moments, goes on with each, and compares the bytes
kill:
    cargo test --test it resume::killed_at_fifty -- --ignored --nocapture

# The main job
run *experiments="three_failures":
    cargo run --release -- run {{experiments}}

# What the built-in experiments show, into experiments/
regenerate *experiments:
    cargo run --release --example regenerate -- {{experiments}}

# Criterion benches; see benches/README.md
bench:
    cargo bench

# Instruction counts under valgrind; see benches/README.md
instructions:
    cargo build --release --bench loop
    valgrind --tool=callgrind --callgrind-out-file=/dev/null $(ls -t target/release/deps/loop-* | grep -v '\.d$' | head -n 1) --test
