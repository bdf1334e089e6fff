#!/usr/bin/env python3
"""An MCP server for tests that behaves as a scenario says, well or badly.

    stub_server.py SCENARIO [PIDS]     on standard input and output
    stub_server.py http SCENARIO       on 127.0.0.1; its port is the first line of standard output

PIDS is a file that gets the process ids of the server and of what it starts.
Python 3 standard library only.
"""
import json
import os
import signal
import subprocess
import sys
import time

STATELESS = "2026-07-28"
CAPABILITIES = {"tools": {}}
INFO = {"name": "stub", "version": "1.0"}


def tool(name, text="does something"):
    return {"name": name, "description": text, "inputSchema": {"type": "object", "properties": {}}}


def result(message, value):
    return {"jsonrpc": "2.0", "id": message["id"], "result": value}


def error(message, code, text, **more):
    return {"jsonrpc": "2.0", "id": message["id"], "error": dict({"code": code, "message": text}, **more)}


def answer(scenario, message):
    """The answer of a server that does as it should, but for what the scenario says."""
    method, params = message["method"], message.get("params", {})
    meta = params.get("_meta", {}).get("io.modelcontextprotocol/protocolVersion")
    if scenario.startswith("stateless"):
        if method == "initialize":
            if scenario == "stateless-supported":
                return error(message, -32022, "unsupported protocol version", data={"supported": [STATELESS]})
            return error(message, -32601, "method not found")
        if meta != STATELESS:
            return error(message, -32602, "no protocol version")
        if method == "server/discover":
            return result(message, {"supportedVersions": [STATELESS], "capabilities": CAPABILITIES,
                                    "_meta": {"io.modelcontextprotocol/serverInfo": INFO}})
    if method == "initialize":
        version = params["protocolVersion"]
        if scenario.startswith("version:"):
            version = scenario[8:]
        if scenario == "only-old" and version != "2024-11-05":
            return error(message, -32602, "unsupported", data={"supported": ["2024-11-05", "1999-01-01"]})
        if scenario == "refuses":
            return error(message, -32000, "the key `%s` is wrong" % os.environ.get("STUB_KEY"))
        capabilities = {} if scenario == "toolless" else CAPABILITIES
        return result(message, {"protocolVersion": version, "serverInfo": INFO, "capabilities": capabilities})
    if method == "tools/list":
        if scenario in ("toolless", "no-list"):
            return error(message, -32601, "method not found")
        if scenario == "no-array":
            return result(message, {"tools": "many"})
        if scenario == "paged":
            page = int(params.get("cursor") or 0)
            value = {"tools": [tool("page_%d" % page)]}
            if page < 2:
                value["nextCursor"] = str(page + 1)
            return result(message, value)
        if scenario == "endless-pages":
            return result(message, {"tools": [tool("t")], "nextCursor": params.get("cursor", "") + "x"})
        if scenario == "same-cursor":
            return result(message, {"tools": [tool("t")], "nextCursor": "again"})
        if scenario == "environment":
            return result(message, {"tools": [tool(name) for name in sorted(os.environ)] + [tool(os.getcwd())]})
        return result(message, {"tools": [tool("list_things"), tool("make_thing")]})
    return error(message, -32601, "method not found")


# ------------------------------------------------------------------------------------------------ stdio

def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def ask(method):
    """A request of ours to the client; what it answers is returned."""
    say({"jsonrpc": "2.0", "id": "ours", "method": method, "params": {}})
    return json.loads(sys.stdin.readline())


def without_end(text):
    while True:
        sys.stdout.write(text)


def child(*arguments, **options):
    """A process of ours that keeps our standard output open and, as we do, ignores TERM."""
    return subprocess.Popen([sys.executable, "-c", "import signal, time\n"
                             "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                             "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                             "time.sleep(%s)" % arguments[0]], **options)


