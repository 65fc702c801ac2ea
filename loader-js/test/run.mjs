// Bundles the tests, since Node 20 reads no TypeScript, and hands them to
// node's own test runner. Arguments go to `node --test`.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
// Inside node_modules, so that the bundles find packages and git does not see them.
const outdir = join(here, "../../node_modules/.cache/oriel-loader-test");
const entryPoints = readdirSync(here).filter((name) => name.endsWith(".test.ts")).map((name) => join(here, name));

rmSync(outdir, { recursive: true, force: true });
await build({ entryPoints, outdir, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm", target: "node20", external: ["happy-dom", "react", "react-dom"], define: { TROUBLE: '"/assets/trouble.js"' }, sourcemap: "inline", logLevel: "warning" });

const files = entryPoints.map((path) => join(outdir, path.slice(here.length + 1).replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--no-warnings", "--enable-source-maps", "--test", ...process.argv.slice(2), ...files], { stdio: "inherit" });
process.exit(status ?? 1);
