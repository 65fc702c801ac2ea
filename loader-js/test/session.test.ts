import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Hear, TokenSource } from "../src/frame/live.ts";
import { createProver, type Prover } from "../src/frame/proof.ts";
import { createSession, type Session } from "../src/frame/session.ts";
import type { ToLoader } from "../src/protocol.ts";

const TASKS = "/v1/embed/tasks?limit=50";
const DASHBOARD = "/v1/embed/dashboard?range=26w";
const meta = { embed: "emb_1", title: "T", default_range: "26w", allowed_origins: [], widget: { href: "/w", integrity: "" }, later: { href: "/l", integrity: "" }, locale: "en", messages: { href: "/m", integrity: "" } };
let sent: ToLoader[] = [];
let bearers: string[] = [];
/** What the stream of changes tells its session. */
let hear: Hear | undefined;
let source: TokenSource | undefined;
const language = { say: () => "", write: () => "" };
/** A frame whose browser makes no key. */
const keyless = () => createProver(() => Promise.reject(new Error("There is no crypto.subtle.")));
const make = (prover: Pick<Prover, "accepts" | "read"> = keyless()) => createSession(meta, language, prover, (message) => sent.push(message), (from, to) => {
  source = from;
  hear = to;
});
const jwt = (name: string, emb = "emb_1") => `${name}.${btoa(JSON.stringify({ emb }))}.c`;
const token = (token: string) => ({ type: "token" as const, token, expires_in: 300 });

