import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { type Form, createLanguage } from "../src/frame/language.ts";

const plain = (text: string) => text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, "").replace(/[\u00a0\u202f]/g, " ");

function speaker(locale: string, ...forms: Form[]): (...given: (string | number)[]) => string {
  const language = createLanguage(locale);
  language.learn({ outside: "", forms });
  return (...given) => plain(language.say(0, given));
}

test("a message puts each argument where its language has it", () => {
  assert.equal(speaker("en", "Overdue")(), "Overdue");
  assert.equal(speaker("en", [0, "–", 1, " of ", 2])(1, 50, 10_266), "1–50 of 10,266");
  assert.equal(speaker("de", ["von ", 1, ": ", 0])("Ada", 10_266.5), "von 10.266,5: Ada");
});

test("each language chooses its own plural, and an exact number comes first", () => {
  const tasks: Form = [[0, { "=0": "none", one: [0, " one"], two: [0, " two"], few: [0, " few"], many: [0, " many"], other: [0, " other"] }, 1]];
  const chosen = (locale: string, ...counts: number[]) => counts.map((count) => speaker(locale, tasks)(count));
  assert.deepEqual(chosen("en", 0, 1, 2), ["none", "1 one", "2 other"]);
  assert.deepEqual(chosen("fr", 1.5, 2), ["1,5 one", "2 other"]);
  assert.deepEqual(chosen("ja", 1, 2), ["1 other", "2 other"]);
  assert.deepEqual(chosen("ar", 1, 2, 3, 11, 100), ["1 one", "2 two", "3 few", "11 many", "100 other"]);
});

test("a word chooses, and what is not foreseen takes the other form", () => {
  const say = speaker("en", [[0, { up: ["↑ ", 1], other: "→" }]]);
  assert.deepEqual([say("up", 3), say("down", 3)], ["↑ 3", "→"]);
});

test("a name in another script does not turn the text around it", () => {
  const language = createLanguage("ar");
  language.learn({ outside: "", forms: [[0, ": ", 1]] });
  assert.equal(language.say(0, ["Ada", 7]), "\u2068Ada\u2069: 7");
  assert.equal(speaker("en", [0, "!"])("Ada"), "Ada!");
});

test("days are days in UTC, and moments are where the viewer is", () => {
  const language = createLanguage("en-GB");
  const evening = Date.UTC(2026, 5, 30, 23, 30);
  const all = () => [0, 1, 2, 3, 4, 5, 6].map((style) => plain(language.write(style, style < 2 ? 0.255 : evening)));
  language.follow(undefined, "UTC");
  assert.deepEqual(all(), ["0.3", "26%", "30 Jun 2026", "30 Jun", "Jun 2026", "2026", "30 Jun 2026"]);
  language.follow(undefined, "Asia/Tokyo");
  assert.deepEqual([all()[2], all()[6]], ["30 Jun 2026", "1 Jul 2026"]);
});

test("a host's locale changes how things are written, and another language asks for another document", () => {
  const language = createLanguage("de");
  assert.equal(language.follow("de-CH", undefined), false);
  assert.match(language.write(0, 10_266), /^10['’]266$/);
  assert.equal(language.follow("ja", undefined), true);
  assert.equal(plain(language.write(0, 10_266)), "10.266");
  assert.equal(language.follow(undefined, undefined), false);
});

test("what writes numbers and times is made in idle moments, a piece in each", () => {
  const language = createLanguage("en");
  const made = mock.method(Intl, "DateTimeFormat", Intl.DateTimeFormat);
  const works: (() => void)[] = [];
  language.warm((work) => works.push(work));
  assert.deepEqual([works.length, made.mock.callCount()], [5, 0]);
  works.forEach((work) => work());
  assert.equal(made.mock.callCount(), 3);
  for (const style of [0, 1, 2, 3, 6]) language.write(style, 0);
  assert.equal(made.mock.callCount(), 3, "they are kept");
  mock.restoreAll();
});

test("what the browser does not know is overlooked", () => {
  const language = createLanguage("en-GB");
  for (const zone of ["Mars/Olympus", ""]) assert.equal(language.follow(undefined, zone), false);
  language.follow("e", "UTC");
  assert.equal(language.write(5, 0), "1970");
});
