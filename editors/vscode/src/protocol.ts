// What the server answers to its commands, and the documents that it is asked about.
import * as vscode from "vscode";
import formats from "./formats.json";

/** Ours, and those of others: the places are generated from the formats that the server reads. */
export const SELECTOR = [
  { language: "mcppol", scheme: "file" },
  { language: "mcppol", scheme: "untitled" },
  ...formats.map((pattern) => ({ scheme: "file", pattern })),
];

export function isPolicy(document: vscode.TextDocument): boolean {
  return vscode.languages.match(SELECTOR, document) > 0;
}

/** Counted from one. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface Problem extends Place {
  message: string;
  help: string | null;
}

export interface Compiled {
  policy: string;
  target: string;
  text: string | null;
  problems: Problem[];
}

export interface Tested extends Place {
  name: string;
  passed: boolean;
  calls: Made[];
}

export interface Made {
  line: number;
  expected: string;
  decision: string | null;
  failure: string | null;
  help: string | null;
}

export interface Clause extends Place {
  rule: string;
  because: string | null;
}

export interface Judged {
  tool: string;
  decision: "allow" | "ask" | "deny" | "hidden";
  risk: string | null;
  by: Clause | null;
  narrowed: Clause[];
}

/** A policy with what becomes of each tool of its server. */
export interface Overview extends Place {
  policy: string;
  server: string;
  tools: Judged[];
}

export function at(place: { line: number; column?: number }): vscode.Position {
  return new vscode.Position(place.line - 1, (place.column ?? 1) - 1);
}
