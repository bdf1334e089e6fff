// Tests of policies in the Testing view. They are those of the outline, and the server runs them.
import * as vscode from "vscode";
import { at, type Tested } from "./protocol";
import type { Server } from "./server";

const QUIET = 400;
/** So many files of a workspace are looked through. */
const MOST = 500;

export class Testing implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController("mcppol", "mcppol");
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    const profile = vscode.l10n.t("Run");
    this.controller.createRunProfile(profile, vscode.TestRunProfileKind.Run, (it, token) => this.run(it, token), true);
    this.controller.resolveHandler = (item) => (item?.uri ? this.read(item) : this.discover());
    this.controller.refreshHandler = () => this.discover();
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.mcp");
    this.subscriptions = [
      this.controller,
      watcher,
      watcher.onDidCreate((uri) => this.file(uri)),
      watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument((it) => this.look(it)),
      vscode.workspace.onDidChangeTextDocument((it) => this.look(it.document)),
      server.onDidChange(() => vscode.workspace.textDocuments.forEach((it) => this.look(it))),
    ];
  }

  private async discover(): Promise<void> {
    const files = await vscode.workspace.findFiles("**/*.mcp", undefined, MOST);
    files.forEach((uri) => this.file(uri));
  }

  private file(uri: vscode.Uri): vscode.TestItem {
    const known = this.controller.items.get(uri.toString());
    if (known) {
      return known;
    }
    const item = this.controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }

  private look(document: vscode.TextDocument): void {
    if (document.languageId !== "mcppol" || document.uri.scheme !== "file") {
      return;
    }
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(key, setTimeout(() => void this.read(this.file(document.uri)), QUIET));
  }

  /** The tests of a file, by its outline. */
  private async read(file: vscode.TestItem): Promise<void> {
    if (!file.uri || !this.server.isRunning) {
      return;
    }
    await vscode.workspace.openTextDocument(file.uri);
    const command = "vscode.executeDocumentSymbolProvider";
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(command, file.uri);
    const tests = (symbols ?? []).filter((it) => it.kind === vscode.SymbolKind.Method);
    file.children.replace(tests.map((symbol, nth) => {
      const item = this.controller.createTestItem(`${nth} ${symbol.name}`, symbol.name, file.uri);
      item.range = symbol.selectionRange;
      return item;
    }));
  }

  /** Runs a test that a line above it names, or all of a file. */
  async runNamed(uri: vscode.Uri, name: string | undefined): Promise<void> {
    const file = this.file(uri);
    await this.read(file);
    const all = [...file.children].map(([, item]) => item);
    const chosen = name === undefined ? [file] : all.filter((it) => it.label === name);
    const include = chosen.length > 0 ? chosen : [file];
    await this.run(new vscode.TestRunRequest(include), new vscode.CancellationTokenSource().token);
    await vscode.commands.executeCommand("workbench.view.testing.focus");
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    if (!request.include) {
      await this.discover();
    }
    const roots = request.include ?? [...this.controller.items].map(([, item]) => item);
    for (const [file, wanted] of await this.byFile(roots, request.exclude ?? [])) {
      if (!token.isCancellationRequested) {
        await this.runFile(run, file, wanted);
      }
    }
    run.end();
  }

  private async byFile(roots: readonly vscode.TestItem[], without: readonly vscode.TestItem[]) {
    const out = new Map<vscode.TestItem, vscode.TestItem[]>();
    for (const root of roots) {
      const file = root.parent ?? root;
      if (!root.parent) {
        await this.read(file);
      }
      const tests = root.parent ? [root] : [...file.children].map(([, item]) => item);
      out.set(file, [...(out.get(file) ?? []), ...tests.filter((it) => !without.includes(it))]);
    }
    return out;
  }

  private async runFile(run: vscode.TestRun, file: vscode.TestItem, wanted: vscode.TestItem[]): Promise<void> {
    const uri = file.uri;
    if (!uri || wanted.length === 0) {
      return;
    }
    wanted.forEach((it) => run.started(it));
    try {
      const all = await this.server.ask<Tested[]>("mcppol.runTest", uri);
      for (const item of wanted) {
        const tested = all.find((it) => it.line - 1 === item.range?.start.line);
        if (tested) {
          report(run, item, tested);
        } else {
          run.skipped(item);
        }
      }
    } catch (error) {
      const message = new vscode.TestMessage(error instanceof Error ? error.message : String(error));
      wanted.forEach((it) => run.errored(it, message));
    }
  }

  dispose(): void {
    this.waiting.forEach((it) => clearTimeout(it));
    this.subscriptions.forEach((it) => it.dispose());
  }
}

function report(run: vscode.TestRun, item: vscode.TestItem, { passed, calls }: Tested): void {
  const failures = calls.flatMap((made) => (made.failure === null ? [] : [{ made, text: words(made.failure, made.help) }]));
  const lines = failures.map(({ made, text }) => `  ${made.line}: ${text.replaceAll("\n", "\n  ")}\n`).join("");
  run.appendOutput(`${passed ? "✓" : "✗"} ${item.label}\n${lines}`.replaceAll("\n", "\r\n"), undefined, item);
  if (passed) {
    run.passed(item);
    return;
  }
  run.failed(item, failures.map(({ made, text }) => {
    const message = new vscode.TestMessage(text);
    if (item.uri) {
      message.location = new vscode.Location(item.uri, at(made));
    }
    return message;
  }));
}

function words(failure: string, help: string | null): string {
  return help === null ? failure : `${failure}\nhelp: ${help}`;
}
