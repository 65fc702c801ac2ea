/** The numbers on the screen are those that the data has. */

import { readFile } from "node:fs/promises";
import type { FrameLocator } from "@playwright/test";
import { numbersOf, type Numbers } from "../support/oracle.ts";
import { AS_OF, FIXTURE } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, expect, test } from "../support/test.ts";
import { cards, chart, tasks as list } from "../support/widget.ts";

const STATUS_NAMES: Record<string, string> = { todo: "To do", in_progress: "In progress", blocked: "Blocked", done: "Done", cancelled: "Cancelled" };
const tasks = readTasks(await readFile(FIXTURE, "utf8"));

test("cards and charts show what the data says", async ({ page, system, witness }) => {
  const numbers = numbersOf(tasks, AS_OF, 84);
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);

  await expect(inside.getByText("As of 30 Jun 2026")).toBeVisible();
  const shown = await cards(inside);
  expect(shown.map(([label, number]) => [label, number?.replace(/(?<=\d) ?(?=[a-z])/, " ")])).toEqual([
    ["Open", String(numbers.open)],
    ["Overdue", String(numbers.overdue)],
    ["Completed, 7 days", String(numbers.last7)],
    ["Cycle time", cycleTime(numbers)],
  ]);
  expect(numbers.last7).not.toBe(numbers.previous7);
  const difference = numbers.last7 - numbers.previous7;
  await expect(inside.getByText(`${Math.abs(difference)} ${difference > 0 ? "more" : "fewer"} than before`)).toBeVisible();
  await expect(inside.getByText(`median of ${numbers.cycle.tasks} tasks`)).toBeVisible();
  await expectTwins(inside, numbers);
});

test("another range shows the numbers of that range", async ({ page, system, witness }) => {
  const numbers = numbersOf(tasks, AS_OF, 28);
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await inside.getByRole("button", { name: "4 weeks" }).click();
  await expect(inside.getByText(`median of ${numbers.cycle.tasks} tasks`)).toBeVisible();
  await expectTwins(inside, numbers);
});

test("the table finds, narrows and pages through every task", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const info = list(inside).page;
  await expect(info).toHaveText(`1–50 of ${tasks.length}`);

  const titles = await titlesOnAllPages(inside, tasks.length);
  expect(titles.sort()).toEqual(tasks.map(({ title }) => title).sort());

  const blocked = tasks.filter(({ status }) => status === "blocked");
  await inside.getByRole("combobox", { name: "Status" }).selectOption("Blocked");
  await expect(info).toHaveText(`1–${blocked.length} of ${blocked.length}`);

  await inside.getByRole("button", { name: "Clear" }).click();
  const found = tasks.filter(({ title }) => title.toLowerCase().includes("backup"));
  await inside.getByRole("searchbox").fill("backup");
  await expect(info).toHaveText(`1–${found.length} of ${found.length}`);
});

async function titlesOnAllPages(inside: FrameLocator, total: number): Promise<string[]> {
  const titles: string[] = [];
  for (let from = 0; from < total; from += 50) {
    const to = Math.min(from + 50, total);
    await expect(list(inside).page).toHaveText(`${from + 1}–${to} of ${total}`);
    // The rows of the page before stand until those of this one are there.
    await expect(list(inside).table).toHaveAttribute("aria-busy", "false");
    titles.push(...(await list(inside).titles.evaluateAll((all) => all.map((title) => title.textContent ?? ""))));
    if (to < total) await inside.getByRole("button", { name: "Next" }).click();
  }
  return titles;
}

/** Turns each chart into its table and compares all of it. */
async function expectTwins(inside: FrameLocator, numbers: Numbers): Promise<void> {
  const total = tasks.length;
  await expectTwin(inside, "Burn-up", numbers.burnUp.map(([day, scope, completed]) => [longDate(day), scope, completed]));
  await expectTwin(inside, "Status", numbers.statuses.map(([status, count]) => [STATUS_NAMES[status] ?? "", count, `${Math.round((count / total) * 100)}%`]));
  await expectTwin(inside, "Completed per week", numbers.throughput.map(([from, completed]) => [longDate(from), completed]));
  await expectTwin(inside, "Workload", numbers.workload);
}

async function expectTwin(inside: FrameLocator, name: string, rows: (string | number)[][]): Promise<void> {
  const { toggle, twin, body } = chart(inside, name);
  await toggle.click();
  await expect(twin).toBeVisible();
  const shown = await body.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  expect(shown, name).toEqual(rows.map((row) => row.map(String)));
}

function cycleTime({ cycle }: Numbers): string {
  if (cycle.days === undefined) return "–";
  return `${Math.round(cycle.days * 10) / 10} days`;
}

/** `30 Jun 2026`. */
function longDate(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[(month ?? 1) - 1]} ${year}`;
}
