// What the policies of open documents make of each tool, as last told by the server.
import * as vscode from "vscode";
import { isPolicy, type Overview } from "./protocol";
import type { Server } from "./server";

const QUIET = 300;
/** The server is not asked about all tools of documents that are larger, in characters. */
const LARGEST = 1 << 20;

export class Overviews implements vscode.Disposable {
  private readonly known = new Map<string, { uri: vscode.Uri; policies: Overview[] }>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((it) => this.look(it)),
      // what is imported may have changed
      vscode.workspace.onDidChangeTextDocument((it) => isPolicy(it.document) && this.lookAtAll()),
      vscode.workspace.onDidCloseTextDocument((it) => {
        this.known.delete(it.uri.toString());
        this.changed.fire();
      }),
      server.onDidChange(() => this.lookAtAll()),
    ];
  }

  /** By document. */
  get all(): { uri: vscode.Uri; policies: Overview[] }[] {
    return [...this.known.values()];
  }

  of(uri: vscode.Uri): Overview[] {
    return this.known.get(uri.toString())?.policies ?? [];
  }

  private lookAtAll(): void {
    vscode.workspace.textDocuments.forEach((it) => this.look(it));
  }

  private look(document: vscode.TextDocument): void {
    if (!isPolicy(document) || document.getText().length > LARGEST) {
      return;
    }
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(key, setTimeout(() => void this.renew(document), QUIET));
  }

  private async renew(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed || !this.server.isRunning) {
      return;
    }
    try {
      const policies = await this.server.ask<Overview[]>("mcppol.decisions", document.uri);
      this.known.set(document.uri.toString(), { uri: document.uri, policies });
      this.changed.fire();
    } catch {
      // nothing is known of it any more
      this.known.delete(document.uri.toString());
      this.changed.fire();
    }
  }

  /** The same, asked for now. */
  async now(document: vscode.TextDocument): Promise<Overview[]> {
    await this.renew(document);
    return this.of(document.uri);
  }

  dispose(): void {
    this.waiting.forEach((it) => clearTimeout(it));
    this.subscriptions.forEach((it) => it.dispose());
  }
}
