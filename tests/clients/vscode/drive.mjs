// What someone sees who opens policies in VS Code with the extension.
//
//   node drive.mjs INSTALL EXTENSION MCPPOL.VSIX PROBE.VSIX IMAGES
//
// INSTALL holds code-server, EXTENSION has playwright-core among its modules, and IMAGES is where pictures go.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, until } from "./editor.mjs";

const [install, playwright, vsix, probe, images] = process.argv.slice(2);
const TESTS = `policy quiet for trakt {
  default deny
  allow fetch_history
  hide @critical
}

test "it holds" for quiet {
  call clear_auth -> hidden
}

test "it fails" for quiet {
  call fetch_history -> allow
  call fetch_history -> deny
}
`;
const FOREIGN = `version: "1"
default: deny
tools:
  clear_auht:
    rules: []
`;

function workspace(files) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "policies-")));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const steps = [];
const step = (name, run) => steps.push([name, run]);

// -- what the steps share

const literal = JSON.stringify;
const ERROR = 0;

class Session {
  constructor(editor, folder) {
    Object.assign(this, editor, { folder });
  }

  uri(name) {
    return `vscode.Uri.file(${literal(join(this.folder, name))})`;
  }

  command(name, ...words) {
    return this.ask(`await vscode.commands.executeCommand(${[name, ...words].map((it) => literal(it)).join(", ")})`);
  }

  async show(name) {
    await this.ask(`await vscode.window.showTextDocument(${this.uri(name)}, { viewColumn: 1, preview: false })`);
    await this.page.locator(".monaco-editor.focused").first().waitFor();
  }

  text(name) {
    return this.ask(`return (await vscode.workspace.openTextDocument(${this.uri(name)})).getText()`);
  }

  becomes(name, wanted) {
    return until(async () => (await this.text(name)) === wanted, `${name} is ${wanted}`, () => this.text(name));
  }

  async write(name, text) {
    await this.ask(`
      const document = await vscode.workspace.openTextDocument(${this.uri(name)});
      const all = document.validateRange(new vscode.Range(0, 0, 1e6, 0));
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, all, ${literal(text)});
      await vscode.workspace.applyEdit(edit)`);
  }

  findings(name) {
    return this.ask(`return vscode.languages.getDiagnostics(${this.uri(name)}).map((it) =>
      ({ code: it.code?.value ?? it.code, line: it.range.start.line, message: it.message, level: it.severity,
        source: it.source }))`);
  }

  async found(name, codes) {
    const same = (all) => literal(all.map((it) => it.code).sort()) === literal([...codes].sort());
    return until(async () => { const all = await this.findings(name); return same(all) && all; },
      `${name} has ${codes}`, async () => literal(await this.findings(name)));
  }

  /** What a provider of the editor says at a word. */
  at(command, name, word, more = "") {
    return this.ask(`
      const document = await vscode.workspace.openTextDocument(${this.uri(name)});
      const at = document.positionAt(document.getText().indexOf(${literal(word)}));
      return vscode.commands.executeCommand(${literal(command)}, document.uri, at${more})`);
  }

  async cursor(name, word) {
    await this.show(name);
    await this.ask(`
      const editor = vscode.window.activeTextEditor;
      const at = editor.document.positionAt(editor.document.getText().indexOf(${literal(word)}) + 1);
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(editor.selection)`);
  }

  async quickFix(name, word, title) {
    await this.cursor(name, word);
    await this.command("editor.action.quickFix");
    const item = this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    await item.waitFor({ timeout: 20_000 });
    await item.click();
  }

  rows(view) {
    return this.page.$$eval(`${view} .monaco-list-row`, (rows) => rows.map((it) => it.getAttribute("aria-label")));
  }

  /** All rows of a view, which draws only those that fit. */
  async row(view, wanted) {
    return until(async () => (await this.rows(view)).find((it) => wanted.test(it ?? "")), `${view} shows ${wanted}`,
      async () => literal(await this.rows(view)));
  }

  /** Without the edges of the window, and no higher than there is something to see. */
  async picture(name, left = 52, height = 610) {
    await this.page.waitForTimeout(800);
    await this.page.screenshot({ path: join(images, name), clip: { x: left, y: 31, width: 1176 - left, height } });
  }
}

// -- the steps

step("the extension starts where there are policies, and its own program with it", async (it) => {
  await until(() => it.ask(`return vscode.extensions.getExtension("mcppol.mcppol")?.isActive`), "it is active");
  await it.page.locator(".statusbar-item", { hasText: "mcppol" }).first().waitFor();
});

