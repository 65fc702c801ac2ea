import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { createSession } from "../src/frame/session.ts";
import type { ToLoader } from "../src/protocol.ts";

const DASHBOARD = "/v1/embed/dashboard?range=26w";
const meta = { embed: "emb_1", title: "T", default_range: "26w", allowed_origins: [], widget: { href: "/w", integrity: "" } };
let sent: ToLoader[] = [];
let bearers: string[] = [];
const make = () => createSession(meta, (message) => sent.push(message));
const jwt = (name: string, emb = "emb_1") => `${name}.${btoa(JSON.stringify({ emb }))}.c`;
const token = (token: string) => ({ type: "token" as const, token, expires_in: 300 });

beforeEach(() => {
  sent = [];
  bearers = [];
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(globalThis, "fetch", (path: string, options: { headers: { authorization: string } }) => {
    bearers.push(`${path} ${options.headers.authorization}`);
    return Promise.resolve(new Response(path));
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("the first reads start with the first token and are handed over once", async () => {
  const { session, receive } = make();
  assert.equal(session.token(), "");
  const early = session.first(DASHBOARD);
  receive(token(jwt("1")));
  assert.equal(await (await early)?.text(), DASHBOARD);
  assert.deepEqual(bearers, [`${DASHBOARD} Bearer ${jwt("1")}`, `/v1/embed/tasks?limit=50 Bearer ${jwt("1")}`]);
  assert.equal(session.first(DASHBOARD), undefined);
  assert.equal(session.first("/v1/embed/session"), undefined);
  receive(token(jwt("2")));
  await Promise.resolve();
  assert.equal(bearers.length, 2);
  assert.equal(session.token(), jwt("2"));
});

test("those who wait for a fresh token share one request", async () => {
  const { session, receive } = make();
  receive(token(jwt("1")));
  const both = Promise.all([session.fresh(), session.fresh()]);
  receive(token(jwt("2")));
  assert.deepEqual(await both, [jwt("2"), jwt("2")]);
  assert.deepEqual(sent, [{ type: "token_needed", reason: "rejected" }]);
});

test("a refusal rejects with its code, and the next call asks again", async () => {
  const { session, receive } = make();
  const refused = session.fresh();
  receive({ type: "token_failed", code: "token_fetch_failed" });
  await assert.rejects(refused, { message: "token_fetch_failed" });
  void session.fresh().catch(() => undefined);
  assert.equal(sent.length, 2);
});

test("a loader that is gone does not leave the widget waiting", async () => {
  const { session } = make();
  const waiting = session.fresh();
  mock.timers.tick(15_000);
  await assert.rejects(waiting, { message: "token_fetch_timeout" });
});

test("a token for another embed is never read with", async () => {
  const { session, receive } = make();
  for (const foreign of [jwt("1", "emb_2"), "aaaa.bbbb.cccc"]) {
    receive(token(foreign));
    await Promise.resolve();
    const said = sent.pop();
    assert.equal(said?.type === "error" && said.code, "token_invalid");
    assert.ok(!JSON.stringify(said).includes(foreign));
  }
  assert.deepEqual([bearers, session.token()], [[], ""]);
});

test("outcomes go to the loader", () => {
  const { session } = make();
  session.ready();
  session.failed("network", "x".repeat(900));
  assert.deepEqual(sent, [{ type: "ready" }, { type: "error", code: "network", message: "x".repeat(500), shown: true }]);
});
