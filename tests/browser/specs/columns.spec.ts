/** Hands on the table: columns as wide as the viewer wants them, and the place of a row that has left the page. */

import type { FrameLocator, Locator, Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import { dashboard, expect, frameOf, test, Witness } from "../support/test.ts";
import type { System } from "../support/system.ts";
import { menu, tasks } from "../support/widget.ts";

interface Column {
  heading: Locator;
  grip: Locator;
  width(): Promise<number>;
}

function column(inside: FrameLocator, name: string): Column {
  const heading = tasks(inside).table.getByRole("columnheader", { name, exact: true });
  return {
    heading,
    grip: heading.getByRole("separator", { name, exact: true }),
    width: async () => (await heading.boundingBox())?.width ?? 0,
  };
}

/** Opens the dashboard and has the handles come. */
async function open(page: Page, system: System): Promise<FrameLocator> {
  await page.goto(system.portalOrigin);
  const inside = dashboard(page);
  const { heading, grip } = column(inside, "Status");
  await heading.scrollIntoViewIfNeeded();
  await heading.hover();
  await expect(grip).toBeVisible();
  return inside;
}

/** Drags a handle sideways. */
async function drag(page: Page, grip: Locator, px: number): Promise<void> {
  const box = await grip.boundingBox();
  if (!box) throw new Error("The handle is not there.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + px, y + 5, { steps: 4 });
  await page.mouse.up();
}

/** Where each heading begins. */
function edges(inside: FrameLocator): Promise<number[]> {
  return tasks(inside).table.locator("thead th").evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)));
}

test("a column is dragged wider, and no other changes its width", async ({ page, system, witness }) => {
  const inside = await open(page, system);
  const { heading, grip, width } = column(inside, "Status");
  const before = await width();
  const from = await edges(inside);
  await drag(page, grip, 60);
  expect(Math.abs((await width()) - before - 60)).toBeLessThan(1);
  const moved = (await edges(inside)).map((edge, place) => edge - (from[place] ?? 0));
  // Title, project and the column itself begin where they were; what follows has moved along.
  expect(moved.slice(0, 3)).toEqual([0, 0, 0]);
  for (const by of moved.slice(3)) expect(Math.abs(by - 60)).toBeLessThanOrEqual(1);
  expect(await heading.getAttribute("aria-sort"), "a drag is no click").toBe("none");
  expect(await page.locator("iframe").evaluate((frame) => frame.clientWidth)).toBeLessThanOrEqual(1280);
  expect(witness.complaints).toEqual([]);
});

test("keys move a column's end, to its narrowest, its widest and its natural width", async ({ page, system }) => {
  const inside = await open(page, system);
  const { grip, width } = column(inside, "Project");
  const start = Math.round(await width());
  await grip.focus();
  await expect(grip).toHaveAttribute("aria-valuenow", String(start));
  for (const [key, wanted] of [["ArrowRight", start + 16], ["ArrowLeft", start], ["Home", 64], ["ArrowLeft", 64], ["End", 800], ["ArrowRight", 800]] as const) {
    await page.keyboard.press(key);
    expect(await width(), key).toBe(wanted);
    await expect(grip).toHaveAttribute("aria-valuenow", String(wanted));
    await expect(grip).toBeFocused();
  }
  await expect(grip).toHaveAttribute("aria-orientation", "vertical");
  await page.keyboard.press("Enter");
  const natural = await width();
  expect(natural).toBeLessThan(300);
  await page.keyboard.press("Home");
  await grip.dblclick();
  expect(await width()).toBe(natural);
  const cut = await tasks(inside).table.locator('td[data-column="project"]').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
  expect(cut).toBe(0);
});

test("widths outlive sorting, filtering, columns that go and come, and other views", async ({ page, system }) => {
  const inside = await open(page, system);
  const { grip, heading, width } = column(inside, "Status");
  await grip.focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowRight");
  const wanted = await width();

  await heading.getByRole("button").click();
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  expect(await width()).toBe(wanted);

  await menu(inside, "Priority").choose("Urgent");
  await expect(tasks(inside).table).toHaveAttribute("aria-busy", "false");
  expect(await width()).toBe(wanted);

  await menu(inside, "Columns").choose("Status");
  await expect(heading).toHaveCount(0);
  await menu(inside, "Columns").choose("Status");
  expect(await width()).toBe(wanted);
  await heading.hover();
  await expect(grip).toHaveAttribute("aria-valuenow", String(wanted));

  const tabs = inside.getByRole("navigation", { name: "Views" });
  await tabs.getByRole("button", { name: "Tasks" }).click();
  await tabs.getByRole("button", { name: "Overview" }).click();
  expect(await width()).toBe(wanted);
});

