import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { seal } from "../src/protocol.ts";
import { alertOf, answer, connect, delivered, EMBED, explained, frameOf, JKT, make, makeWith, mount, ORIGIN, OTHER_EMBED, pages, post, seen, settle, TOKEN, windowOf } from "./page.ts";

pages();

test("the frame has the right address, name, flags and kept space", async () => {
  const frame = frameOf(await mount());
  assert.equal(frame?.getAttribute("src"), `${ORIGIN}/v1/frame/${EMBED}`);
  assert.equal(frame?.title, "Project dashboard");
  assert.equal(frame?.getAttribute("sandbox"), "allow-scripts allow-same-origin allow-downloads");
  const named = frameOf(await mount(make({ embed: EMBED, "frame-title": "Building works" })));
  assert.equal(named?.title, "Building works");
});

test("a frame that answers gets the token over the port, and tells height and readiness", async () => {
  const { element, port, heard } = await connect();
  assert.deepEqual(heard.find(({ type }) => type === "token"), { oriel: 1, type: "token", token: `${TOKEN}1`, expires_in: 300 });
  for (const px of [900, 300]) {
    port.postMessage(seal({ type: "height", px }));
    await delivered();
    assert.equal(frameOf(element)?.style.height, `${px}px`);
  }
  port.postMessage(seal({ type: "ready" }));
  port.postMessage(seal({ type: "ready" }));
  port.postMessage(seal({ type: "error", code: "network", message: "later", shown: true }));
  await delivered();
  assert.deepEqual(seen.events, ["ready"]);
});

test("a greeting from another origin is not answered", async () => {
  const element = await mount();
  assert.equal(await answer(element, "https://evil.example"), undefined);
});

test("a greeting from another window is not answered", async () => {
  windowOf(await mount());
  post(seal({ type: "hello" }), ORIGIN, {});
  assert.equal(seen.offered.length, 0);
});

test("a frame of another version is told apart", async () => {
  await answer(await mount(), ORIGIN, { oriel: 2, type: "hello" });
  assert.deepEqual(seen.events, ["protocol_mismatch"]);
});

test("a frame that never answers times out, and the viewer can try again", async () => {
  const element = await mount();
  mock.timers.tick(30_000);
  assert.deepEqual(seen.events, ["frame_timeout"]);
  assert.equal(explained().failures[0]?.message, `${ORIGIN} does not answer https://portal.example. See docs/embedding.md#frame_timeout`);
  assert.equal(frameOf(element), undefined);
  assert.equal(alertOf(element)?.textContent, "The dashboard could not be loaded.");
  element.shadowRoot?.querySelector("button")?.click();
  assert.ok(frameOf(element));
  assert.equal(alertOf(element), undefined);
});

test("an error that the frame shows itself leaves the frame", async () => {
  const element = await mount();
  const port = await answer(element);
  port?.postMessage(seal({ type: "error", code: "insufficient_scope", message: "No.", shown: true }));
  await delivered();
  assert.deepEqual(seen.events, ["insufficient_scope"]);
  assert.ok(frameOf(element));
});

test("a retry in the frame that works is told as ready after the error, once", async () => {
  const element = await mount();
  const port = await answer(element);
  const network = seal({ type: "error", code: "network", message: "No.", shown: true });
  const ready = seal({ type: "ready" });
  for (const message of [network, network, ready, ready, network]) port?.postMessage(message);
  await delivered();
  assert.deepEqual(seen.events, ["network", "ready"]);
});

