/** For viewers who use no mouse, or no screen. */

import { violations } from "../support/axe.ts";
import { dashboard, element, expect, test } from "../support/test.ts";
import { chart, CHARTS, menu, tasks } from "../support/widget.ts";

test("axe finds no violation in any view, its tables, menus and an open task", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  expect(await violations(page)).toEqual([]);
  const inside = dashboard(page);
  for (const name of CHARTS) await chart(inside, name).menu("Show as table");
  await expect(inside.getByRole("table")).toHaveCount(5);
  await tasks(inside).titles.first().click();
  await expect(inside.getByRole("heading", { name: "History" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("axe finds no violation in the pages of a project and of the tasks", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await inside.getByRole("region", { name: "Projects" }).getByRole("button").first().click();
  await expect(inside.getByRole("region", { name: "Burn-up" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await inside.getByRole("button", { name: "Tasks", exact: true }).click();
  await menu(inside, "Status").choose("Blocked");
  for (const name of ["Date", "Order", "Columns"]) {
    await menu(inside, name).button.click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
  }
});

test("what is old can be read while what is new is on its way", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await page.route("**/v1/embed/**", () => undefined);
  await inside.getByRole("button", { name: "4 weeks" }).click();
  await menu(inside, "Status").choose("Blocked");
  await expect(inside.getByRole("main")).toHaveAttribute("aria-busy", "true");
  await expect(tasks(inside).table).toHaveAttribute("aria-busy", "true");
  expect(await violations(page)).toEqual([]);
});

test("axe finds no violation in an empty, a narrow or a failed dashboard", async ({ page, system, witness }) => {
  await page.setViewportSize({ width: 380, height: 900 });
  const path = system.host.page({ body: element(system.other.embed), tokens: { token: () => system.mint(system.other) } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  expect(await violations(page)).toEqual([]);

  await page.route("**/v1/embed/**", (route) => route.abort());
  await page.reload();
  await expect(dashboard(page).getByRole("alert").first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("every chart has a table twin that the keyboard reaches", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  for (const name of CHARTS) {
    const { plot, options, twin } = chart(inside, name);
    await plot.focus();
    await page.keyboard.press("Shift+Tab");
    await expect(options).toBeFocused();
    for (const key of ["Enter", "Tab", "Enter"]) await page.keyboard.press(key);
    await expect(twin.getByRole("row").nth(1)).toBeVisible();
    // The menu has closed, and the focus is back on its button.
    await expect(options).toBeFocused();
    // The table itself is the next stop, so that arrow keys can scroll it.
    await page.keyboard.press("Tab");
    await expect(twin.locator("..")).toBeFocused();
  }
});

test("tasks open and sort by keyboard alone", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const { table, titles } = tasks(dashboard(page));
  await table.getByRole("button", { name: "Task", exact: true }).press("Enter");
  await expect(table.getByRole("columnheader", { name: "Task", exact: true })).toHaveAttribute("aria-sort", "ascending");
  await expect(table).toHaveAttribute("aria-busy", "false");
  const task = titles.first();
  await task.press("Space");
  await expect(dashboard(page).getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(task).toBeFocused();
});
