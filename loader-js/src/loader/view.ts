/**
 * What the element shows itself. Everything goes through CSSOM and text nodes,
 * so that a host's CSP needs no word about styles.
 */

import { PROBE_STYLE } from "./appearance.ts";

// The `i` is the hidden element of appearance.ts, and keeps a place until there
// is a frame; the frame keeps it until it has told its height. A frame in another
// colour scheme than its document would be painted over, corners and all.
const CSS = `:host(:not([hidden])){display:block}iframe,i{display:block;width:100%;height:480px;border:0}iframe{color-scheme:light dark}:host([theme=dark]) iframe{color-scheme:dark}:host([theme=light]) iframe{color-scheme:light}i{visibility:hidden;transition:1ms;${PROBE_STYLE}}i:not(:last-child){height:0}`;

/** A sheet of its own for each element: two elements share nothing. */
export function styles(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}

/** What stands in place of a dashboard that cannot be shown: the host's own words, or ours. */
export function fallback(retry: () => void): HTMLSlotElement {
  const slot = document.createElement("slot");
  slot.name = "fallback";
  const text = document.createElement("p");
  text.textContent = "The dashboard could not be loaded.";
  text.setAttribute("role", "alert");
  const button = document.createElement("button");
  button.textContent = "Try again";
  button.onclick = retry;
  slot.append(text, button);
  return slot;
}
