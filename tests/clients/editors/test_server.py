"""The server under the clients' own profiles: what each can do, and in what units it counts."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from editor import SERVER, Editor, as_checked

PROFILES = {"neovim": ("utf-8", True), "emacs": ("utf-8", False), "visual_studio_code": ("utf-16", False)}


GUEST = 'import "floor.mcp"\n\npolicy guest for trakt {\n  default deny\n  include floor\n  allow fetch_history\n}\n'


@pytest_lsp.fixture(params=PROFILES, config=ClientServerConfig(server_command=[SERVER, "lsp"]))
async def client(lsp_client: LanguageClient, request, tmp_path):
    shutil.copytree(Path(__file__).parent / "project", tmp_path, dirs_exist_ok=True)
    registered = lsp_client.registered = []

    @lsp_client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def register(params: lsp.RegistrationParams):
        registered.extend(params.registrations)

    for what in (lsp.WORKSPACE_CODE_LENS_REFRESH, lsp.WORKSPACE_INLAY_HINT_REFRESH, lsp.WORKSPACE_SEMANTIC_TOKENS_REFRESH):
        lsp_client.feature(what)(lambda _: None)

    folder = lsp.WorkspaceFolder(uri=tmp_path.as_uri(), name="project")
    params = lsp.InitializeParams(
        capabilities=client_capabilities(request.param),
        root_uri=tmp_path.as_uri(),
        workspace_folders=[folder],
        initialization_options={"colour": "green", "persona": 7},
    )
    answer = await lsp_client.initialize_session(params)
    lsp_client.editor = Editor(lsp_client, tmp_path, answer.capabilities)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client):
    return client.editor


def test_every_client_gets_its_own_units(editor, request):
    encoding, pulls = PROFILES[request.node.callspec.params["client"]]
    assert (editor.encoding, editor.pulls) == (encoding, pulls)


@pytest.mark.asyncio
async def test_findings_are_those_of_check(editor):
    for name, wanted in {
        "agents.mcp": [],
        "wrong.mcp": ["unknown-tool", "lossy-lowering", "unknown-tool"],
        "imported.policylayer.json": ["unknown-tool"],
    }.items():
        editor.open(name, "json" if name.endswith("json") else "mcppol")
        found = await editor.until(name, wanted)
        assert as_checked(found) == editor.checked(name)
        assert all(it.source == "mcppol" for it in found)
    late = (await editor.findings("wrong.mcp"))[-1]
    assert editor.within("wrong.mcp", late.range) == "clear_autth", "the place after the balloon"


@pytest.mark.asyncio
async def test_typing_and_closing(editor):
    editor.open("wrong.mcp")
    editor.change("wrong.mcp", "clear_autth", "clear_auth")
    editor.change("wrong.mcp", "🎈 history stays", "🎈🎈 stays")
    await editor.until("wrong.mcp", ["unknown-tool", "lossy-lowering", "redundant-default"])
    editor.change("wrong.mcp", "fetch_histroy", "fetch_history")
    await editor.until("wrong.mcp", ["lossy-lowering", "redundant-default"])
    assert (editor.root / "wrong.mcp").read_text().count("clear_autth") == 1, "nothing was written"
    editor.close("wrong.mcp")
    if not editor.pulls:
        for _ in range(100):
            if not editor.client.diagnostics[editor.uri("wrong.mcp")]:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("findings of a closed file stay")


@pytest.mark.asyncio
async def test_an_import_counts_as_it_is_open(editor):
    (editor.root / "guest.mcp").write_text(GUEST)
    editor.open("guest.mcp")
    editor.open("floor.mcp")
    editor.change("floor.mcp", "policy floor for", "policy ground for")
    await editor.until("guest.mcp", ["unknown-policy"])
    editor.change("floor.mcp", "policy ground for", "policy floor for")
    await editor.until("guest.mcp", [])


@pytest.mark.asyncio
async def test_files_that_change_on_disk(editor):
    (editor.root / "guest.mcp").write_text(GUEST)
    editor.open("guest.mcp")
    editor.open("untidy.mcp")
    await editor.until("guest.mcp", [])
    await editor.until("untidy.mcp", [])
    floor, notes = editor.root / "floor.mcp", editor.root / "catalogs/notes.json"
    floor.write_text(floor.read_text().replace("policy floor", "policy ground"))
    notes.write_text(notes.read_text().replace("write_note", "append_note"))
    changes = [lsp.FileEvent(uri=file.as_uri(), type=lsp.FileChangeType.Changed) for file in (floor, notes)]
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes=changes))
    await editor.until("guest.mcp", ["unknown-policy"])
    await editor.until("untidy.mcp", ["unknown-tool"])


@pytest.mark.asyncio
async def test_the_client_is_asked_to_watch(editor):
    files = editor.client.capabilities.workspace.did_change_watched_files
    dynamic = bool(files and files.dynamic_registration)
    for _ in range(100 if dynamic else 5):
        asked = [it for it in editor.client.registered if it.method == lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        if asked:
            break
        await asyncio.sleep(0.05)
    assert bool(asked) == dynamic
    globs = [watcher["globPattern"] for it in asked for watcher in it.register_options["watchers"]]
    assert not dynamic or any("mcp" in glob and "toml" in glob for glob in globs), globs


@pytest.mark.asyncio
async def test_unknown_settings_are_said_once_and_harm_nothing(editor):
    editor.open("wrong.mcp")
    await editor.until("wrong.mcp", ["unknown-tool", "lossy-lowering", "unknown-tool"])
    settings = {"mcppol": {"colour": "blue"}}
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=settings))
    await editor.until("wrong.mcp", ["unknown-tool", "lossy-lowering", "unknown-tool"])
    said = [it.message for it in editor.client.messages]
    assert len(said) == len(set(said)) > 0 and any("colour" in it for it in said), said


async def labels(editor, name, marked):
    answer = await editor.client.text_document_completion_async(lsp.CompletionParams(**editor.at(name, marked)))
    return [it.label for it in (answer.items if isinstance(answer, lsp.CompletionList) else answer)]


@pytest.mark.asyncio
async def test_completion(editor):
    editor.open("agents.mcp")
    assert "fetch_history" in await labels(editor, "agents.mcp", "allow fetch_his|tory, search_*")
    assert "@critical" in await labels(editor, "agents.mcp", "allow @re|ad")
    assert "floor" in await labels(editor, "agents.mcp", "policy keeper for trakt {\n  default deny\n  include fl|oor")
    assert "args.history_type" in await labels(editor, "agents.mcp", "require args.hist|ory_type")
    assert "reader" in await labels(editor, "agents.mcp", '"🎈 film-bot" uses rea|der')
    assert "hidden" in await labels(editor, "agents.mcp", "call clear_auth -> hid|den")
    assert await labels(editor, "agents.mcp", "floor hol|ds") == [], "nothing within a text"
    editor.change("agents.mcp", "  allow @read\n", "  allow @read\n  hide c")
    offered = await labels(editor, "agents.mcp", "hide c|")
    assert "clear_auth" in offered, "in the line that is being written"


@pytest.mark.asyncio
async def test_completion_is_resolved_and_inserted(editor):
    editor.open("agents.mcp")
    at = editor.at("agents.mcp", "allow fetch_his|tory, search_*")
    answer = await editor.client.text_document_completion_async(lsp.CompletionParams(**at))
    items = answer.items if isinstance(answer, lsp.CompletionList) else answer
    item = next(it for it in items if it.label == "fetch_history")
    resolved = await editor.client.completion_item_resolve_async(item)
    assert resolved.label == item.label and resolved.documentation
    edit = item.text_edit
    assert edit.new_text == "fetch_history"
    span = edit.insert if isinstance(edit, lsp.InsertReplaceEdit) else edit.range
    assert editor.within("agents.mcp", span).startswith("fetch_his")


@pytest.mark.asyncio
async def test_hover(editor):
    editor.open("agents.mcp")
    for marked, words in {
        "call clear|_auth -> hidden": "clear_auth",
        "allow @re|ad": "@read",
        "for rea|der { // every agent": "reader",
        "require args.hist|ory_type": "args.history_type",
        "30 per minute\n  }\n  // mcppol: ignore[unknown|-tool]": "unknown-tool",
    }.items():
        hover = await editor.client.text_document_hover_async(lsp.HoverParams(**editor.at("agents.mcp", marked)))
        assert editor.within("agents.mcp", hover.range) == words
        assert len(hover.contents.value) > 20, hover
    nothing = await editor.client.text_document_hover_async(lsp.HoverParams(**editor.at("agents.mcp", "floor hol|ds")))
    assert nothing is None


@pytest.mark.asyncio
async def test_inlay_hints_and_lenses(editor):
    editor.open("agents.mcp")
    hints = await editor.client.text_document_inlay_hint_async(
        lsp.InlayHintParams(text_document=editor.it("agents.mcp"), range=editor.all("agents.mcp"))
    )
    lines = editor.text("agents.mcp").split("\n")
    assert any("@read" in lines[hint.position.line] and "tools" in str(hint.label) for hint in hints), hints
    lenses = await editor.client.text_document_code_lens_async(
        lsp.CodeLensParams(text_document=editor.it("agents.mcp"))
    )
    lenses = [lens if lens.command else await editor.client.code_lens_resolve_async(lens) for lens in lenses]
    heads = {lines[lens.range.start.line].split()[0] for lens in lenses}
    assert {"policy", "test"} <= heads, lenses
    titles = [lens.command.title for lens in lenses]
    assert "✓ passes: 3 calls" in titles and any("77 tools" in title for title in titles), titles


@pytest.mark.asyncio
async def test_commands(editor):
    editor.open("agents.mcp")
    run = editor.client.workspace_execute_command_async
    assert {"mcppol.showCompiled", "mcppol.runTest"} <= set(editor.offers.execute_command_provider.commands)
    shown = await run(lsp.ExecuteCommandParams("mcppol.showCompiled", arguments=[editor.uri("agents.mcp"), "reader"]))
    assert shown["problems"] == [] and "clear_auth" in json.loads(shown["text"])["hide"]
    tested = await run(
        lsp.ExecuteCommandParams("mcppol.runTest", arguments=[editor.uri("agents.mcp"), "🎈 the floor holds"])
    )
    assert [(it["name"], it["passed"], len(it["calls"])) for it in tested] == [("🎈 the floor holds", True, 3)]
    with pytest.raises(Exception, match="mcppol.fly"):
        await run(lsp.ExecuteCommandParams("mcppol.fly"))


async def actions(editor, name, words, kinds=None):
    found = [it for it in await editor.findings(name) if editor.within(name, it.range) == words]
    context = lsp.CodeActionContext(diagnostics=found, only=kinds)
    params = lsp.CodeActionParams(text_document=editor.it(name), range=editor.range(name, words), context=context)
    offered = await editor.client.text_document_code_action_async(params) or []
    return [it if it.edit else await editor.client.code_action_resolve_async(it) for it in offered]


@pytest.mark.asyncio
async def test_code_actions(editor):
    editor.open("wrong.mcp")
    await editor.until("wrong.mcp", ["unknown-tool", "lossy-lowering", "unknown-tool"])
    offered = await actions(editor, "wrong.mcp", "clear_autth", [lsp.CodeActionKind.QuickFix])
    texts = [editor.after(it.edit)["wrong.mcp"] for it in offered]
    assert any('stays" deny clear_auth\n' in text for text in texts), offered
    assert any("mcppol: ignore[unknown-tool]" in text for text in texts), offered
    editor.change("wrong.mcp", "default deny", "default deny;")
    await editor.until("wrong.mcp", ["foreign-syntax", "unknown-tool", "unknown-tool"])
    whole = await actions(editor, "wrong.mcp", "default deny;", [lsp.CodeActionKind.SourceFixAll])
    assert [editor.after(it.edit)["wrong.mcp"] for it in whole] == [editor.text("wrong.mcp").replace(";", "")]


@pytest.mark.asyncio
async def test_definition_and_references(editor):
    editor.open("agents.mcp")
    where = await editor.client.text_document_definition_async(
        lsp.DefinitionParams(**editor.at("agents.mcp", "uses kee|per"))
    )
    [here] = where if isinstance(where, list) else [where]
    target = getattr(here, "target_selection_range", None) or here.range
    assert editor.within("agents.mcp", target) == "keeper"
    uses = lsp.ReferenceContext(include_declaration=True)
    found = await editor.client.text_document_references_async(
        lsp.ReferenceParams(**editor.at("agents.mcp", "uses rea|der"), context=uses)
    )
    assert len(found) == 3 and {editor.within("agents.mcp", it.range) for it in found} == {"reader"}
    editor.open("floor.mcp")
    found = await editor.client.text_document_references_async(
        lsp.ReferenceParams(**editor.at("floor.mcp", "policy flo|or"), context=uses)
    )
    assert sorted(Path(it.uri).name for it in found) == ["agents.mcp", "agents.mcp", "floor.mcp"]


@pytest.mark.asyncio
async def test_the_definition_of_a_tool_is_its_catalog_page(editor):
    editor.open("agents.mcp")
    where = await editor.client.text_document_definition_async(
        lsp.DefinitionParams(**editor.at("agents.mcp", "call clear|_auth -> hidden"))
    )
    [page] = where if isinstance(where, list) else [where]
    uri = getattr(page, "target_uri", None) or page.uri
    line = (getattr(page, "target_selection_range", None) or page.range).start.line
    assert uri.startswith("file://"), uri
    text = Path(uri.removeprefix("file://")).read_text()
    assert "clear_auth" in text.split("\n")[line]


@pytest.mark.asyncio
async def test_rename_across_files(editor):
    editor.open("agents.mcp")
    prepared = await editor.client.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(**editor.at("agents.mcp", "default deny\n  include flo|or\n  allow @read"))
    )
    assert prepared is not None
    edit = await editor.client.text_document_rename_async(
        lsp.RenameParams(**editor.at("agents.mcp", "default deny\n  include flo|or\n  allow @read"), new_name="ground")
    )
    after = editor.after(edit)
    assert set(after) == {"agents.mcp", "floor.mcp"}
    assert after["agents.mcp"].count("include ground") == 2 and "policy ground for" in after["floor.mcp"]
    assert editor.text("agents.mcp").replace("include floor", "include ground") == after["agents.mcp"]
    for new in ("two words", "deny"):
        with pytest.raises(Exception, match=new):
            await editor.client.text_document_rename_async(
                lsp.RenameParams(**editor.at("agents.mcp", "uses rea|der"), new_name=new)
            )
    edit = await editor.client.text_document_rename_async(
        lsp.RenameParams(**editor.at("agents.mcp", "uses rea|der"), new_name="viewer")
    )
    assert '"🎈 the floor holds" for viewer {' in editor.after(edit)["agents.mcp"]


@pytest.mark.asyncio
async def test_symbols_and_highlights(editor):
    editor.open("agents.mcp")
    symbols = await editor.client.text_document_document_symbol_async(
        lsp.DocumentSymbolParams(text_document=editor.it("agents.mcp"))
    )
    names = [it.name for it in symbols]
    assert {"reader", "keeper", "🎈 the floor holds"} <= set(names), names
    for it in symbols:
        if isinstance(it, lsp.DocumentSymbol):
            outer, inner = (editor.within("agents.mcp", r) for r in (it.range, it.selection_range))
            assert inner in outer and it.name.strip('"') in inner
    found = await editor.client.workspace_symbol_async(lsp.WorkspaceSymbolParams(query="flr"))
    assert "floor" in [it.name for it in found], "files that are not open are known"
    marks = await editor.client.text_document_document_highlight_async(
        lsp.DocumentHighlightParams(**editor.at("agents.mcp", "uses rea|der"))
    )
    assert [editor.within("agents.mcp", it.range) for it in marks] == ["reader"] * 3


@pytest.mark.asyncio
async def test_semantic_tokens(editor):
    editor.open("agents.mcp")
    legend = editor.offers.semantic_tokens_provider.legend
    answer = await editor.client.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(text_document=editor.it("agents.mcp"))
    )
    lines, line, column, tokens = editor.text("agents.mcp").split("\n"), 0, 0, []
    for at in range(0, len(answer.data), 5):
        down, right, length, kind, _ = answer.data[at : at + 5]
        line, column = line + down, right if down else column + right
        position = lambda character: lsp.Position(line, character)
        words = editor.within("agents.mcp", lsp.Range(position(column), position(column + length)))
        tokens.append((words, legend.token_types[kind]))
    assert {("reader", "class"), ("trakt", "namespace"), ("@read", "type"), ("mcppol: ignore", "macro")} <= set(
        tokens
    ), tokens
    assert ("allow", "keyword") in tokens and ('"🎈 film-bot"', "string") in tokens
    assert ("fetch_history", "function") in tokens and ("// every agent", "comment") in tokens
    assert len(lines) > line


@pytest.mark.asyncio
async def test_folding_and_selection(editor):
    editor.open("agents.mcp")
    folds = await editor.client.text_document_folding_range_async(
        lsp.FoldingRangeParams(text_document=editor.it("agents.mcp"))
    )
    first = {editor.text("agents.mcp").split("\n")[it.start_line].split()[0] for it in folds}
    assert {"policy", "test", "allow"} <= first, folds
    at = editor.place("agents.mcp", "args.hist|ory_type")
    [chain] = await editor.client.text_document_selection_range_async(
        lsp.SelectionRangeParams(text_document=editor.it("agents.mcp"), positions=[at])
    )
    seen = []
    while chain:
        seen.append(editor.within("agents.mcp", chain.range))
        chain = chain.parent
    assert seen[0] == "args.history_type" and seen[-1] == editor.text("agents.mcp")
    assert all(small in large and len(small) < len(large) for small, large in zip(seen, seen[1:]))
    assert any(it.startswith("allow add_to_history {") for it in seen)


@pytest.mark.asyncio
async def test_formatting(editor):
    options = lsp.FormattingOptions(tab_size=8, insert_spaces=False)
    editor.open("untidy.mcp")
    edits = await editor.client.text_document_formatting_async(
        lsp.DocumentFormattingParams(text_document=editor.it("untidy.mcp"), options=options)
    )
    wanted = (
        editor.text("untidy.mcp")
        .replace("\ndefault", "\n  default")
        .replace("   allow read_note,write_note   //", "  allow read_note, write_note //")
    )
    assert editor.applied("untidy.mcp", edits) == wanted
    editor.open("agents.mcp")
    edits = await editor.client.text_document_formatting_async(
        lsp.DocumentFormattingParams(text_document=editor.it("agents.mcp"), options=options)
    )
    assert not edits, "it is in the style"
    line = editor.range("untidy.mcp", "default deny")
    edits = await editor.client.text_document_range_formatting_async(
        lsp.DocumentRangeFormattingParams(text_document=editor.it("untidy.mcp"), range=line, options=options)
    )
    assert editor.applied("untidy.mcp", edits) == editor.text("untidy.mcp").replace("\ndefault", "\n  default")


@pytest.mark.asyncio
async def test_links(editor):
    editor.open("agents.mcp")
    links = await editor.client.text_document_document_link_async(
        lsp.DocumentLinkParams(text_document=editor.it("agents.mcp"))
    )
    assert [(Path(it.target).name, editor.within("agents.mcp", it.range).strip('"')) for it in links] == [
        ("floor.mcp", "floor.mcp")
    ]


@pytest.mark.asyncio
async def test_a_document_of_a_gateway(editor):
    name = "imported.policylayer.json"
    editor.open(name, "json")
    found = await editor.until(name, ["unknown-tool"])
    assert editor.within(name, found[0].range).strip('"') == "write_nota"
    hover = await editor.client.text_document_hover_async(lsp.HoverParams(**editor.at(name, '"read|_note"')))
    assert "read_note" in hover.contents.value
    symbols = lsp.DocumentSymbolParams(text_document=editor.it(name))
    assert len(await editor.client.text_document_document_symbol_async(symbols)) == 1
    options = lsp.FormattingOptions(tab_size=8, insert_spaces=False)
    formatting = lsp.DocumentFormattingParams(text_document=editor.it(name), options=options)
    assert not await editor.client.text_document_formatting_async(formatting), "it is not our text to format"
    editor.change(name, "write_nota", "write_note")
    await editor.until(name, [])


@pytest.mark.asyncio
async def test_what_is_not_ours_is_left_alone(editor):
    (editor.root / "package.json").write_text('{"name": "a"}\n')
    editor.open("package.json", "json")
    assert not await editor.findings("package.json")
    hover = await editor.client.text_document_hover_async(lsp.HoverParams(**editor.at("package.json", '"na|me"')))
    assert hover is None
