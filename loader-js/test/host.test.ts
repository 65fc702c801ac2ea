/** What a host page can say to its dashboard and hear from it. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { DashboardElement } from "../src/api.ts";
import { seal, toFrame } from "../src/protocol.ts";
import { dashboardElement } from "../src/loader/element.ts";
import { alertOf, answer, connect, delivered, EMBED, explained, frameOf, make, makeWith, mount, ORIGIN, OTHER_EMBED, pages, seen, settle, TOKEN } from "./page.ts";

pages();

type Heard = Record<string, unknown>[];
/** The messages of one type as the frame reads them. */
const ofType = (heard: Heard, wanted: string) =>
  heard.flatMap((data) => {
    const { type, ...rest } = toFrame(data) ?? {};
    return type === wanted ? [rest] : [];
  });
const fire = (target: { dispatchEvent(event: never): unknown }, type: string) => target.dispatchEvent(new seen.page.Event(type, { bubbles: true }) as never);

/** Changes what `change` does and gives what the frame heard of it. */
async function after(heard: Heard, change: () => void): Promise<Heard> {
  heard.length = 0;
  change();
  await delivered();
  return heard;
}

test("attributes reach the frame as settings, and a change of them leaves the frame", async () => {
  const { element, heard } = await connect(make({ embed: EMBED, theme: "dark", density: "compact", locale: "de-CH", "time-zone": "Europe/Zurich" }));
  assert.deepEqual(ofType(heard, "settings"), [{ theme: "dark", density: "compact", locale: "de-CH", time_zone: "Europe/Zurich", appearance: {} }]);
  const frame = frameOf(element);
  assert.equal(frame?.src, `${ORIGIN}/v1/frame/${EMBED}?theme=dark&density=compact&lang=de-CH&time_zone=Europe%2FZurich`);
  await after(heard, () => element.update({ theme: "light", locale: undefined, frameTitle: "Works", timeZone: "UTC" }));
  assert.deepEqual(ofType(heard, "settings").at(-1), { theme: "light", density: "compact", time_zone: "UTC", appearance: {} });
  assert.equal(frameOf(element), frame);
  assert.equal(frame?.title, "Works");
  assert.deepEqual(await after(heard, () => element.setAttribute("frame-title", "Works again")), []);
  assert.deepEqual([seen.asked, seen.events], [1, []]);
});

test("appearance is resolved, and a new one takes the place of the old", async () => {
  const element = make();
  element.appearance = { accent: "rgb(4, 5, 6)" };
  const { heard } = await connect(element);
  assert.deepEqual(ofType(heard, "settings").at(-1), { appearance: { accent: "rgb(4, 5, 6)" } });
  await after(heard, () => (element.appearance = { text: "rgb(7, 8, 9)" }));
  assert.deepEqual(ofType(heard, "settings").at(-1), { appearance: { text: "rgb(7, 8, 9)" } });
});

test("view and filters go to the frame at once, and stay over a mount until the embed changes", async () => {
  const element = make({ embed: EMBED, view: "tasks" });
  element.setFilters({ status: "todo" });
  const { heard, port } = await connect(element);
  assert.deepEqual(ofType(heard, "show"), [{ view: "tasks", filters: { status: "todo" } }]);
  await after(heard, () => element.setAttribute("view", "overview"));
  assert.deepEqual(ofType(heard, "show"), [{ view: "overview" }], "what did not change is not said again");
  port.postMessage(seal({ type: "navigate", view: "project=prj_1" }));
  port.postMessage(seal({ type: "filter", filters: { q: "pipe" } }));
  await delivered();
  assert.deepEqual(element.filters, { q: "pipe" });
  element.remove();
  const again = await connect(element);
  assert.deepEqual(ofType(again.heard, "show"), [{ view: "project=prj_1", filters: { q: "pipe" } }]);
  element.setAttribute("embed", OTHER_EMBED);
  await settle();
  assert.deepEqual(element.filters, undefined);
});

