/** Changes that appear by themselves, and a line that is allowed to break. */

import type { Page } from "@playwright/test";
import { dashboard, element, expect, frameOf, test } from "../support/test.ts";
import type { System } from "../support/system.ts";
import { cards } from "../support/widget.ts";

/** A row of the fixture's kind. Its title is looked for, so that nothing else is found. */
const row = (key: string, title: string, state = "New") => `${key},${title},MOB,Mobile app,${state},Soon,p4,Daniel Osei,2026-06-01 09:00,,,2026-06-20,`;

async function open(page: Page, system: System, dashboards = 1): Promise<void> {
  const path = system.host.page({
    body: element(system.busy.embed).repeat(dashboards),
    tokens: { token: ({ session }) => system.mint(system.busy, session ? { session } : {}) },
  });
  await page.goto(system.host.origin + path);
}

const openTasks = async (page: Page) => Number((await cards(dashboard(page)))[0]?.[1]?.replaceAll(",", ""));

test("an import by another process appears where the viewer is, and nothing else moves", async ({ page, system, witness }) => {
  await system.import(system.busy, [row("LIVE-0", "A lantern for the bridge")]);
  await open(page, system);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  await inside.getByRole("searchbox").fill("lantern");
  await expect.poll(() => openTasks(page)).toBe(1);
  await expect(inside.getByRole("row", { name: /for the bridge/ })).toBeVisible();
  const frame = await frameOf(page);
  await frame.evaluate(() => Object.assign(document.querySelector("main") ?? {}, { marked: true }));
  await page.evaluate(() => window.scrollTo(0, 200));
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(200);
  // What would be seen of a view that is built anew, were it only for a frame.
  await frame.evaluate(() => {
    const lost: string[] = [];
    Object.assign(window, { lost });
    const see = () => {
      for (const selector of ["main", "canvas", "dl"]) if (!document.querySelector(selector)) lost.push(selector);
    };
    new MutationObserver(see).observe(document.body, { childList: true, subtree: true });
  });

  await system.import(system.busy, [row("LIVE-1", "A lantern for the pier")]);
  await expect(inside.getByRole("row", { name: /A lantern for the pier/ })).toBeVisible();
  await expect.poll(() => openTasks(page)).toBe(2);
  expect(await page.evaluate(() => window.scrollY)).toBe(200);
  expect(await frame.evaluate(() => (document.querySelector("main") as { marked?: boolean } | null)?.marked)).toBe(true);
  expect(await frame.evaluate(() => (window as unknown as { lost: string[] }).lost)).toEqual([]);
  await expect(inside.getByRole("searchbox")).toHaveValue("lantern");

  await system.import(system.busy, [row("LIVE-1", "A lantern for the quay")]);
  await expect(inside.getByRole("row", { name: /A lantern for the quay/ })).toBeVisible();
  await expect(inside.getByRole("row", { name: /for the pier/ })).toHaveCount(0);
  expect(witness.events).toEqual(["ready"]);
  expect(witness.complaints).toEqual([]);
});

test("a line that breaks is said so, comes back, and what was missed is made up for", async ({ page, system, witness }) => {
  const asked: (string | undefined)[] = [];
  let broken = false;
  await page.route("**/v1/embed/events", async (route) => {
    asked.push((await route.request().allHeaders())["last-event-id"]);
    return broken ? route.abort() : route.continue();
  });
  await open(page, system);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  const first = await openTasks(page);
  // A change that was heard of is a place to go on from.
  await system.import(system.busy, [row("LIVE-9", "Heard of at once")]);
  await expect.poll(() => openTasks(page)).toBe(first + 1);
  const before = await openTasks(page);

  broken = true;
  const frame = await frameOf(page);
  await frame.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(inside.getByText("Reconnecting…")).toBeVisible();
  await system.import(system.busy, [row("LIVE-2", "Missed at first")]);
  expect(await openTasks(page)).toBe(before);
  broken = false;
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  await expect.poll(() => openTasks(page)).toBe(before + 1);
  expect(asked[0]).toBe(undefined);
  expect(asked.at(-1)).toMatch(/^\d+$/);
  expect(witness.events).toEqual(["ready"]);
});

test("a hidden page holds no line open, and hears of what it missed when it is seen again", async ({ page, system, witness }) => {
  await open(page, system);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  const before = await openTasks(page);
  const frame = await frameOf(page);
  const show = (hidden: boolean) =>
    frame.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/v1/embed/events"));
  await show(true);
  await ended;
  await system.import(system.busy, [row("LIVE-3", "While nobody looked")]);
  await show(false);
  await expect.poll(() => openTasks(page)).toBe(before + 1);
});

test("eight dashboards on a page leave room for their reads", async ({ page, system, witness }) => {
  await open(page, system, 8);
  await witness.told(...Array<string>(8).fill("ready"));
  const inside = dashboard(page, 7);
  await inside.getByRole("searchbox").fill("pier");
  await expect(inside.getByRole("table", { name: "Tasks" })).toHaveAttribute("aria-busy", "false");
});
