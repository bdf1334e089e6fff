// Where the program is, and running it once.
import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

const NAME = process.platform === "win32" ? "mcppol.exe" : "mcppol";

/** The program: the one that the settings name, else the one on the PATH, else the one that came with us. */
export function find(context: vscode.ExtensionContext): string {
  const named = vscode.workspace.getConfiguration("mcppol").get<string>("server.path", "").trim();
  if (named) {
    const file = path.resolve(folder() ?? "", named);
    if (isAllowed(file)) {
      return file;
    }
    throw new Error(vscode.l10n.t("`mcppol.server.path` is {0}, which is no program that may be started here", named));
  }
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((it) => path.isAbsolute(it));
  const bundled = context.asAbsolutePath(path.join("server", NAME));
  const found = [...folders.map((it) => path.join(it, NAME)), bundled].find(isAllowed);
  if (found === undefined) {
    throw new Error(vscode.l10n.t("there is no `mcppol` on the PATH: install it, or set `mcppol.server.path`"));
  }
  return found;
}

/** Whether it is a program, and not one that a workspace holds which nobody trusts. */
function isAllowed(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const real = realpathSync(file);
    return statSync(real).isFile() && (vscode.workspace.isTrusted || ![file, real].some(isInWorkspace));
  } catch {
    return false;
  }
}

function isInWorkspace(file: string): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some(({ uri }) => {
    const way = path.relative(real(uri.fsPath), file);
    return !way.startsWith("..") && !path.isAbsolute(way);
  });
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** The folder that commands are run in. */
export function folder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

/** What the program prints. */
export function run(program: string, words: string[]): Promise<string> {
  const options = { maxBuffer: 1 << 26, timeout: 30_000, ...(folder() && { cwd: folder() }) };
  return new Promise((resolve, reject) => {
    execFile(program, words, options, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(stderr.trim() || error.message));
      } else {
        resolve(stdout);
      }
    });
  });
}
