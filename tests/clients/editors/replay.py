#!/usr/bin/env python3
"""Plays a person's session against a language server, as fast as the server takes it, or step by step.

    replay.py [--pull] [--utf8] [--wait] [--times N] [--long N] SERVER [SESSION]

A session is a file with a JSON object a line, each something that a person does in a file that is empty at first:

    type TEXT                a keystroke for each character, where the cursor is
    erase N                  the backspace key
    replace WORDS type TEXT  selects words that stand once in the file, and types over them
    paste TEXT               one change
    go WORDS, end            puts the cursor behind words that stand once, or at the end
    undo N, redo N           the last changes, one by one
    accept LABEL             takes what the server proposes to complete
    hover WORDS              what is shown at the end of words
    fix WORDS choose TITLE   takes a quick fix of the finding that ends there
    rename WORDS to NAME     what stands at the end of the words
    format, save, pause      a pause is long enough for all answers to come

After each keystroke the client asks what an editor asks while its user types; what it does not wait for any more, it
cancels. At the end every request has been answered once, the findings are those of `SERVER check`, and the server says
goodbye. `--wait` waits for all answers after each keystroke, so that the times are those that a person feels; `--times`
plays the session again and again, `--long` writes above a file of so many lines.
"""

import argparse
import collections
import json
import os
import pathlib
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time

CANCELLED = -32800
WHILE_TYPING = [
    ("textDocument/semanticTokens/full", "semanticTokensProvider"),
    ("textDocument/documentSymbol", "documentSymbolProvider"),
    ("textDocument/foldingRange", "foldingRangeProvider"),
    ("textDocument/codeLens", "codeLensProvider"),
    ("textDocument/documentLink", "documentLinkProvider"),
]


