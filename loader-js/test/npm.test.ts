/** The package as a host's build gets it: packed, installed, imported in Node, checked by tsc. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

// The tests are started by npm, in the folder of the package.
const WORKSPACE = join(process.cwd(), "..");
const MODULES = join(WORKSPACE, "node_modules");
let folder = "";

const SAMPLE = `
import { loadOriel, mount, type DashboardElement, type DashboardOptions, type Problem } from "@oriel/dashboard";
import { OrielDashboard } from "@oriel/dashboard/react";
import { createElement, createRef } from "react";

const options: DashboardOptions = { embed: "emb_1", tokenEndpoint: "/token", theme: "auto", timeZone: "Asia/Tokyo", filters: { status: "todo" }, appearance: { accent: "var(--brand)" } };
export const made: Promise<DashboardElement> = mount("https://embed.example", "#place", options);
export const shared = loadOriel("https://embed.example").then((oriel) => oriel.origin.length);
const element = document.createElement("oriel-dashboard");
element.fetchToken = async ({ embed, session, signal }) => ({ embed, session, signal });
element.addEventListener("oriel-error", ({ detail }) => console.log(detail.code satisfies string));
element.addEventListener("oriel-resize", ({ detail }) => console.log(detail.height.toFixed()));
element.setFilters({ q: "x" });
// @ts-expect-error There is no such theme.
element.update({ theme: "pink" });
const ref = createRef<DashboardElement>();
const onError = ({ code, message }: Problem) => console.log(code, message);
export const page = createElement(OrielDashboard, { origin: "https://embed.example", embed: "emb_1", ref, onError, onSelect: ({ kind, id }) => console.log(kind, id) });
// @ts-expect-error The origin is needed.
export const broken = createElement(OrielDashboard, { embed: "emb_1" });
`;

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "oriel-npm-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run("npm", "pack", "--silent", "--pack-destination", folder, process.cwd());
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  run("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps", `./${tarball}`);
  mkdirSync(join(folder, "node_modules/@types"));
  for (const name of ["react", "@types/react", "csstype"]) symlinkSync(join(MODULES, name), join(folder, "node_modules", name));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds what it exports and neither sources nor tests", () => {
  const files = readdirSync(join(folder, "node_modules/@oriel/dashboard"), { recursive: true }).map(String).sort();
  assert.deepEqual(files.filter((name) => /\.(ts|js|md|json)$/.test(name)), [
    "README.md", "dist/api.d.ts", "dist/npm/index.d.ts", "dist/npm/index.js", "dist/npm/react.d.ts", "dist/npm/react.js", "dist/protocol.d.ts", "package.json",
  ]);
});

test("importing the package on a server touches no DOM, and loading there says so", () => {
  const script = `
    const { loadOriel } = await import("@oriel/dashboard");
    const { OrielDashboard } = await import("@oriel/dashboard/react");
    const code = await loadOriel("https://embed.example").catch((error) => error.code);
    console.log(typeof OrielDashboard, code, typeof document);`;
  assert.equal(run(process.execPath, "--input-type=module", "--eval", script).trim(), "object loader_load_failed undefined");
});

test("the types fit a host's own strict build", () => {
  writeFileSync(join(folder, "sample.ts"), SAMPLE);
  const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: "es2022", module: "nodenext", lib: ["es2022", "dom"], types: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["sample.ts"] }));
  try {
    run(join(MODULES, ".bin/tsc"), "-p", ".");
  } catch (error) {
    assert.fail(String((error as { stdout?: unknown }).stdout));
  }
});
