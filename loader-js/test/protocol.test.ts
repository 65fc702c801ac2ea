import assert from "node:assert/strict";
import { test } from "node:test";
import { isGreeting, seal, toFrame, toGrant, toLoader, toMap, versionOf } from "../src/protocol.ts";

const TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ2In0.c2ln_-";

test("every message survives the envelope", () => {
  const grant = { token: TOKEN, expires_in: 300, session: "ses_1" };
  assert.deepEqual(toFrame(seal({ type: "token", ...grant })), { type: "token", ...grant });
  assert.deepEqual(toFrame(seal({ type: "token_failed", code: "token_fetch_failed" })), { type: "token_failed", code: "token_fetch_failed" });
  for (const message of [
    { type: "settings", theme: "dark", density: "compact", locale: "de-CH", time_zone: "America/Argentina/Buenos_Aires", appearance: { accent: "rgb(1, 2, 3)" } },
    { type: "settings" },
    { type: "show", view: "project=prj_1", filters: { status: "todo,done" } },
    { type: "show", filters: {} },
    { type: "refresh" },
    { type: "export_csv" },
  ] as const) {
    assert.deepEqual(toFrame(seal(message)), message);
  }
  for (const message of [
    { type: "navigate", view: "tasks" },
    { type: "filter", filters: { q: "röhre" } },
    { type: "select", kind: "task", id: "tsk_1" },
    { type: "session_revoked" },
    { type: "connected", dpop_jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
    { type: "connected", dpop_jkt: undefined },
    { type: "ready" },
    { type: "height", px: 12 },
    { type: "token_needed" },
    { type: "error", code: "network", message: "No answer.", shown: true },
  ] as const) {
    assert.deepEqual(toLoader(seal(message)), message);
  }
  assert.ok(isGreeting(seal({ type: "hello" }), "hello"));
  assert.ok(isGreeting(seal({ type: "connect" }), "connect"));
});

test("messages of others and of other versions are dropped", () => {
  for (const data of [undefined, null, 1, "ready", [], {}, { type: "ready" }, { oriel: 2, type: "ready" }, { oriel: "1", type: "ready" }]) {
    assert.equal(toLoader(data), undefined);
    assert.equal(toFrame(data), undefined);
    assert.equal(isGreeting(data, "hello"), false);
  }
  assert.equal(versionOf({ oriel: 2, type: "hello" }), 2);
  assert.equal(versionOf({ type: "hello" }), undefined);
});

test("unknown types and fields of the wrong type are dropped", () => {
  for (const body of [
    { type: "eval" },
    { type: "height", px: "100" },
    { type: "height", px: NaN },
    { type: "height", px: -1 },
    { type: "height", px: 1e9 },
    { type: "error", code: "<b>", message: "x" },
    { type: "error", code: "network", message: "x".repeat(501) },
    { type: "error", code: "network" },
    { type: "navigate", view: 7 },
    { type: "navigate", view: "x".repeat(201) },
    { type: "select", kind: "window", id: "tsk_1" },
    { type: "select", kind: "task", id: { toString: () => "tsk_1" } },
  ]) {
    assert.equal(toLoader({ oriel: 1, ...body }), undefined, JSON.stringify(body));
  }
  assert.equal(toFrame({ oriel: 1, type: "token_failed", code: 1 }), undefined);
});

test("a thumbprint that is none is as if it were not there", () => {
  for (const dpop_jkt of [7, "", "x".repeat(42), "x".repeat(44), `${"x".repeat(42)}=`, `${"x".repeat(43)}\n`, ["x".repeat(43)], { toString: () => "x".repeat(43) }]) {
    assert.deepEqual(toLoader({ oriel: 1, type: "connected", dpop_jkt }), { type: "connected", dpop_jkt: undefined });
  }
});

test("settings that make no sense are as if they were not there", () => {
  for (const hostile of [
    { theme: "<b>", density: 1, locale: "de\"><script>", time_zone: "Europe/Berlin;", appearance: "red" },
    { theme: {}, density: "", locale: "", time_zone: "x".repeat(201), appearance: null },
    { theme: "Dark", locale: ["de"], onload: "alert(1)" },
  ]) {
    assert.deepEqual(toFrame({ oriel: 1, type: "settings", ...hostile }), { type: "settings" });
  }
  assert.deepEqual(toFrame({ oriel: 1, type: "show", view: 1, filters: "q" }), { type: "show" });
});

test("maps keep plain names and bearable texts, and not too many", () => {
  const hostile = JSON.parse('{"__proto__":"a","A":"b","x-y":"c","":"d","n":1,"o":{},"l":["a"],"ok":"yes"}') as unknown;
  assert.deepEqual(toMap(hostile), { ok: "yes" });
  assert.deepEqual(toMap({ q: "x".repeat(2_000) }), { q: "x".repeat(2_000) });
  for (const none of [undefined, null, 1, "text", { q: "x".repeat(2_001) }]) assert.deepEqual(toMap(none), {});
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => ["a".repeat(i + 1), "v"]));
  assert.equal(Object.keys(toMap(many)).length, 30);
  assert.deepEqual(toLoader({ oriel: 1, type: "filter", filters: [1, { a: 2 }] }), { type: "filter", filters: {} });
});

test("each side takes only what the other one sends", () => {
  assert.equal(toFrame(seal({ type: "ready" })), undefined);
  assert.equal(toLoader(seal({ type: "token", token: TOKEN, expires_in: 1 })), undefined);
});

test("heights are rounded up", () => {
  assert.deepEqual(toLoader({ oriel: 1, type: "height", px: 100.2 }), { type: "height", px: 101 });
});

test("a grant keeps the known fields and nothing else", () => {
  assert.deepEqual(toGrant({ token: TOKEN, expires_in: 60, token_type: "Bearer" }), { token: TOKEN, expires_in: 60 });
  assert.deepEqual(toGrant({ token: TOKEN, expires_in: 60, session: null }), { token: TOKEN, expires_in: 60 });
});

test("what is no grant is refused", () => {
  for (const value of [
    undefined,
    "token",
    {},
    { token: TOKEN },
    { token: TOKEN, expires_in: "300" },
    { token: TOKEN, expires_in: 0 },
    { token: TOKEN, expires_in: -5 },
    { token: TOKEN, expires_in: Infinity },
    { token: "", expires_in: 300 },
    { token: "<script>alert(1)</script>", expires_in: 300 },
    { token: `${TOKEN}\n`, expires_in: 300 },
    { token: `${TOKEN}\r\nx: y`, expires_in: 300 },
    { token: `a.${"b".repeat(9000)}.c`, expires_in: 300 },
    { token: TOKEN, expires_in: 300, session: 7 },
  ]) {
    assert.equal(toGrant(value), undefined, JSON.stringify(value));
  }
});
