/** The numbers on the screen are those that the data has. */

import { readFile } from "node:fs/promises";
import type { FrameLocator } from "@playwright/test";
import { numbersOf, type Numbers } from "../support/oracle.ts";
import { AS_OF, FIXTURE } from "../support/system.ts";
import { readTasks } from "../support/tasks.ts";
import { dashboard, expect, test } from "../support/test.ts";
import { cards, chart } from "../support/widget.ts";

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

test("the page of a project shows the numbers of that project", async ({ page, system, witness }) => {
  const name = "Mobile app";
  const its = tasks.filter(({ project }) => project === name);
  const numbers = numbersOf(its, AS_OF, 84);
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await inside.getByRole("region", { name: "Projects" }).getByRole("button", { name }).click();
  await expect(inside.getByText(`of ${its.length} tasks`, { exact: true })).toBeVisible();
  await expectTwins(inside, numbers);
  await expectTwin(inside, "Burn-up", numbers.burnUp.map(([day, scope, completed]) => [longDate(day), scope, completed]));
  await expectTwin(inside, "Status", numbers.statuses.map(([status, count]) => [STATUS_NAMES[status] ?? "", count, `${Math.round((count / its.length) * 100)}%`]));
});

/** Turns the charts that every page has into tables and compares all of them. */
async function expectTwins(inside: FrameLocator, numbers: Numbers): Promise<void> {
  await expectTwin(inside, "Completed per week", numbers.throughput.map(([from, completed]) => [longDate(from), completed]));
  await expectTwin(inside, "Workload", numbers.workload);
}

async function expectTwin(inside: FrameLocator, name: string, rows: (string | number)[][]): Promise<void> {
  const { menu, twin, rows: body } = chart(inside, name);
  await menu("Show as table");
  await expect(twin).toBeVisible();
  const shown = await body.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  // A forecast is the server's own: its suite holds it against an oracle.
  const past = shown.filter(([when]) => !when?.startsWith("Forecast"));
  expect(past, name).toEqual(rows.map((row) => row.map(String)));
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
