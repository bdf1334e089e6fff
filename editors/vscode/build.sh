#!/usr/bin/env bash
# The extension as a VSIX for this platform, with the program in it.
#
#   editors/vscode/build.sh [PROGRAM] [VSIX]    by default target/release/mcppol and editors/vscode/mcppol.vsix
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$(realpath "${1:-${CARGO_TARGET_DIR:-$root/target}/release/mcppol}")
vsix=$(realpath -m "${2:-$here/mcppol.vsix}")
most=8000000 # bytes

cd "$here"
npm ci --ignore-scripts --no-audit --no-fund --silent
platform=$(node -p '`${process.platform}-${process.arch}`')
mkdir -p server
install -m 755 "$program" server/
cp "$root"/LICENSE-* .
npx vsce package --no-dependencies --allow-missing-repository --skip-license --target "$platform" --out "$vsix"
size=$(wc -c < "$vsix")
echo "$vsix: $size bytes"
test "$size" -lt "$most" || { echo "that is more than $most bytes" >&2; exit 1; }
