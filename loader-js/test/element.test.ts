import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Window } from "happy-dom";
import { dashboardElement } from "../src/loader/element.ts";
import { seal } from "../src/protocol.ts";

const ORIGIN = "https://embed.example";
const EMBED = "emb_01jd8x0c6tfwasq9m2yjz0v4kb";
const TOKEN = "eyJh.eyJz.c2ln";
const settle = () => new Promise((resolve) => setImmediate(resolve));

let page: Window;
let events: string[] = [];
let logged: string[] = [];
let asked = 0;
/** Ports that the loader offered to a frame, newest last. */
let offered: MessagePort[] = [];

interface Dashboard extends HTMLElement {
  fetchToken?: (request: { embed: string; signal: AbortSignal }) => Promise<unknown>;
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  page = new Window({ url: "https://portal.example/", settings: { disableIframePageLoading: true } });
  Object.assign(globalThis, {
    window: page, document: page.document, location: page.location,
    HTMLElement: page.HTMLElement, CSSStyleSheet: page.CSSStyleSheet, CustomEvent: page.CustomEvent,
  });
  page.customElements.define("oriel-dashboard", dashboardElement(ORIGIN) as never);
  [events, logged, asked, offered] = [[], [], 0, []];
  page.document.addEventListener("oriel-ready", () => events.push("ready"));
  page.document.addEventListener("oriel-error", (event) => events.push((event as unknown as CustomEvent).detail.code));
  mock.method(console, "error", (line: string) => logged.push(line));
});

afterEach(async () => {
  mock.timers.reset();
  mock.restoreAll();
  for (const port of offered) port.close();
  await page.happyDOM.close();
});

function make(attributes: Record<string, string> = { embed: EMBED }): Dashboard {
  const element = page.document.createElement("oriel-dashboard") as unknown as Dashboard;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.fetchToken = () => {
    asked += 1;
    return Promise.resolve({ token: `${TOKEN}${asked}`, expires_in: 300 });
  };
  return element;
}

async function mount(element = make()): Promise<Dashboard> {
  page.document.body.append(element as never);
  await settle();
  return element;
}

const frameOf = (element: Dashboard) => element.shadowRoot?.querySelector("iframe") ?? undefined;

/** Gives a frame a window, which happy-dom makes only for pages that it loads. */
function windowOf(element: Dashboard): { postMessage(data: unknown, target: string, ports: MessagePort[]): void } {
  const frame = frameOf(element);
  assert.ok(frame);
  const made = {
    postMessage(_data: unknown, target: string, [port]: MessagePort[]) {
      assert.equal(target, ORIGIN);
      if (port) offered.push(port);
    },
  };
  Object.defineProperty(frame, "contentWindow", { value: made, configurable: true });
  return made;
}

function post(data: unknown, origin: string, source: unknown): void {
  page.dispatchEvent(Object.assign(new page.Event("message"), { data, origin, source }));
}

/** Plays the frame: says hello from `origin` and takes the port that is offered. */
async function answer(element: Dashboard, origin = ORIGIN, hello: unknown = seal({ type: "hello" })): Promise<MessagePort | undefined> {
  const before = offered.length;
  post(hello, origin, windowOf(element));
  const port = offered[before];
  port?.postMessage(seal({ type: "connected" }));
  await delivered();
  return port;
}

/** Messages between ports arrive a few turns later. */
async function delivered(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await settle();
}

test("the frame has the right address, name, flags and kept space", async () => {
  const frame = frameOf(await mount());
  assert.equal(frame?.getAttribute("src"), `${ORIGIN}/v1/frame/${EMBED}`);
  assert.equal(frame?.title, "Project dashboard");
  assert.equal(frame?.getAttribute("sandbox"), "allow-scripts allow-same-origin allow-downloads");
  assert.equal(frame?.style.height, "480px");
  const named = frameOf(await mount(make({ embed: EMBED, "frame-title": "Building works" })));
  assert.equal(named?.title, "Building works");
});

test("a frame that answers gets the token over the port, and tells height and readiness", async () => {
  const element = await mount();
  const port = await answer(element);
  assert.ok(port);
  const received: unknown[] = [];
  port.onmessage = ({ data }) => received.push(data);
  await delivered();
  assert.deepEqual(received, [{ oriel: 1, type: "token", token: `${TOKEN}1`, expires_in: 300 }]);
  for (const px of [900, 300]) {
    port.postMessage(seal({ type: "height", px }));
    await delivered();
    assert.equal(frameOf(element)?.style.height, `${px}px`);
  }
  port.postMessage(seal({ type: "ready" }));
  port.postMessage(seal({ type: "ready" }));
  port.postMessage(seal({ type: "error", code: "network", message: "later", shown: true }));
  await delivered();
  assert.deepEqual(events, ["ready"]);
});

test("a greeting from another origin is not answered", async () => {
  const element = await mount();
  assert.equal(await answer(element, "https://evil.example"), undefined);
});

test("a greeting from another window is not answered", async () => {
  windowOf(await mount());
  post(seal({ type: "hello" }), ORIGIN, {});
  assert.equal(offered.length, 0);
});

test("a frame of another version is told apart", async () => {
  await answer(await mount(), ORIGIN, { oriel: 2, type: "hello" });
  assert.deepEqual(events, ["protocol_mismatch"]);
});

