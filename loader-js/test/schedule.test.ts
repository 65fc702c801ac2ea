import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, refreshAfter } from "../src/loader/schedule.ts";

test("a token is replaced at 80 % of its life, 10 s before its end where it lives long enough", () => {
  assert.equal(refreshAfter(300), 240);
  assert.equal(refreshAfter(600), 480);
  assert.equal(refreshAfter(30), 20);
  assert.equal(refreshAfter(16), 8);
});

test("no life makes the timer spin", () => {
  for (const life of [0.001, 1, 5, 1e7, Number.MAX_VALUE]) {
    const seconds = refreshAfter(life);
    assert.ok(seconds >= 5 && seconds <= 86_400, `${life} -> ${seconds}`);
  }
});

test("backoff doubles up to a minute and takes off at most half", () => {
  assert.deepEqual([1, 2, 3, 4, 7, 100].map((attempt) => backoff(attempt, 0)), [1, 2, 4, 8, 60, 60]);
  assert.equal(backoff(3, 0.999999) > 2, true);
});
