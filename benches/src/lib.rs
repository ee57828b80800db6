//! Nothing: the benchmarks stand beside this folder. `cargo bench -p samlkit-benches` runs them.