test("another embed begins with the view and the filters that the host still sets", async () => {
  const { element, port } = await connect(make({ embed: EMBED, view: "tasks" }));
  port.postMessage(seal({ type: "navigate", view: "project=prj_1" }));
  await delivered();
  element.setAttribute("embed", OTHER_EMBED);
  await settle();
  assert.deepEqual(ofType((await connect(element)).heard, "show"), [{ view: "tasks" }]);
  element.update({ filters: { q: "x" }, view: "overview", embed: EMBED });
  await settle();
  assert.deepEqual(ofType((await connect(element)).heard, "show"), [{ view: "overview", filters: { q: "x" } }]);
});

test("what a host passes as filters is bounded before it is sent", async () => {
  const { element, heard } = await connect();
  const hostile = { q: "ok", fn: (() => 1) as never, "<b>": "x", long: "x".repeat(3_000) };
  await after(heard, () => element.setFilters(hostile));
  assert.deepEqual(ofType(heard, "show"), [{ filters: { q: "ok" } }]);
});

test("methods are messages", async () => {
  const { element, heard } = await connect();
  await after(heard, () => {
    element.refresh();
    element.exportCsv();
  });
  assert.deepEqual(heard.map(({ type }) => type), ["refresh", "export_csv"]);
  element.destroy();
  assert.equal(element.isConnected, false);
});

test("what the frame says reaches the page as events", async () => {
  const { port } = await connect();
  for (const message of [
    { type: "height", px: 700 },
    { type: "navigate", view: "tasks" },
    { type: "filter", filters: { status: "done" } },
    { type: "select", kind: "status", id: "blocked" },
  ] as const) port.postMessage(seal(message));
  port.postMessage({ oriel: 1, type: "select", kind: "<b>", id: "x" });
  await delivered();
  assert.deepEqual(seen.details, [
    ["resize", { height: 700 }],
    ["navigate", { view: "tasks" }],
    ["filter", { filters: { status: "done" } }],
    ["select", { kind: "status", id: "blocked" }],
  ]);
});

