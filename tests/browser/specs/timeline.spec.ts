/** A project's timeline: seen, explored, opened, saved. */

import { readFile } from "node:fs/promises";
import type { FrameLocator, Locator, Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import type { System } from "../support/system.ts";
import { dashboard, element, expect, frameOf, settledHeight, test } from "../support/test.ts";
import { chart } from "../support/widget.ts";

const MILESTONES = [
  ["Alpha", "Milestone, Reached 6 May 2026", "–", "4 May 2026", "–"],
  ["Beta", "Milestone, Overdue", "–", "15 Jun 2026", "–"],
  ["General availability", "Milestone, Due 31 Aug 2026", "–", "31 Aug 2026", "–"],
];
const TASKS = [
  ["Write the plan", "Done", "10 Apr 2026", "20 Apr 2026", "–"],
  ["Audit the access", "Done", "13 Apr 2026", "11 May 2026", "–"],
  ["Rotate the keys", "Blocked, Overdue", "18 May 2026", "12 Jun 2026", "Write the plan, Audit the access"],
  ["Move every customer to the new sign-in", "In progress", "1 Jun 2026", "17 Jul 2026", "Rotate the keys"],
  ["Old sign-in page", "Cancelled", "8 Jun 2026", "8 Jun 2026", "–"],
  ["Announce the change", "To do", "25 Jun 2026", "3 Jul 2026", "Move every customer to the new sign-in"],
  ["Retire the old servers", "To do", "29 Jun 2026", "14 Aug 2026", "Move every customer to the new sign-in"],
];
const said = (inside: FrameLocator): Locator => inside.locator("#said");

/** The page of the planned project, or of one of the fixture's. */
async function open(page: Page, system: System, project = "New sign-in", attributes = ""): Promise<FrameLocator> {
  const tenant = project === "New sign-in" ? system.planned : system.tenant;
  const body = element(tenant.embed).replace("<oriel-dashboard", `<oriel-dashboard view="overview" ${attributes}`);
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint(tenant) } }));
  const inside = dashboard(page);
  await inside.getByRole("button", { name: project, exact: true }).click();
  return inside;
}

test("the timeline and its table tell of every task and milestone", async ({ page, system, witness }) => {
  const inside = await open(page, system);
  const { plot, menu, rows, twin } = chart(inside, "Timeline");
  await expect(plot.getByRole("img")).toHaveAccessibleName(/: 7 tasks, 3 milestones$/);
  await expect(inside.getByRole("list", { name: "Milestones" }).getByRole("listitem")).toHaveText(["AlphaReached 6 May 2026", "BetaDue 15 Jun 2026Overdue", "General availabilityDue 31 Aug 2026"]);
  await menu("Show as table");
  await expect(twin.getByRole("columnheader")).toHaveText(["Task", "Status", "Start", "End", "Depends on"]);
  const told = (await rows.allInnerTexts()).map((row) => row.split("\t"));
  expect(told).toEqual([...MILESTONES, ...TASKS]);
  expect(witness.complaints).toEqual([]);
});

test("an embed that begins with a project reads that project once, and nothing else", async ({ page, system, witness }) => {
  const { token } = JSON.parse((await system.mint(system.planned)).body ?? "") as { token: string };
  const answer = await fetch(`${system.embedOrigin}/v1/embed/projects`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await answer.json()) as { items: { id: string }[] };
  // As the server writes it for an embed that was made with that view.
  await page.route("**/v1/frame/**", async (route) => {
    const frame = await route.fetch();
    const body = (await frame.text()).replace("view&quot;:&quot;board", `view&quot;:&quot;project=${items[0]?.id}`);
    await route.fulfill({ response: frame, body });
  });
  await page.goto(system.host.origin + system.host.page({ body: element(system.planned.embed), tokens: { token: () => system.mint(system.planned) } }));
  await witness.told("ready");
  await expect(chart(dashboard(page), "Timeline").plot).toBeVisible();
  for (const resource of ["dashboard", "tasks", "timeline"]) {
    const reads = witness.urls.filter((url) => new URL(url).pathname === `/v1/embed/${resource}`);
    expect(reads).toEqual([expect.stringContaining(`project=${items[0]?.id}`)]);
  }
});

