#!/usr/bin/env bash
# The SARIF that `check` prints, against the official schema of SARIF 2.1.0, which the crate serde-sarif carries.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
touch "$work/src/lib.rs"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "schema"
version = "0.0.0"
edition = "2024"
[dependencies]
serde-sarif = "=0.8.0"
[workspace]
TOML
if ! cargo vendor --manifest-path "$work/Cargo.toml" "$work/vendor" > /dev/null 2> "$work/log"; then
    echo "skipped: the crate serde-sarif cannot be had"
    tail -n 3 "$work/log"
    exit 0
fi
MCPPOL_SARIF_SCHEMA="$work/vendor/serde-sarif/src/schema.json" cargo test --locked --test suite -- report::
