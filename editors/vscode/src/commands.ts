// What the palette offers besides views.
import * as vscode from "vscode";
import type { Overviews } from "./overviews";
import * as program from "./program";
import { isPolicy } from "./protocol";
import type { Previews } from "./preview";
import type { Server } from "./server";
import type { Node } from "./tools";

export class Commands {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly overviews: Overviews,
    private readonly previews: Previews,
  ) {}

  async compiled(): Promise<void> {
    const document = ours();
    const policy = await outlined(document);
    await this.previews.show(document.uri, policy.name);
  }

  /** Goes to what is known of a tool. */
  async explain(node?: Node): Promise<void> {
    const chosen = node?.kind === "tool"
      ? { uri: node.uri, server: node.overview.server, tool: node.judged.tool }
      : await this.chooseTool();
    if (!chosen) {
      return;
    }
    const answer = await this.server.ask("mcppol.catalogPage", chosen.uri, chosen.server, chosen.tool);
    const place = this.server.location(answer);
    if (place) {
      const document = await vscode.workspace.openTextDocument(place.uri);
      const options = { selection: place.range, viewColumn: vscode.ViewColumn.Beside, preview: true };
      await vscode.window.showTextDocument(document, options);
    }
  }

  private async chooseTool() {
    const document = ours();
    const policies = await this.overviews.now(document);
    const items = policies.flatMap(({ server, policy, tools }) => tools.map(({ tool, decision, risk }) =>
      ({ label: tool, description: `${decision} · ${risk ?? "?"}`, detail: `${policy} · ${server}`, server, tool })));
    if (items.length === 0) {
      throw new Error(vscode.l10n.t("no policy here can be judged: see its problems"));
    }
    const options = { placeHolder: vscode.l10n.t("Which tool?"), matchOnDescription: true };
    const chosen = await vscode.window.showQuickPick(items, options);
    return chosen && { uri: document.uri, server: chosen.server, tool: chosen.tool };
  }

  async recommend(): Promise<void> {
    const file = program.find(this.context);
    const list = program.run(file, ["catalog", "list", "--format", "json"]).then((text) => {
      const { servers } = JSON.parse(text) as { servers: { id: string; name: string; tools: number; critical: number }[] };
      return servers.map(({ id, name, tools, critical }) =>
        ({ label: id, description: name, detail: vscode.l10n.t("{0} tools, {1} critical", tools, critical) }));
    });
    const options = { placeHolder: vscode.l10n.t("A policy for which server?"), matchOnDescription: true };
    const chosen = await vscode.window.showQuickPick(list, options);
    if (chosen) {
      const content = await program.run(file, ["recommend", chosen.label]);
      const document = await vscode.workspace.openTextDocument({ language: "mcppol", content });
      await vscode.window.showTextDocument(document);
    }
  }

  /** The server's own action, at the head of a policy. */
  async generateTests(): Promise<void> {
    const document = ours();
    const policy = await outlined(document);
    const kind = vscode.CodeActionKind.RefactorRewrite.value;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider", document.uri, policy.selectionRange, kind, 20);
    const action = actions.find((it) => it.title === "add tests for what no test shows");
    if (!action?.edit) {
      void vscode.window.showInformationMessage(vscode.l10n.t("mcppol: there is no test to add, or the file has errors"));
      return;
    }
    await vscode.workspace.applyEdit(action.edit);
  }

  /** Asks for the whole command, and runs it in a terminal where everyone sees it. */
  async pullCatalog(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      return;
    }
    const file = program.find(this.context);
    const start = /^[\w./-]+$/.test(file) ? file : `"${file}"`;
    const line = await vscode.window.showInputBox({
      title: vscode.l10n.t("This command starts the server that it names. Write what is to be run."),
      value: `${start} catalog pull NAME -- COMMAND`,
      valueSelection: [start.length + " catalog pull ".length, `${start} catalog pull NAME -- COMMAND`.length],
      ignoreFocusOut: true,
    });
    if (line?.trim()) {
      const cwd = program.folder();
      const terminal = vscode.window.createTerminal({ name: "mcppol", ...(cwd && { cwd }) });
      terminal.show();
      terminal.sendText(line.trim());
    }
  }

  async menu(): Promise<void> {
    const items = [
      { label: vscode.l10n.t("Show tools and decisions"), command: "mcppol.tools.focus" },
      { label: vscode.l10n.t("Recommend a policy for a server"), command: "mcppol.recommend" },
      { label: vscode.l10n.t("Restart the language server"), command: "mcppol.restart" },
      { label: vscode.l10n.t("Show output"), command: "mcppol.showOutput" },
    ];
    const chosen = await vscode.window.showQuickPick(items);
    if (chosen) {
      await vscode.commands.executeCommand(chosen.command);
    }
  }
}

function ours(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !isPolicy(document)) {
    throw new Error(vscode.l10n.t("open a policy first"));
  }
  return document;
}

/** The policy at the cursor, else the only one, else the one that is chosen. */
async function outlined(document: vscode.TextDocument): Promise<vscode.DocumentSymbol> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider", document.uri);
  const policies = (symbols ?? []).filter((it) => it.kind === vscode.SymbolKind.Class);
  const cursor = vscode.window.activeTextEditor?.selection.active;
  const here = policies.find((it) => cursor && it.range.contains(cursor)) ?? (policies.length === 1 ? policies[0] : undefined);
  if (here) {
    return here;
  }
  const items = policies.map((policy) => ({ label: policy.name, description: policy.detail, policy }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which policy?") });
  if (!chosen) {
    throw new vscode.CancellationError();
  }
  return chosen.policy;
}
