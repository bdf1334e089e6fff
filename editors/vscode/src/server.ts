// The life of the language server, and questions to it.
import * as vscode from "vscode";
import { LanguageClient, State, type Middleware } from "vscode-languageclient/node";
import * as program from "./program";
import { SELECTOR } from "./protocol";

export type Handler = (uri: string | undefined, name: string | undefined) => unknown;

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly output = vscode.window.createOutputChannel("mcppol", { log: true });
  private readonly trace = vscode.window.createOutputChannel("mcppol trace", { log: true });
  private readonly changed = new vscode.EventEmitter<void>();
  private queue: Promise<void> = Promise.resolve();
  /** Why there is no server. */
  problem: string | undefined;
  readonly onDidChange = this.changed.event;

  /** `handlers` say what happens where someone chooses one of the server's commands. */
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly handlers: Record<string, Handler>,
  ) {}

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  get isStarting(): boolean {
    return this.client?.state === State.Starting;
  }

  /** Starts it, again where it runs. */
  restart(): Promise<void> {
    this.queue = this.queue.then(() => this.replace());
    return this.queue;
  }

  private async replace(): Promise<void> {
    await this.stop();
    this.problem = undefined;
    try {
      const command = program.find(this.context);
      this.output.info(`${command} lsp`);
      const client = new LanguageClient("mcppol", "mcppol", { command, args: ["lsp"] }, {
        documentSelector: SELECTOR,
        outputChannel: this.output,
        traceOutputChannel: this.trace,
        middleware: this.middleware(),
      });
      this.client = client;
      this.context.subscriptions.push(client.onDidChangeState(() => this.changed.fire()));
      await client.start();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.output.error(this.problem);
      void this.complain(this.problem);
    }
    this.changed.fire();
  }

  private async complain(problem: string): Promise<void> {
    const settings = vscode.l10n.t("Open Settings");
    const chosen = await vscode.window.showErrorMessage(`mcppol: ${problem}`, settings);
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "mcppol.server.path");
    }
  }

  private middleware(): Middleware {
    return {
      executeCommand: (command, words: unknown[], next) => {
        const [uri, name] = words.filter((it) => typeof it === "string");
        const handler = this.handlers[command];
        return handler ? handler(uri, name) : next(command, words);
      },
    };
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.output.warn(String(error));
    }
  }

  /** What a command of the server answers about a document, which is open from then on. */
  async ask<T>(command: string, uri: vscode.Uri, ...words: string[]): Promise<T> {
    await this.queue;
    await vscode.workspace.openTextDocument(uri);
    if (!this.client || !this.isRunning) {
      throw new Error(this.problem ?? vscode.l10n.t("the language server does not run"));
    }
    const address = this.client.code2ProtocolConverter.asUri(uri);
    return this.client.sendRequest<T>("workspace/executeCommand", { command, arguments: [address, ...words] });
  }

  /** A place as the server writes it. */
  location(it: unknown): vscode.Location | undefined {
    return this.client?.protocol2CodeConverter.asLocation(it as never);
  }

  show(): void {
    this.output.show();
  }

  async dispose(): Promise<void> {
    await this.queue;
    await this.stop();
  }
}
