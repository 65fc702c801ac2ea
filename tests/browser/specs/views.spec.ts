/** Pages of the dashboard, the drawer over them, and what the host page keeps of both. */

import type { FrameLocator, Locator, Page } from "@playwright/test";
import { dashboard, element, expect, test } from "../support/test.ts";
import { tasks } from "../support/widget.ts";

const PROJECT = "Mobile app";

function tab(inside: FrameLocator, name: string): Locator {
  return inside.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
}

function projects(inside: FrameLocator): Locator {
  return inside.getByRole("region", { name: "Projects" });
}

/** The views that the host page hears of, from now on. */
async function heard(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const views: string[] = [];
    Object.assign(window, { views });
    document.addEventListener("oriel-navigate", (event) => views.push((event as CustomEvent<{ view: string }>).detail.view));
  });
  return () => page.evaluate(() => (window as unknown as { views: string[] }).views);
}

/** Where the host page has its focus; a frame that has it is inside the element. */
function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.tagName);
}

test("tabs switch between the overview and the tasks", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const views = await heard(page);
  const inside = dashboard(page);
  await expect(tab(inside, "Overview")).toHaveAttribute("aria-current", "page");
  await expect(projects(inside)).toBeVisible();

  await tab(inside, "Tasks").click();
  await expect(tab(inside, "Tasks")).toHaveAttribute("aria-current", "page");
  await expect(projects(inside)).toHaveCount(0);
  await expect(tasks(inside).table).toBeVisible();

  await inside.getByRole("button", { name: "Back", exact: true }).click();
  await expect(projects(inside)).toBeVisible();
  await expect(inside.getByRole("button", { name: "Back", exact: true })).toHaveCount(0);
  expect(await views()).toEqual(["tasks", "overview"]);
});

test("a task that is opened while another one closes is open", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const second = tasks(inside).titles.nth(1);
  await tasks(inside).titles.first().click();
  await expect(inside.getByRole("dialog").getByRole("heading", { name: "History" })).toBeVisible();
  // A browser tells of the close a turn later than it happens.
  await second.evaluate((title: HTMLElement) => {
    document.querySelector<HTMLDialogElement>("#drawer")?.close();
    title.click();
  });
  await expect(inside.getByRole("dialog").getByRole("heading", { name: (await second.textContent()) ?? "" })).toBeVisible();
});

test("a project opens by keyboard, narrows everything, and leads back", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const views = await heard(page);
  const inside = dashboard(page);
  const all = await tasks(inside).count.textContent();
  await projects(inside).getByRole("button", { name: PROJECT }).press("Enter");

  const way = inside.getByRole("navigation", { name: "Breadcrumb" });
  await expect(way.getByText(PROJECT)).toHaveAttribute("aria-current", "page");
  await expect(inside.getByRole("region", { name: "Burn-up" })).toBeVisible();
  await expect(tasks(inside).count).not.toHaveText(all ?? "");
  const shown = await tasks(inside).table.locator('[data-column="project"]').evaluateAll((cells) => cells.slice(1).map((cell) => cell.textContent));
  expect(new Set(shown)).toEqual(new Set([PROJECT]));
  // The row that had the focus is gone; whoever reads goes on at the top of the page.
  await expect(inside.getByRole("heading", { level: 1 })).toBeFocused();

  await way.getByRole("button", { name: "Overview" }).click();
  await expect(projects(inside)).toBeVisible();
  await expect(tasks(inside).count).toHaveText(all ?? "");
  const [first, second] = await views();
  expect(first).toMatch(/^project=prj_/);
  expect(second).toBe("overview");
});

test("a task opens in a drawer that takes the focus and gives it back", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const title = tasks(inside).titles.nth(2);
  const name = (await title.textContent()) ?? "";
  const drawer = inside.getByRole("dialog", { name });
  for (const close of ["Escape", "button", "beside"]) {
    await title.press("Enter");
    await expect(drawer.getByRole("heading", { name: "History" })).toBeVisible();
    await expect(drawer.getByRole("button", { name: "Close" })).toBeFocused();
    if (close === "Escape") await page.keyboard.press("Escape");
    else if (close === "button") await drawer.getByRole("button", { name: "Close" }).click();
    else await drawer.click({ position: { x: -40, y: 40 }, force: true });
    await expect(inside.getByRole("dialog")).toHaveCount(0);
    await expect(title).toBeFocused();
  }
});

test("the drawer opens where the viewer looks, and fills a phone", async ({ page, system, witness }) => {
  await page.setViewportSize({ width: 380, height: 700 });
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await tasks(inside).titles.first().click();
  const drawer = inside.getByRole("dialog");
  await expect(drawer.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
  const [box, frame] = [await drawer.boundingBox(), await page.locator("iframe").boundingBox()];
  expect(box?.width).toBe(frame?.width);
});

test("the host page chooses the view, and may keep it", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.tenant.embed).replace(">", ' view="tasks">'), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(tab(inside, "Tasks")).toHaveAttribute("aria-current", "page");
  expect(await focused(page), "the focus of the host page stays").toBe("BODY");
  await page.locator("oriel-dashboard").evaluate((element) => element.setAttribute("view", "overview"));
  await expect(projects(inside)).toBeVisible();
  expect(await focused(page)).toBe("BODY");
  await page.locator("oriel-dashboard").evaluate((element) => element.setAttribute("view", "tasks"));
  await expect(projects(inside)).toHaveCount(0);

  const views = await heard(page);
  await tasks(inside).titles.first().click();
  // The view that the page chose may be told a moment later, too.
  const latest = async () => (await views()).at(-1) ?? "";
  await expect.poll(latest).toMatch(/^tasks&task=tsk_/);
  const kept = await latest();
  await page.keyboard.press("Escape");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await page.locator("oriel-dashboard").evaluate((element, view) => element.setAttribute("view", view), kept);
  await expect(inside.getByRole("dialog")).toBeVisible();
});
