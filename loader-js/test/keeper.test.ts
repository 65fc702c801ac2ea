import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Failure } from "../src/loader/failure.ts";
import { type Keeper, keepTokens } from "../src/loader/keeper.ts";
import type { Grant } from "../src/protocol.ts";

/** Seconds; moves only with `pass`. */
let clock = 0;
let log: string[] = [];
let asked: { reason: string; session: string | undefined; at: number }[] = [];
/** What the host answers next; the last one stays. */
let answers: (() => Promise<Grant | Failure>)[] = [];
let keeper: Keeper;
let life: AbortController;

const grant = (name: string, expires_in = 300): Grant => ({ token: `a.${name}.c`, expires_in, session: "ses_1" });
const give = (name: string, expires_in?: number) => () => Promise.resolve(grant(name, expires_in));
const refuse = (passing: boolean) => () => Promise.resolve(new Failure("token_fetch_failed", "503", passing));
const settle = () => new Promise((resolve) => setImmediate(resolve));
const said = (what: string) => (why: Failure) => log.push(`${what} ${why.code}`);

/** Lets time go by in steps of half a second, and whatever becomes due happen. */
async function pass(seconds: number): Promise<void> {
  await settle();
  for (let i = 0; i < seconds * 2; i += 1) {
    clock += 0.5;
    mock.timers.tick(500);
    await settle();
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  clock = 0;
  log = [];
  asked = [];
  answers = [];
  life = new AbortController();
});

/** Makes a keeper, and has a frame connect. */
function start(connects = true): void {
  keeper = keepTokens({
    ask(reason, session) {
      asked.push({ reason, session, at: clock });
      const next = answers.length > 1 ? answers.shift() : answers[0];
      return next ? next() : new Promise(() => undefined);
    },
    granted: ({ token }) => log.push(`granted ${token}`),
    unanswered: said("unanswered"),
    gaveUp: said("gave up"),
    lost: said("lost"),
    clock: () => clock,
    chance: () => 0,
    signal: life.signal,
  });
  if (connects) keeper.begin();
  mock.timers.tick(1);
}

afterEach(() => {
  life.abort();
  mock.timers.reset();
});

test("a token is fetched at once and replaced at 80 % of its life, in the same session", async () => {
  answers = [give("1"), give("2"), give("3")];
  start();
  await pass(241);
  assert.deepEqual(asked, [
    { reason: "first", session: undefined, at: 0 },
    { reason: "refresh", session: "ses_1", at: 240 },
  ]);
  await pass(240);
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c", "granted a.3.c"]);
});

test("nothing is asked for before a frame is there", async () => {
  start(false);
  keeper.wake();
  await pass(600);
  assert.deepEqual([asked, log], [[], []]);
});

test("a frame that begins anew gets a token of its own, in the same session", async () => {
  answers = [give("1"), give("2"), give("3")];
  start();
  await pass(100);
  keeper.begin();
  await pass(1);
  assert.deepEqual(asked[1], { reason: "rejected", session: "ses_1", at: 100.5 });
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c"]);
  await pass(240);
  assert.equal(log[2], "granted a.3.c", "and the timer counts from that one");
});

test("an answer that was asked for the frame before is dropped, whichever comes first", async () => {
  for (const order of [[0, 1], [1, 0]]) {
    const late: ((grant: Grant) => void)[] = [];
    [log, asked, answers] = [[], [], [() => new Promise((resolve) => late.push(resolve))]];
    start();
    await pass(5);
    keeper.begin();
    await pass(1);
    assert.equal(late.length, 2);
    for (const which of order) {
      late[which]?.(grant(`of frame ${which}`));
      await pass(1);
    }
    assert.deepEqual(log, ["granted a.of frame 1.c"]);
    life.abort();
    life = new AbortController();
  }
});

test("a frame that begins anew and gets no token is told, and goes on asking", async () => {
  answers = [give("1"), refuse(false), refuse(false), give("2")];
  start();
  await pass(100);
  keeper.begin();
  await pass(10);
  assert.deepEqual(log, ["granted a.1.c", "unanswered token_fetch_failed", "lost token_refresh_failed", "unanswered token_fetch_failed", "granted a.2.c"]);
});

