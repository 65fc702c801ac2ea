/** Who may show a dashboard, and who may not. */

import { readFile } from "node:fs/promises";
import type { Frame, Page } from "@playwright/test";
import { numbersOf } from "../support/oracle.ts";
import { AS_OF, FIXTURE } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, element, expect, frameOf, test } from "../support/test.ts";
import { cards } from "../support/widget.ts";

const tasks = readTasks(await readFile(FIXTURE, "utf8"));

test("a page on an origin that is not allowed shows nothing, and the browser names frame-ancestors", async ({ page, system, witness }) => {
  await page.clock.install();
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.strangeOrigin + path);
  await expect.poll(() => witness.complaints.join("\n")).toContain("frame-ancestors");
  await expect(dashboard(page).locator("#oriel-root")).toHaveCount(0);
  await page.clock.runFor(31_000);
  await witness.told("frame_timeout");
  await expect(page.getByRole("alert")).toHaveText("The dashboard could not be loaded.");
  const said = () => witness.complaints.find((line) => line.startsWith("[oriel] frame_timeout: ")) ?? "";
  await expect.poll(said).toContain("is not among the embed's allowed origins");
  expect(said()).toContain(`${system.embedOrigin} does not answer ${system.host.strangeOrigin}.`);
});

test("an unknown embed shows nothing", async ({ page, system, witness }) => {
  await page.clock.install();
  const path = system.host.page({ body: element("emb_01jd8x0c6tfwasq9m2yjz0v4kb"), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await expect.poll(() => witness.complaints.join("\n")).toContain("frame-ancestors");
  await page.clock.runFor(31_000);
  await witness.told("frame_timeout");
});

test("every page above the frame has to be allowed, not only the nearest", async ({ page, system, witness }) => {
  const body = element(system.tenant.embed);
  const policy = system.host.strictPolicy.replace("; frame-ancestors 'none'", "");
  const inner = system.host.page({ policy, body, tokens: { token: () => system.mint() } });
  const outer = system.host.page({
    policy: "default-src 'none'; frame-src http:",
    body: `<iframe title="between" src="${system.host.origin}${inner}"></iframe>`,
  });
  await page.goto(system.host.strangeOrigin + outer);
  await expect.poll(() => witness.complaints.join("\n")).toContain("frame-ancestors");
});

test("a frame that is opened by itself says where it belongs and asks for nothing", async ({ page, system, witness }) => {
  await page.goto(`${system.embedOrigin}/v1/frame/${system.tenant.embed}`);
  await expect(page.getByText("This dashboard is shown inside a portal’s page.")).toBeVisible();
  expect(witness.urls.filter((url) => url.includes("/v1/embed"))).toEqual([]);
});

/** Takes the frame's window from the page's loader until `release`, so that others can speak to the frame first. */
async function holdLoader(page: Page): Promise<{ release(): Promise<void> }> {
  await page.addInitScript(() => {
    const of = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow");
    if (window !== window.top || !of?.get) return;
    const { get } = of;
    Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
      get(this: HTMLIFrameElement): unknown {
        return "released" in window ? get.call(this) : null;
      },
    });
  });
  // The loader greets a frame that has loaded; it has by now, unnoticed.
  const release = () => page.evaluate(() => {
    Object.assign(window, { released: true });
    document.querySelector("oriel-dashboard")?.shadowRoot?.querySelector("iframe")?.dispatchEvent(new Event("load"));
  });
  return { release };
}

/** Offers the dashboard's frame `target` a port and a token from that frame or from one beside it, and keeps what is heard back. */
function attack(from: Frame, target: Frame, token: string): Promise<void> {
  return from.evaluate(({ token, beside }) => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(data);
    port1.postMessage({ oriel: 1, type: "token", token, expires_in: 300 });
    let target: Window | undefined = window;
    if (beside) {
      const frame = window.parent.document.querySelector("oriel-dashboard")?.shadowRoot?.querySelector("iframe");
      // This window's own accessor: the page's is held.
      target = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow")?.get?.call(frame) as Window | undefined;
    }
    if (!target) throw new Error("There is no frame to attack.");
    target.postMessage({ oriel: 1, type: "connect" }, "*", [port2]);
  }, { token, beside: from !== target });
}

const heardBy = (frame: Frame) => frame.evaluate(() => (window as unknown as { heard: unknown[] }).heard);

test("a window that is not the frame's parent cannot connect, although it speaks first", async ({ page, system, witness }) => {
  const loader = await holdLoader(page);
  const beside = system.host.page({ policy: system.host.strictPolicy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"), body: "" });
  const path = system.host.page({
    policy: system.host.strictPolicy.replace("frame-src", "frame-src 'self'"),
    body: `<iframe title="beside" src="${beside}"></iframe>${element(system.tenant.embed)}`,
    tokens: { token: () => system.mint() },
  });
  // The page's load event waits for both frames, so that they listen.
  await page.goto(system.host.origin + path);
  const frame = await frameOf(page);
  await frame.waitForLoadState("load");
  const sibling = page.frames().find((frame) => frame.url().endsWith(beside));
  if (!sibling) throw new Error("There is no frame beside the dashboard.");
  const { token } = JSON.parse((await system.mint()).body) as { token: string };
  // The first has an allowed origin and is another window; the second has neither.
  await attack(sibling, frame, token);
  await attack(frame, frame, token);
  // Messages that are sent after those come after those.
  await frame.evaluate(() => new Promise((resolve) => {
    window.addEventListener("message", resolve, { once: true });
    window.postMessage("done", "*");
  }));
  expect(witness.events).toEqual([]);

  await loader.release();
  await witness.told("ready");
  expect((await cards(dashboard(page)))[0]?.slice(0, 2)).toEqual(["Open", String(numbersOf(tasks, AS_OF, 84).open)]);
  expect([await heardBy(sibling), await heardBy(frame)]).toEqual([[], []]);
  expect(witness.complaints).toEqual([]);
});

test("a parent on an origin that is not allowed cannot connect, even where a browser lets it frame", async ({ page, system, witness }) => {
  // As in a browser that knows nothing of frame-ancestors.
  await page.route("**/v1/frame/*", async (route) => {
    const response = await route.fetch();
    const { "content-security-policy": policy = "", ...headers } = response.headers();
    expect(policy).toContain("frame-ancestors");
    await route.fulfill({ response, headers });
  });
  await page.clock.install();
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.strangeOrigin + path);
  await expect(dashboard(page).getByRole("main")).toBeVisible();
  await page.clock.runFor(5_000);
  expect(witness.events).toEqual([]);
  await page.clock.runFor(10_000);
  await witness.told("frame_timeout");
  expect(witness.urls.filter((url) => url.includes("/v1/embed/"))).toEqual([]);
});
