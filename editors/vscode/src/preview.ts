// Compiled policies as documents that follow the text.
import * as vscode from "vscode";
import { isPolicy, type Compiled } from "./protocol";
import type { Server } from "./server";

const SCHEME = "mcppol-compiled";
const QUIET = 150;

export class Previews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  private waiting: NodeJS.Timeout | undefined;
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument((it) => isPolicy(it.document) && this.renew()),
      vscode.workspace.onDidChangeConfiguration((it) => it.affectsConfiguration("mcppol.target") && this.renew()),
      server.onDidChange(() => this.renew()),
    ];
  }

  private renew(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const shown = vscode.workspace.textDocuments.filter((it) => it.uri.scheme === SCHEME);
      shown.forEach((it) => this.changed.fire(it.uri));
    }, QUIET);
  }

  async show(source: vscode.Uri, policy: string): Promise<void> {
    const query = JSON.stringify([source.toString(), policy]);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${policy} (compiled).jsonc`, query });
    const document = await vscode.workspace.openTextDocument(uri);
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true };
    await vscode.window.showTextDocument(document, options);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [source, policy] = JSON.parse(uri.query) as [string, string];
    try {
      const compiled = await this.server.ask<Compiled>("mcppol.showCompiled", vscode.Uri.parse(source), policy);
      return compiled.text ?? obstacles(compiled);
    } catch (error) {
      return comment(error instanceof Error ? error.message : String(error));
    }
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.subscriptions.forEach((it) => it.dispose());
  }
}

function obstacles({ policy, problems }: Compiled): string {
  const lines = problems.map((it) => [`line ${it.line}: ${it.message}`, it.help && `  help: ${it.help}`]);
  return comment([vscode.l10n.t("`{0}` cannot be compiled:", policy), ...lines.flat().filter(Boolean)].join("\n"));
}

function comment(text: string): string {
  return text.split("\n").map((it) => `// ${it}\n`).join("");
}
