import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Failure } from "../src/loader/failure.ts";
import type { FetchToken } from "../src/api.ts";
import { askForToken, endpointSource } from "../src/loader/source.ts";

const TOKEN = "eyJh.eyJz.c2ln";
const never = new AbortController().signal;
const request = { embed: "emb_1", session: undefined, dpop_jkt: undefined, reason: "first" as const, signal: never };

async function codeOf(source: FetchToken, signal = never): Promise<[code: string, passing: boolean]> {
  const error = await askForToken(source, { ...request, signal });
  assert.ok(error instanceof Failure);
  assert.ok(!error.message.includes(TOKEN));
  return [error.code, error.passing];
}

const answer = (status: number, body: string) => mock.method(globalThis, "fetch", () => Promise.resolve(new Response(body, { status })));

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("the endpoint gets a POST with embed, session and thumbprint, and its grant comes back", async () => {
  const fetched = answer(200, JSON.stringify({ token: TOKEN, expires_in: 60, session: "ses_1" }));
  const grant = await askForToken(endpointSource("/token"), { ...request, session: "ses_0", dpop_jkt: "jkt" });
  assert.deepEqual(grant, { token: TOKEN, expires_in: 60, session: "ses_1" });
  const [url, options] = fetched.mock.calls[0]?.arguments as unknown as [string, RequestInit];
  assert.equal(url, "/token");
  assert.equal(options.method, "POST");
  // The default is the page's own cookies for its own origin, and none for another.
  assert.equal(options.credentials, undefined);
  assert.deepEqual(JSON.parse(String(options.body)), { embed: "emb_1", session: "ses_0", dpop_jkt: "jkt" });
});

test("statuses that may pass are told from those that will not", async () => {
  for (const [status, passing] of [[500, true], [503, true], [429, true], [401, false], [404, false]] as const) {
    answer(status, "");
    assert.deepEqual(await codeOf(endpointSource("/token")), ["token_fetch_failed", passing]);
    mock.restoreAll();
  }
});

test("a login page in place of a token is told", async () => {
  answer(200, "<!doctype html><title>Log in</title>");
  assert.deepEqual(await codeOf(endpointSource("/token")), ["token_response_invalid", false]);
});

test("garbage from a callback is told", async () => {
  assert.deepEqual(await codeOf(() => Promise.resolve({ token: "<img src=x onerror=alert(1)>", expires_in: 9 })), ["token_response_invalid", false]);
});

test("a callback that throws is a failed fetch, whatever it throws", async () => {
  assert.deepEqual(await codeOf(() => { throw new Error(TOKEN); }), ["token_fetch_failed", true]);
  assert.deepEqual(await codeOf(() => Promise.reject(undefined)), ["token_fetch_failed", true]);
});

test("a network that is down is a failed fetch", async () => {
  mock.method(globalThis, "fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  assert.deepEqual(await codeOf(endpointSource("/token")), ["token_fetch_failed", true]);
});

test("a source that never settles times out after 10 s and is aborted", async () => {
  let signal: AbortSignal | undefined;
  const code = codeOf((request) => {
    signal = request.signal;
    return new Promise(() => undefined);
  });
  mock.timers.tick(9_999);
  assert.equal(signal?.aborted, false);
  mock.timers.tick(1);
  assert.deepEqual(await code, ["token_fetch_timeout", true]);
  assert.equal(signal?.aborted, true);
});

test("removal aborts a request under way", async () => {
  const removal = new AbortController();
  let signal: AbortSignal | undefined;
  const code = codeOf((request) => {
    signal = request.signal;
    return new Promise(() => undefined);
  }, removal.signal);
  removal.abort();
  await code;
  assert.equal(signal?.aborted, true);
});
