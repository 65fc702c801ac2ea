/**
 * Entry point of `/v1/loader.js`, and the only file with a side effect: it
 * defines `<oriel-dashboard>` for the origin that the script came from.
 */

import { dashboardElement } from "./element.ts";

const NAME = "oriel-dashboard";
const script = document.currentScript;

if (!(script instanceof HTMLScriptElement) || !script.src) {
  console.error("[oriel] Load the loader with a plain <script src>, without type=module and not inlined: its address tells where the dashboards are.");
} else if (!customElements.get(NAME)) {
  customElements.define(NAME, dashboardElement(new URL(script.src).origin));
}
