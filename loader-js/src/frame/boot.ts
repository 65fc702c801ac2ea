/**
 * Entry point of the frame: compiles the widget, greets the loader and starts
 * the first reads, all at the same moment, then hands over to the widget.
 */

import init, { start } from "widget-glue";
import { Channel } from "./channel.ts";
import { watchHeight } from "./height.ts";
import { type FrameMeta, readMeta } from "./meta.ts";
import { createSession } from "./session.ts";

/** A widget that has not arrived by then leaves a viewer in front of a skeleton, in milliseconds. */
const WIDGET_MS = 60_000;

function boot(): void {
  const root = document.getElementById("oriel-root");
  if (!root) return;
  if (window.parent === window) {
    root.textContent = "This dashboard is shown inside a portal's page. Open it there.";
    return;
  }
  const meta = readMeta(document);
  const widget = compileWidget(meta);
  const { session, receive } = createSession(meta, (message) => channel.send(message));
  const channel = new Channel(meta.allowed_origins, receive);
  watchHeight(root, (px) => channel.send({ type: "height", px }));
  widget
    .then((module_or_path) => init({ module_or_path }))
    .then(() => start(session))
    .catch((error: unknown) => {
      console.error("[oriel] widget_load_failed:", error);
      const message = "The widget could not be loaded. Reload the page; if that does not help, tell the operator of Oriel.";
      channel.send({ type: "error", code: "widget_load_failed", message, shown: false });
    });
}

async function compileWidget({ widget }: FrameMeta): Promise<WebAssembly.Module> {
  const response = fetch(widget.href, { integrity: widget.integrity, signal: AbortSignal.timeout(WIDGET_MS) });
  return WebAssembly.compileStreaming(response);
}

boot();