step("a policy is typed, with a wrong name and a pattern that reaches too far", async (it) => {
  await it.show("trakt.mcp");
  const lines = ["policy assistant for trakt {", "default deny", "allow search_*, remove_*", "hide clear_auht"];
  for (const [nth, line] of lines.entries()) {
    await it.page.keyboard.type(line, { delay: 30 });
    await it.page.keyboard.press("Escape");
    if (nth + 1 < lines.length) await it.page.keyboard.press("Enter");
  }
  await it.becomes("trakt.mcp", "policy assistant for trakt {\n  default deny\n  allow search_*, remove_*\n  hide clear_auht\n}");
  const found = await it.found("trakt.mcp", ["wildcard-allow-covers-critical", "unknown-tool"]);
  assert.ok(found.every((one) => one.source === "mcppol" && one.level === ERROR), literal(found));
  await it.page.locator(".squiggly-error").first().waitFor();
});

step("resting on it says what it reaches", async (it) => {
  await it.command("workbench.action.closeSidebar");
  await it.cursor("trakt.mcp", "remove_*");
  await it.command("editor.action.showHover");
  const hover = it.page.locator(".monaco-hover:not(.hidden)", { hasText: "critical" }).first();
  await hover.waitFor();
  await it.picture("vscode.png", 52, 385);
  await it.page.keyboard.press("Escape");
});

step("two quick fixes lead to a policy without errors", async (it) => {
  await it.quickFix("trakt.mcp", "clear_auht", "did you mean `clear_auth`?");
  await it.found("trakt.mcp", ["wildcard-allow-covers-critical"]);
  await it.quickFix("trakt.mcp", "remove_*", "add `except @critical`");
  await until(async () => (await it.findings("trakt.mcp")).every((one) => one.level !== ERROR), "no errors");
  await it.becomes("trakt.mcp",
    "policy assistant for trakt {\n  default deny\n  allow search_*, remove_* except @critical\n  hide clear_auth\n}");
  await it.ask("await vscode.window.activeTextEditor.document.save()");
});

step("a comment for documentation goes on in the next line", async (it) => {
  await it.show("trakt.mcp");
  await it.page.keyboard.press("Control+Home");
  await it.page.keyboard.type("/// Reads.");
  await it.page.keyboard.press("Enter");
  await it.page.keyboard.type("Writes.");
  const text = () => it.text("trakt.mcp");
  await until(async () => /^\/\/\/ Reads\.\n\/\/\/ Writes\.policy/.test(await text()), "two lines of comment", text);
  await it.command("workbench.action.files.revert");
  await until(async () => (await text()).startsWith("policy"), "as it was", text);
});

step("hover, completion, symbols, tokens, rename and the page of a tool", async (it) => {
  const hover = await it.ask(`
    const document = await vscode.workspace.openTextDocument(${it.uri("trakt.mcp")});
    const at = document.positionAt(document.getText().indexOf("clear_auth"));
    const found = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
    return found.flatMap((it) => it.contents.map((it) => it.value)).join()`);
  assert.match(hover, /clear_auth[^]*critical[^]*hidden/);
  const list = await it.at("vscode.executeCompletionItemProvider", "trakt.mcp", "clear_auth");
  assert.ok(list.items.some((one) => (one.label.label ?? one.label) === "clear_auth"), literal(list.items.slice(0, 9)));
  const outline = await it.ask(`return (await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider",
    ${it.uri("tests.mcp")})).map((it) => it.name)`);
  assert.deepEqual(outline, ["quiet", "it holds", "it fails"]);
  const tokens = () => it.ask(`return (await vscode.commands.executeCommand("vscode.provideDocumentSemanticTokens",
    ${it.uri("trakt.mcp")}))?.data.length ?? 0`);
  await until(async () => (await tokens()) >= 5 * 12, "colours of twelve words", tokens);
  const edits = await it.ask(`
    const document = await vscode.workspace.openTextDocument(${it.uri("tests.mcp")});
    const at = document.positionAt(document.getText().indexOf("quiet"));
    const edit = await vscode.commands.executeCommand("vscode.executeDocumentRenameProvider", document.uri, at, "calm");
    return edit.entries().flatMap(([, edits]) => edits.map((it) => it.newText))`);
  assert.deepEqual(edits, ["calm", "calm", "calm"]);
  const page = await it.ask(`
    const document = await vscode.workspace.openTextDocument(${it.uri("trakt.mcp")});
    const at = document.positionAt(document.getText().indexOf("clear_auth"));
    const [place] = await vscode.commands.executeCommand("vscode.executeDefinitionProvider", document.uri, at);
    const uri = place.targetUri ?? place.uri;
    return [uri.toString(), (await vscode.workspace.openTextDocument(uri)).getText()]`);
  assert.equal(page[0], "mcppol-catalog:/trakt.md");
  assert.match(page[1], /clear_auth/);
});

