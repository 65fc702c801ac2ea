/**
 * Entry point of the script of words, which the loader fetches only when
 * something went wrong. It changes nothing but the slot that it is given.
 */

import type { Explain } from "../loader/explain.ts";
import { SENTENCES } from "./sentences.ts";
import { type Trouble, languageOf, WORDS } from "./words.ts";

const CSS = `
slot{display:grid;place-content:center;justify-items:center;gap:12px;box-sizing:border-box;min-height:240px;padding:24px;border:1px solid #d5dae1;border-radius:8px;background:#fff;color:#3d4654;font:15px/1.5 system-ui,sans-serif;text-align:center}
p{margin:0}
button{min-height:32px;padding:4px 16px;border:1px solid #767f8d;border-radius:6px;background:#fff;color:inherit;font:inherit;cursor:pointer}
button:hover{background:#f2f4f7}
`;

/** What `code` means to a viewer. */
function troubleOf(code: string): Trouble {
  if (code === "network" || code === "widget_load_failed") return "network";
  return code.startsWith("token_") && code !== "token_source_missing" ? "sign_in" : "load";
}

const explain: Explain = ({ code, fact }, slot, locale) => {
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code as keyof typeof SENTENCES] : "";
  console.error(`[oriel] ${code}: ${[sentence, fact].filter(Boolean).join(" ")} See docs/embedding.md#${code}`);
  const [text, button] = slot?.children ?? [];
  if (!slot || !text || !button) return;
  const language = languageOf([...(locale ? [locale] : []), ...navigator.languages]);
  const words = WORDS[language];
  if (!words) return;
  slot.lang = language;
  slot.dir = language === "ar" ? "rtl" : "ltr";
  // The same words again would be read out again.
  if (text.textContent !== words[troubleOf(code)]) text.textContent = words[troubleOf(code)];
  button.textContent = words.retry;
  const root = slot.getRootNode();
  if (!(root instanceof ShadowRoot) || slot.assignedElements().length > 0) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
};

const script = document.currentScript as (HTMLScriptElement & { explain?: Explain }) | null;
if (script) script.explain = explain;