test("a token that is renewed is told, and one that is not is told once with its code", async () => {
  let broken = false;
  const element = makeWith(() => {
    seen.asked += 1;
    return broken ? Promise.reject(new Error("down")) : Promise.resolve({ token: `${TOKEN}${seen.asked}`, expires_in: 300 });
  });
  const { port } = await connect(element);
  port.postMessage(seal({ type: "ready" }));
  port.postMessage(seal({ type: "token_needed" }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  assert.deepEqual(seen.details, [["token-refresh", {}]]);
  broken = true;
  for (let i = 0; i < 3; i += 1) {
    port.postMessage(seal({ type: "token_needed" }));
    await delivered();
    mock.timers.tick(60_000);
    await delivered();
  }
  assert.deepEqual(seen.details[1], ["token-refresh", { code: "token_refresh_failed", message: "token_fetch_failed See docs/embedding.md#token_refresh_failed" }]);
  assert.deepEqual([seen.details.length, seen.events], [2, ["ready"]]);
});

test("a revoked session is not refreshed, and whoever tries again gets a new one", async () => {
  const sessions: unknown[] = [];
  const { port } = await connect(makeWith(({ session, reason }) => {
    sessions.push([reason, session]);
    return Promise.resolve({ token: `${TOKEN}${sessions.length}`, expires_in: 30, session: "ses_1" });
  }));
  port.postMessage(seal({ type: "session_revoked" }));
  await delivered();
  assert.deepEqual(seen.details, [["session-revoked", {}]]);
  mock.timers.tick(600_000);
  await delivered();
  assert.equal(sessions.length, 1);
  port.postMessage(seal({ type: "token_needed" }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  assert.deepEqual(sessions, [["first", undefined], ["first", undefined]]);
});

test("a lazy dashboard leaves it to the browser when its frame loads, and asks for nothing before", async () => {
  const element = await mount(make({ embed: EMBED, loading: "lazy" }));
  assert.equal(frameOf(element)?.loading, "lazy");
  mock.timers.tick(600_000);
  await delivered();
  assert.deepEqual([seen.asked, seen.events], [0, []]);
  await connect(element);
  assert.equal(seen.asked, 1);
});

test("a lazy dashboard whose document is not ours times out like any other", async () => {
  const element = await mount(make({ embed: EMBED, loading: "lazy" }));
  frameOf(element)?.dispatchEvent(new seen.page.Event("load") as never);
  mock.timers.tick(10_000);
  assert.deepEqual(seen.events, ["frame_timeout"]);
});

test("the host's own fallback stands in the slot when loading fails, and refresh tries again", async () => {
  const element = make();
  element.innerHTML = '<p slot="fallback">Call us.</p>';
  await mount(element);
  assert.equal(element.shadowRoot?.querySelector("slot"), null);
  mock.timers.tick(30_000);
  assert.equal(element.shadowRoot?.querySelector("slot")?.name, "fallback");
  element.refresh();
  await settle();
  assert.ok(frameOf(element));
  assert.equal(alertOf(element), undefined);
});

for (const [where, type] of [["window", "online"], ["window", "pageshow"], ["document", "visibilitychange"]] as const) {
  test(`a failure that may pass is tried again at ${type}, and one that will not is not`, async () => {
    let passing = true;
    const element = await mount(makeWith(async () => {
      seen.asked += 1;
      if (passing) throw new Error("down");
      return { login: "page" };
    }));
    await answer(element);
    for (const ms of [1_000, 2_000]) {
      mock.timers.tick(ms);
      await delivered();
    }
    assert.deepEqual([seen.asked, seen.events], [3, ["token_fetch_failed"]]);
    passing = false;
    const target = where === "window" ? seen.page : seen.page.document;
    fire(target, type);
    await answer(element);
    assert.deepEqual([seen.asked, seen.events], [4, ["token_fetch_failed", "token_response_invalid"]]);
    fire(target, type);
    await delivered();
    assert.equal(seen.asked, 4);
    element.remove();
    fire(target, type);
    await delivered();
    assert.equal(seen.asked, 4);
  });
}

test("a token source that changes is asked the next time, without a new frame", async () => {
  const { element, port } = await connect();
  port.postMessage(seal({ type: "ready" }));
  const frame = frameOf(element);
  element.fetchToken = () => Promise.resolve({ token: "new.new.new", expires_in: 300 });
  element.setAttribute("token-endpoint", "/other");
  await settle();
  port.postMessage(seal({ type: "token_needed" }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  assert.equal(frameOf(element), frame);
  assert.deepEqual([seen.asked, seen.details], [1, [["token-refresh", {}]]]);
});

test("words for a failure are fetched from the embed origin, and without them there is a code and where to read on", async () => {
  await mount(make({ embed: "nonsense" }));
  const { script } = explained();
  assert.equal(script.src, "https://embed.example/assets/trouble.js");
  assert.equal(script.parentNode, null, "it leaves nothing in the page");
  await mount(make({ embed: "nonsense" }));
  const failed = seen.scripts.firstElementChild as HTMLScriptElement;
  failed.onerror?.("");
  assert.equal(failed.parentNode, null);
  assert.deepEqual(seen.logged, ["[oriel] embed_missing: See docs/embedding.md#embed_missing"]);
});

test("a page that lets no script in still gets the code", async () => {
  mock.method(seen.page.document.head, "append", () => { throw new TypeError("This document requires TrustedScriptURL"); });
  await mount(make({}));
  assert.deepEqual([seen.events, seen.logged], [["embed_missing"], ["[oriel] embed_missing: See docs/embedding.md#embed_missing"]]);
});

test("properties that were set before the class was there count", async () => {
  const { page } = seen;
  const early = page.document.createElement("oriel-late") as unknown as DashboardElement;
  early.setAttribute("embed", EMBED);
  early.fetchToken = () => Promise.resolve({ token: "old.old.old", expires_in: 300 });
  early.filters = { q: "early" };
  page.document.body.append(early as never);
  page.customElements.define("oriel-late", dashboardElement(ORIGIN) as never);
  const element = page.document.querySelector("oriel-late") as unknown as DashboardElement;
  await settle();
  const { heard } = await connect(element);
  assert.deepEqual(ofType(heard, "show"), [{ filters: { q: "early" } }]);
  assert.deepEqual(ofType(heard, "token"), [{ token: "old.old.old", expires_in: 300 }]);
});

test("a widget that did not arrive is tried again when the network is back", async () => {
  const { element, port } = await connect();
  port.postMessage(seal({ type: "error", code: "widget_load_failed", message: "No.", shown: false }));
  await delivered();
  assert.deepEqual([seen.events, frameOf(element)], [["widget_load_failed"], undefined]);
  fire(seen.page, "online");
  assert.ok(frameOf(element));
});
