import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Window } from "happy-dom";
import { act, createElement, createRef } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import type { DashboardElement } from "../src/api.ts";
import { OrielDashboard, type OrielDashboardProps } from "../src/npm/react.ts";

const ORIGIN = "https://embed.example";
let page: Window;
let root: Root;
let heard: unknown[] = [];

const render = (props: Partial<OrielDashboardProps> & { ref?: unknown }) =>
  act(async () => root.render(createElement(OrielDashboard, { origin: ORIGIN, embed: "emb_1", ...(props as object) })));
const element = () => page.document.querySelector("oriel-dashboard") as unknown as DashboardElement;
const script = () => page.document.querySelector("script") as unknown as HTMLScriptElement | null;
const tell = (name: string, detail: object | null = null) => act(async () => void page.document.querySelector("oriel-dashboard")?.dispatchEvent(new page.CustomEvent(`oriel-${name}`, { detail })));

beforeEach(() => {
  page = new Window({ url: "https://portal.example/", settings: { handleDisabledFileLoadingAsSuccess: true, disableJavaScriptFileLoading: true } });
  Object.assign(globalThis, { window: page, document: page.document, IS_REACT_ACT_ENVIRONMENT: true });
  const place = page.document.createElement("div");
  page.document.body.append(place);
  root = createRoot(place as never);
  heard = [];
});

afterEach(async () => {
  await act(async () => root.unmount());
  mock.restoreAll();
  await page.happyDOM.close();
});

test("props become attributes and properties", async () => {
  const fetchToken = () => Promise.resolve({});
  await render({ tokenEndpoint: "/token", frameTitle: "Works", theme: "dark", timeZone: "UTC", loading: "lazy", view: "tasks", className: "wide", fetchToken, filters: { q: "x" }, appearance: { accent: "red" } });
  const names = ["embed", "token-endpoint", "frame-title", "theme", "time-zone", "loading", "view", "class"];
  assert.deepEqual(names.map((name) => element().getAttribute(name)), ["emb_1", "/token", "Works", "dark", "UTC", "lazy", "tasks", "wide"]);
  assert.deepEqual([element().filters, element().appearance], [{ q: "x" }, { accent: "red" }]);
  assert.equal(typeof element().fetchToken, "function");
  await render({ tokenEndpoint: "/token" });
  assert.equal(element().fetchToken, undefined);
});

test("the same filters again do not undo what the viewer chose since", async () => {
  await render({ filters: { q: "x" } });
  element().filters = { q: "viewer" };
  await render({ filters: { q: "x" } });
  assert.deepEqual(element().filters, { q: "viewer" });
  await render({ filters: { q: "y" } });
  assert.deepEqual(element().filters, { q: "y" });
});

test("events become calls of the newest callbacks", async () => {
  await render({ onReady: () => heard.push("old") });
  await render({
    onReady: () => heard.push("ready"),
    onError: ({ code }) => heard.push(code),
    onResize: ({ height }) => heard.push(height),
    onSelect: ({ kind, id }) => heard.push([kind, id]),
  });
  await tell("ready");
  await tell("error", { code: "network", message: "" });
  await tell("resize", { height: 7 });
  await tell("select", { kind: "task", id: "tsk_1" });
  await tell("filter", { filters: {} });
  assert.deepEqual(heard, ["ready", "network", 7, ["task", "tsk_1"]]);
});

test("a new render leaves the element, and the ref is the element", async () => {
  const ref = createRef<DashboardElement>();
  await render({ ref });
  const first = element();
  await render({ ref, theme: "light" });
  assert.equal(element(), first);
  assert.equal(ref.current, first as never);
});

test("a loader that does not arrive is an error with its code, and shows the fallback", async () => {
  mock.method(console, "error", () => undefined);
  await render({ origin: "https://gone.example", fallback: "Call us.", onError: ({ code }) => heard.push(code) });
  await act(async () => void script()?.onerror?.(""));
  assert.deepEqual(heard, ["loader_load_failed"]);
  assert.equal(element().querySelector("[slot=fallback]")?.textContent, "Call us.");
});

test("the server renders the element and nothing else", () => {
  const html = renderToString(createElement(OrielDashboard, { origin: ORIGIN, embed: "emb_1", tokenEndpoint: "/token" }));
  assert.equal(html, '<oriel-dashboard embed="emb_1" token-endpoint="/token"></oriel-dashboard>');
});

test("a source written inline is set once, and the newest is the one that is asked", async () => {
  const source = (name: string) => ({ fetchToken: () => Promise.resolve(name), onError: () => undefined });
  await render(source("old"));
  const set = element().fetchToken;
  await render(source("new"));
  assert.equal(element().fetchToken, set);
  assert.equal(await set?.({} as never), "new");
});

test("filters that stay the same are set again for another embed", async () => {
  await render({ filters: { q: "x" } });
  element().filters = undefined;
  await render({ embed: "emb_2", filters: { q: "x" } });
  assert.deepEqual(element().filters, { q: "x" });
});

test("an origin that is none is an error like any other", async () => {
  mock.method(console, "error", () => undefined);
  await render({ origin: "", fallback: "Call us.", onError: ({ code }) => heard.push(code) });
  assert.deepEqual(heard, ["loader_load_failed"]);
  assert.equal(element().querySelector("[slot=fallback]")?.textContent, "Call us.");
});
