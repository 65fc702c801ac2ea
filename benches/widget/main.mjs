/**
 * Measures the widget and its peers on the data of one running server, and prints
 * a table for each speed. `cargo xtask bench widget` starts it; see benches/README.md.
 */

import { parseArgs } from "node:util";
import { PAGES, startFront, startHost } from "./servers.mjs";
import { SLOW, visit } from "./visit.mjs";

const { values: given } = parseArgs({
  options: Object.fromEntries(["chromium", "embed", "front", "host", "runs", "tasks", "upstream"].map((name) => [name, { type: "string" }])),
});
// Not an argument: any process of the machine may read those.
const { BENCH_CLIENT_ID: client_id, BENCH_CLIENT_SECRET: client_secret } = process.env;

const NAMES = { oriel: "Oriel", "peer-react": "React + Chart.js", "peer-preact": "Preact + SVG" };
const COLUMNS = [
  { key: "paint", name: "painted ms", shown: (ms) => ms.toFixed(0) },
  { key: "sort", name: "sort ms", shown: (ms) => ms.toFixed(0) },
  { key: "filter", name: "filter ms", shown: (ms) => ms.toFixed(0) },
  { key: "heap", name: "JS heap MB", shown: (bytes) => (bytes / 1e6).toFixed(1) },
  { key: "pss", name: "PSS MB", shown: (bytes) => (bytes / 1e6).toFixed(0) },
];
const NOTHING = "not measured";

function median(numbers) {
  const known = numbers.filter((number) => number !== null).sort((a, b) => a - b);
  const middle = known.length >> 1;
  if (!known.length) return null;
  return known.length % 2 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}

/** The medians of each page. The pages take turns, so that a slow moment of the machine is no page's own. */
async function cell(pages, slowness) {
  const visits = new Map(pages.map((page) => [page, []]));
  for (let run = 0; run < given.runs; run += 1) {
    for (const page of pages) visits.get(page).push(await visit(given.chromium, `http://localhost:${given.host}/${page}`, slowness));
    process.stderr.write(`  run ${run + 1} of ${given.runs}\n`);
  }
  const medians = (all) => Object.fromEntries(COLUMNS.map(({ key }) => [key, median(all.map((one) => one[key]))]));
  return new Map([...visits].map(([page, all]) => [page, medians(all)]));
}

function print(speed, results) {
  console.log(`\n${given.tasks} tasks, ${speed}, median of ${given.runs}`);
  console.log("".padEnd(28) + COLUMNS.map(({ name }) => name.padStart(13)).join(""));
  const line = (name, of) => console.log(name.padEnd(28) + COLUMNS.map((column) => (of(column) ?? NOTHING).padStart(13)).join(""));
  const figure = (page, key) => results.get(page)?.[key] ?? null;
  for (const page of PAGES) {
    line(NAMES[page], ({ key, shown }) => figure(page, key) && shown(figure(page, key)));
  }
  for (const page of PAGES.slice(1)) {
    line(`${NAMES[page]} to Oriel`, ({ key }) => figure(page, key) && (figure(page, key) / figure("oriel", key)).toFixed(2));
  }
}

const origin = `http://127.0.0.1:${given.front}`;
const front = await startFront(Number(given.front), Number(given.upstream));
const host = await startHost(Number(given.host), origin, { embed: given.embed, client_id, client_secret });
try {
  const pages = PAGES.filter(front.has);
  print("unthrottled", await cell(pages, null));
  print("4x slower CPU, 1.6 Mbit/s, 150 ms", await cell(pages, SLOW));
} finally {
  front.stop();
  host.stop();
}
