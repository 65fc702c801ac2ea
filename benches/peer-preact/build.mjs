/** One document with its style and script inside: nothing faster can be asked for. */

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const shared = { bundle: true, minify: true, write: false, target: "esnext" };
const [style, script] = await Promise.all([
  build({ ...shared, entryPoints: [here("../../widget/styles/index.css")] }),
  build({
    ...shared,
    entryPoints: [here("src/main.jsx")],
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    // What both peers share lies beside them and takes Preact from here.
    nodePaths: [here("node_modules")],
  }),
]);
const text = (result) => result.outputFiles[0].text;

const out = here("../../dist/peer-preact/");
await mkdir(out, { recursive: true });
await writeFile(
  `${out}index.html`,
  `<!doctype html><html lang="en" dir="ltr" data-theme="light"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Preact and SVG</title><style>${text(style)}</style></head><body><div id="root"></div><script type="module">${text(script).replaceAll("</script", "<\\/script")}</script></body></html>`,
);