def stdio(scenario, pids):
    ids = [os.getpid()]
    if scenario in ("stubborn", "stubborn-silent"):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        ids.append(child(60).pid)
    if scenario == "leaves-a-child":
        ids.append(child(60).pid)
    if scenario == "daemon":
        ids.append(child(8, start_new_session=True).pid)
    if pids:
        with open(pids + ".new", "w") as file:
            file.write(" ".join(map(str, ids)))
        os.rename(pids + ".new", pids)

    if scenario == "dies":
        print("loading", file=sys.stderr)
        print("\x1b[31mError: STUB_KEY is `%s`, and that is wrong\x1b[0m" % os.environ.get("STUB_KEY"), file=sys.stderr)
        print("    at main (index.js:1)", file=sys.stderr)
        return 3
    if scenario in ("silent", "stubborn-silent"):
        print("waiting for the moon", file=sys.stderr, flush=True)
        time.sleep(60)
    if scenario == "deaf":
        while True:
            say({"jsonrpc": "2.0", "id": "x" * 9000, "method": "ping"})
    if scenario == "endless-line":
        without_end("x" * 65536)
    if scenario == "endless-noise":
        without_end('{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"%s"}}\n' % ("x" * 2000))
    if scenario == "closes-output":
        os.close(1)
        sys.stdin.read()
        return 0
    if scenario == "banner":
        sys.stdout.write("Stub server 1.0\n[INFO] ready\n\n{ not json }\n")
    if scenario == "only-banner":
        sys.stdout.write("Usage: stub [options]\n")
        return 0

    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        listing = message["method"] == "tools/list"
        if scenario == "dies-midway" and listing:
            print("TypeError: cannot read tools", file=sys.stderr)
            os.kill(os.getpid(), signal.SIGKILL)
        if scenario == "huge" and listing:
            say(result(message, {"tools": [tool("t", "x" * (17 << 20))]}))
        elif scenario == "deep" and listing:
            sys.stdout.write('{"jsonrpc":"2.0","id":%d,"result":{"tools":%s\n' % (message["id"], "[" * 100000))
            sys.stdout.flush()
        elif scenario == "not-utf8" and listing:
            sys.stdout.buffer.write(b'{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"\xff"}]}}\n')
            sys.stdout.flush()
        elif scenario == "asks" and listing:
            said = [ask(method) for method in ("ping", "roots/list", "sampling/createMessage")]
            say(result(message, {"tools": [tool("t", json.dumps(said))]}))
        elif scenario == "asks-without-end":
            while True:
                ask("ping")
        elif scenario == "batch":
            say([{"jsonrpc": "2.0", "method": "notifications/message", "params": {}}, answer(scenario, message)])
        elif scenario == "out-of-order":
            say({"jsonrpc": "2.0", "id": message["id"] + 1, "result": {"tools": []}})
            say({"jsonrpc": "2.0", "id": str(message["id"]), "result": {"tools": []}})
            say(answer(scenario, message))
        elif scenario == "wrong-ids":
            say({"jsonrpc": "2.0", "id": 99, "result": {}})
        else:
            say(answer(scenario, message))
    if scenario in ("stubborn", "leaves-a-child"):
        # the input is closed, and we stay
        time.sleep(60 if scenario == "stubborn" else 0)
    return 0


# ------------------------------------------------------------------------------------------------ HTTP

