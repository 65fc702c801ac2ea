/** Every code that a host may meet has its place in the guide, and one sentence for the developer. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LoaderError } from "../src/npm/index.ts";
import { SENTENCES } from "../src/trouble/sentences.ts";
import { languageOf, WORDS } from "../src/trouble/words.ts";

// The tests are started by npm, in the folder of the package.
const ROOT = join(process.cwd(), "..");
const guide = readFileSync(join(ROOT, "docs/embedding.md"), "utf8");
const documented = [...guide.matchAll(/^\| <a id="(\w+)"><\/a>`(\w+)` \| (.+) \| (.+) \|$/gm)].map(([, id, code]) => {
  assert.equal(id, code);
  return code ?? "";
});

/** Codes as the sources write them, wherever a failure is made. */
function codesIn(folder: string, pattern: RegExp): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true }).map(String).filter((name) => /\.(ts|rs)$/.test(name));
  return names.flatMap((name) => [...readFileSync(join(ROOT, folder, name), "utf8").matchAll(pattern)].map(([, code]) => code ?? ""));
}

test("the guide has a row for each code, and no code twice", () => {
  assert.deepEqual([...documented].sort(), [...Object.keys(SENTENCES), new LoaderError("").code].sort());
});

test("every code in the sources stands in the guide", () => {
  const made = [
    ...codesIn("loader-js/src", /new Failure\((?:signal\.aborted \? )?"(\w+)"/g),
    ...codesIn("loader-js/src", /\bcode[:=] ?"(\w+)"/g),
    ...codesIn("widget/src", /ErrorKind::\w+(?: \| ErrorKind::\w+)* => "([a-z]+(?:_[a-z]+)*)",/g),
  ];
  assert.ok(made.length > 15, made.join());
  assert.deepEqual(made.filter((code) => !documented.includes(code)), []);
});

test("each sentence is one, and says more than its code", () => {
  for (const [code, sentence] of Object.entries(SENTENCES)) {
    assert.match(sentence, /^[A-Z][^.]{30,}(\.[\w-][^.]*)*\.$/, code);
  }
});

test("viewers read of trouble in six languages, and in English where there is no better one", () => {
  assert.deepEqual(Object.keys(WORDS), ["en", "de", "fr", "es", "ja", "ar"]);
  for (const words of Object.values(WORDS)) assert.ok(Object.values(words).every((text) => text.trim()));
  assert.equal(languageOf(["zh-TW", "de-CH", "en"]), "de");
  assert.equal(languageOf(["constructor", ""]), "en");
});
