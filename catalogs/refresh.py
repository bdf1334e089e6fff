#!/usr/bin/env python3
"""Makes the catalogs again: installs the servers of servers.toml and has `mcppol catalog pull` ask each for its tools.

    catalogs/refresh.py [--work DIR] [--mcppol PROGRAM] [--jobs N] [--no-install] [ID ...]

By hand, and never by the tests or by CI: it installs and runs programs of strangers. Each runs in a folder of its own,
with dummy credentials and a small environment, and where the system lets us (as root on Linux) without any network and
as nobody. What comes out is catalogs/ID.json; `git diff` is the review. A new server is one entry in servers.toml; a
class that is wrong is corrected in corrections.toml, with a reason, and never in the catalog itself.

Python 3.11, standard library only. Exit status: 0 all made, 1 some failed (each said in one line).
"""
import argparse
import json
import os
import subprocess
import sys
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
NOBODY = 65534
SEAL = ["unshare", "--net", "--", "sh", "-c",
        'ip link set lo up && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"', "sh"]
SAY = threading.Lock()


def say(*words):
    with SAY:
        print(*words, flush=True)


class Failed(Exception):
    pass


def run(argv, cwd, log, limit, env=None):
    with open(log, "ab") as out:
        try:
            done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=limit)
        except subprocess.TimeoutExpired:
            raise Failed("no end within %d s, see %s" % (limit, log))
    if done.returncode:
        with open(log, errors="replace") as text:
            tail = " | ".join(text.read()[-300:].split("\n"))
        raise Failed("%s failed: %s" % (argv[0], tail))


def install(server, folder):
    """Installs the package at its version, once; then writes the files that the manifest gives it."""
    os.makedirs(folder, exist_ok=True)
    stamp = json.dumps([server["package"], server["version"], server.get("overrides"), server.get("with")])
    mark = os.path.join(folder, ".installed")
    log = os.path.join(folder, "install.log")
    if not (os.path.exists(mark) and open(mark).read() == stamp):
        if server["registry"] == "npm":
            package = {"name": "server", "private": True, "overrides": server.get("overrides", {})}
            with open(os.path.join(folder, "package.json"), "w") as out:
                json.dump(package, out)
            # no install scripts: they are the usual way in for a bad package
            wanted = "%s@%s" % (server["package"], server["version"])
            run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", wanted], folder, log, 900)
        else:
            wanted = "%s==%s" % (server["package"], server["version"])
            run([os.path.realpath(sys.executable), "-m", "venv", "venv"], folder, log, 300)
            run(["venv/bin/pip", "install", "--disable-pip-version-check", "--only-binary", ":all:", wanted,
                 *server.get("with", [])], folder, log, 900)
        with open(mark, "w") as out:
            out.write(stamp)
    for name, text in server.get("files", {}).items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)


def sealed():
    """The command that takes the network and the rights away, where the system lets us."""
    try:
        if subprocess.run([*SEAL, "true"], capture_output=True, timeout=10).returncode == 0:
            return SEAL
    except (OSError, subprocess.TimeoutExpired):
        pass
    say("note: the servers run with the network and rights of this user: `unshare --net` needs root on Linux")
    return []


def pull(server, mode, folder, catalog, program, seal):
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    if seal:
        os.chown(folder, NOBODY, NOBODY)
        os.chown(home, NOBODY, NOBODY)
    fill = lambda text: text.replace("{dir}", folder)
    argv = [program, "--no-config", "catalog", "pull", server["id"], "--output", catalog, "--facts", "--clear-env",
            "--cwd", folder, "--timeout", "60", "--name", server["name"], "--registry", server["registry"],
            "--package", server["package"], "--package-version", server["version"],
            "--overlay", os.path.join(HERE, "corrections.toml")]
    if "repository" in server:
        argv += ["--repository", server["repository"]]
    if "when" in mode:
        argv += ["--when", mode["when"]]
    for name, value in mode.get("env", {}).items():
        argv += ["--env", "%s=%s" % (name, fill(value))]
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"}
    argv += ["--", *seal, *[fill(part) for part in mode["command"]]]
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Failed(done.stderr.strip()[-600:])


def make(server, args, seal):
    folder = os.path.join(args.work, server["package"].replace("@", "").replace("/", "__"))
    catalog = os.path.join(args.into, server["id"] + ".json")
    fresh = catalog + ".new"
    try:
        if not args.no_install:
            install(server, folder)
        # the default mode first, from nothing; then what each switch adds to it
        if os.path.exists(fresh):
            os.remove(fresh)
        for mode in [server, *server.get("variant", [])]:
            try:
                pull(server, mode, folder, fresh, args.mcppol, seal)
            except Failed as error:
                raise Failed("%s: %s" % (mode.get("when", "default"), error))
        os.replace(fresh, catalog)
        say("made", server["id"])
        return True
    except (Failed, OSError, subprocess.TimeoutExpired) as error:
        say("failed", server["id"], error)
        return False


def main():
    parser = argparse.ArgumentParser(description="Makes the catalogs again.", epilog="See the head of this file.")
    parser.add_argument("--work", default=os.path.expanduser("~/.cache/mcppol-servers"), metavar="DIR",
                        help="where the servers are installed (8 GB for all)")
    parser.add_argument("--mcppol", default=os.path.join(HERE, "../target/release/mcppol"), metavar="PROGRAM")
    parser.add_argument("--into", default=HERE, metavar="DIR", help="where the catalogs are written")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--no-install", action="store_true", help="the servers are installed already")
    parser.add_argument("ids", nargs="*", metavar="ID", help="the servers to ask; all where none is named")
    args = parser.parse_args()
    args.work, args.mcppol, args.into = map(os.path.abspath, (args.work, args.mcppol, args.into))
    with open(os.path.join(HERE, "servers.toml"), "rb") as file:
        servers = tomllib.load(file)["server"]
    unknown = set(args.ids) - {server["id"] for server in servers}
    if unknown:
        parser.error("not in servers.toml: " + ", ".join(sorted(unknown)))
    servers = [server for server in servers if not args.ids or server["id"] in args.ids]
    seal = sealed()
    with ThreadPoolExecutor(args.jobs) as pool:
        made = list(pool.map(lambda server: make(server, args, seal), servers))
    say("%d made, %d failed" % (sum(made), made.count(False)))
    return 0 if all(made) else 1


if __name__ == "__main__":
    sys.exit(main())
