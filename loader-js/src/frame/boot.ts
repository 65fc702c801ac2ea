/**
 * Entry point of the frame: makes its key, fetches widget and messages and greets the
 * loader, all at the same moment, then reads as soon as it may and hands over to the widget.
 */

import init, { start } from "widget-glue";
import type { Settings } from "../protocol.ts";
import { apply } from "./appearance.ts";
import { Channel } from "./channel.ts";
import { watchHeight } from "./height.ts";
import { type Messages, createLanguage } from "./language.ts";
import { attach } from "./later.ts";
import { type Resource, readMeta } from "./meta.ts";
import { keepFocus, watchMenus, watchTable } from "./page.ts";
import { createProver } from "./proof.ts";
import { createSession } from "./session.ts";

/** A widget that has not arrived by then leaves a viewer in front of a skeleton, in milliseconds. */
const WIDGET_MS = 60_000;
/** Data that has not arrived by then, once the widget is there, is waited for on the widget's own first view. */
const DATA_MS = 1_000;

/** Runs in the document's head, so that key and greeting are under way while the rest of it is parsed. */
function boot(): void {
  const meta = readMeta(document);
  const root = new Promise<HTMLElement>((resolve) => {
    document.addEventListener("DOMContentLoaded", () => resolve(document.getElementById("oriel-root") as HTMLElement));
  });
  const messages = load(meta.messages).then((response) => response.json() as Promise<Messages>);
  if (window.parent === window) {
    void Promise.all([messages, root]).then(([{ outside }, place]) => (place.textContent = outside));
    return;
  }
  // Without its thumbprint the loader asks for no token.
  const prover = createProver();
  const widget = WebAssembly.compileStreaming(load(meta.widget));
  const language = createLanguage(meta.locale);
  const { session, receive, ended } = createSession(meta, language, prover, (message) => channel.send(message));
  const channel = new Channel(meta.allowed_origins, prover.thumbprint, (message) => {
    if (message.type === "settings") settle(message);
    receive(message);
  });
  const settle = (settings: Settings): void => {
    // First the words: the look's change has the charts drawn anew.
    if (language.follow(settings.locale, settings.time_zone)) readIn(settings.locale ?? "");
    language.warm(idle);
    // The style sheet stands below this script, and may be a round trip behind it.
    void root.then(() => apply(settings));
  };
  // While the line is busy, the processor is not.
  language.warm(idle);
  for (const sign of ["pointerover", "focusin", "click"]) addEventListener(sign, () => receive({ type: "touch" }), { once: true });
  watchMenus();
  watchTable();
  keepFocus();
  void root.then((place) => watchHeight(place, (px) => channel.send({ type: "height", px })));
  Promise.all([widget.then((module_or_path) => init({ module_or_path })), messages.then(language.learn), root])
    .then(async ([first]) => {
      // With its data, the first view is laid out and painted once.
      await Promise.race([ended(), new Promise((resolve) => setTimeout(resolve, DATA_MS))]);
      attach(() => WebAssembly.compileStreaming(load(meta.later)), first);
      start(session);
    })
    .catch((error: unknown) => {
      console.error("[oriel] widget_load_failed:", error);
      const message = "The widget could not be loaded. Reload the page; if that does not help, tell the operator of Oriel.";
      channel.send({ type: "error", code: "widget_load_failed", message, shown: false });
    });
}

function idle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work);
  else setTimeout(work);
}

/**
 * Another language is another document: every text, the direction and the fonts
 * go by it. Asked for once, it is not asked for again: there may be no such language.
 */
function readIn(locale: string): void {
  const url = new URL(location.href);
  if (url.searchParams.get("lang") === locale) return;
  url.searchParams.set("lang", locale);
  location.replace(url);
}

function load({ href, integrity }: Resource): Promise<Response> {
  return fetch(href, { integrity, signal: AbortSignal.timeout(WIDGET_MS) });
}

boot();
