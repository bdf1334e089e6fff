// Puts the parts together. What policies mean is known by the server alone.
import * as vscode from "vscode";
import { Commands } from "./commands";
import { Overviews } from "./overviews";
import { Previews } from "./preview";
import { Server } from "./server";
import { Status } from "./status";
import { Testing } from "./testing";
import { Tools } from "./tools";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server: Server = new Server(context, {
    "mcppol.showCompiled": (uri, policy) => uri && policy && previews.show(vscode.Uri.parse(uri), policy),
    "mcppol.runTest": (uri, test) => uri && testing.runNamed(vscode.Uri.parse(uri), test),
  });
  const overviews = new Overviews(server);
  const previews = new Previews(server);
  const testing = new Testing(server);
  const tools = new Tools(overviews);
  const commands = new Commands(context, server, overviews, previews);
  context.subscriptions.push(server, overviews, previews, testing, tools, new Status(server, overviews));

  const offer = (name: string, run: (...words: never[]) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(`mcppol.${name}`, run));
  offer("openCompiled", () => commands.compiled());
  offer("explain", (node?: Parameters<Commands["explain"]>[0]) => commands.explain(node));
  offer("recommend", () => commands.recommend());
  offer("generateTests", () => commands.generateTests());
  offer("pullCatalog", () => commands.pullCatalog());
  offer("menu", () => commands.menu());
  offer("restart", () => server.restart());
  offer("showOutput", () => server.show());
  offer("filterTools", () => tools.ask());
  offer("clearFilter", () => tools.choose(""));

  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((it) => {
      if (it.affectsConfiguration("mcppol.server.path")) {
        void server.restart();
      }
    }),
    // a program of the workspace may be started from now on
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart()),
  );
  await server.restart();
}