test("a frame that begins anew without end has a token fetched once a second at most", async () => {
  let n = 0;
  answers = [() => Promise.resolve(grant(String((n += 1))))];
  start();
  for (let i = 0; i < 100; i += 1) {
    keeper.begin();
    await pass(0.5);
  }
  assert.ok(asked.length <= 1 + clock, `${asked.length} fetches in ${clock} s`);
});

test("a wall clock that is minutes off changes nothing", async (t) => {
  t.mock.method(Date, "now", () => 5);
  answers = [give("1"), give("2")];
  start();
  await pass(239);
  assert.equal(asked.length, 1);
  await pass(2);
  assert.equal(asked.length, 2);
});

test("a session that later answers leave out goes on", async () => {
  answers = [give("1"), () => Promise.resolve({ token: "a.2.c", expires_in: 300 }), give("3")];
  start();
  await pass(481);
  assert.deepEqual(asked.map(({ session }) => session), [undefined, "ses_1", "ses_1"]);
});

test("a refresh that fails is tried again with growing pauses until it works", async () => {
  answers = [give("1"), refuse(true), refuse(true), refuse(true), give("2")];
  start();
  await pass(250);
  assert.deepEqual(asked.map(({ at }) => at), [0, 240, 241, 243, 247]);
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c"]);
});

test("an outage that outlives the token is told once and the refresh goes on", async () => {
  answers = [give("1", 30), refuse(false)];
  start();
  await pass(200);
  assert.deepEqual(log, ["granted a.1.c", "lost token_refresh_failed"]);
  answers = [give("2", 30)];
  await pass(61);
  assert.equal(log[2], "granted a.2.c");
  answers = [refuse(false)];
  await pass(60);
  assert.deepEqual(log.filter((line) => line.startsWith("lost")).length, 2);
});

test("an unchanged token is no new one, and the timer is armed again", async () => {
  answers = [give("1"), give("1"), give("1"), give("2"), give("3")];
  start();
  await pass(244);
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c"]);
  await pass(240);
  assert.equal(log[2], "granted a.3.c");
});

test("a rejected token is replaced at once", async () => {
  answers = [give("1"), give("2")];
  start();
  await pass(100);
  keeper.reject();
  await pass(0.5);
  assert.deepEqual(asked[1], { reason: "rejected", session: "ses_1", at: 100.5 });
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c"]);
});

test("a rejected token that cannot be replaced is answered and told, then replaced when that works", async () => {
  answers = [give("1"), give("1"), refuse(false), give("2")];
  start();
  await pass(10);
  keeper.reject();
  await pass(5);
  assert.deepEqual(log, [
    "granted a.1.c",
    "unanswered token_unchanged",
    "lost token_refresh_failed",
    "unanswered token_fetch_failed",
    "granted a.2.c",
  ]);
});

test("tokens rejected without end are fetched once a second at most", async () => {
  let n = 0;
  answers = [() => Promise.resolve(grant(String((n += 1))))];
  start();
  for (let i = 0; i < 100; i += 1) {
    keeper.reject();
    await pass(0.1);
  }
  assert.ok(asked.length <= 1 + clock, `${asked.length} fetches in ${clock} s`);
});

test("coming back online tries at once", async () => {
  answers = [give("1", 30), refuse(true)];
  start();
  await pass(150);
  const before = asked.length;
  answers = [give("2", 30)];
  keeper.wake();
  await pass(1);
  assert.equal(asked.length, before + 1);
  assert.equal(log.at(-1), "granted a.2.c");
});

test("coming back to a healthy token asks for nothing", async () => {
  answers = [give("1")];
  start();
  await pass(10);
  keeper.wake();
  await pass(1);
  assert.equal(asked.length, 1);
});

test("coming back after the timers slept refreshes what is due", async () => {
  answers = [give("1"), give("2")];
  start();
  await pass(1);
  clock += 290;
  keeper.wake();
  await pass(0.5);
  assert.equal(log.at(-1), "granted a.2.c");
});

test("the first token is tried for three times", async () => {
  answers = [refuse(true)];
  start();
  await pass(60);
  assert.deepEqual(asked.map(({ at }) => at), [0, 1, 3]);
  assert.deepEqual(log, ["unanswered token_fetch_failed", "gave up token_fetch_failed"]);
});

