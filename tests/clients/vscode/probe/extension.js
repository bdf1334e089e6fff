// Runs the bodies of functions that a test sends, with `vscode` in scope, and answers with what they return.
const http = require("node:http");
const vscode = require("vscode");

const AsyncFunction = async function () {}.constructor;

exports.activate = (context) => {
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", async () => {
      const answer = await new AsyncFunction("vscode", body)(vscode)
        .then((value) => ({ value: value ?? null }), (error) => ({ error: String(error?.stack ?? error) }));
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(vscode.workspace.getConfiguration("probe").get("port"), "127.0.0.1");
  context.subscriptions.push({ dispose: () => server.close() });
};
