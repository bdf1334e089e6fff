#!/usr/bin/env bash
# The extension for VS Code: its colours, its types, its package, and what someone sees in a real editor with it.
#
#   tests/clients/vscode.sh [PROGRAM]    by default target/release/mcppol
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
extension=$root/editors/vscode
tests=$root/tests/clients/vscode
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
program=$(realpath "${1:-$target/release/mcppol}")
work=$target/clients/vscode
mkdir -p "$work"

if ! command -v npm > /dev/null || ! npm ping > /dev/null 2>&1; then
    echo "skipped: the extension for VS Code, since npm or its registry cannot be had"
    exit 0
fi

echo "-- the package, with type check and size"
"$extension/build.sh" "$program" "$work/mcppol.vsix" > "$work/build.log" || { cat "$work/build.log"; exit 1; }
tail -n 1 "$work/build.log"
echo "-- what is in it"
unzip -Z1 "$work/mcppol.vsix" | LC_ALL=C sort | diff "$tests/contents.txt" -
echo "-- colours"
(cd "$extension" && npm run --silent test:grammar)

echo "-- the editor"
if ! command -v chromium > /dev/null; then
    (apt-get update && apt-get install --yes chromium fonts-dejavu-core) > "$work/apt.log" 2>&1 || true
fi
if ! command -v chromium > /dev/null; then
    echo "skipped: the extension in a real editor, since Chromium cannot be had"
    exit 0
fi
# code-server has VS Code within; no script of a package runs, and none is needed
code=$work/node_modules/code-server/lib/vscode
if ! cmp -s "$tests/package-lock.json" "$work/installed"; then
    cp "$tests"/package*.json "$work"
    quiet=(--ignore-scripts --no-audit --no-fund --loglevel=error)
    {
        (cd "$work" && npm ci "${quiet[@]}")
        (cd "$code" && npm install --omit=dev "${quiet[@]}")
        (cd "$code/extensions" && npm install --omit=dev "${quiet[@]}")
    } > "$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
    cp "$tests/package-lock.json" "$work/installed"
fi
(cd "$tests/probe" && "$extension/node_modules/.bin/vsce" package --allow-missing-repository --skip-license \
    --no-dependencies --out "$work/probe.vsix") > /dev/null
mkdir -p "$work/images"
node "$tests/drive.mjs" "$work" "$extension" "$work/mcppol.vsix" "$work/probe.vsix" "$work/images"
