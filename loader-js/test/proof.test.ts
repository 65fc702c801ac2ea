/** The frame's key and its proofs, by RFC 9449, and whose clock they go by. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { claimsOf, createProver, type Prover, thumbprintOf } from "../src/frame/proof.ts";

const ORIGIN = "https://embed.example";
const TASKS = "/v1/embed/tasks?limit=50&q=%C3%A9#top";
/** Seconds; the viewer's own clock is an hour ahead of it. */
const IAT = 1_790_000_000;
const none = () => Promise.reject(new Error("There is no crypto.subtle."));

/** Milliseconds on the steady clock. */
let steady = 0;
let sent: { path: string; headers: Record<string, string>; options: RequestInit }[] = [];
/** What the server answers next; then nothing but successes. */
let answers: Response[] = [];

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const bound = (jkt: unknown, iat = IAT) => jwt({ emb: "emb_1", iat, cnf: { jkt } });
const decoded = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
const proofs = () => sent.map(({ headers }) => decoded(headers.dpop?.split(".")[1]));
const refusal = (headers: Record<string, string> = {}) => new Response("{}", { status: 401, headers: { "www-authenticate": 'Bearer, DPoP algs="ES256", error="invalid_dpop_proof"', date: "Mon, 21 Sep 2026 16:30:00 GMT", ...headers } });

/** A frame with a key of its own and a token for it. */
async function ready(iat?: number): Promise<{ prover: Prover; token: string; jkt: string }> {
  const prover = createProver();
  const jkt = (await prover.thumbprint) ?? "";
  const token = bound(jkt, iat);
  assert.ok(prover.accepts(claimsOf(token)));
  return { prover, token, jkt };
}

beforeEach(() => {
  [steady, sent, answers] = [5_000, [], []];
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: (IAT + 3_600) * 1_000 });
  mock.method(performance, "now", () => steady);
  Object.assign(globalThis, { location: { origin: ORIGIN } });
  mock.method(globalThis, "fetch", (path: string, options: RequestInit) => {
    sent.push({ path, headers: options.headers as Record<string, string>, options });
    return Promise.resolve(answers.shift() ?? Response.json({}));
  });
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("the thumbprint of RFC 9449's own key is the RFC's", async () => {
  const jwk = { crv: "P-256", kty: "EC", x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA" };
  assert.equal(await thumbprintOf(jwk), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
});

test("the key can sign and nothing else, and cannot leave the browser", async () => {
  const made = mock.method(crypto.subtle, "generateKey");
  await createProver().thumbprint;
  const [algorithm, extractable, usages] = made.mock.calls[0]?.arguments ?? [];
  assert.deepEqual([(algorithm as unknown as EcKeyGenParams).namedCurve, extractable, usages], ["P-256", false, ["sign"]]);
  const { privateKey } = (await made.mock.calls[0]?.result) as unknown as CryptoKeyPair;
  for (const format of ["jwk", "pkcs8"] as const) await assert.rejects(crypto.subtle.exportKey(format, privateKey));
});

test("a bound token is read with under DPoP, and the proof is complete and verifies", async () => {
  const { prover, token, jkt } = await ready();
  await prover.read(TASKS, token);
  const { path, headers, options } = sent[0]!;
  assert.deepEqual([path, options.credentials, headers.authorization], [TASKS, "omit", `DPoP ${token}`]);
  const [head, payload, signature] = (headers.dpop ?? "").split(".");
  const { jwk, ...rest } = decoded(head) as { jwk: JsonWebKey };
  assert.deepEqual(rest, { typ: "dpop+jwt", alg: "ES256" });
  assert.deepEqual(Object.keys(jwk).sort(), ["crv", "kty", "x", "y"]);
  assert.equal(await thumbprintOf(jwk), jkt);
  const { jti, ...claims } = decoded(payload);
  const ath = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(token))).toString("base64url");
  assert.deepEqual(claims, { htm: "GET", htu: `${ORIGIN}/v1/embed/tasks`, iat: IAT, ath });
  assert.equal(Buffer.from(String(jti), "base64url").length, 16);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  assert.ok(await crypto.subtle.verify(algorithm, key, Buffer.from(signature ?? "", "base64url"), Buffer.from(`${head}.${payload}`)));
  assert.match(headers.dpop ?? "", /^[\w-]+\.[\w-]+\.[\w-]{86}$/);
});

