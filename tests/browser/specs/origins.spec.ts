/** Who may show a dashboard, and who may not. */

import { dashboard, element, expect, test } from "../support/test.ts";

test("a page on an origin that is not allowed shows nothing, and the browser names frame-ancestors", async ({ page, system, witness }) => {
  await page.clock.install();
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.strangeOrigin + path);
  await expect.poll(() => witness.complaints.join("\n")).toContain("frame-ancestors");
  await expect(dashboard(page).locator("#oriel-root")).toHaveCount(0);
  await page.clock.runFor(31_000);
  await witness.told("frame_timeout");
  await expect(page.getByRole("alert")).toHaveText("The dashboard could not be loaded.");
  expect(witness.complaints.join("\n")).toContain(`[oriel] frame_timeout: The frame at ${system.embedOrigin} did not answer. Most likely ${system.host.strangeOrigin} is not among the embed's allowed origins`);
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
  await expect(page.getByText("This dashboard is shown inside a portal's page.")).toBeVisible();
  expect(witness.urls.filter((url) => url.includes("/v1/embed"))).toEqual([]);
});

test("messages from other windows and origins are not heard by the frame", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const [frame] = page.frames().filter((frame) => frame.url().startsWith(system.embedOrigin));
  const before = await dashboard(page).locator("#oriel-root").innerText();
  await frame?.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    (window as unknown as { heard: unknown[] }).heard = [];
    port1.onmessage = ({ data }) => (window as unknown as { heard: unknown[] }).heard.push(data);
    window.postMessage({ oriel: 1, type: "connect" }, "*", [port2]);
  });
  await page.evaluate(() => {
    const iframe = document.querySelector("oriel-dashboard")?.shadowRoot?.querySelector("iframe");
    const { port2 } = new MessageChannel();
    iframe?.contentWindow?.postMessage({ oriel: 1, type: "connect" }, "*", [port2]);
    iframe?.contentWindow?.postMessage({ oriel: 1, type: "token", token: "<img src=x onerror=alert(1)>", expires_in: 1 }, "*");
    iframe?.contentWindow?.postMessage("hello", "*");
  });
  // A message sent after those others is answered, so that they have been through.
  await frame?.evaluate(() => new Promise((resolve) => {
    window.addEventListener("message", resolve, { once: true });
    window.postMessage("done", "*");
  }));
  expect(await frame?.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
  expect(await dashboard(page).locator("#oriel-root").innerText()).toBe(before);
  expect(witness.complaints).toEqual([]);
});
