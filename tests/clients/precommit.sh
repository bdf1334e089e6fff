#!/usr/bin/env bash
# The wheel and the hooks for pre-commit, as people use them. The wheel is made of the release program and installed where
# there is nothing else. The hooks of both manifests are run by pre-commit itself, as docs/pre-commit.md sets them up, in
# a repository that they must let pass, and after changes that they must not.
set -euo pipefail
cd "$(dirname "$0")/../.."

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
wheels="$work/wheels"
tools="$work/tools/bin"
clean="$work/clean/bin"
export PRE_COMMIT_HOME="$work/cache" PIP_DISABLE_PIP_VERSION_CHECK=1
# nothing of the one who runs this: no hooks, no signing, no templates
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com

fail() {
    printf 'failed: %s\n' "$*" >&2
    exit 1
}

if ! { python3 -m venv "$work/tools" && "$tools/pip" install --quiet pre-commit==4.7.0 maturin==1.16.0 &&
    "$tools/pip" download --quiet --dest "$wheels" 'setuptools>=61'; } > "$work/log" 2>&1; then
    echo "skipped: pre-commit and maturin cannot be had"
    tail -n 3 "$work/log"
    exit 0
fi

echo "-- the wheel"
"$tools/maturin" build --release --out "$wheels"
wc -c "$wheels"/mcppol-*.whl
python3 -m venv "$work/clean"
# from here on nothing but these wheels can be installed
export PIP_NO_INDEX=1 PIP_FIND_LINKS="$wheels"
"$clean/pip" install --quiet mcppol
test "$("$clean/mcppol" --version)" = "mcppol $version" || fail "the wheel is of another version than $version"
"$clean/mcppol" check --fail-on warning examples/trakt/assistant.mcp > "$work/log" || fail "$(cat "$work/log")"
"$clean/pip" show --files mcppol > "$work/log"
for licence in LICENSE-APACHE LICENSE-MIT; do
    grep -q "/$licence$" "$work/log" || fail "the wheel lacks $licence"
done

# publish FOLDER NAME: the files of a folder that are kept in Git, as a repository with the tag of the release
publish() {
    mkdir "$work/$2"
    git -C "$1" ls-files -z --cached --others --exclude-standard -- "${@:3}" | tar -C "$1" --null -cT - | tar -C "$work/$2" -x
    git -C "$work/$2" init --quiet
    git -C "$work/$2" add .
    git -C "$work/$2" commit --quiet -m release
    git -C "$work/$2" tag "v$version"
}

# project NAME: a repository with a policy, its document, and the hooks of the repository NAME, as the page shows them
project() {
    cd "$(mktemp -d -p "$work")"
    git init --quiet
    cp "$root/examples/trakt/assistant.mcp" policy.mcp
    "$clean/mcppol" compile policy.mcp -o policy.json 2> /dev/null
    sed -n '/^```yaml$/,/^```$/{/^```/d;p}' "$root/docs/pre-commit.md" | sed '/args: \[policy/q' |
        sed "s|repo: .*|repo: $work/$1|" > .pre-commit-config.yaml
    git add .
    git commit --quiet -m "before there were hooks"
    "$tools/pre-commit" install > /dev/null
}

# results WORD: the hooks of which pre-commit said so, on one line
results() { sed -n "s/^mcppol \([a-z]*\).*\.\.*\((.*)\)\{0,1\}$1\$/\1/p" "$work/log" | xargs; }

passes() {
    git add .
    "$tools/pre-commit" run --all-files > "$work/log" 2>&1 || fail "$(cat "$work/log")"
    test "$(results Passed)" = "check fmt test compile" || fail "not all hooks ran: $(cat "$work/log")"
    echo "all pass"
}

# refused HOOKS MESSAGE: a commit of all changes is refused, by these hooks alone and with this message; then it is undone
refused() {
    git add .
    if git commit --quiet -m "must not be" > "$work/log" 2>&1; then fail "committed: $2"; fi
    test "$(results Failed)" = "$1" || fail "wanted failures of $1: $(cat "$work/log")"
    grep -qF -- "$2" "$work/log" || fail "nothing says \`$2\`: $(cat "$work/log")"
    echo "refused by $1: $2"
    git reset --quiet --hard
}

edit() { sed -i "$1" policy.mcp; }
compile() { "$clean/mcppol" compile policy.mcp -o policy.json 2> /dev/null; }

publish . system .pre-commit-hooks.yaml
publish packaging/pre-commit python
for language in system python; do
    echo "-- the hooks in the language $language"
    "$tools/pre-commit" validate-manifest "$work/$language/.pre-commit-hooks.yaml"
    path=$PATH
    if [ "$language" = system ]; then PATH="$clean:$PATH"; fi
    project "$language"
    passes

    edit 's/fetch_history/fetch_histroy/'
    compile
    refused check 'help: did you mean `fetch_history`?'
    edit 's/^  default/      default/'
    refused fmt "1 file formatted"
    edit 's/-> ask/-> allow/'
    refused test "1 failed"
    edit 's/allow search_\*, fetch_history/allow search_*/'
    refused compile '`policy.json` is out of date: `mcppol compile policy.mcp -o policy.json` writes it'
    git rm --quiet policy.json
    echo '// touched' >> policy.mcp
    refused compile '`policy.json` does not exist'
    sed -i 's/"max": 30/"max": 3000/' policy.json
    refused compile '`policy.json` is out of date'
    echo '[lint]
rules = { unknown-tol = "off" }' > mcppol.toml
    refused "check test compile" "unknown-tol"

    echo 'print()' > other.py
    git add .
    git commit --quiet -m "no policy" > "$work/log" 2>&1 || fail "$(cat "$work/log")"
    test "$(results Skipped)" = "check fmt test compile" || fail "hooks ran for nothing: $(cat "$work/log")"
    edit 's/"whole shows are marked by hand"/"films and episodes only"/g'
    compile
    git commit --quiet -am "a new reason" > "$work/log" 2>&1 || fail "$(cat "$work/log")"
    cd "$root"
    PATH=$path
done
# the program that ran was that of the wheel
cmp "$clean/mcppol" "$PRE_COMMIT_HOME"/*/py_env-*/bin/mcppol