test("each read has a proof of its own, and keeps what else it is asked with", async () => {
  const { prover, token } = await ready();
  await Promise.all([prover.read(TASKS, token), prover.read(TASKS, token)]);
  await prover.read("/v1/embed/events", token, undefined, { headers: { "last-event-id": "7" }, cache: "no-store" });
  assert.equal(new Set(proofs().map(({ jti }) => jti)).size, 3);
  assert.deepEqual([sent[2]?.headers["last-event-id"], sent[2]?.options.cache, proofs()[2]?.htu], ["7", "no-store", `${ORIGIN}/v1/embed/events`]);
});

test("a proof's time is the token's and what has passed since, whatever the viewer's clock says", async () => {
  const { prover, token } = await ready();
  steady += 61_900;
  mock.timers.setTime(0);
  await prover.read(TASKS, token);
  const next = bound(await prover.thumbprint, IAT + 240);
  prover.accepts(claimsOf(next));
  steady += 2_000;
  await prover.read(TASKS, next);
  assert.deepEqual(proofs().map(({ iat }) => iat), [IAT + 61, IAT + 242]);
});

test("a proof that is refused is made again, once, by the server's clock", async () => {
  const { prover, token } = await ready(IAT - 900);
  answers = [refusal()];
  assert.equal((await prover.read(TASKS, token)).status, 200);
  steady += 3_000;
  await prover.read(TASKS, token);
  const server = Date.parse("Mon, 21 Sep 2026 16:30:00 GMT") / 1_000;
  assert.deepEqual(proofs().map(({ iat }) => iat), [IAT - 900, server, server + 3]);
  assert.equal(new Set(proofs().map(({ jti }) => jti)).size, 3);
  answers = [refusal(), refusal()];
  assert.equal((await prover.read(TASKS, token)).status, 401);
  assert.equal(sent.length, 5);
});

test("any other refusal is handed over as it is", async () => {
  const { prover, token } = await ready();
  for (const answer of [refusal({ "www-authenticate": 'DPoP error="invalid_token"' }), refusal({ date: "soon" }), new Response("{}", { status: 401 }), new Response("{}", { status: 503 })]) {
    sent = [];
    answers = [answer];
    assert.equal(await prover.read(TASKS, token), answer);
    assert.equal(sent.length, 1);
  }
});

test("a token that is bound to no key is a bearer token, with a key and without one", async () => {
  const token = jwt({ emb: "emb_1", iat: IAT });
  for (const prover of [createProver(), createProver(none)]) {
    await prover.thumbprint;
    assert.ok(prover.accepts(claimsOf(token)));
    await prover.read(TASKS, token);
  }
  assert.deepEqual(sent.map(({ headers }) => headers), [{ authorization: `Bearer ${token}` }, { authorization: `Bearer ${token}` }]);
});

test("a token for another key is not accepted", async () => {
  const { prover, jkt } = await ready();
  for (const other of [await (await ready()).jkt, jkt.slice(1), "", undefined, 7, [jkt]]) assert.ok(!prover.accepts(claimsOf(bound(other))));
  const keyless = createProver(none);
  await keyless.thumbprint;
  assert.ok(!keyless.accepts(claimsOf(bound(jkt))));
});

test("a browser without WebCrypto has no key, and one that hangs is not waited for", async () => {
  assert.equal(await createProver(none).thumbprint, undefined);
  let late: (key: never) => void = () => undefined;
  const prover = createProver(() => new Promise((resolve) => (late = resolve)));
  mock.timers.tick(1_000);
  assert.equal(await prover.thumbprint, undefined);
  late({ thumbprint: "late" } as never);
  await Promise.resolve();
  assert.ok(!prover.accepts(claimsOf(bound("late"))), "the loader was told that there is none");
});

test("a token without a payload says nothing", () => {
  for (const token of ["", "a", "a.b.c", `a.${btoa("7")}.c`, `a.${btoa("null")}.c`]) assert.equal(claimsOf(token).emb, undefined);
});
