import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Channel } from "../src/frame/channel.ts";
import { seal, type ToFrame } from "../src/protocol.ts";

const PORTAL = "https://portal.example";
const JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
let posted: [message: unknown, target: string][] = [];
let received: ToFrame[] = [];
let ports: MessagePort[] = [];
let frame: EventTarget & { parent?: unknown; location?: unknown };

/** Makes a window whose browser tells these ancestors, or keeps them to itself. */
function frameIn(ancestorOrigins?: string[]): void {
  frame = Object.assign(new EventTarget(), {
    parent: { postMessage: (message: unknown, target: string) => posted.push([message, target]) },
    location: { ancestorOrigins },
  });
  Object.assign(globalThis, { window: frame });
}

/** What the frame knows of its key by now. */
let thumbprint: Promise<string | undefined> = Promise.resolve(JKT);

const open = (...allowed: string[]) => new Channel(allowed, thumbprint, (message) => received.push(message));
const settle = async () => { for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve)); };

/** Offers a port as a host page would, and gives what comes back on it. */
async function offer(origin: string, source = frame.parent, data: unknown = seal({ type: "connect" })): Promise<unknown[]> {
  const { port1, port2 } = new MessageChannel();
  const answers: unknown[] = [];
  port1.onmessage = (event) => answers.push(event.data);
  ports.push(port1, port2);
  frame.dispatchEvent(Object.assign(new Event("message"), { data, origin, source, ports: [port2] }));
  await settle();
  return answers;
}

beforeEach(() => ([posted, received, ports, thumbprint] = [[], [], [], Promise.resolve(JKT)]));
afterEach(() => ports.forEach((port) => port.close()));

test("hello goes to an embedding origin that is allowed, and to it alone", () => {
  frameIn([PORTAL, "https://outer.example"]);
  open("https://other.example", PORTAL);
  assert.deepEqual(posted, [[{ oriel: 1, type: "hello" }, PORTAL]]);
});

test("an embedding origin that is not allowed hears nothing", () => {
  frameIn(["https://evil.example"]);
  open(PORTAL);
  assert.deepEqual(posted, []);
});

test("a browser that keeps its ancestors to itself says hello only where one origin is allowed", () => {
  frameIn();
  open(PORTAL, "https://other.example");
  assert.deepEqual(posted, []);
  open(PORTAL);
  assert.deepEqual(posted, [[{ oriel: 1, type: "hello" }, PORTAL]]);
});

test("a page that a wildcard covers is greeted by its own name, and where that is not told, by none", async () => {
  const [below, apex] = ["https://shop.portal.example", "https://portal.example"];
  frameIn([below]);
  open("https://*.portal.example");
  assert.deepEqual(posted, [[{ oriel: 1, type: "hello" }, below]]);
  frameIn([apex]);
  open("https://*.portal.example");
  frameIn();
  open("https://*.portal.example");
  assert.equal(posted.length, 1);
  assert.deepEqual(await offer(apex), []);
  assert.deepEqual(await offer("https://shop.portal.example.evil.test"), []);
  assert.deepEqual(await offer(below), [{ oriel: 1, type: "connected", dpop_jkt: JKT }]);
});

test("only the parent on an allowed origin connects, and the first does", async () => {
  frameIn([PORTAL]);
  const channel = open(PORTAL);
  channel.send({ type: "height", px: 7 });
  assert.deepEqual(await offer("https://evil.example"), []);
  assert.deepEqual(await offer(PORTAL, {}), []);
  assert.deepEqual(await offer(PORTAL, frame.parent, { oriel: 2, type: "connect" }), []);
  assert.deepEqual(await offer(PORTAL), [{ oriel: 1, type: "connected", dpop_jkt: JKT }, { oriel: 1, type: "height", px: 7 }]);
  assert.deepEqual(await offer(PORTAL), []);
});

test("a frame connects once it knows its key, and says nothing before", async () => {
  frameIn([PORTAL]);
  let ready: (jkt: string) => void = () => undefined;
  thumbprint = new Promise((resolve) => (ready = resolve));
  const channel = open(PORTAL);
  const heard = await offer(PORTAL);
  channel.send({ type: "height", px: 7 });
  await settle();
  assert.deepEqual(heard, []);
  ready(JKT);
  await settle();
  assert.deepEqual(heard.map((message) => (message as { type: string }).type), ["connected", "height"]);
});

test("what comes over the port is read, and what makes no sense is dropped", async () => {
  frameIn([PORTAL]);
  open(PORTAL);
  await offer(PORTAL);
  const loader = ports.at(-2);
  loader?.postMessage({ oriel: 1, type: "token", token: "<script>", expires_in: 1 });
  loader?.postMessage(seal({ type: "token_failed", code: "token_fetch_failed" }));
  await settle();
  assert.deepEqual(received, [{ type: "token_failed", code: "token_fetch_failed" }]);
});
