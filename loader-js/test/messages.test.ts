import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compile, faults, gaps, read, SOURCE } from "../../xtask/messages.mjs";

// The tests run in the package's folder.
const widget = join(process.cwd(), "../widget");
const languages = read(join(widget, "messages"));

/** Everything that the widget is made of. */
function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : readFileSync(join(folder, entry.name), "utf8")))
    .join("\n");
}

test("there are the six languages", () => {
  assert.deepEqual(Object.keys(languages).sort(), ["ar", "de", "en", "es", "fr", "ja"]);
});

test("no message is missing in a language, or there for nothing", () => {
  assert.deepEqual(gaps(languages), []);
});

test("no message is ill-formed, lacks a plural form or has other arguments than in English", () => {
  assert.deepEqual(faults(languages), []);
});

test("every message is used", () => {
  const code = sources(join(widget, "src"));
  const used = new Set([...code.matchAll(/\bmsg::([A-Z][A-Z0-9_]*)/g)].map(([, name = ""]) => name.toLowerCase().replaceAll("_", "-")));
  const unused = Object.keys(languages[SOURCE] ?? {}).filter((id) => !id.startsWith("frame-") && !used.has(id));
  assert.deepEqual(unused, []);
});

test("messages are sorted by their ids, so that two people add at different places", () => {
  for (const [language, messages] of Object.entries(languages)) {
    assert.deepEqual(Object.keys(messages), Object.keys(messages).sort(), language);
  }
});

test("what is wrong is found", () => {
  const english = { a: "{n, plural, one {# task} other {# tasks}} of {name}" };
  const wrong = (text: string) => faults({ en: english, ar: { a: text } }).join("\n");
  assert.match(wrong("{n, plural, one {#} other {#}} {name}"), /lacks the plural forms/);
  assert.match(wrong("{name}"), /has the arguments name, in en n, name/);
  assert.match(wrong("{n"), /ill-formed/);
  assert.match(wrong("{n, date} {name}"), /not supported/);
  assert.deepEqual(gaps({ en: english, ar: { b: "" } }), ["ar: a is missing", "ar: b is not in en"]);
});

test("a message is compiled to pieces that name its arguments by their place in English", () => {
  const en = { "a-b": "{n, plural, one {# task} other {# tasks}} of {name}", "frame-outside": "Out", z: "Z" };
  const ja = { ...en, "a-b": "{name}の{n, number}" };
  assert.deepEqual(compile({ en, ja }), {
    en: { outside: "Out", forms: [[[0, { one: [0, " task"], other: [0, " tasks"] }, 1], " of ", 1], "Z"] },
    ja: { outside: "Out", forms: [[1, "の", 0], "Z"] },
  });
});
