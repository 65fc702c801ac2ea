/** The server reads the same table: `embed-server/src/origin_tests.rs`. */

import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../tests/fixtures/sources.json" with { type: "json" };
import { covers, isWildcard } from "../src/frame/sources.ts";

test("a source covers what CSP says and nothing more", () => {
  for (const { source, covers: inside, leaves_out } of table) {
    for (const origin of inside) assert.equal(covers(source, origin), true, `${source} ${origin}`);
    for (const origin of leaves_out) assert.equal(covers(source, origin), false, `${source} ${origin}`);
  }
});

test("only a source that begins with a star stands for several origins", () => {
  assert.deepEqual(["https://*.example.com", "https://example.com", "app://bundle"].map(isWildcard), [true, false, false]);
});
