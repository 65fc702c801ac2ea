/** The table: every row of it, in any order, and on the way into a file. */

import { readFile } from "node:fs/promises";
import type { FrameLocator } from "@playwright/test";
import { AS_OF, FIXTURE } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, expect, test } from "../support/test.ts";
import { menu, tasks as list } from "../support/widget.ts";

const tasks = readTasks(await readFile(FIXTURE, "utf8"));

test("scrolling leads through every task, with few rows at a time", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const { area, table, titles } = list(inside);
  await expect(table).toHaveAttribute("aria-rowcount", String(tasks.length + 1));
  const seen = new Set<string>();
  const take = async () => {
    for (const title of await titles.allTextContents()) seen.add(title);
    expect(await titles.count()).toBeLessThan(60);
  };
  await take();
  for (let row = 0; row < tasks.length; row += 8) {
    await area.evaluate((area, row) => area.scrollTo(0, row * (area.querySelector<HTMLElement>("tbody tr + tr")?.offsetHeight ?? 0)), row);
    await expect(table.locator(".waiting")).toHaveCount(0);
    await expect(table.locator(`tr[aria-rowindex="${Math.min(row + 8, tasks.length) + 1}"]`)).toBeVisible();
    await take();
  }
  expect([...seen].sort()).toEqual([...new Set(tasks.map(({ title }) => title))].sort());
});

test("the table is reached and scrolled by keys", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const { area, table } = list(dashboard(page));
  await area.focus();
  await page.keyboard.press("End");
  await expect(table.locator(`tr[aria-rowindex="${tasks.length + 1}"]`)).toBeInViewport();
});

test("a click with Shift orders by one more column, and the menu does the same", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const { table } = list(inside);
  const heading = (name: string) => table.getByRole("columnheader", { name });
  await heading("Status").getByRole("button").click();
  await heading("Due").getByRole("button").click({ modifiers: ["Shift"] });
  await expect(heading("Status")).toHaveAttribute("aria-sort", "ascending");
  await expect(heading("Due")).toHaveAttribute("aria-sort", "ascending");
  await expect(table).toHaveAttribute("aria-busy", "false");
  const byBoth = await firstTitles(inside);

  await menu(inside, "Order").button.click();
  const { panel } = menu(inside, "Order");
  await panel.getByRole("button", { name: "Status, ascending" }).click();
  await expect(heading("Status")).toHaveAttribute("aria-sort", "none");
  await panel.getByRole("button", { name: "Due, ascending" }).click();
  await panel.getByRole("button", { name: "Status, ascending" }).click();
  await panel.getByRole("button", { name: "Due, ascending" }).click();
  await expect(table).toHaveAttribute("aria-busy", "false");
  await expect.poll(() => firstTitles(inside)).toEqual(byBoth);
});

test("columns come and go", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const { table } = list(inside);
  await expect(table.getByRole("columnheader", { name: "Created" })).toHaveCount(0);
  await menu(inside, "Columns").choose("Created", "Project");
  await expect(table.getByRole("columnheader", { name: "Created" })).toBeVisible();
  await expect(table.getByRole("columnheader", { name: "Project" })).toHaveCount(0);
});

test("the whole filtered list is saved as a file", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await inside.getByRole("searchbox").first().fill("backup");
  const found = tasks.filter(({ title }) => title.toLowerCase().includes("backup"));
  await expect(list(inside).count).toHaveText(`${found.length} tasks`);
  const [download] = await Promise.all([page.waitForEvent("download"), inside.getByRole("button", { name: "Export CSV" }).click()]);
  expect(download.suggestedFilename()).toBe(`tasks-${AS_OF}.csv`);
  const text = await readFile(await download.path(), "utf8");
  for (const { title } of found) expect(text).toContain(title.replaceAll('"', '""'));
  expect(witness.urls.every((url) => !url.includes("token="))).toBe(true);
});

function firstTitles(inside: FrameLocator): Promise<string[]> {
  return list(inside).titles.allTextContents();
}
