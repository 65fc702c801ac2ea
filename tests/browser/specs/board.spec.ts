/** The tasks as a board: a column for each status. */

import { readFile } from "node:fs/promises";
import type { FrameLocator, Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import { FIXTURE, type System } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, element, expect, frameOf, settledHeight, test } from "../support/test.ts";
import { column, menu, tasks as list } from "../support/widget.ts";

const tasks = readTasks(await readFile(FIXTURE, "utf8"));
const COLUMNS = { "To do": "todo", "In progress": "in_progress", Blocked: "blocked", Done: "done", Cancelled: "cancelled" } as const;

const count = (name: keyof typeof COLUMNS) => tasks.filter(({ status }) => status === COLUMNS[name]).length;

/** The board of the fixture's tasks. */
async function open(page: Page, system: System, attributes = ""): Promise<FrameLocator> {
  const body = element(system.tenant.embed).replace("<oriel-dashboard", `<oriel-dashboard view="board" ${attributes}`);
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint() } }));
  const inside = dashboard(page);
  await expect(inside.locator(".ticket").first()).toBeVisible();
  return inside;
}

test("tasks turn from a table into a board and back, and the host page hears which", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  await page.evaluate(() => {
    const views: string[] = [];
    Object.assign(window, { views });
    document.addEventListener("oriel-navigate", (event) => views.push((event as CustomEvent<{ view: string }>).detail.view));
  });
  const inside = dashboard(page);
  await inside.getByRole("button", { name: "Tasks", exact: true }).click();
  await inside.getByRole("button", { name: "Board" }).click();
  await expect(inside.getByRole("button", { name: "Board" })).toHaveAttribute("aria-pressed", "true");
  await expect(inside.getByRole("button", { name: "Tasks", exact: true })).toHaveAttribute("aria-current", "page");
  await expect(list(inside).table).toHaveCount(0);
  for (const name of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    await expect(column(inside, name).count).toHaveText(String(count(name)));
    await expect(column(inside, name).cards).toHaveCount(Math.min(20, count(name)));
  }
  await inside.getByRole("button", { name: "Table" }).click();
  await expect(list(inside).table).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { views: string[] }).views)).toEqual(["tasks", "board", "tasks"]);
  expect(witness.complaints).toEqual([]);
});

test("an embed may begin with the board, and the page it is on may ask for another view", async ({ page, system, witness }) => {
  const show = async (attributes: string) => {
    const body = element(system.planned.embed).replace("<oriel-dashboard", `<oriel-dashboard ${attributes}`);
    await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint(system.planned) } }));
    return dashboard(page);
  };
  let inside = await show("");
  await witness.told("ready");
  await expect(column(inside, "To do").titles).toHaveText(["Retire the old servers", "Announce the change"]);
  await expect(inside.getByRole("button", { name: "Back", exact: true })).toHaveCount(0);
  inside = await show('view="tasks"');
  await expect(list(inside).table).toBeVisible();
});