step("the compiled document stands beside and follows", async (it) => {
  await it.show("trakt.mcp");
  await it.command("mcppol.openCompiled");
  const compiled = () => it.ask(`return vscode.workspace.textDocuments.find((it) =>
    it.uri.scheme === "mcppol-compiled")?.getText()`);
  const shows = (pattern) => until(async () => pattern.test((await compiled()) ?? ""), `compiled ${pattern}`, compiled);
  await shows(/"hide": \[\s*"clear_auth"/);
  const good = await it.text("trakt.mcp");
  await it.write("trakt.mcp", good.replace("hide clear_auth", "hide @critical"));
  await shows(/"remove_playback_item"/);
  await it.write("trakt.mcp", good.replace("hide clear_auth", "hide claer_*"));
  await shows(/^\/\/ `assistant` cannot be compiled:\n\/\/ line 4: .*claer_\*/);
  await it.write("trakt.mcp", good);
  await shows(/"hide": \[\s*"clear_auth"/);
  await it.ask(`await vscode.workspace.getConfiguration("mcppol").update("target", "intercept", true)`);
  await shows(/"rules": \[\]/);
  await it.ask(`await vscode.workspace.getConfiguration("mcppol").update("target", undefined, true)`);
  await it.command("workbench.action.closeEditorsInOtherGroups");
});

step("the line above a policy shows it too", async (it) => {
  await it.show("assistant.mcp");
  await it.page.locator(".codelens-decoration a", { hasText: "show compiled JSON" }).first().click();
  await it.page.locator(".editor-group-container .view-line", { hasText: "add_to_history_per_minute" }).first().waitFor();
  await it.picture("vscode-compiled.png", 52, 470);
  await it.command("workbench.action.closeEditorsInOtherGroups");
  await it.command("workbench.action.closeActiveEditor");
});

step("tests are found, run and shown with what is wrong", async (it) => {
  await it.show("tests.mcp");
  await it.command("workbench.view.testing.focus");
  await it.row(".test-explorer", /tests\.mcp/);
  await it.command("testing.runAll");
  await it.row(".test-explorer", /assistant\.mcp.*Passed/i);
  await it.row(".test-explorer", /tests\.mcp.*Failed/i);
  await it.page.locator(".test-explorer .monaco-list-row", { hasText: "tests.mcp" }).click();
  await it.page.keyboard.press("ArrowRight");
  await it.row(".test-explorer", /it holds.*Passed/i);
  await it.row(".test-explorer", /it fails.*Failed/i);
  await it.page.locator(".test-message-inline-content, .testing-inline-message, .test-error-content-widget").first()
    .waitFor({ timeout: 20_000 });
  await it.picture("vscode-tests.png", 5);
});

step("the line above a test runs it", async (it) => {
  await it.write("tests.mcp", TESTS.replace("-> deny", "-> allow"));
  await it.show("tests.mcp");
  const lens = it.page.locator(".codelens-decoration a", { hasText: "passes: 2 calls" });
  await lens.waitFor({ timeout: 20_000 });
  await lens.click();
  await it.row(".test-explorer", /it fails.*Passed/i);
});

step("the view of tools shows decisions, filters them and goes to what decides", async (it) => {
  await it.command("mcppol.tools.focus");
  const view = '.pane-body .tree-explorer-viewlet-tree-view';
  await it.row(view, /trakt/);
  await it.row(view, /add_rating|add_to_history|checkin/);
  const filtering = it.command("mcppol.filterTools");
  await it.page.locator(".quick-input-widget input").first().waitFor();
  await it.page.keyboard.type("clear_auth");
  await it.page.keyboard.press("Enter");
  await filtering;
  const only = (rows) => rows.length > 1 && rows.every((one) => /clear_auth|^trakt/.test(one));
  await until(async () => only(await it.rows(view)), "only that tool", async () => literal(await it.rows(view)));
  const row = it.page.locator(`${view} .monaco-list-row`, { hasText: "hidden" }).first();
  await row.click();
  await until(() => it.ask(`const editor = vscode.window.activeTextEditor;
    return editor.document.lineAt(editor.selection.active).text.includes("hide")`), "the cursor is at `hide`");
  await it.command("mcppol.clearFilter");
  await until(async () => (await it.rows(view)).length > 4, "all rows");
});

step("the status says how many policies are open", async (it) => {
  const item = it.page.locator(".statusbar-item", { hasText: "mcppol" }).first();
  await until(async () => /: \d open, \d critical/.test(await item.textContent()), "two policies", () => item.textContent());
});

step("missing tests are added", async (it) => {
  await it.cursor("trakt.mcp", "assistant");
  await it.command("mcppol.generateTests");
  await until(async () => /\ntest ".*" for assistant \{\n/.test(await it.text("trakt.mcp")), "a test", () => it.text("trakt.mcp"));
  await it.command("undo");
});

step("a policy is recommended for a server", async (it) => {
  const choosing = it.command("mcppol.recommend");
  await it.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await it.page.keyboard.type("airtable");
  await it.page.waitForTimeout(500);
  await it.page.keyboard.press("Enter");
  await choosing;
  const document = "vscode.window.activeTextEditor?.document";
  assert.match(await it.ask(`return ${document}.languageId + ${document}.getText()`), /^mcppol[^]*\npolicy .* for airtable/);
  await it.ask(`await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor")`);
});

step("a tool is explained from the palette", async (it) => {
  await it.show("trakt.mcp");
  const choosing = it.command("mcppol.explain");
  await it.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await it.page.keyboard.type("clear_auth");
  await it.page.waitForTimeout(500);
  await it.page.keyboard.press("Enter");
  await choosing;
  assert.equal(await it.ask("return vscode.window.activeTextEditor.document.uri.scheme"), "mcppol-catalog");
  await it.command("workbench.action.closeActiveEditor");
});

step("no server of a catalog is started before someone says so", async (it) => {
  const pulling = it.command("mcppol.pullCatalog");
  const input = it.page.locator(".quick-input-widget input").first();
  await until(async () => /mcppol catalog pull NAME -- COMMAND$/.test(await input.inputValue()), "the command is shown");
  await it.page.keyboard.press("Escape");
  await pulling;
  assert.equal(await it.ask("return vscode.window.terminals.length"), 0);
});

step("documents of others are judged", async (it) => {
  await it.show("team.intercept.yaml");
  const told = (all) => all.some((one) => one.source === "mcppol" && /clear_auht/.test(one.message));
  await until(async () => told(await it.findings("team.intercept.yaml")), "what is wrong with it",
    async () => literal(await it.findings("team.intercept.yaml")));
});

step("the server starts anew", async (it) => {
  await it.write("trakt.mcp", "policy assistant for trakt {\n  default deny\n  allow claer_auth\n}\n");
  await it.command("mcppol.restart");
  await it.found("trakt.mcp", ["unknown-tool"]);
});

// -- running them

async function all(session) {
  for (const [name, run] of steps) {
    const start = Date.now();
    try {
      await run(session);
    } catch (error) {
      await session.picture("failed.png", 0).catch(() => {});
      throw new Error(`${name}: ${error.stack}`);
    }
    console.log(`ok ${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s  ${name}`);
  }
}

async function run(files, options, test) {
  const folder = workspace(files);
  let editor;
  try {
    editor = await open({ install, playwright, folder, extensions: [vsix, probe], ...options(folder) });
    await test(new Session(editor, folder));
  } finally {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a workspace that nobody trusts policies are judged, and nothing that it holds is started. */
async function untrusted() {
  const script = "#!/bin/sh\ntouch \"$(dirname \"$0\")/started\"\nexec sleep 60\n";
  const files = {
    "bin/mcppol": script,
    ".vscode/settings.json": literal({ "mcppol.server.path": "bin/mcppol" }),
    "trakt.mcp": "policy assistant for trakt {\n  default deny\n  allow claer_auth\n}\n",
  };
  const options = (folder) => {
    chmodSync(join(folder, "bin/mcppol"), 0o755);
    return { trusted: false, env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` } };
  };
  await run(files, options, async (it) => {
    assert.equal(await it.ask("return vscode.workspace.isTrusted"), false);
    await it.show("trakt.mcp");
    await it.found("trakt.mcp", ["unknown-tool"]);
    assert.ok(!existsSync(join(it.folder, "bin/started")), "the workspace's program was started");
  });
  console.log("ok          nothing of an untrusted workspace is started");
}

const files = {
  "trakt.mcp": "",
  "assistant.mcp": readFileSync(join(import.meta.dirname, "../../../examples/trakt/assistant.mcp"), "utf8"),
  "tests.mcp": TESTS,
  "team.intercept.yaml": FOREIGN,
  "mcppol.toml": '[files]\n"team.intercept.yaml" = "trakt"\n',
};
await run(files, () => ({}), all);
await untrusted();
