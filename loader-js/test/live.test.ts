import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { listen, type TokenSource } from "../src/frame/live.ts";

/** Milliseconds; moves only with `pass`. */
let clock = 0;
let heard: [up: boolean, revision?: number | undefined][] = [];
let asked: { at: number; token: string; last: string | undefined; signal: AbortSignal; answer: (response: Response) => void }[] = [];
let token = "a";
/** The codes that the session was told. */
let told: string[] = [];
let fresh: () => Promise<string>;
/** The page. Each test has one of its own, so that nothing of the last one listens. */
let page: EventTarget & { hidden?: boolean };

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 250) {
    clock += 250;
    mock.timers.tick(250);
    await settle();
  }
}

/** Answers the newest request with a stream that the test writes. */
function stream(): { say(text: string): Promise<void>; end(): Promise<void> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  newest().answer(new Response(readable));
  newest().signal.addEventListener("abort", () => void writer.abort().catch(() => undefined));
  return {
    async say(text) {
      await settle();
      void writer.write(new TextEncoder().encode(text)).catch(() => undefined);
      await settle();
    },
    async end() {
      void writer.close();
      await settle();
    },
  };
}

const newest = () => asked.at(-1)!;
const changed = (id: number) => `id: ${id}\nevent: changed\ndata: {"revision":${id + 100}}\n\n`;
const ended = (reason: string) => `event: end\ndata: {"reason":"${reason}"}\n\n`;

async function start(): Promise<void> {
  const get: TokenSource["get"] = (path, signal, { headers, cache }) => fetch(path, { headers: { ...headers, authorization: `Bearer ${token}` }, signal, ...(cache && { cache }) });
  listen({ token: () => token, get, fresh: () => fresh(), failed: (code) => told.push(code) }, (up, revision) => heard.push(revision === undefined ? [up] : [up, revision]));
  await settle();
}

beforeEach(() => {
  clock = 0;
  heard = [];
  asked = [];
  token = "a";
  told = [];
  fresh = () => Promise.reject(new Error("token_fetch_failed"));
  page = new EventTarget();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => clock);
  mock.method(Math, "random", () => 0);
  Object.assign(globalThis, { document: page, window: page });
  mock.method(globalThis, "fetch", (_: string, { headers, signal }: { headers: Record<string, string>; signal: AbortSignal }) => {
    return new Promise<Response>((answer, refuse) => {
      asked.push({ at: clock, token: headers.authorization ?? "", last: headers["last-event-id"], signal, answer });
      signal.addEventListener("abort", () => refuse(new Error("aborted")));
    });
  });
});

afterEach(() => {
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  mock.timers.reset();
  mock.restoreAll();
});

test("changes are heard however their bytes arrive, and a heartbeat says that the line is up", async () => {
  await start();
  const { say } = stream();
  await say(":\n\n");
  assert.deepEqual(heard, [[true]]);
  const two = changed(1) + changed(2);
  await say(two.slice(0, 20));
  await say(two.slice(20, 70));
  await say(two.slice(70));
  assert.deepEqual(heard.slice(1), [[true, 101], [true, 102]]);
});

test("a stream that ended is gone on with where it was, with the token of the day", async () => {
  await start();
  const first = stream();
  await first.say(`:\n\n${changed(7)}`);
  await pass(6_000);
  token = "b";
  await first.say(ended("token_expired"));
  await first.end();
  assert.equal(asked.length, 1, "it takes a breath");
  await pass(1_000);
  assert.deepEqual(asked.map(({ token: sent, last }) => [sent, last]), [["Bearer a", undefined], ["Bearer b", "7"]]);
  assert.deepEqual(heard.at(-1), [true], "which is nothing to speak of");
});