test("a dashboard that was never ready has no token to lose", async () => {
  const element = makeWith(() => (++seen.asked > 1 ? Promise.reject(new Error("down")) : Promise.resolve({ token: TOKEN, expires_in: 300 })));
  const port = await answer(await mount(element));
  port?.postMessage(seal({ type: "error", code: "network", message: "No.", shown: true }));
  await delivered();
  port?.postMessage(seal({ type: "token_needed" }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  assert.deepEqual([seen.asked, seen.events], [2, ["network"]]);
});

test("an error that the frame cannot show is shown in its place", async () => {
  const element = await mount();
  const port = await answer(element);
  port?.postMessage(seal({ type: "error", code: "widget_load_failed", message: "No.", shown: false }));
  await delivered();
  assert.deepEqual(seen.events, ["widget_load_failed"]);
  assert.equal(frameOf(element), undefined);
  assert.ok(alertOf(element));
});

test("a frame is greeted when it says hello and when it has loaded, and any of the offered ports will do", async () => {
  const element = await mount();
  post(seal({ type: "hello" }), ORIGIN, windowOf(element));
  frameOf(element)?.dispatchEvent(new seen.page.Event("load") as never);
  assert.equal(seen.offered.length, 2);
  seen.offered[0]?.postMessage(seal({ type: "connected", dpop_jkt: JKT }));
  await delivered();
  seen.offered[0]?.postMessage(seal({ type: "ready" }));
  await delivered();
  assert.deepEqual(seen.events, ["ready"]);
  mock.timers.tick(60_000);
  assert.deepEqual(seen.events, ["ready"]);
  assert.ok(frameOf(element));
});

test("a token is asked for once the frame is connected, for that frame's key", async () => {
  const asked: unknown[] = [];
  const element = await mount(makeWith(({ embed, session, dpop_jkt, reason }) => {
    asked.push({ embed, session, dpop_jkt, reason });
    return Promise.resolve({ token: TOKEN, expires_in: 300 });
  }));
  post(seal({ type: "hello" }), ORIGIN, windowOf(element));
  await delivered();
  assert.deepEqual(asked, []);
  await answer(element);
  assert.deepEqual(asked, [{ embed: EMBED, session: undefined, dpop_jkt: JKT, reason: "first" }]);
});

test("a frame without a key gets a token all the same", async () => {
  const asked: unknown[] = [];
  const port = await answer(await mount(makeWith(({ dpop_jkt }) => {
    asked.push(dpop_jkt);
    return Promise.resolve({ token: TOKEN, expires_in: 300 });
  })), ORIGIN, undefined, "");
  const heard: unknown[] = [];
  if (port) port.onmessage = ({ data }) => heard.push((data as { type: string }).type);
  await delivered();
  assert.deepEqual([asked, heard.includes("token")], [[undefined], true]);
});

test("a frame that loads anew connects anew and gets all that it needs", async () => {
  const { element, port } = await connect();
  port.postMessage(seal({ type: "ready" }));
  await delivered();
  const again = await answer(element);
  assert.ok(again);
  const heard: string[] = [];
  again.onmessage = ({ data }) => heard.push((data as { type: string }).type);
  mock.timers.tick(1_000);
  await delivered();
  assert.deepEqual(heard.sort(), ["settings", "show", "token"]);
  assert.deepEqual(seen.events, ["ready"]);
});

test("a frame that loads anew has a token asked for its own key, in the same session", async () => {
  const asked: unknown[] = [];
  const { element, port } = await connect(makeWith(({ session, dpop_jkt }) => {
    asked.push([session, dpop_jkt]);
    return Promise.resolve({ token: `${TOKEN}${asked.length}`, expires_in: 300, session: "ses_1" });
  }));
  port.postMessage(seal({ type: "ready" }));
  await delivered();
  const other = JKT.replace("0Z", "Z0");
  const again = await answer(element, ORIGIN, undefined, other);
  mock.timers.tick(1_000);
  const heard: unknown[] = [];
  if (again) again.onmessage = ({ data }) => heard.push((data as { token?: string }).token);
  await delivered();
  assert.deepEqual(asked, [[undefined, JKT], ["ses_1", other]]);
  assert.deepEqual(heard.filter(Boolean), [`${TOKEN}2`]);
  assert.deepEqual(seen.events, ["ready"]);
});

test("a token that was asked for the key of the document before reaches no document", async () => {
  const grants: ((token: string) => void)[] = [];
  const element = makeWith(() => new Promise((resolve) => grants.push((token) => resolve({ token, expires_in: 300 }))));
  const { heard: before } = await connect(element);
  post(seal({ type: "hello" }), ORIGIN, windowOf(element));
  const port = seen.offered.at(-1);
  const heard: unknown[] = [];
  if (port) port.onmessage = ({ data }) => heard.push((data as { token?: string }).token);
  grants[0]?.("old.old.old");
  await delivered();
  assert.deepEqual(heard, [], "it goes to the document that it was asked for, while that is connected");
  port?.postMessage(seal({ type: "connected", dpop_jkt: JKT }));
  await delivered();
  mock.timers.tick(1_000);
  await delivered();
  grants[1]?.("new.new.new");
  await delivered();
  assert.deepEqual(heard.filter(Boolean), ["new.new.new"]);
  assert.deepEqual(before.flatMap(({ token }) => token ?? []), ["old.old.old"]);
});

test("a frame that never connects has no token asked for", async () => {
  await mount();
  mock.timers.tick(30_000);
  assert.deepEqual([seen.asked, seen.events], [0, ["frame_timeout"]]);
});

test("a loaded document that is not ours times out sooner", async () => {
  const element = await mount();
  windowOf(element);
  frameOf(element)?.dispatchEvent(new seen.page.Event("load") as never);
  mock.timers.tick(10_000);
  assert.deepEqual(seen.events, ["frame_timeout"]);
});

test("a missing or malformed embed is told", async () => {
  await mount(make({}));
  await mount(make({ embed: "../../evil" }));
  assert.deepEqual(seen.events, ["embed_missing", "embed_missing"]);
});

test("a callback may be set after the element is on the page, and without any source that is told", async () => {
  const element = make();
  const later = element.fetchToken;
  element.fetchToken = undefined;
  await mount(element);
  assert.equal(frameOf(element), undefined);
  mock.timers.tick(10_000);
  assert.deepEqual(seen.events, ["token_source_missing"]);
  Object.assign(element, { fetchToken: later });
  await settle();
  assert.ok(frameOf(element));
});

test("removal ends everything and adding again starts afresh", async () => {
  let signal: AbortSignal | undefined;
  const element = makeWith((request) => {
    signal = request.signal;
    seen.asked += 1;
    return new Promise(() => undefined);
  });
  await connect(element);
  element.remove();
  assert.equal(signal?.aborted, true);
  assert.equal(frameOf(element), undefined);
  mock.timers.tick(600_000);
  await settle();
  assert.deepEqual([seen.asked, seen.events], [1, []]);
  await connect(element);
  assert.ok(frameOf(element));
  assert.equal(seen.asked, 2);
});

test("attributes that change together remount once", async () => {
  const element = await mount();
  const frame = frameOf(element);
  element.setAttribute("embed", OTHER_EMBED);
  element.setAttribute("frame-title", "Other");
  await settle();
  assert.notEqual(frameOf(element), frame);
  assert.equal(frameOf(element)?.title, "Other");
});

test("two dashboards on one page share no token", async () => {
  const [one, two] = [make(), make({ embed: OTHER_EMBED })];
  one.fetchToken = () => Promise.resolve({ token: "one.one.one", expires_in: 300 });
  two.fetchToken = () => Promise.resolve({ token: "two.two.two", expires_in: 300 });
  for (const [element, token] of [[one, "one.one.one"], [two, "two.two.two"]] as const) {
    const { heard } = await connect(element);
    assert.deepEqual(heard.flatMap((message) => message.token ?? []), [token]);
  }
});
