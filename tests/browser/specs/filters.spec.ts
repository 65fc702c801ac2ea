/** Filters: combined, shown as chips, kept, and the same for numbers and list. */

import { readFile } from "node:fs/promises";
import type { FrameLocator, Locator, Page } from "@playwright/test";
import { FIXTURE } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, element, expect, test } from "../support/test.ts";
import { cards, menu, tasks as list } from "../support/widget.ts";

const tasks = readTasks(await readFile(FIXTURE, "utf8"));

function chips(inside: FrameLocator): Locator {
  return inside.getByRole("list", { name: "Active filters" });
}

/** The filters that the host page has heard of last. */
function keptFilters(page: Page): Promise<Record<string, string> | undefined> {
  return page.locator("oriel-dashboard").evaluate((element) => (element as HTMLElement & { filters?: Record<string, string> }).filters);
}

test("choices of several kinds narrow together, as chips that take them back", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await menu(inside, "Status").choose("Blocked", "In progress");
  const running = tasks.filter(({ status }) => status === "blocked" || status === "in_progress");
  await expect(list(inside).count).toHaveText(`${running.length} tasks`);
  // The numbers are of the same tasks.
  await expect.poll(async () => (await cards(inside))[0]?.[1]).toBe(String(running.length));

  await menu(inside, "Assignee").choose("Ada Lindqvist");
  const hers = running.filter(({ assignee }) => assignee === "Ada Lindqvist");
  await expect(list(inside).count).toHaveText(hers.length === 1 ? "1 task" : hers.length ? `${hers.length} tasks` : "No tasks");
  await expect(chips(inside).getByRole("button")).toHaveText([/Blocked/, /In progress/, /Ada Lindqvist/, "Clear"]);

  await chips(inside).getByRole("button", { name: /Ada Lindqvist/ }).click();
  await expect(list(inside).count).toHaveText(`${running.length} tasks`);
  await chips(inside).getByRole("button", { name: "Clear" }).click();
  await expect(list(inside).count).toHaveText(`${tasks.length} tasks`);
  await expect(chips(inside)).toBeHidden();
});

test("a menu works by keyboard alone, and closes on Escape, Tab and a press elsewhere", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const { button, panel } = menu(inside, "Priority");
  await button.press("Enter");
  // What menus offer is loaded with the first of them.
  await expect(panel.getByRole("checkbox", { name: "Urgent" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(panel.getByRole("checkbox", { name: "Urgent" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(panel.getByRole("checkbox", { name: "Urgent" })).toBeChecked();
  await expect(chips(inside).getByRole("button").first()).toHaveText(/Urgent/);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(button).toBeFocused();

  await button.press("Enter");
  for (let press = 0; press < 6; press += 1) await page.keyboard.press("Tab");
  await expect(panel).toBeHidden();
  await button.click();
  await expect(panel).toBeVisible();
  await inside.getByRole("heading", { level: 1 }).click();
  await expect(panel).toBeHidden();
});

test("dates are chosen by a preset or by hand", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const { button, panel } = menu(inside, "Date");
  await button.click();
  await panel.getByRole("button", { name: "This month" }).click();
  const june = tasks.filter(({ due }) => due?.startsWith("2026-06"));
  await expect(list(inside).count).toHaveText(`${june.length} tasks`);

  await panel.getByRole("combobox").selectOption("Created");
  await panel.getByLabel("From").fill("2026-05-01");
  await panel.getByLabel("To").fill("2026-05-31");
  await panel.getByLabel("To").press("Tab");
  const may = tasks.filter(({ created }) => created.toISOString().startsWith("2026-05"));
  await expect(list(inside).count).toHaveText(`${may.length} tasks`);
  await expect(chips(inside).getByRole("button").first()).toHaveText(/Created: .*May.* – .*May/);
});

test("every menu stays inside a narrow frame", async ({ page, system, witness }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const frame = await page.locator("iframe").boundingBox();
  for (const name of ["Project", "Status", "Assignee", "Priority", "Label", "Date", "Order", "Columns"]) {
    const { button, panel } = menu(inside, name);
    await button.click();
    await expect(panel).toBeVisible();
    await expect.poll(async () => {
      const box = await panel.boundingBox();
      return box && frame && box.x >= frame.x && box.x + box.width <= frame.x + frame.width;
    }, name).toBe(true);
  }
});

test("filters outlive a new token, and come back when the host page keeps them", async ({ page, system, witness }) => {
  await page.clock.install();
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: ({ session }) => system.mint(system.tenant, { expires_in: 60, ...(session ? { session } : {}) }) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const inside = dashboard(page);
  await inside.getByRole("button", { name: "Overdue", exact: true }).click();
  await page.clock.runFor(300);
  await expect.poll(() => keptFilters(page)).toMatchObject({ overdue: "true" });
  const narrow = await list(inside).count.textContent();
  expect(narrow).not.toBe(`${tasks.length} tasks`);

  const token = page.waitForRequest((request) => request.url().endsWith("/token"));
  await page.clock.runFor(60_000);
  await token;
  await expect(list(inside).count).toHaveText(narrow ?? "");
  await expect(chips(inside).getByRole("button").first()).toHaveText("Overdue");

  await page.locator("oriel-dashboard").evaluate((element) => (element as HTMLElement & { setFilters(filters: object): void }).setFilters({ status: "done", q: "backup" }));
  await expect(chips(inside).getByRole("button")).toHaveText([/Done/, /backup/, "Clear"]);
  await expect(inside.getByRole("searchbox").first()).toHaveValue("backup");
});
