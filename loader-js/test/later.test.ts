/** The second file of the widget: who loads it, how often, and what if it does not come. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { __wasm_split_load_later as load, attach, type Shared } from "../src/frame/later.ts";

/** `(module (import "__wasm_split" "memory" (memory 1)) (data (i32.const 8) "\2a"))` */
const SECOND = new WebAssembly.Module(
  new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[2, 24, 1, 12, ...new TextEncoder().encode("__wasm_split"), 6, ...new TextEncoder().encode("memory"), 2, 0, 1],
    ...[11, 7, 1, 0, 0x41, 8, 0x0b, 1, 0x2a],
  ]),
);
const CALLBACK = 7;
let memory: WebAssembly.Memory;
/** What the widget was called back with: its own number, and whether the file is there. */
let told: [number, boolean][];
let downloads: number;

/** A first file whose second one comes, or not, as `came` says for each try. */
function first(...came: boolean[]): void {
  const shared = { memory, __indirect_function_table: { get: (place: number) => (data: number, isThere: boolean) => place === CALLBACK && told.push([data, isThere]) } };
  attach(() => (came[downloads++] ? Promise.resolve(SECOND) : Promise.reject(new TypeError("Failed to fetch"))), shared as unknown as Shared);
}

beforeEach(() => {
  [memory, told, downloads] = [new WebAssembly.Memory({ initial: 1 }), [], 0];
  mock.method(console, "error", () => undefined);
});
afterEach(() => mock.restoreAll());

test("the second file runs on the memory of the first, before the widget hears of it", async () => {
  first(true);
  await load(CALLBACK, 1);
  assert.equal(new Uint8Array(memory.buffer)[8], 0x2a);
  assert.deepEqual(told, [[1, true]]);
});

test("all who wait share one download, and what is there is not run again", async () => {
  first(true);
  await Promise.all([load(CALLBACK, 1), load(CALLBACK, 2)]);
  new Uint8Array(memory.buffer)[8] = 0;
  await load(CALLBACK, 3);
  assert.deepEqual(told, [[1, true], [2, true], [3, true]]);
  assert.deepEqual([downloads, new Uint8Array(memory.buffer)[8]], [1, 0]);
});

test("a download that failed is told to all who wait, and tried again by the next", async () => {
  first(false, true);
  await Promise.all([load(CALLBACK, 1), load(CALLBACK, 2)]);
  assert.deepEqual([told, downloads], [[[1, false], [2, false]], 1]);
  await load(CALLBACK, 3);
  assert.deepEqual([told.at(-1), downloads], [[3, true], 2]);
});
