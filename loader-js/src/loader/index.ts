/**
 * Entry point of `/v1/loader.js`, and the only file with a side effect: it
 * defines `<oriel-dashboard>` and `Oriel` for the origin that the script came from.
 */

import { dashboardElement } from "./element.ts";

const NAME = "oriel-dashboard";
const script = document.currentScript as HTMLScriptElement | null;

if (!script?.src) {
  console.error("[oriel] No plain <script src>.");
} else if (!customElements.get(NAME)) {
  const { origin } = new URL(script.src);
  customElements.define(NAME, dashboardElement(origin));
  window.Oriel = {
    origin,
    mount(target, options) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) throw new Error(`[oriel] No ${target as string}.`);
      const dashboard = document.createElement(NAME);
      dashboard.update(options);
      place.append(dashboard);
      return dashboard;
    },
  };
}
