// Makes `dist`, which `npm pack` packs: what the package exports, with its types.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", "tsconfig.npm.json"], { stdio: "inherit" });
// These hold types only.
for (const name of ["api", "protocol"]) rmSync(`dist/${name}.js`, { force: true });
process.exit(status ?? 1);