test("a first refusal that will not pass is told at once", async () => {
  answers = [refuse(false)];
  start();
  await pass(60);
  assert.equal(asked.length, 1);
  assert.deepEqual(log, ["unanswered token_fetch_failed", "gave up token_fetch_failed"]);
});

test("a keeper that gave up rests, and starts afresh when the frame asks again", async () => {
  answers = [refuse(true)];
  start();
  await pass(60);
  keeper.wake();
  await pass(60);
  assert.equal(asked.length, 3);
  keeper.reject();
  await pass(60);
  assert.deepEqual(asked.slice(3).map(({ at }) => at), [120.5, 121.5, 123.5]);
  assert.deepEqual(log.filter((line) => line.startsWith("gave up")).length, 2);
  answers = [give("1"), give("2")];
  keeper.reject();
  await pass(241);
  assert.deepEqual(log.slice(4), ["granted a.1.c", "granted a.2.c"]);
});

test("a stopped keeper does nothing more, even with an answer on its way", async () => {
  let answer: (grant: Grant) => void = () => undefined;
  answers = [() => new Promise((resolve) => (answer = resolve))];
  start();
  life.abort();
  answer(grant("1"));
  keeper.begin();
  keeper.reject();
  keeper.wake();
  await pass(600);
  assert.equal(asked.length, 1);
  assert.deepEqual(log, []);
});

test("an endpoint that hangs is tried again after its time is over, and the timer is armed again", async () => {
  // The source gives a call that hangs ten seconds.
  const hang = () => new Promise<Failure>((resolve) => setTimeout(() => resolve(new Failure("token_fetch_timeout", "", true)), 10_000));
  answers = [give("1"), hang, hang, give("2"), give("3")];
  start();
  await pass(280);
  assert.deepEqual(asked.map(({ at }) => at), [0, 240, 251, 263]);
  assert.deepEqual(log, ["granted a.1.c", "granted a.2.c"]);
  await pass(240);
  assert.equal(log[2], "granted a.3.c");
});

test("an endpoint that repeats its token until that has ended is told, and asked until there is a new one", async () => {
  answers = [give("1", 60)];
  start();
  await pass(120);
  assert.deepEqual(log, ["granted a.1.c", "lost token_refresh_failed"]);
  answers = [give("2", 60)];
  await pass(61);
  assert.equal(log[2], "granted a.2.c");
});

test("a timer that fires late fires once", async () => {
  answers = [give("1"), give("2")];
  start();
  await pass(1);
  clock += 3_600;
  mock.timers.tick(300_000);
  await pass(1);
  assert.deepEqual(asked.length, 2);
  assert.equal(log.at(-1), "granted a.2.c");
});

test("a clock that is set back does not hold up a token that is needed", async () => {
  answers = [give("1"), give("2")];
  start();
  await pass(10);
  clock -= 300;
  keeper.reject();
  await pass(1);
  assert.equal(log.at(-1), "granted a.2.c");
});

test("a session that was forgotten is not refreshed, and the next token begins a new one", async () => {
  answers = [give("1"), give("2")];
  start();
  await pass(10);
  keeper.forget();
  keeper.wake();
  await pass(600);
  assert.equal(asked.length, 1);
  keeper.reject();
  await pass(1);
  assert.deepEqual(asked[1], { reason: "first", session: undefined, at: 610.5 });
});

test("a token on its way when its session is forgotten is dropped, and a new session need not wait for it", async () => {
  let late: (grant: Grant) => void = () => undefined;
  answers = [give("1"), () => new Promise((resolve) => (late = resolve)), give("3")];
  start();
  await pass(241);
  keeper.forget();
  keeper.reject();
  await pass(1);
  assert.deepEqual(asked.at(-1), { reason: "first", session: undefined, at: 241.5 });
  late(grant("2"));
  await pass(1);
  assert.deepEqual(log, ["granted a.1.c", "granted a.3.c"]);
});

test("failures of a session that was forgotten count for nothing", async () => {
  answers = [give("1"), refuse(true)];
  start();
  await pass(10);
  keeper.reject();
  await pass(2);
  keeper.forget();
  const before = asked.length;
  keeper.wake();
  await pass(600);
  assert.equal(asked.length, before);
});
