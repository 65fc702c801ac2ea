import assert from "node:assert/strict";
import { test } from "node:test";
import { heightFilter } from "../src/frame/height.ts";

test("heights go both ways and are told only when they change", () => {
  const settle = heightFilter(() => 0);
  assert.deepEqual([480, 480, 900, 300, 0].map(settle), [480, undefined, 900, 300, undefined]);
});

test("two heights that chase each other end with the larger", () => {
  const settle = heightFilter(() => 0);
  const told = Array.from({ length: 40 }, (_, i) => settle(i % 2 ? 500 : 520)).filter((px) => px !== undefined);
  assert.ok(told.length < 12, `${told.length}`);
  assert.equal(told.at(-1), 520);
});

test("somebody who opens and closes a panel is followed", () => {
  let now = 0;
  const settle = heightFilter(() => (now += 1000));
  const told = Array.from({ length: 40 }, (_, i) => settle(i % 2 ? 500 : 520));
  assert.ok(told.every((px) => px !== undefined));
});
