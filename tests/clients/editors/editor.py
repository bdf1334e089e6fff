"""What the tests hold in their hands: a project on the disk, and a client that has some of its files open."""

import asyncio
import json
import os
import subprocess

from lsprotocol import types as lsp

SERVER = os.environ["MCPPOL_SERVER"]


class Editor:
    """A client with the files that it shows. Places are given as text around a `|`, which must be there once."""

    def __init__(self, client, root, capabilities):
        self.client = client
        self.root = root
        self.offers = capabilities
        self.encoding = str(
            getattr(capabilities.position_encoding, "value", capabilities.position_encoding or "utf-16")
        )
        self.texts = {}
        self.versions = {}

    @property
    def pulls(self):
        document = self.client.capabilities.text_document
        return document.diagnostic is not None

    # files

    def uri(self, name):
        return (self.root / name).as_uri()

    def it(self, name):
        return lsp.TextDocumentIdentifier(uri=self.uri(name))

    def open(self, name, language="mcppol", text=None):
        self.texts[name] = (self.root / name).read_bytes().decode() if text is None else text
        self.versions[name] = 1
        item = lsp.TextDocumentItem(uri=self.uri(name), language_id=language, version=1, text=self.texts[name])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def close(self, name):
        del self.texts[name]
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=self.it(name)))

    def change(self, name, old, new):
        """Replaces what is in the file once, as a keystroke or a paste does."""
        edit = lsp.TextEdit(range=self.range(name, old), new_text=new)
        change = lsp.TextDocumentContentChangePartial(range=edit.range, text=new)
        self.texts[name] = self.applied(name, [edit])
        self.versions[name] += 1
        version = lsp.VersionedTextDocumentIdentifier(uri=self.uri(name), version=self.versions[name])
        params = lsp.DidChangeTextDocumentParams(text_document=version, content_changes=[change])
        self.client.text_document_did_change(params)

    def text(self, name):
        return self.texts.get(name) or (self.root / name).read_bytes().decode()

    # places

    def units(self, text):
        return len(text.encode()) if self.encoding == "utf-8" else len(text.encode("utf-16-le")) // 2

    def position(self, name, offset):
        before = self.text(name)[:offset]
        line = before.count("\n")
        return lsp.Position(line=line, character=self.units(before[before.rfind("\n") + 1 :]))

    def place(self, name, marked):
        before, after = marked.split("|")
        return self.position(name, self._only(name, before + after) + len(before))

    def range(self, name, words):
        start = self._only(name, words)
        return lsp.Range(start=self.position(name, start), end=self.position(name, start + len(words)))

    def all(self, name):
        return lsp.Range(start=lsp.Position(0, 0), end=self.position(name, len(self.text(name))))

    def _only(self, name, words):
        count = self.text(name).count(words)
        assert count == 1, f"`{words}` stands {count} times in {name}"
        return self.text(name).index(words)

    def offset(self, name, position):
        lines = self.text(name).split("\n")
        column, line = 0, lines[position.line]
        while self.units(line[:column]) < position.character:
            column += 1
        assert self.units(line[:column]) == position.character, f"{position} of {name} is within a character"
        return sum(len(line) + 1 for line in lines[: position.line]) + column

    def within(self, name, range_):
        """The words of a range."""
        return self.text(name)[self.offset(name, range_.start) : self.offset(name, range_.end)]

    def at(self, name, marked):
        return {"text_document": self.it(name), "position": self.place(name, marked)}

    # what comes back

    def applied(self, name, edits):
        """The file after edits; they must not overlap."""
        text = self.text(name)
        spans = sorted(
            ((self.offset(name, e.range.start), self.offset(name, e.range.end), e.new_text) for e in edits),
            reverse=True,
        )
        end = len(text)
        for start, stop, new in spans:
            assert start <= stop <= end, f"edits of {name} overlap"
            text, end = text[:start] + new + text[stop:], start
        return text

    def after(self, edit):
        """Files after a workspace edit, by name."""
        changes = dict(edit.changes or {})
        for part in edit.document_changes or []:
            changes.setdefault(part.text_document.uri, []).extend(part.edits)
        names = {self.uri(name): name for name in os.listdir(self.root)}
        return {names[uri]: self.applied(names[uri], edits) for uri, edits in changes.items()}

    async def findings(self, name):
        """What the server has to say about a file: asked for, or as it was last sent, or None."""
        if self.pulls:
            report = await self.client.text_document_diagnostic_async(
                lsp.DocumentDiagnosticParams(text_document=self.it(name))
            )
            return list(report.items)
        return self.client.diagnostics.get(self.uri(name))

    async def until(self, name, wanted):
        """The findings of a file, once they are of these names."""
        codes = None
        for _ in range(200):
            found = await self.findings(name)
            codes = None if found is None else [it.code for it in found]
            if codes == wanted:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name}: {codes}, not {wanted}")

    def checked(self, name):
        """What the command line finds in the file as it is on the disk: line, level, name, message."""
        run = subprocess.run(
            [SERVER, "check", "--format", "json", name], cwd=self.root, capture_output=True, check=False
        )
        return [
            (it["line"] - 1, it["level"], it["name"], it["message"])
            for it in json.loads(run.stdout)["diagnostics"]
            if it["file"] == name
        ]


def as_checked(findings):
    """Findings of the protocol as `Editor.checked` has them."""
    levels = {1: "error", 2: "warning", 3: "info"}
    return [(it.range.start.line, levels[int(it.severity)], it.code, it.message.split("\n")[0]) for it in findings]
