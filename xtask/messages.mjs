// Turns messages into what browsers load: `messages.mjs FROM TO` writes a file
// per language, in the form that loader-js/src/frame/language.ts reads. ICU
// MessageFormat is parsed here, once, so that no parser is shipped.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";

/** The language that has every message, and says which arguments each takes. */
export const SOURCE = "en";
/** Messages of the boot script, by name; those of the widget are known by number. */
const BOOT = /^frame-/;

/** Reads the messages of every language in `folder`: ids and texts. */
export function read(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(files.map((file) => [file.slice(0, -".json".length), JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}

/** Messages that are wrong, in sentences; empty when all is well. */
export function faults(languages) {
  const source = languages[SOURCE];
  return Object.entries(languages).flatMap(([language, messages]) =>
    Object.entries(messages).flatMap(([id, text]) => faultsOf(text, source[id] ?? text, language).map((fault) => `${language}: ${id} ${fault}`)),
  );
}

/** Messages that one language has and another has not. Until they are translated, they are shown in English. */
export function gaps(languages) {
  const source = languages[SOURCE];
  return Object.entries(languages).flatMap(([language, messages]) => [
    ...Object.keys(source).filter((id) => !Object.hasOwn(messages, id)).map((id) => `${language}: ${id} is missing`),
    ...Object.keys(messages).filter((id) => !Object.hasOwn(source, id)).map((id) => `${language}: ${id} is not in ${SOURCE}`),
  ]);
}

function faultsOf(text, english, language) {
  try {
    const faults = [...forms(parsed(text), language)];
    const [here, there] = [text, english].map((each) => [...argumentsOf(parsed(each))].sort().join(", "));
    if (here !== there) faults.push(`has the arguments ${here || "none"}, in ${SOURCE} ${there || "none"}`);
    if (/['\t\n]|^\s|\s$/.test(text)) faults.push("has a plain apostrophe, a control character or white space at an end");
    return faults;
  } catch (error) {
    return [`is ill-formed: ${error.message}`];
  }
}

/** Plurals without a form that the language has, and what the browser's part cannot write. */
function* forms(pieces, language) {
  for (const piece of pieces) {
    if ([TYPE.date, TYPE.time, TYPE.tag].includes(piece.type) || piece.style || piece.offset || piece.pluralType === "ordinal") {
      yield "uses what is not supported: only plain arguments, numbers, plurals and selects are";
    }
    if (piece.type === TYPE.plural) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const missing = wanted.filter((category) => !piece.options[category]);
      // A form for great powers of ten, which no count of tasks has, may be the usual one.
      if (missing.some((category) => category !== "many" || language === "ar")) yield `lacks the plural forms ${missing.join(", ")}`;
      const strange = Object.keys(piece.options).filter((key) => !key.startsWith("=") && !wanted.includes(key));
      if (strange.length) yield `has plural forms that its language has not: ${strange.join(", ")}`;
    }
    for (const option of Object.values(piece.options ?? {})) yield* forms(option.value, language);
  }
}

/** What is sent for each language. Messages have numbers in the order of their ids, as in widget/build.rs. */
export function compile(languages) {
  const ids = Object.keys(languages[SOURCE]).sort();
  return Object.fromEntries(
    Object.entries(languages).map(([language, messages]) => {
      const form = (id) => compact(parsed(messages[id] ?? languages[SOURCE][id]), [...argumentsOf(parsed(languages[SOURCE][id]))]);
      const boot = ids.filter((id) => BOOT.test(id)).map((id) => [id.replace(BOOT, ""), form(id)]);
      return [language, { ...Object.fromEntries(boot), forms: ids.filter((id) => !BOOT.test(id)).map(form) }];
    }),
  );
}

function parsed(text) {
  return parse(text, { ignoreTag: true, requiresOtherClause: true });
}

/** The names of arguments, in the order in which they first appear. */
function argumentsOf(pieces, names = new Set()) {
  for (const piece of pieces) {
    if (piece.type !== TYPE.literal && piece.type !== TYPE.pound) names.add(piece.value);
    for (const option of Object.values(piece.options ?? {})) argumentsOf(option.value, names);
  }
  return names;
}

/** Pieces as `Form` has them; `count` is the place of what `#` stands for. */
function compact(pieces, names, count) {
  const form = pieces.map((piece) => {
    const place = names.indexOf(piece.value);
    if (piece.type === TYPE.literal) return piece.value;
    if (piece.type === TYPE.pound) return count;
    if (!piece.options) return place;
    const isPlural = piece.type === TYPE.plural;
    const cases = Object.entries(piece.options).map(([key, { value }]) => [key, compact(value, names, isPlural ? place : count)]);
    return [place, Object.fromEntries(cases), ...(isPlural ? [1] : [])];
  });
  return form.every((piece) => typeof piece === "string") ? form.join("") : form;
}

/** Writes what browsers load; throws where a message is wrong. */
export function build(from, to) {
  const languages = read(from);
  const found = faults(languages);
  if (found.length) throw new Error(`widget/messages:\n${found.join("\n")}`);
  for (const [language, messages] of Object.entries(compile(languages))) {
    writeFileSync(join(to, `messages-${language}.json`), JSON.stringify(messages));
  }
}

const [from, to] = process.argv.slice(2);
if (from && to) build(from, to);
