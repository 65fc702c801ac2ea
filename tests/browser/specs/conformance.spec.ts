/** Pages that we do not control, each hostile in its own way. A dashboard works on all of them. */

import type { Page } from "@playwright/test";
import type { HostPage } from "../support/host.ts";
import { TITLE, type System } from "../support/system.ts";
import { dashboard, element, expect, frameOf, settledHeight, test, type Witness } from "../support/test.ts";

/** Serves a page with one dashboard, or with what its body says, and goes there. */
async function visit(page: Page, system: System, more: Partial<HostPage> = {}): Promise<void> {
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: ({ session }) => system.mint(system.tenant, session ? { session } : {}) }, ...more });
  await page.goto(system.host.origin + path);
}

/** The dashboard is there, as high as its content and no wider than its place, and nobody complained. */
async function works(page: Page, witness: Witness): Promise<number> {
  await witness.told("ready");
  await expect(dashboard(page).getByRole("heading", { name: TITLE })).toBeVisible();
  const height = await settledHeight(page);
  expect(height).toBeGreaterThan(600);
  const [frame, place] = await page.locator("oriel-dashboard").evaluate((host) => [host.shadowRoot?.querySelector("iframe")?.getBoundingClientRect().width, host.parentElement?.getBoundingClientRect().width]);
  expect(frame).toBeLessThanOrEqual((place ?? 0) + 1);
  expect(frame).toBeGreaterThan(200);
  expect(witness.complaints).toEqual([]);
  return height;
}

test("a strict policy with Trusted Types needs the embed origin twice and no more", async ({ page, system, witness }) => {
  await visit(page, system, { policy: `${system.host.strictPolicy}; require-trusted-types-for 'script'; trusted-types 'none'` });
  await works(page, witness);
});