test("a handle is at least 24 pixels each way, and axe has nothing against it", async ({ page, system }) => {
  const inside = await open(page, system);
  const grips = tasks(inside).table.getByRole("separator");
  expect(await grips.count()).toBe(await tasks(inside).table.getByRole("columnheader").count());
  for (const grip of await grips.all()) {
    const box = await grip.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  }
  expect(await violations(page)).toEqual([]);
});

test("where text runs from the right, a column grows to the left", async ({ browser, system }) => {
  const context = await browser.newContext({ locale: "ar", viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(system.portalOrigin);
  const heading = dashboard(page).locator('thead [data-column="status"]');
  const grip = heading.getByRole("separator");
  await heading.scrollIntoViewIfNeeded();
  await heading.hover();
  await expect(grip).toBeVisible();
  const box = async () => (await heading.boundingBox()) ?? { x: 0, width: 0 };
  const before = await box();
  expect(((await grip.boundingBox())?.x ?? 0) - before.x).toBeLessThan(1);
  await drag(page, grip, -40);
  const dragged = await box();
  expect(Math.abs(dragged.width - before.width - 40)).toBeLessThan(1);
  expect(dragged.x + dragged.width).toBeCloseTo(before.x + before.width, 0);
  await grip.press("ArrowRight");
  expect((await box()).width).toBe(dragged.width - 16);
  await context.close();
});

test("a finger drags a column, too", async ({ browser, system }) => {
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 820, height: 900 } });
  const page = await context.newPage();
  await page.goto(system.portalOrigin);
  const { heading, grip, width } = column(dashboard(page), "Task");
  await heading.scrollIntoViewIfNeeded();
  await heading.tap({ position: { x: 150, y: 10 } });
  await expect(grip).toBeVisible();
  const before = await width();
  const box = await grip.boundingBox();
  if (!box) throw new Error("The handle is not there.");
  const [x, y] = [box.x + 12, box.y + 12];
  const touch = await context.newCDPSession(page);
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  for (const by of [10, 30, 50]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + by, y }] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect.poll(async () => Math.abs((await width()) - before - 50)).toBeLessThan(1);
  await context.close();
});

test("nobody loads the handles who does not touch the table, and a failed load is tried again", async ({ page, system }) => {
  const witness = new Witness(page);
  let refusals = 0;
  await page.route("**/assets/table.*.js", (route) => (refusals++ ? route.continue() : route.abort()));
  await page.goto(system.portalOrigin);
  const inside = dashboard(page);
  const { heading, grip } = column(inside, "Status");
  await expect(heading).toBeVisible();
  expect(witness.urls.filter((url) => url.includes("/assets/table."))).toEqual([]);
  await heading.hover();
  await expect.poll(() => refusals).toBe(1);
  await inside.getByRole("heading", { level: 1 }).hover();
  await heading.hover();
  await expect(grip).toBeVisible();
});

test("a focused row that is scrolled away leaves the focus in the table, and takes it back", async ({ page, system }) => {
  const inside = await open(page, system);
  const { area, titles, table } = tasks(inside);
  const frame = await frameOf(page);
  const title = titles.nth(2);
  const name = await title.textContent();
  await title.focus();
  await area.evaluate((area) => area.scrollTo(0, area.scrollHeight));
  await expect(table.locator('tr[aria-rowindex="4"]')).toHaveCount(0);
  await expect(area).toBeFocused();
  const bottom = await area.evaluate((area) => area.scrollTop);
  await page.keyboard.press("PageUp");
  await expect.poll(() => area.evaluate((area) => area.scrollTop)).toBeLessThan(bottom);

  await area.evaluate((area) => area.scrollTo(0, 0));
  await expect.poll(() => frame.evaluate(() => document.activeElement?.textContent)).toBe(name);
  await page.keyboard.press("Enter");
  await expect(inside.getByRole("dialog", { name: name ?? "" })).toBeVisible();
});
