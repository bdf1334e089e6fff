// The view of servers and their tools, each with what becomes of a call of it.
import * as vscode from "vscode";
import type { Overviews } from "./overviews";
import { at, type Judged, type Overview } from "./protocol";

export type Node =
  | { kind: "policy"; uri: vscode.Uri; overview: Overview }
  | { kind: "tool"; uri: vscode.Uri; overview: Overview; judged: Judged };

const ICONS = { allow: "pass", ask: "question", deny: "circle-slash", hidden: "eye-closed" } as const;
const COLOURS = { allow: "testing.iconPassed", ask: "list.warningForeground", deny: "testing.iconFailed", hidden: "disabledForeground" } as const;

export class Tools implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Node>;
  private filter = "";
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly overviews: Overviews) {
    this.view = vscode.window.createTreeView("mcppol.tools", { treeDataProvider: this, showCollapseAll: true });
    overviews.onDidChange(() => this.changed.fire());
  }

  getChildren(node?: Node): Node[] {
    if (!node) {
      const policies = this.overviews.all.flatMap(({ uri, policies }) =>
        policies.map((overview): Node => ({ kind: "policy", uri, overview })));
      return policies.filter((it) => this.tools(it).length > 0 || !this.filter);
    }
    return node.kind === "policy" ? this.tools(node) : [];
  }

  private tools({ uri, overview }: Node): Node[] {
    const fits = ({ tool, decision, risk }: Judged) =>
      [tool, decision, risk ?? "", overview.server].some((it) => it.toLowerCase().includes(this.filter));
    return overview.tools.filter(fits).map((judged) => ({ kind: "tool", uri, overview, judged }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "policy" ? this.policy(node) : this.tool(node);
  }

  private policy({ uri, overview }: Node): vscode.TreeItem {
    const item = new vscode.TreeItem(overview.server || overview.policy, vscode.TreeItemCollapsibleState.Expanded);
    item.id = `${uri.toString()} ${overview.line}`;
    item.description = `${overview.policy}, ${vscode.workspace.asRelativePath(uri)}`;
    item.iconPath = new vscode.ThemeIcon("server");
    item.command = jump(uri, overview);
    return item;
  }

  private tool({ uri, overview, judged }: Node & { kind: "tool" }): vscode.TreeItem {
    const item = new vscode.TreeItem(judged.tool);
    const { decision, by, narrowed } = judged;
    item.id = `${uri.toString()} ${overview.line} ${judged.tool}`;
    item.contextValue = "tool";
    item.description = [word(decision), judged.risk === "critical" ? vscode.l10n.t("critical") : "", narrowed.length
      ? vscode.l10n.t("narrowed") : ""].filter(Boolean).join(", ");
    item.iconPath = new vscode.ThemeIcon(ICONS[decision], new vscode.ThemeColor(COLOURS[decision]));
    const lines = [by, ...narrowed].flatMap((it) => it?.rule ? [it.rule] : []);
    item.tooltip = [`${judged.tool}: ${word(decision)}`, ...lines].join("\n");
    item.command = jump(uri, by ?? overview);
    return item;
  }

  async ask(): Promise<void> {
    const filter = await vscode.window.showInputBox({
      prompt: vscode.l10n.t("A part of a tool's, server's or decision's name, or a risk"),
      value: this.filter,
    });
    if (filter !== undefined) {
      this.choose(filter);
      await vscode.commands.executeCommand("mcppol.tools.focus");
    }
  }

  choose(filter: string): void {
    this.filter = filter.trim().toLowerCase();
    this.view.message = this.filter ? vscode.l10n.t("Only: {0}", this.filter) : "";
    void vscode.commands.executeCommand("setContext", "mcppol.filtered", this.filter !== "");
    this.changed.fire();
  }

  dispose(): void {
    this.view.dispose();
  }
}

function word(decision: Judged["decision"]): string {
  switch (decision) {
    case "allow":
      return vscode.l10n.t("allowed");
    case "ask":
      return vscode.l10n.t("asks a person");
    case "deny":
      return vscode.l10n.t("denied");
    case "hidden":
      return vscode.l10n.t("hidden");
  }
}

/** Goes to a place, which may be in an imported file. */
function jump(uri: vscode.Uri, place: { file: string; line: number; column: number }): vscode.Command {
  const imported = uri.scheme === "file" && place.file !== uri.fsPath && place.file.startsWith("/");
  const target = imported ? vscode.Uri.file(place.file) : uri;
  const selection = new vscode.Range(at(place), at(place));
  return { command: "vscode.open", title: "", arguments: [target, { selection }] };
}