test("a page that is isolated by COEP and COOP stays so and shows the dashboard", async ({ page, system, witness }) => {
  await visit(page, system, { headers: { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" } });
  await works(page, witness);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
});

const RESETS = `
  * { all: unset !important; }
  iframe, i, slot, p, button, div { display: none !important; width: 1px !important; height: 1px !important; opacity: 0 !important; transition: none !important; }
  body, html { display: block !important; font-size: 62.5% !important; line-height: 0 !important; color-scheme: dark; }
  oriel-dashboard { color: red !important; letter-spacing: 2em !important; }
`;

test("global resets of a page's style sheet do not reach inside", async ({ page, system, witness }) => {
  const policy = `${system.host.strictPolicy}; style-src 'unsafe-inline'`;
  await visit(page, system, { policy, body: `<style>${RESETS}</style>${element(system.tenant.embed)}` });
  await works(page, witness);
});

test("a place that is not displayed and then is fills as if it had always been", async ({ page, system, witness }) => {
  await visit(page, system, { body: `<div id="place" hidden>${element(system.tenant.embed)}</div>` });
  await witness.told("ready");
  await page.locator("#place").evaluate((place: HTMLElement) => (place.hidden = false));
  const height = await works(page, witness);
  await page.locator("#place").evaluate((place: HTMLElement) => (place.hidden = true));
  await page.locator("#place").evaluate((place: HTMLElement) => (place.hidden = false));
  expect(await works(page, witness)).toBe(height);
});

test("a place without a width takes no height for words in a column of letters", async ({ page, system, witness }) => {
  const script = 'document.getElementById("place").style.width = "0"';
  await visit(page, system, { body: `<div id="place">${element(system.tenant.embed)}</div>`, script });
  await witness.told("ready");
  expect((await page.locator("oriel-dashboard").boundingBox())?.height).toBeLessThan(10_000);
  await page.locator("#place").evaluate((place) => (place.style.width = "100%"));
  await works(page, witness);
});

test("a dashboard that is removed and added elsewhere comes back, and has its view again", async ({ page, system, witness }) => {
  await visit(page, system, { body: `<div id="here">${element(system.tenant.embed)}</div><div id="there"></div>` });
  await works(page, witness);
  await page.evaluate(() => {
    const host = document.querySelector("oriel-dashboard");
    host?.remove();
    if (host) document.getElementById("there")?.append(host);
  });
  await witness.told("ready", "ready");
  await settledHeight(page);
  expect(page.frames()).toHaveLength(2);
  expect(witness.complaints).toEqual([]);
});

test("on a page that runs from right to left the dashboard keeps its own direction", async ({ page, system, witness }) => {
  await visit(page, system, { body: `<div dir="rtl">${element(system.tenant.embed)}</div>` });
  await works(page, witness);
  const frame = await frameOf(page);
  expect(await frame.evaluate(() => getComputedStyle(document.documentElement).direction)).toBe("ltr");
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
});

test.describe("at 200 % zoom", () => {
  test.use({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });

  test("nothing has to be scrolled sideways", async ({ page, system, witness }) => {
    await visit(page, system);
    await works(page, witness);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  });
});

test("on a slow line the place is kept from the start, and the skeleton is there before the widget", async ({ page, system, witness }) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/assets/*.wasm", async (route) => {
    await arrived;
    await route.continue();
  });
  await visit(page, system);
  await expect(dashboard(page).locator(".skeleton")).toBeVisible();
  expect((await page.locator("oriel-dashboard").boundingBox())?.height).toBeGreaterThanOrEqual(480);
  expect(witness.events).toEqual([]);
  arrive();
  await works(page, witness);
});

test("an offline spell that outlives the token costs nothing but the time", async ({ page, context, system, witness }) => {
  await page.clock.install();
  await visit(page, system, { tokens: { token: () => system.mint(system.tenant, { expires_in: 30 }) } });
  await works(page, witness);
  await context.setOffline(true);
  await expect.poll(async () => {
    await page.clock.runFor(5_000);
    return witness.refreshes;
  }).toEqual(["token_refresh_failed"]);
  await context.setOffline(false);
  await expect.poll(async () => {
    await page.clock.runFor(1_000);
    return witness.refreshes;
  }).toEqual(["token_refresh_failed", "ok"]);
  expect(witness.events).toEqual(["ready"]);
});

for (const [name, minutes] of [["fast", 5], ["slow", -5]] as const) {
  test(`a clock that is five minutes ${name} changes nothing`, async ({ page, system, witness }) => {
    await page.clock.install({ time: Date.now() + minutes * 60_000 });
    await visit(page, system, { tokens: { token: () => system.mint(system.tenant, { expires_in: 60 }) } });
    await works(page, witness);
    await page.clock.runFor(40_000);
    expect(witness.refreshes).toEqual([]);
    await page.clock.runFor(10_000);
    await expect.poll(() => witness.refreshes).toEqual(["ok"]);
    expect(witness.events).toEqual(["ready"]);
  });
}

test("two tenants on one page share the download and nothing else", async ({ page, system, witness }) => {
  await visit(page, system, {
    body: element(system.tenant.embed, "one") + element(system.other.embed, "two"),
    tokens: { one: () => system.mint(system.tenant), two: () => system.mint(system.other) },
  });
  await witness.told("ready", "ready");
  await expect(dashboard(page, 0).getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(dashboard(page, 1).getByRole("heading", { name: "Other overview" })).toBeVisible();
  const widgets = await Promise.all([0, 1].map(async (nth) => {
    const frame = await frameOf(page, nth);
    return frame.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm")).map((entry) => (entry as PerformanceResourceTiming).transferSize > 0));
  }));
  expect(widgets.flat().filter(Boolean)).toHaveLength(1);
  await page.locator("oriel-dashboard").nth(0).evaluate((host) => host.remove());
  await expect(dashboard(page, 0).getByRole("heading", { name: "Other overview" })).toBeVisible();
  expect(witness.complaints).toEqual([]);
});