test("a card opens its task by keyboard, and has the focus back afterwards", async ({ page, system }) => {
  const inside = await open(page, system);
  const card = column(inside, "Blocked").titles.nth(1);
  const name = (await card.textContent()) ?? "";
  await card.press("Enter");
  const drawer = inside.getByRole("dialog", { name });
  await expect(drawer.getByRole("heading", { name: "History" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await expect(card).toBeFocused();
});

test("all of a card opens its task", async ({ page, system }) => {
  const inside = await open(page, system);
  const card = column(inside, "To do").cards.first();
  const { height } = (await card.boundingBox()) ?? { height: 0 };
  await card.click({ position: { x: 8, y: height - 8 } });
  await expect(inside.getByRole("dialog")).toBeVisible();
});

test("a column shows more until all of it is there", async ({ page, system }) => {
  const inside = await open(page, system);
  const { cards, titles, more } = column(inside, "Done");
  for (let shown = 20; shown < count("Done"); shown += 20) {
    await expect(cards).toHaveCount(shown);
    await more.press("Enter");
  }
  await expect(cards).toHaveCount(count("Done"));
  await expect(more).toHaveCount(0);
  // Whoever was on the button that is gone is still in its column.
  await expect(inside.getByRole("region", { name: "Done", exact: true })).toBeFocused();
  const expected = tasks.filter(({ status }) => status === "done").map(({ title }) => title);
  expect((await titles.allTextContents()).sort()).toEqual(expected.sort());
});

test("filters and order hold in every column, and a filter by status leaves only its columns", async ({ page, system }) => {
  const inside = await open(page, system);
  await menu(inside, "Project").choose("Mobile app");
  const mobile = tasks.filter(({ project, status }) => project === "Mobile app" && status === "todo");
  await expect(column(inside, "To do").count).toHaveText(String(mobile.length));
  await menu(inside, "Status").choose("Blocked", "To do");
  await expect(inside.getByRole("heading", { level: 3 })).toHaveText(["To do", "Blocked"]);
  await menu(inside, "Order").button.click();
  await menu(inside, "Order").panel.getByRole("button", { name: "Task, ascending" }).click();
  await page.keyboard.press("Escape");
  const ordered = mobile.map(({ title }) => title).sort();
  await expect(column(inside, "To do").titles).toHaveText(ordered);
});

test("what another process writes appears in its column", async ({ page, system, witness }) => {
  const row = (state: string) => `BOARD-1,A kite for the roof,MOB,Mobile app,${state},Soon,p4,Daniel Osei,2026-06-01 09:00,,,2026-06-20,`;
  await system.import(system.busy, [row("New")]);
  const body = element(system.busy.embed).replace("<oriel-dashboard", '<oriel-dashboard view="board"');
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint(system.busy) } }));
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  await inside.getByRole("searchbox").fill("kite");
  await expect(column(inside, "To do").titles).toHaveText(["A kite for the roof"]);
  await expect(column(inside, "Blocked").count).toHaveText("0");
  await system.import(system.busy, [row("Waiting")]);
  await expect(column(inside, "Blocked").titles).toHaveText(["A kite for the roof"]);
  await expect(column(inside, "To do").count).toHaveText("0");
});

test("a column that cannot be read says so, and is tried again", async ({ page, system }) => {
  let broken = true;
  await page.route("**/v1/embed/tasks?status=blocked**", (route) => (broken ? route.abort() : route.continue()));
  const inside = await open(page, system);
  const alert = inside.getByRole("region", { name: "Blocked", exact: true }).getByRole("alert");
  await expect(alert).toBeVisible();
  broken = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(column(inside, "Blocked").cards).toHaveCount(count("Blocked"));
});

test("on a phone the columns are moved through sideways, and the page is not", async ({ page, system }) => {
  await page.setViewportSize({ width: 380, height: 800 });
  const inside = await open(page, system);
  await settledHeight(page);
  const board = inside.getByRole("region", { name: "Board" });
  await expect(column(inside, "Done").titles.first()).not.toBeInViewport();
  await board.focus();
  await board.evaluate((board) => board.scrollTo({ left: board.scrollWidth, behavior: "instant" }));
  await expect(column(inside, "Cancelled").titles.first()).toBeInViewport();
  const cut = await board.evaluate((board) => [...board.querySelectorAll<HTMLElement>(".ticket")].filter((card) => card.scrollWidth > card.clientWidth).length);
  expect(cut).toBe(0);
});

for (const [theme, locale, width] of [["light", "en", 1280], ["dark", "en", 1280], ["dark", "ar", 380], ["light", "ar", 1280]] as const) {
  test(`axe finds no violation in the board, ${theme}, ${locale}, ${width} px wide`, async ({ page, system, witness }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, system, `theme="${theme}" locale="${locale}"`);
    expect(await violations(page)).toEqual([]);
    const frame = await frameOf(page);
    expect(await frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(witness.complaints).toEqual([]);
  });
}
