/**
 * A Chromium with a fresh profile, spoken to by its DevTools protocol over a pipe.
 * Playwright gets hold of a frame of another origin only after that has begun to
 * load, too late to slow it down from its first byte; hence the protocol itself.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--site-per-process",
  "--window-size=1280,900",
  "--lang=en-GB",
  "--remote-debugging-pipe",
];

export class Chromium {
  #child;
  #profile;
  #next = 0;
  #waiting = new Map();
  #listeners = new Set();

  static async launch(program) {
    const profile = await mkdtemp(join(tmpdir(), "oriel-bench-"));
    const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    return new Chromium(child, profile);
  }

  constructor(child, profile) {
    this.#child = child;
    this.#profile = profile;
    let rest = "";
    child.stdio[4].setEncoding("utf8").on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#hear(JSON.parse(message));
    });
    // Whatever is written to a browser that has ended is told of below.
    child.stdio[3].on("error", () => {});
    child.once("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Chromium has ended"));
    });
  }

  #hear({ id, method, params, sessionId, result, error }) {
    if (id === undefined) return this.#listeners.forEach((listener) => listener(method, params, sessionId));
    const { resolve, reject, asked } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) reject(new Error(`${asked}: ${error.message}`));
    else resolve(result);
  }

  /** Sends a command to a session, or to the browser itself. */
  send(asked, params = {}, sessionId = undefined) {
    const id = ++this.#next;
    this.#child.stdio[3].write(`${JSON.stringify({ id, method: asked, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, asked }));
  }

  /** Calls back with every event: its name, what it says, and its session. */
  listen(listener) {
    this.#listeners.add(listener);
  }

  async close() {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await ended;
    }
    // The last helpers of a killed browser may still write.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
