/**
 * The host page, and what stands in front of the server under test: one origin that
 * serves the peers' files and passes everything else on, so that all three pages
 * come the same way. Compression is brotli at its highest for the peers as for Oriel.
 */

import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
/** Shorter than any access token lives. */
const ACCESS_MS = 60_000;

/** The pages that are measured: Oriel's own, then its peers'. */
export const PAGES = ["oriel", "peer-react", "peer-preact"];

/** Serves the peers that have been built, and passes the rest on to `upstream`. */
export async function startFront(port, upstream) {
  const files = new Map([["/host.js", file(fileURLToPath(new URL("peer/host.js", import.meta.url)))]]);
  for (const peer of PAGES.slice(1)) {
    for (const name of list(join(dist, peer))) files.set(`/${peer}/${name.replace(/^index\.html$/, "")}`, file(join(dist, peer, name)));
  }
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const found = files.get(request.url.split("?")[0]);
    if (found) return void response.writeHead(200, found.headers).end(found.body);
    const { method, url: path, headers } = request;
    const passed = http.request({ host: "127.0.0.1", port: upstream, method, path, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  return { stop: await listen(server, port), has: (page) => page === "oriel" || files.has(`/${page}/`) };
}

function list(dir) {
  try {
    return readdirSync(dir, { recursive: true }).filter((name) => extname(name) in TYPES);
  } catch {
    return [];
  }
}

function file(path) {
  const body = brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const headers = { "content-type": TYPES[extname(path)], "content-encoding": "br", "content-length": body.length, "cross-origin-resource-policy": "cross-origin" };
  return { body, headers };
}

/** Serves a host page for each of the pages, and the token endpoint that all of them ask. */
export async function startHost(port, embedOrigin, { embed, client_id, client_secret }) {
  const range = await defaultRange(embedOrigin, embed);
  let access;
  const token = async (body) => {
    if (!access || Date.now() - access.at > ACCESS_MS) {
      const form = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret });
      access = { at: Date.now(), ...(await (await fetch(`${embedOrigin}/oauth/token`, { method: "POST", body: form })).json()) };
    }
    const headers = { "content-type": "application/json", authorization: `Bearer ${access.access_token}` };
    // Oriel's frame has a key, as it has for a customer; the peers read with plain tokens.
    const { session, dpop_jkt } = JSON.parse(body);
    const asked = JSON.stringify({ embed, viewer: "bench", session, dpop_jkt });
    return fetch(`${embedOrigin}/v1/embed-tokens`, { method: "POST", headers, body: asked });
  };
  const server = http.createServer(async (request, response) => {
    const page = request.url.slice(1);
    if (PAGES.includes(page)) return void response.writeHead(200, { "content-type": TYPES[".html"] }).end(document(page, embedOrigin, embed, range));
    if (request.url !== "/token") return void response.writeHead(204).end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = await token(Buffer.concat(chunks).toString());
    response.writeHead(answer.status, { "content-type": "application/json", "cache-control": "no-store" }).end(await answer.text());
  });
  return { stop: await listen(server, port) };
}

function document(page, embedOrigin, embed, range) {
  const [script, place] =
    page === "oriel"
      ? ["v1/loader.js", `<oriel-dashboard embed="${embed}" token-endpoint="/token"></oriel-dashboard>`]
      : ["host.js", `<div data-peer="${page}" data-range="${range}" data-embed="${embed}" data-token-endpoint="/token"></div>`];
  return `<!doctype html><html lang="en"><head><title>Host</title><script src="${embedOrigin}/${script}" defer></script></head><body>${place}</body></html>`;
}

/** How far back the embed goes, as its frame is told. */
async function defaultRange(embedOrigin, embed) {
  const frame = await (await fetch(`${embedOrigin}/v1/frame/${embed}`)).text();
  return /default_range&quot;:&quot;(\w+)|default_range":"(\w+)/.exec(frame)?.slice(1).find(Boolean) ?? "12w";
}

async function listen(server, port) {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