test("arrow keys walk through milestones and bars, and Enter opens a task", async ({ page, system }) => {
  const inside = await open(page, system);
  const { plot } = chart(inside, "Timeline");
  await plot.focus();
  await plot.press("ArrowDown");
  await expect(said(inside)).toHaveText("Alpha, Status: Milestone, Reached 6 May 2026, Start: –, End: 4 May 2026, Depends on: –");
  await plot.press("Enter");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  for (let i = 0; i < 5; i += 1) await plot.press("ArrowDown");
  await expect(said(inside)).toContainText("Rotate the keys, Status: Blocked, Overdue");
  await expect(inside.locator(".readout")).toContainText("Rotate the keys");
  await plot.press("Enter");
  await expect(inside.getByRole("dialog", { name: "Rotate the keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(plot).toBeFocused();
});

test("a bar that is clicked opens its task", async ({ page, system }) => {
  const inside = await open(page, system);
  const { plot } = chart(inside, "Timeline");
  await expect(plot).toHaveCSS("--high", /\d/);
  const { width, height } = (await plot.boundingBox()) ?? { width: 0, height: 0 };
  const last = { x: width / 2, y: height - 12 };
  await plot.hover({ position: last });
  await expect(inside.locator(".readout")).toContainText("Retire the old servers");
  await plot.click({ position: last });
  await expect(inside.getByRole("dialog", { name: "Retire the old servers" })).toBeVisible();
});

test("a long timeline shows more, as the range and the filters ask", async ({ page, system }) => {
  const inside = await open(page, system, "Billing & invoices");
  await inside.getByRole("button", { name: "All", exact: true }).click();
  const card = inside.getByRole("region", { name: "Timeline", exact: true });
  await expect(card.getByText("30 of 57 tasks")).toBeVisible();
  const { plot, menu, rows } = chart(inside, "Timeline");
  const high = async () => (await plot.boundingBox())?.height ?? 0;
  const before = await high();
  await card.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(card.getByRole("button", { name: "Show more" })).toHaveCount(0);
  await expect.poll(high).toBeGreaterThan(before);
  await menu("Show as table");
  await expect(rows).toHaveCount(57);
  const starts = (await rows.locator("td:nth-child(3)").allTextContents()).map((day) => Date.parse(`${day} UTC`));
  expect(starts).toEqual([...starts].sort((one, other) => one - other));

  await inside.getByRole("searchbox").fill("nothing is called like this");
  await expect(card.getByText("No tasks in this range")).toBeVisible();
});

test("a long timeline that is walked through by keys stays in sight", async ({ page, system }) => {
  await page.setViewportSize({ width: 380, height: 700 });
  const inside = await open(page, system, "Billing & invoices");
  await inside.getByRole("button", { name: "All", exact: true }).click();
  const { plot } = chart(inside, "Timeline");
  await plot.focus();
  await plot.press("End");
  await expect(inside.locator(".plot__mark")).toBeInViewport();
  await plot.press("Home");
  await expect(inside.locator(".plot__mark")).toBeInViewport();
});

test("the timeline is saved as a PNG of its own size", async ({ page, system }) => {
  const inside = await open(page, system);
  const saved = page.waitForEvent("download");
  await chart(inside, "Timeline").menu("Save as PNG");
  const download = await saved;
  expect(download.suggestedFilename()).toBe("timeline-2026-06-30.png");
  const png = await readFile(await download.path());
  expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(["PNG", 2 * 848]);
});

test("a timeline that cannot be read says so, and is tried again", async ({ page, system }) => {
  let broken = true;
  await page.route("**/v1/embed/timeline?**", (route) => (broken ? route.abort() : route.continue()));
  const inside = await open(page, system);
  const card = inside.getByRole("region", { name: "Timeline", exact: true });
  await expect(card.getByRole("alert")).toBeVisible();
  broken = false;
  await card.getByRole("button", { name: "Try again" }).click();
  await expect(chart(inside, "Timeline").plot).toBeVisible();
});

for (const [theme, locale, width] of [["light", "en", 1280], ["dark", "en", 380], ["dark", "ar", 1280], ["light", "ar", 380]] as const) {
  test(`axe finds no violation in the timeline, ${theme}, ${locale}, ${width} px wide`, async ({ page, system, witness }) => {
    await page.setViewportSize({ width, height: 900 });
    const inside = await open(page, system, "New sign-in", `theme="${theme}" locale="${locale}"`);
    await expect(inside.locator(".timeline canvas")).toBeVisible();
    await settledHeight(page);
    expect(await violations(page)).toEqual([]);
    const frame = await frameOf(page);
    expect(await frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await inside.locator(".timeline summary").click();
    await inside.locator(".timeline .menu__pick").first().click();
    await expect(inside.locator(".timeline tbody tr")).toHaveCount(10);
    expect(await violations(page)).toEqual([]);
    expect(witness.complaints).toEqual([]);
  });
}
