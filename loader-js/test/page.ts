/**
 * A host page without a browser: happy-dom, fake timers, and a frame that the
 * test plays itself over the ports that the loader offers.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock } from "node:test";
import { Window } from "happy-dom";
import type { DashboardElement, FetchToken } from "../src/api.ts";
import { dashboardElement } from "../src/loader/element.ts";
import type { Failure } from "../src/loader/failure.ts";
import { seal } from "../src/protocol.ts";

export const ORIGIN = "https://embed.example";
export const EMBED = "emb_01jd8x0c6tfwasq9m2yjz0v4kb";
export const OTHER_EMBED = "emb_01jd8x0c6tfwasq9m2yjz0v4kc";
export const TOKEN = "eyJh.eyJz.c2ln";
/** Thumbprint of the key of the frame that a test plays. */
export const JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

/** What a test sees of its page; fresh for each test. */
export const seen = {
  page: undefined as unknown as Window,
  /** Names of events without `oriel-`; an error's code. */
  events: [] as string[],
  details: [] as unknown[],
  logged: [] as string[],
  asked: 0,
  /** Ports that the loader offered to a frame, newest last. */
  offered: [] as MessagePort[],
  /** Stands for the page's head, which would load what is put into it. */
  scripts: undefined as unknown as HTMLElement,
};

const EVENTS = ["resize", "navigate", "filter", "select", "token-refresh", "session-revoked"];

export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Messages between ports arrive a few turns later. */
export async function delivered(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await settle();
}

/** Makes a page for each test of the file that calls it. */
export function pages(): void {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const page = new Window({ url: "https://portal.example/", settings: { disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true } });
    Object.assign(globalThis, {
      window: page, document: page.document, location: page.location,
      HTMLElement: page.HTMLElement, CSSStyleSheet: page.CSSStyleSheet, CustomEvent: page.CustomEvent,
      ResizeObserver: page.ResizeObserver, getComputedStyle: page.getComputedStyle.bind(page),
      // A page without a layout parses no values; the browser suite shows what is left out.
      CSS: { supports: (_property: string, value: string) => value !== "" },
    });
    page.customElements.define("oriel-dashboard", dashboardElement(ORIGIN) as never);
    Object.assign(seen, { page, events: [], details: [], logged: [], asked: 0, offered: [] });
    page.document.addEventListener("oriel-ready", () => seen.events.push("ready"));
    page.document.addEventListener("oriel-error", (event) => seen.events.push((event as unknown as CustomEvent).detail.code));
    for (const name of EVENTS) {
      page.document.addEventListener(`oriel-${name}`, (event) => seen.details.push([name, (event as unknown as CustomEvent).detail]));
    }
    const scripts = page.document.createElement("div");
    Object.assign(seen, { scripts });
    mock.method(page.document.head, "append", (script: never) => scripts.append(script));
    mock.method(console, "error", (line: string) => seen.logged.push(line));
  });

  afterEach(async () => {
    mock.timers.reset();
    mock.restoreAll();
    for (const port of seen.offered) port.close();
    await seen.page.happyDOM.close();
  });
}

/** An element that gets a new token for each call. */
export function make(attributes: Record<string, string> = { embed: EMBED }): DashboardElement {
  const element = seen.page.document.createElement("oriel-dashboard") as unknown as DashboardElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.fetchToken = () => {
    seen.asked += 1;
    return Promise.resolve({ token: `${TOKEN}${seen.asked}`, expires_in: 300 });
  };
  return element;
}

/** Like `make`, with a source of the test's own. */
export function makeWith(fetchToken: FetchToken): DashboardElement {
  return Object.assign(make(), { fetchToken });
}

export async function mount(element = make()): Promise<DashboardElement> {
  seen.page.document.body.append(element as never);
  await settle();
  return element;
}

export const frameOf = (element: DashboardElement) => element.shadowRoot?.querySelector("iframe") ?? undefined;
export const alertOf = (element: DashboardElement) => element.shadowRoot?.querySelector("[role=alert]") ?? undefined;

/** Gives a frame a window, which happy-dom makes only for pages that it loads. */
export function windowOf(element: DashboardElement): object {
  const frame = frameOf(element);
  assert.ok(frame);
  const value = {
    postMessage(_data: unknown, target: string, [port]: MessagePort[]) {
      assert.equal(target, ORIGIN);
      if (port) seen.offered.push(port);
    },
  };
  Object.defineProperty(frame, "contentWindow", { value, configurable: true });
  return value;
}

export function post(data: unknown, origin: string, source: unknown): void {
  seen.page.dispatchEvent(Object.assign(new seen.page.Event("message"), { data, origin, source }));
}

/** Plays the frame: says hello from `origin`, takes the port that is offered, and has a token asked for. */
export async function answer(element: DashboardElement, origin = ORIGIN, hello: unknown = seal({ type: "hello" }), dpop_jkt: string | undefined = JKT): Promise<MessagePort | undefined> {
  const before = seen.offered.length;
  post(hello, origin, windowOf(element));
  const port = seen.offered[before];
  port?.postMessage(seal({ type: "connected", dpop_jkt }));
  await delivered();
  mock.timers.tick(1);
  await delivered();
  return port;
}

/** Mounts and connects, and collects what the frame gets to hear. */
export async function connect(element = make()): Promise<{ element: DashboardElement; port: MessagePort; heard: Record<string, unknown>[] }> {
  const port = await answer(await mount(element));
  assert.ok(port);
  const heard: Record<string, unknown>[] = [];
  port.onmessage = ({ data }) => heard.push(data as Record<string, unknown>);
  await delivered();
  return { element, port, heard };
}

/** What the loader asked the script of words for, as that script would see it. */
export function explained(): { script: HTMLScriptElement; failures: Failure[] } {
  const script = seen.scripts.lastElementChild as unknown as HTMLScriptElement & { explain?: unknown };
  const failures: Failure[] = [];
  script.explain = (failure: Failure) => failures.push(failure);
  script.onload?.(new seen.page.Event("load") as never);
  return { script, failures };
}