beforeEach(() => {
  sent = [];
  bearers = [];
  hear = source = undefined;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(globalThis, "fetch", (path: string, options: { headers: { authorization: string } }) => {
    bearers.push(`${path} ${options.headers.authorization}`);
    return Promise.resolve(Response.json({ path }));
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("the first reads start with the first token and are handed over once", async () => {
  const { session, receive, ended } = make();
  assert.equal(session.token(), "");
  receive(token(jwt("1")));
  await ended();
  assert.deepEqual(bearers, [`${DASHBOARD} Bearer ${jwt("1")}`, `${TASKS} Bearer ${jwt("1")}`]);
  assert.deepEqual(session.answer(DASHBOARD), { path: DASHBOARD });
  assert.deepEqual([session.answer(DASHBOARD), session.first(DASHBOARD)], [undefined, undefined]);
  assert.equal(session.answer("/v1/embed/session"), undefined);
  receive(token(jwt("2")));
  await Promise.resolve();
  assert.equal(bearers.length, 2);
  assert.equal(session.token(), jwt("2"));
});

test("an embed that begins with a project reads that first", async () => {
  const begun = createSession({ ...meta, view: "project=prj_1" }, language, keyless(), () => undefined, () => undefined);
  begun.receive(token(jwt("1")));
  await begun.ended();
  assert.deepEqual(begun.session.answer(`${TASKS}&project=prj_1`), { path: `${TASKS}&project=prj_1` });
  assert.deepEqual(begun.session.answer(`${DASHBOARD}&project=prj_1`), { path: `${DASHBOARD}&project=prj_1` });
});

test("who does not wait for the first answers takes over the reads", async () => {
  const { session, receive, ended } = make();
  receive(token(jwt("1")));
  const early = session.first(DASHBOARD);
  await ended();
  assert.deepEqual(await (await early)?.json(), { path: DASHBOARD });
});

test("a first read that is refused or breaks off is handed over as it is", async () => {
  const broken = () => new ReadableStream({ start: (controller) => controller.error(new Error("the line is cut")) });
  mock.method(globalThis, "fetch", (path: string) => Promise.resolve(path === DASHBOARD ? new Response("{}", { status: 401 }) : new Response(broken())));
  const { session, receive, ended } = make();
  receive(token(jwt("1")));
  await ended();
  assert.equal((await session.first(DASHBOARD))?.status, 401);
  assert.deepEqual([session.answer(DASHBOARD), session.answer(TASKS)], [undefined, undefined]);
  await assert.rejects(async () => (await session.first(TASKS))?.json(), /cut/);
});

test("what the host page wanted before the widget was there is heard once", () => {
  const { session, receive } = make();
  const heard: unknown[] = [];
  receive({ type: "show", view: "tasks" });
  assert.deepEqual(session.wishes(), [{ type: "show", view: "tasks" }]);
  session.onHost((message) => heard.push(message));
  assert.deepEqual(heard, []);
});

test("an early read that nobody took is not handed over once data is on the screen", async () => {
  const { session, receive, ended } = make();
  receive(token(jwt("1")));
  await ended();
  session.ready();
  assert.deepEqual([session.answer(DASHBOARD), session.first(TASKS)], [undefined, undefined]);
});

test("who is to begin elsewhere does not wait for the early reads", async () => {
  for (const show of [{ view: "project=prj_1" }, { filters: { status: "done" } }]) {
    const { receive, ended } = make();
    receive({ type: "show", ...show });
    await ended();
  }
  assert.deepEqual(bearers, [], "there is not even a token");
});

test("a wish that says less leaves the rest of the one before", () => {
  const { session, receive } = make();
  receive({ type: "show", view: "tasks", filters: { status: "done" } });
  receive({ type: "show", filters: { status: "todo" } });
  assert.deepEqual(session.wishes(), [{ type: "show", view: "tasks", filters: { status: "todo" } }]);
});

test("those who wait for a fresh token share one request", async () => {
  const { session, receive } = make();
  receive(token(jwt("1")));
  const both = Promise.all([session.fresh(), session.fresh()]);
  receive(token(jwt("2")));
  assert.deepEqual(await both, [jwt("2"), jwt("2")]);
  assert.deepEqual(sent, [{ type: "token_needed" }]);
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

test("a token for the key of another frame is never read with", async () => {
  const { session, receive } = make();
  const foreign = `1.${btoa(JSON.stringify({ emb: "emb_1", cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }))}.c`;
  const waiting = session.fresh();
  receive(token(foreign));
  await assert.rejects(waiting, { message: "token_invalid" });
  const said = sent.pop();
  assert.ok(said?.type === "error" && said.code === "token_invalid" && said.message.includes("dpop_jkt"));
  assert.deepEqual([bearers, session.token()], [[], ""]);
});

test("outcomes go to the loader", () => {
  const { session } = make();
  session.ready();
  session.failed("network", "x".repeat(900));
  assert.deepEqual(sent, [{ type: "ready" }, { type: "error", code: "network", message: "x".repeat(500), shown: true }]);
});

test("a revoked session is told once for each token, however many reads fail of it", () => {
  const { session, receive } = make();
  for (const name of ["1", "2"]) {
    receive(token(jwt(name)));
    session.failed("session_revoked", "Gone.");
    session.failed("session_revoked", "Gone.");
  }
  assert.equal(sent.filter(({ type }) => type === "session_revoked").length, 2);
  assert.equal(sent.filter(({ type }) => type === "error").length, 4);
});

test("a suspended tenant blanks the widget once, and is no end of the session", () => {
  const { session, receive } = make();
  const heard: unknown[] = [];
  session.onHost((message) => heard.push(message));
  receive(token(jwt("1")));
  session.failed("tenant_suspended", "Gone.");
  session.failed("tenant_suspended", "Gone.");
  assert.deepEqual(heard, [{ type: "refresh" }]);
  assert.ok(sent.every(({ type }) => type !== "session_revoked"));
});

test("changes are listened to once data is on the screen, and go where the host's wishes go", () => {
  const { session, receive } = make();
  const heard: Parameters<Parameters<Session["onHost"]>[0]>[0][] = [];
  session.onHost((message) => heard.push(message));
  receive({ type: "refresh" });
  assert.equal(hear, undefined);
  session.ready();
  assert.equal(hear, undefined, "not before it is painted");
  mock.timers.tick(1_000);
  (hear as Hear | undefined)?.(true, 7);
  assert.deepEqual(heard, [{ type: "refresh" }, { type: "live", up: true, revision: 7 }]);
});

test("the widget hears what the host page wants, the last of each kind from before it ran", () => {
  const { session, receive } = make();
  const heard: unknown[] = [];
  receive({ type: "settings", theme: "dark" });
  receive({ type: "show", view: "tasks" });
  receive({ type: "show", view: "overview" });
  receive({ type: "refresh" });
  session.onHost((message) => heard.push(message));
  receive({ type: "export_csv" });
  receive(token(jwt("1")));
  receive({ type: "token_failed", code: "token_fetch_failed" });
  assert.deepEqual(heard, [{ type: "settings", theme: "dark" }, { type: "show", view: "overview" }, { type: "refresh" }, { type: "export_csv" }]);
});

test("the host page hears where the viewer goes and what they pick", () => {
  const { session } = make();
  session.tell({ type: "navigate", view: "tasks" });
  session.tell({ type: "select", kind: "status", id: "done" });
  assert.deepEqual(sent, [{ type: "navigate", view: "tasks" }, { type: "select", kind: "status", id: "done" }]);
});

test("a later read goes with the token of that moment, and ends when nobody waits for it", async () => {
  const { session, receive } = make();
  receive(token(jwt("1")));
  receive(token(jwt("2")));
  const { signal } = new AbortController();
  await Promise.resolve();
  const reading = session.get("/v1/embed/projects", signal);
  receive(token(jwt("3")));
  await reading;
  assert.equal(bearers.at(-1), `/v1/embed/projects Bearer ${jwt("2")}`);
});

test("a session that the stream finds revoked is told to the host once", () => {
  const { session, receive } = make();
  receive(token(jwt("1")));
  session.ready();
  mock.timers.tick(1_000);
  sent = [];
  source?.failed("session_revoked", "It is over.");
  session.failed("session_revoked", "It is over.");
  assert.deepEqual(sent.map(({ type }) => type), ["session_revoked", "error", "error"]);
});