def http(scenario):
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    import queue

    waiting = queue.Queue()
    log = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def whole(self, status, kind, body, **headers):
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def stream(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True

        def event(self, text):
            self.wfile.write(text.encode())
            self.wfile.flush()

        def do_DELETE(self):
            log.append("DELETE")
            with open("deleted", "w") as file:
                file.write(self.headers.get("Mcp-Session-Id", "none"))
            self.whole(200, None, b"")

        def do_GET(self):
            if scenario != "old-sse":
                return self.whole(405, None, b"")
            self.stream()
            self.event("event: endpoint\ndata: /messages?session=7\n\n")
            while True:
                self.event(": still here\n\n")
                self.event("event: message\ndata: %s\n\n" % json.dumps(waiting.get()))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = json.loads(body)
            if scenario == "redirect":
                return self.whole(307, None, b"", Location="http://elsewhere.invalid/mcp?key=1")
            if scenario == "redirect-here" and self.path == "/mcp":
                return self.whole(308, None, b"", Location="/mcp/")
            if scenario == "redirect-loop":
                return self.whole(307, None, b"", Location=self.path + "x")
            if scenario == "redirect-301":
                return self.whole(301, None, b"", Location="/other")
            if scenario.startswith("status:"):
                return self.whole(int(scenario[7:]), "text/plain", b"go\x1b away")
            if scenario == "token" and self.headers.get("Authorization") != "Bearer open-sesame":
                return self.whole(401, "application/json", b'{"error":"no token"}', WWW_Authenticate="Bearer")
            if scenario == "html":
                return self.whole(200, "text/html; charset=utf-8", b"<html>hello</html>")
            if scenario == "not-json":
                return self.whole(200, "application/json", b"{hello")
            if scenario == "empty":
                return self.whole(200, "application/json", b"")
            if scenario == "old-sse":
                if not self.path.startswith("/messages"):
                    return self.whole(405, None, b"")
                if "id" in message:
                    waiting.put(answer("ok", message))
                return self.whole(202, None, b"")
            if scenario == "session":
                if message["method"] != "initialize":
                    if self.headers.get("Mcp-Session-Id") != "s-1":
                        return self.whole(400, "text/plain", b"no session")
                    if self.headers.get("MCP-Protocol-Version") != "2025-11-25":
                        return self.whole(400, "text/plain", b"no protocol version")
            if scenario == "stateless-http":
                if message["method"] == "initialize":
                    return self.whole(400, "application/json", json.dumps(error(message, -32601, "no")).encode())
                if self.headers.get("Mcp-Method") != message["method"]:
                    return self.whole(400, "text/plain", b"no Mcp-Method")
                if self.headers.get("MCP-Protocol-Version") != STATELESS:
                    return self.whole(400, "text/plain", b"no protocol version")
            if "id" not in message or "method" not in message:
                return self.whole(202, None, b"")
            text = json.dumps(answer("stateless" if scenario == "stateless-http" else "paged", message))
            if scenario in ("sse", "sse-asks"):
                self.stream()
                self.event(": hello\nid: 1\ndata:\n\n")
                if scenario == "sse-asks":
                    self.event('data: {"jsonrpc":"2.0","id":"q","method":"ping"}\n\n')
                self.event('event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\r\n\r\n')
                half = len(text) // 2
                # a message may stand on several lines where white space may stand
                head, tail = text.split(", ", 1)
                self.event("data: %s,\ndata:  %s\n\n" % (head, tail) if half else "")
            elif scenario == "sse-cut":
                self.stream()
                self.event("data: {\"jsonrpc\"")
            elif scenario == "endless-sse":
                self.stream()
                while True:
                    self.event(": %s\n" % ("x" * 60000))
            elif scenario == "slow":
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "100000")
                self.end_headers()
                while True:
                    self.event(" ")
                    time.sleep(0.05)
            elif scenario == "huge":
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                chunk = "10000\r\n%s\r\n" % ("[" * 65536)
                while True:
                    self.event(chunk)
            elif scenario == "session" and message["method"] == "initialize":
                self.whole(200, "application/json", text.encode(), Mcp_Session_Id="s-1")
            else:
                self.whole(200, "application/json", text.encode())

        def handle(self):
            try:
                super().handle()
            except OSError:
                pass  # the client went away

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    try:
        if sys.argv[1] == "http":
            http(sys.argv[2])
        sys.exit(stdio(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
    except BrokenPipeError:
        os._exit(0)