class Server:
    """A server as a process, the requests that it was asked, and when they were answered."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.inbox = queue.Queue()
        self.asked, self.answers, self.took = {}, {}, collections.defaultdict(list)
        self.published, self.sent, self.refused = {}, 0, []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        out = self.process.stdout
        while header := out.readline():
            length = int(header.split(b":")[1])
            assert out.readline() == b"\r\n", "one header, then a blank line"
            self.inbox.put((time.perf_counter(), json.loads(out.read(length))))
        self.inbox.put((time.perf_counter(), None))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()
        self.sent += 1
        self.hear(wait=False)

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        id_ = len(self.asked) + 1
        self.asked[id_] = (method, time.perf_counter())
        self.send({"id": id_, "method": method, "params": params})
        return id_

    def hear(self, wait):
        """Takes in what came; with `wait`, at least one message."""
        while wait or not self.inbox.empty():
            when, message = self.inbox.get(timeout=60)
            assert message is not None, f"the server ended with {self.process.wait()}"
            wait = False
            if "method" in message:
                self._serve(message)
                continue
            method, asked = self.asked[message["id"]]
            assert message["id"] not in self.answers, f"{method} was answered twice"
            self.answers[message["id"]] = message
            self.took[method].append((when - asked) * 1000)
            if error := message.get("error"):
                if error["code"] != CANCELLED:
                    self.refused.append(f"{method}: {error['message']}")

    def _serve(self, message):
        if "id" in message:
            items = message["params"].get("items", []) if message["params"] else []
            self.send({"id": message["id"], "result": [None] * len(items) if items else None})
        elif message["method"] == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]

    def result(self, id_):
        while id_ not in self.answers:
            self.hear(wait=True)
        return self.answers[id_].get("result")

    def rest(self):
        """Until all is answered."""
        while len(self.answers) < len(self.asked):
            self.hear(wait=True)


class Person:
    """A file, a cursor, and hands."""

    def __init__(self, server, path, text, options):
        self.server, self.path, self.text, self.options = server, path, text, options
        self.uri, self.version, self.cursor = path.as_uri(), 0, 0
        self.below = len(text)
        self.done, self.undone, self.waiting, self.keys = [], [], [], 0
        offers = server.result(server.ask("initialize", self.hello()))["capabilities"]
        self.offers = offers
        self.utf8 = offers.get("positionEncoding") == "utf-8"
        assert self.utf8 == options.utf8, "the units that were asked for"
        server.tell("initialized", {})
        self.open()

    def hello(self):
        document = {"synchronization": {"didSave": True}, "completion": {"completionItem": {"snippetSupport": False}}}
        if self.options.pull:
            document["diagnostic"] = {}
        general = {"positionEncodings": ["utf-8", "utf-16"]} if self.options.utf8 else {}
        folder = {"uri": self.path.parent.as_uri(), "name": "session"}
        capabilities = {"general": general, "textDocument": document, "workspace": {"workspaceFolders": True}}
        return {"processId": None, "rootUri": folder["uri"], "workspaceFolders": [folder], "capabilities": capabilities}

    def open(self):
        item = {"uri": self.uri, "languageId": "mcppol", "version": self.version, "text": self.text}
        self.server.tell("textDocument/didOpen", {"textDocument": item})

    # places

    def units(self, text):
        return len(text.encode()) if self.utf8 else len(text.encode("utf-16-le")) // 2

    def place(self, offset):
        start = self.text.rfind("\n", 0, offset) + 1
        return {"line": self.text.count("\n", 0, offset), "character": self.units(self.text[start:offset])}

    def offset(self, place):
        at = 0
        for _ in range(place["line"]):
            at = self.text.index("\n", at) + 1
        left = place["character"]
        while left > 0:
            left -= self.units(self.text[at])
            at += 1
        return at

    def written(self):
        """What the person wrote: all that stands above what the file had at first."""
        return self.text[: len(self.text) - self.below]

    def behind(self, words):
        count = self.written().count(words)
        assert count == 1, f"`{words}` stands {count} times"
        return self.text.index(words) + len(words)

    def range(self, start, end):
        return {"start": self.place(start), "end": self.place(end)}

    def at(self, offset):
        return {"textDocument": {"uri": self.uri}, "position": self.place(offset)}

    # changes

    def change(self, start, end, new):
        """One change; what undoes it."""
        self.version += 1
        event = {"range": self.range(start, end), "text": new}
        old, self.text = self.text[start:end], self.text[:start] + new + self.text[end:]
        self.cursor = start + len(new)
        document = {"uri": self.uri, "version": self.version}
        self.server.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [event]})
        return (start, start + len(new), old)

    def edit(self, start, end, new):
        self.done.append([self.change(start, end, new)])
        self.undone.clear()

    def apply(self, edits):
        """Edits of the server, as one change to undo."""
        spans = [(self.offset(it["range"]["start"]), self.offset(it["range"]["end"]), it["newText"]) for it in edits]
        spans.sort(reverse=True)
        assert all(after[1] <= before[0] for before, after in zip(spans, spans[1:])), "edits overlap"
        cursor, before = self.cursor, len(self.text)
        self.done.append([self.change(*span) for span in spans])
        self.cursor = min(max(cursor + len(self.text) - before, 0), len(self.text))

    def back(self, from_, to):
        to.append([self.change(*it) for it in reversed(from_.pop())])
        self.chatter("")

    # what an editor asks by itself

    def chatter(self, typed):
        """After a keystroke: completion within words, the rest every now and then; what is late is cancelled."""
        for id_ in self.waiting:
            if id_ not in self.server.answers:
                self.server.tell("$/cancelRequest", {"id": id_})
        self.waiting.clear()
        self.keys += 1
        triggers = (self.offers.get("completionProvider") or {}).get("triggerCharacters", [])
        if "completionProvider" in self.offers and (typed.isalnum() or typed == "_" or typed in triggers):
            context = {"triggerKind": 2, "triggerCharacter": typed} if typed in triggers else {"triggerKind": 1}
            self.waiting.append(
                self.server.ask("textDocument/completion", {**self.at(self.cursor), "context": context})
            )
        method, offer = WHILE_TYPING[self.keys % len(WHILE_TYPING)]
        document = {"textDocument": {"uri": self.uri}}
        if offer in self.offers:
            self.waiting.append(self.server.ask(method, document))
        if "inlayHintProvider" in self.offers and self.keys % 3 == 0:
            self.waiting.append(
                self.server.ask("textDocument/inlayHint", {**document, "range": self.range(0, len(self.text))})
            )
        if self.options.pull and self.keys % 2 == 0:
            self.waiting.append(self.server.ask("textDocument/diagnostic", document))
        if self.options.wait:
            self.findings()
            self.server.rest()

    def findings(self):
        """What is known of the text as it is now."""
        document = {"textDocument": {"uri": self.uri}}
        if self.options.pull:
            return self.server.result(self.server.ask("textDocument/diagnostic", document))["items"]
        began = time.perf_counter()
        while (it := self.server.published.get(self.uri)) is None or it["version"] != self.version:
            self.server.hear(wait=True)
        self.server.took["publishDiagnostics"].append((time.perf_counter() - began) * 1000)
        return it["diagnostics"]

    # what a person does

    def do(self, step):
        [(verb, what), *more] = step.items()
        extra = dict(more)
        getattr(self, "do_" + verb)(what, **extra)

    def do_type(self, text):
        for letter in text:
            self.edit(self.cursor, self.cursor, letter)
            self.chatter(letter)

    def do_erase(self, count):
        for _ in range(count):
            self.edit(self.cursor - 1, self.cursor, "")
            self.chatter("")

    def do_replace(self, words, type):
        end = self.behind(words)
        self.edit(end - len(words), end, "")
        self.chatter("")
        self.do_type(type)

    def do_paste(self, text):
        self.edit(self.cursor, self.cursor, text)
        self.chatter("")

    def do_go(self, words):
        self.cursor = self.behind(words)

    def do_end(self, _):
        self.cursor = len(self.written())

    def do_undo(self, count):
        for _ in range(count):
            self.back(self.done, self.undone)

    def do_redo(self, count):
        for _ in range(count):
            self.back(self.undone, self.done)

    def do_accept(self, label):
        answer = self.server.result(self.server.ask("textDocument/completion", self.at(self.cursor)))
        items = answer["items"] if isinstance(answer, dict) else answer
        item = next((it for it in items if it["label"] == label), None)
        assert item, f"`{label}` is not among {[it['label'] for it in items]}"
        self.apply([item["textEdit"]])

    def do_hover(self, words):
        answer = self.server.result(self.server.ask("textDocument/hover", self.at(self.behind(words))))
        assert answer, f"nothing is shown at `{words}`"

    def do_fix(self, words, choose):
        at = self.behind(words)
        here = [it for it in self.findings() if self.offset(it["range"]["end"]) == at]
        params = {"textDocument": {"uri": self.uri}, "range": self.range(at, at)}
        params["context"] = {"diagnostics": here, "only": ["quickfix"]}
        offered = self.server.result(self.server.ask("textDocument/codeAction", params))
        action = next((it for it in offered if it["title"] == choose), None)
        assert action, f"`{choose}` is not among {[it['title'] for it in offered]}"
        self.apply_all(action["edit"])

    def do_rename(self, words, to):
        params = {**self.at(self.behind(words)), "newName": to}
        self.apply_all(self.server.result(self.server.ask("textDocument/rename", params)))

    def apply_all(self, edit):
        changes = dict(edit.get("changes", {}))
        for part in edit.get("documentChanges", []):
            changes.setdefault(part["textDocument"]["uri"], []).extend(part["edits"])
        assert list(changes) == [self.uri], "one file"
        self.apply(changes[self.uri])

    def do_format(self, _):
        params = {"textDocument": {"uri": self.uri}, "options": {"tabSize": 8, "insertSpaces": False}}
        edits = self.server.result(self.server.ask("textDocument/formatting", params))
        assert edits, "there is something to do"
        self.apply(edits)

    def do_save(self, _):
        self.path.write_text(self.text)
        self.server.tell("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    def do_pause(self, _):
        self.findings()
        self.server.rest()


def as_checked(person, findings):
    """Findings as `check --format json` has them: characters from 1."""
    levels = {1: "error", 2: "warning", 3: "info"}
    out = []
    for it in findings:
        places = []
        for end in ("start", "end"):
            at = person.offset(it["range"][end])
            places += [it["range"][end]["line"] + 1, at - person.text.rfind("\n", 0, at)]
        out.append((*places, it["code"], levels[it["severity"]], it["message"].split("\n")[0]))
    return sorted(out)


def checked(server, path):
    run = subprocess.run(
        [server, "check", "--format", "json", path.name], cwd=path.parent, capture_output=True, check=False
    )
    members = ("line", "column", "end_line", "end_column", "name", "level", "message")
    return sorted(tuple(it[member] for member in members) for it in json.loads(run.stdout)["diagnostics"])


def long(lines):
    """A sound file of so many lines, to write above."""
    policy = "\npolicy long{0} for trakt {{\n  default deny\n  allow fetch_history\n  hide clear_auth\n}}\n"
    policy += '\ngrant "long{0}" uses long{0}\n'
    return "".join(policy.format(number) for number in range(lines // 8))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("server", type=os.path.abspath)
    parser.add_argument(
        "session", nargs="?", default=pathlib.Path(__file__).parent / "session.jsonl", type=pathlib.Path
    )
    parser.add_argument("--pull", action="store_true")
    parser.add_argument("--utf8", action="store_true")
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--long", type=int, default=0)
    options = parser.parse_args()
    steps = [json.loads(line) for line in options.session.read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder).resolve() / "trakt.mcp"
        path.write_text(long(options.long))
        server = Server([options.server, "lsp"])
        began = time.perf_counter()
        person = Person(server, path, path.read_text(), options)
        for _ in range(options.times):
            person.edit(0, len(person.written()), "")
            for number, step in enumerate(steps, 1):
                try:
                    person.do(step)
                except Exception as problem:
                    sys.exit(f"{options.session.name}:{number}: {step}: {problem!r}\n{person.text}")
        found, wanted = as_checked(person, person.findings()), checked(options.server, path)
        server.rest()
        took = time.perf_counter() - began
        assert person.text == path.read_text(), "the session ends with a save"
        only = [it for it in found if it not in wanted], [it for it in wanted if it not in found]
        assert found == wanted, "only the server has {}, only check has {}".format(*(it[:5] for it in only))
        assert found, "the session ends with something to find"
        assert not server.refused, server.refused
        assert len(server.answers) == len(server.asked) and server.process.poll() is None
        server.result(server.ask("shutdown", None))
        server.tell("exit", None)
        assert server.process.wait(10) == 0, "a clean end"
    cancelled = sum("error" in it for it in server.answers.values())
    print(f"{person.version} changes, {len(server.asked)} requests ({cancelled} cancelled), {took:.2f} s")
    for method, times in sorted(server.took.items()):
        print(f"  {method:36} {len(times):6}  median {statistics.median(times):8.2f} ms  most {max(times):8.2f} ms")


if __name__ == "__main__":
    main()
