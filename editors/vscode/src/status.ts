// One item in the status bar: the server's state, and what the open policies leave open.
import * as vscode from "vscode";
import type { Overviews } from "./overviews";
import type { Server } from "./server";

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("mcppol", vscode.StatusBarAlignment.Left, 0);

  constructor(private readonly server: Server, private readonly overviews: Overviews) {
    this.item.name = "mcppol";
    this.item.command = "mcppol.menu";
    server.onDidChange(() => this.show());
    overviews.onDidChange(() => this.show());
    this.show();
  }

  private show(): void {
    const { icon, state } = this.state();
    const policies = this.overviews.all.flatMap((it) => it.policies);
    const open = policies.flatMap(({ policy, tools }) => tools
      .filter((it) => it.risk === "critical" && (it.decision === "allow" || it.decision === "ask"))
      .map((it) => `- ${policy}: ${it.tool} (${it.decision})`));
    const counts = policies.length === 0 ? "" : vscode.l10n.t(": {0} open, {1} critical tools callable", policies.length, open.length);
    this.item.text = `$(${icon}) mcppol${this.server.isRunning ? counts : ""}`;
    this.item.tooltip = [state, ...open].join("\n");
    this.item.backgroundColor = this.server.problem ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.item.show();
  }

  private state(): { icon: string; state: string } {
    if (this.server.problem) {
      return { icon: "error", state: this.server.problem };
    }
    if (this.server.isRunning) {
      return { icon: "shield", state: vscode.l10n.t("the language server runs") };
    }
    return this.server.isStarting
      ? { icon: "loading~spin", state: vscode.l10n.t("the language server starts") }
      : { icon: "debug-disconnect", state: vscode.l10n.t("the language server does not run") };
  }

  dispose(): void {
    this.item.dispose();
  }
}