test("a session that is revoked while its stream is open is told at once, and is not gone on with", async () => {
  await start();
  const { say } = stream();
  await say(`:\n\n${changed(1)}`);
  await say(ended("session_revoked"));
  assert.deepEqual(told, ["session_revoked"]);
  await pass(120_000);
  assert.equal(asked.length, 1, "it waits for another token");
  token = "b";
  await pass(10_000);
  assert.deepEqual(asked.map(({ token: sent }) => sent), ["Bearer a", "Bearer b"]);
});

test("a tenant that is suspended is told, in its open stream and at the next, which comes all the same", async () => {
  await start();
  const { say, end } = stream();
  await say(`:\n\n${changed(1)}`);
  await say(ended("tenant_suspended"));
  assert.deepEqual(told, ["tenant_suspended"]);
  await end();
  await pass(2_000);
  newest().answer(Response.json({ code: "tenant_suspended" }, { status: 403 }));
  await pass(10_000);
  assert.deepEqual([told, asked.length], [["tenant_suspended", "tenant_suspended"], 3]);
});

test("a token that ran out is asked for anew, and so is one that was refused", async () => {
  let calls = 0;
  fresh = () => {
    calls += 1;
    token = "abc"[calls] ?? "";
    return Promise.resolve(token);
  };
  await start();
  const first = stream();
  await first.say(`:\n\n${changed(1)}`);
  await pass(6_000);
  await first.say(ended("token_expired"));
  await first.end();
  await pass(1_000);
  assert.equal(newest().token, "Bearer b");
  newest().answer(new Response(null, { status: 401 }));
  await pass(3_000);
  assert.deepEqual([newest().token, calls], ["Bearer c", 2]);
});

test("each failure makes the pause longer, up to a minute, and a stream that lasts starts over", async () => {
  await start();
  const pauses: number[] = [];
  for (let i = 1; i <= 7; i += 1) {
    const { at, answer } = newest();
    answer(new Response(null, { status: i % 2 ? 503 : 429 }));
    await settle();
    while (asked.length === i) await pass(250);
    pauses.push(newest().at - at);
  }
  assert.deepEqual(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assert.ok(heard.length === 7 && heard.every(([up]) => !up));
  const { say, end } = stream();
  await say(":\n\n");
  assert.deepEqual(heard.at(-1), [true]);
  await pass(6_000);
  const before = clock;
  await end();
  await pass(1_500);
  assert.equal(newest().at - before, 1_000);
});

test("nobody listens while nobody looks", async () => {
  page.hidden = true;
  await start();
  await pass(120_000);
  assert.equal(asked.length, 0);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(asked.length, 1);
  const { say } = stream();
  await say(`:\n\n${changed(3)}`);
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.ok(newest().signal.aborted);
  await pass(120_000);
  assert.equal(asked.length, 1);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(newest().last, "3");
  assert.ok(heard.every(([up]) => up), "a pause of ours is no failure");
});

test("a line without a sign of life is given up, and the network's return tried at once", async () => {
  await start();
  await pass(15_000);
  assert.ok(newest().signal.aborted, "no answer began");
  await pass(2_000);
  const { say } = stream();
  await say(":\n\n");
  await pass(39_750);
  assert.ok(!newest().signal.aborted);
  await pass(250);
  assert.ok(newest().signal.aborted);
  await pass(1_000);
  const before = asked.length;
  newest().answer(new Response(null, { status: 503 }));
  await pass(1_000);
  page.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(asked.length, before + 1);
});

test("a revoked session is told, and neither renewed nor listened for until a viewer has a new one", async () => {
  let calls = 0;
  fresh = () => Promise.resolve(`${(calls += 1)}`);
  await start();
  newest().answer(Response.json({ code: "session_revoked" }, { status: 401 }));
  await pass(600_000);
  page.dispatchEvent(new Event("online"));
  await pass(60_000);
  assert.deepEqual([asked.length, calls, told], [1, 0, ["session_revoked"]]);
  assert.deepEqual(heard, [[false]]);
  token = "b";
  await pass(60_000);
  assert.equal(newest().token, "Bearer b");
});