test("a frame that never answers times out, and the viewer can try again", async () => {
  const element = await mount();
  mock.timers.tick(30_000);
  assert.deepEqual(events, ["frame_timeout"]);
  assert.match(logged[0] ?? "", /^\[oriel\] frame_timeout: .*https:\/\/portal\.example is not among the embed's allowed origins/);
  assert.equal(frameOf(element), undefined);
  assert.equal(element.shadowRoot?.querySelector("[role=alert]")?.textContent, "The dashboard could not be loaded.");
  element.shadowRoot?.querySelector("button")?.click();
  assert.ok(frameOf(element));
  assert.equal(element.shadowRoot?.querySelector("[role=alert]"), null);
});

test("an error that the frame shows itself leaves the frame", async () => {
  const element = await mount();
  const port = await answer(element);
  port?.postMessage(seal({ type: "error", code: "insufficient_scope", message: "No.", shown: true }));
  await delivered();
  assert.deepEqual(events, ["insufficient_scope"]);
  assert.ok(frameOf(element));
});

test("a retry in the frame that works is told as ready after the error, once", async () => {
  const element = await mount();
  const port = await answer(element);
  const network = seal({ type: "error", code: "network", message: "No.", shown: true });
  const ready = seal({ type: "ready" });
  for (const message of [network, network, ready, ready, network]) port?.postMessage(message);
  await delivered();
  assert.deepEqual(events, ["network", "ready"]);
});

test("a dashboard that was never ready has no token to lose", async () => {
  const element = make();
  element.fetchToken = () => (++asked > 1 ? Promise.reject(new Error("down")) : Promise.resolve({ token: TOKEN, expires_in: 300 }));
  const port = await answer(await mount(element));
  port?.postMessage(seal({ type: "error", code: "network", message: "No.", shown: true }));
  await delivered();
  port?.postMessage(seal({ type: "token_needed", reason: "rejected" }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  assert.deepEqual([asked, events], [2, ["network"]]);
});

test("an error that the frame cannot show is shown in its place", async () => {
  const element = await mount();
  const port = await answer(element);
  port?.postMessage(seal({ type: "error", code: "widget_load_failed", message: "No.", shown: false }));
  await delivered();
  assert.deepEqual(events, ["widget_load_failed"]);
  assert.equal(frameOf(element), undefined);
  assert.ok(element.shadowRoot?.querySelector("[role=alert]"));
});

test("a greeting that is not answered is repeated, and any of the offered ports will do", async () => {
  const element = await mount();
  windowOf(element);
  frameOf(element)?.dispatchEvent(new page.Event("load") as never);
  mock.timers.tick(1_000);
  mock.timers.tick(2_000);
  assert.equal(offered.length, 3);
  offered[0]?.postMessage(seal({ type: "connected" }));
  await delivered();
  offered[0]?.postMessage(seal({ type: "ready" }));
  await delivered();
  assert.deepEqual(events, ["ready"]);
  mock.timers.tick(60_000);
  assert.equal(offered.length, 3);
  assert.ok(frameOf(element));
});

test("a loaded document that is not ours times out sooner", async () => {
  const element = await mount();
  windowOf(element);
  frameOf(element)?.dispatchEvent(new page.Event("load") as never);
  mock.timers.tick(10_000);
  assert.deepEqual(events, ["frame_timeout"]);
});

test("a missing or malformed embed is told", async () => {
  await mount(make({}));
  await mount(make({ embed: "../../evil" }));
  assert.deepEqual(events, ["embed_missing", "embed_missing"]);
});

test("a callback may be set after the element is on the page, and without any source that is told", async () => {
  const element = make();
  const later = element.fetchToken;
  delete element.fetchToken;
  Object.assign(element, { fetchToken: undefined });
  await mount(element);
  assert.equal(frameOf(element), undefined);
  mock.timers.tick(10_000);
  assert.deepEqual(events, ["token_source_missing"]);
  Object.assign(element, { fetchToken: later });
  await settle();
  assert.ok(frameOf(element));
});

test("removal ends everything and adding again starts afresh", async () => {
  const element = make();
  let signal: AbortSignal | undefined;
  element.fetchToken = (request) => {
    signal = request.signal;
    asked += 1;
    return new Promise(() => undefined);
  };
  await mount(element);
  element.remove();
  assert.equal(signal?.aborted, true);
  assert.equal(frameOf(element), undefined);
  mock.timers.tick(600_000);
  await settle();
  assert.deepEqual([asked, events], [1, []]);
  await mount(element);
  assert.ok(frameOf(element));
  assert.equal(asked, 2);
});

test("attributes that change together remount once", async () => {
  const element = await mount();
  const frame = frameOf(element);
  element.setAttribute("embed", "emb_01jd8x0c6tfwasq9m2yjz0v4kc");
  element.setAttribute("frame-title", "Other");
  await settle();
  assert.notEqual(frameOf(element), frame);
  assert.equal(frameOf(element)?.title, "Other");
  assert.equal(asked, 2);
});

test("two dashboards on one page share no token", async () => {
  const [one, two] = [make(), make({ embed: "emb_01jd8x0c6tfwasq9m2yjz0v4kc" })];
  one.fetchToken = () => Promise.resolve({ token: "one.one.one", expires_in: 300 });
  two.fetchToken = () => Promise.resolve({ token: "two.two.two", expires_in: 300 });
  await mount(one);
  await mount(two);
  for (const [element, token] of [[one, "one.one.one"], [two, "two.two.two"]] as const) {
    const port = await answer(element);
    const received: { token?: string }[] = [];
    assert.ok(port);
    port.onmessage = ({ data }) => received.push(data);
    await delivered();
    assert.deepEqual(received.map((message) => message.token), [token]);
  }
});
