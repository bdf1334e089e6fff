#!/usr/bin/env bash
# The language server under real clients: the profiles of pytest-lsp, a recorded session, Neovim, Emacs, Kate. What they need
# is installed from PyPI and Debian; what cannot be had is skipped, and says so.
#
#   tests/clients/editors.sh [SERVER]
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
here=$repository/tests/clients/editors
server=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/release/mcppol}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{bin,project,config/nvim/plugin,data/org.kde.syntax-highlighting/syntax}
ln -s "$server" "$work/bin/mcppol"
export PATH=$work/bin:$PATH HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache
export PYTHONDONTWRITEBYTECODE=1 MCPPOL_SERVER=$server

say() { printf '\n-- %s\n' "$*"; }

# debian PROGRAM PACKAGE…: whether the program is there, if need be by installing packages
debian() {
    local program=$1
    shift
    if ! command -v "$program" > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
            > "$work/log" 2>&1 || tail -n 3 "$work/log"
    fi
    command -v "$program" > /dev/null || { echo "skip: $program cannot be had from Debian ($*)"; return 1; }
}

# A policy with balloons, whose lines end as those of Windows do.
policy() {
    cp "$here"/project/mcppol.toml "$here"/project/*.mcp "$work/project"
    cp -r "$here"/project/catalogs "$work/project"
    sed -i 's/$/\r/' "$work/project/wrong.mcp"
}

say "a person's session, as fast as it goes and key by key"
"$here/replay.py" "$server"
"$here/replay.py" --pull --utf8 "$server"
"$here/replay.py" --wait "$server"

say "pytest-lsp as Neovim, Emacs and VS Code"
if python3 -m venv "$work/venv" > "$work/log" 2>&1 \
    && "$work/venv/bin/pip" install --quiet --no-deps -r "$here/requirements.txt" > "$work/log" 2>&1; then
    (cd "$here" && "$work/venv/bin/python" -m pytest)
else
    tail -n 3 "$work/log"
    echo "skip: pytest-lsp cannot be had from PyPI"
fi

say Neovim
if debian nvim neovim; then
    policy
    cp editors/neovim/mcppol.lua "$work/config/nvim/plugin"
    (cd "$work/project" && timeout 120 nvim --headless -i NONE -n -c "luafile $here/neovim.lua" wrong.mcp)
fi

say Emacs
if debian emacs emacs-nox elpa-eglot; then
    policy
    (cd "$work/project" && timeout 120 emacs -q --batch -L "$repository/editors/emacs" -l "$here/emacs.el" wrong.mcp)
fi

say "Kate's colours"
if debian kate-syntax-highlighter libkf5syntaxhighlighting-tools; then
    cp editors/kate/mcppol.xml "$work/data/org.kde.syntax-highlighting/syntax"
    QT_QPA_PLATFORM=offscreen kate-syntax-highlighter --theme "Breeze Light" --output "$work/agents.html" \
        "$here/project/agents.mcp"
    sed -n '/<body/,$p' "$work/agents.html" | diff "$here/kate.html" -
fi

say "Kate, with a server that writes down what is said to it"
if debian kate kate xvfb xauth dbus; then
    policy
    mkdir -p "$work/config/kate/lspclient" "$work/kate"
    mkdir -m 700 "$work/run"
    printf '#!/bin/sh\nexec "%s" "$@" --log "%s"\n' "$server" "$work/kate.log" > "$work/kate/mcppol"
    chmod +x "$work/kate/mcppol"
    cp editors/kate/mcppol.xml "$work/data/org.kde.syntax-highlighting/syntax"
    cp editors/kate/settings.json "$work/config/kate/lspclient"
    printf '[Kate Plugins]\nlspclientplugin=true\n[lspclient]\nAllowedServerCommandLines=%s lsp\n' \
        "$work/kate/mcppol" > "$work/config/katerc"
    PATH=$work/kate:$PATH XDG_RUNTIME_DIR=$work/run timeout 90 xvfb-run -a dbus-run-session -- \
        kate -n -b "$work/project/wrong.mcp" > "$work/kate.out" 2>&1 &
    for _ in $(seq 160); do
        sleep 0.5
        # the file was handed over, and its findings came back
        if grep -q "textDocument/publishDiagnostics" "$work/kate.log" 2> /dev/null; then break; fi
    done
    pkill -x kate || true
    wait
    grep -E "initialize|didOpen|publishDiagnostics" "$work/kate.log" || { cat "$work/kate.out"; exit 1; }
    grep -q "textDocument/publishDiagnostics" "$work/kate.log"
fi
