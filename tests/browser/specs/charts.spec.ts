/** Charts, explored: by pointer, by finger, by keys; what is said of them, opened from them and saved of them. */

import { readFile } from "node:fs/promises";
import type { FrameLocator, Locator, Page } from "@playwright/test";
import { dashboard, expect, test } from "../support/test.ts";
import { chart, tasks } from "../support/widget.ts";

/** The dashboard, with everything on it. */
async function open(page: Page, origin: string): Promise<FrameLocator> {
  await page.goto(origin);
  const inside = dashboard(page);
  await expect(inside.getByRole("heading", { name: "Workload" })).toBeVisible();
  await expect(tasks(inside).table).toHaveAttribute("aria-busy", "false");
  return inside;
}

/** What the one live region of the charts says. */
const said = (inside: FrameLocator): Locator => inside.locator("#said");

/** The values beside the cursor, cell by cell. */
async function shown(inside: FrameLocator): Promise<string[]> {
  return inside.locator(".readout").locator("b, span").allTextContents();
}

test("arrow keys walk through a chart, and each stop is said once", async ({ page, system }) => {
  const inside = await open(page, system.portalOrigin);
  const { plot, menu, rows } = chart(inside, "Completed per week");
  await menu("Show as table");
  const weeks = (await rows.allInnerTexts()).map((row) => row.split("\t")).reverse();
  await menu("Show as chart");

  const canvas = plot.locator("canvas");
  const picture = () => canvas.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const drawn = await picture();

  await plot.focus();
  await plot.press("ArrowRight");
  const [first = "", completed = ""] = weeks[0] ?? [];
  await expect(said(inside)).toHaveText(`${first}, Completed: ${completed}`);
  expect(await shown(inside)).toEqual([first, "Completed", completed]);
  expect(await picture(), "the chart stays as it is").toBe(drawn);

  await said(inside).evaluate((region) => {
    const heard: string[] = [];
    new MutationObserver(() => heard.push(region.textContent ?? "")).observe(region, { childList: true });
    Object.assign(window, { heard });
  });
  // Keys in quick succession are one move: only its end is said.
  for (let i = 0; i < 3; i += 1) await plot.press("ArrowRight");
  await expect(said(inside)).toContainText(weeks[3]?.[0] ?? "?");
  await plot.press("End");
  await expect(said(inside)).toContainText(weeks.at(-1)?.[0] ?? "?");
  await plot.press("Home");
  await expect(said(inside)).toContainText(first);
  const heard = await said(inside).evaluate(() => (window as unknown as { heard: string[] }).heard);
  expect(heard.length).toBeLessThanOrEqual(5);
  expect(heard.at(-1)).toBe(`${first}, Completed: ${completed}`);

  await plot.press("Escape");
  await expect(inside.locator(".readout")).toHaveCount(0);
  await expect(plot).toBeFocused();
});

test("up and down change the status in a stack", async ({ page, system }) => {
  const inside = await open(page, system.portalOrigin);
  const { plot } = chart(inside, "Status over time");
  await plot.focus();
  await plot.press("End");
  await expect(said(inside)).toHaveText(/^30 Jun 2026, Done: \d+$/);
  await plot.press("ArrowUp");
  await expect(said(inside)).toHaveText(/^30 Jun 2026, In progress: \d+$/);
  await plot.press("ArrowDown");
  await expect(said(inside)).toHaveText(/^30 Jun 2026, Done: \d+$/);
});

test("a readout stays whole wherever the pointer is", async ({ page, system }) => {
  for (const width of [380, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const inside = await open(page, system.portalOrigin);
    for (const name of ["Status over time", "Completed per week", "Cycle time in days", "Workload"]) {
      const { plot } = chart(inside, name);
      const { width: room, height } = (await plot.boundingBox()) ?? { width: 0, height: 0 };
      for (const x of [1, room / 2, room - 2]) {
        await plot.hover({ position: { x, y: height / 2 } });
        await expect(inside.locator(".readout")).toBeVisible();
        const cut = await inside.locator(".readout").evaluate((note) => {
          const { left, right, bottom } = note.getBoundingClientRect();
          const page = document.documentElement;
          return left < 0 || right > page.clientWidth || bottom > page.scrollHeight || note.scrollWidth > note.clientWidth;
        });
        expect(cut, `${name} at ${x} of ${width}`).toBe(false);
      }
    }
    await inside.getByRole("heading", { name: "Workload" }).hover();
    await expect(inside.locator(".readout")).toHaveCount(0);
  }
});

test("a finger shows a value first and opens it with a second tap", async ({ playwright, launchOptions, system }) => {
  const browser = await playwright.chromium.launch(launchOptions);
  const page = await browser.newPage({ hasTouch: true, viewport: { width: 380, height: 800 } });
  const inside = await open(page, system.portalOrigin);
  const { plot } = chart(inside, "Workload");
  await plot.tap({ position: { x: 60, y: 14 } });
  await expect(inside.locator(".readout")).toBeVisible();
  await expect(inside.getByRole("heading", { name: "Workload" })).toBeVisible();
  await plot.tap({ position: { x: 60, y: 14 } });
  await expect(inside.getByRole("heading", { name: "Workload" })).toHaveCount(0);
  await browser.close();
});

test("Enter opens the tasks behind a value, and the host page hears of it", async ({ page, system }) => {
  const inside = await open(page, system.portalOrigin);
  await page.evaluate(() => {
    const told: unknown[] = [];
    document.addEventListener("oriel-filter", (event) => told.push((event as CustomEvent).detail));
    Object.assign(window, { told });
  });
  const { plot, menu, rows } = chart(inside, "Completed per week");
  await menu("Show as table");
  const completed = Number((await rows.first().innerText()).split("\t")[1]);
  await menu("Show as chart");
  await plot.focus();
  await plot.press("End");
  await plot.press("Enter");
  await expect(inside.getByRole("heading", { name: "Workload" })).toHaveCount(0);
  await expect(tasks(inside).count).toHaveText(completed === 1 ? "1 task" : `${completed} tasks`);
  const told = await page.evaluate(() => (window as unknown as { told: { filters: Record<string, string> }[] }).told);
  expect(told.at(-1)?.filters).toMatchObject({ status: "done", date: "completed_at", from: "2026-06-29", to: "2026-06-30" });
});

test("a chart is saved as a PNG of its own size, in the colours of the theme", async ({ page, system }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const inside = await open(page, system.portalOrigin);
  const sizes: Record<string, number[]> = {};
  for (const name of ["Status over time", "Completed per week", "Cycle time in days", "Workload"]) {
    const saved = page.waitForEvent("download");
    await chart(inside, name).menu("Save as PNG");
    const download = await saved;
    const png = await readFile(await download.path());
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    sizes[download.suggestedFilename()] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const [red = 255] = await page.evaluate(async (bytes) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
      const context = new OffscreenCanvas(1, 1).getContext("2d");
      context?.drawImage(image, 0, 0);
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
    }, [...png]);
    expect(red, "the ground is dark").toBeLessThan(60);
  }
  const names = ["status-over-time", "throughput", "cycle-time", "workload"].map((slug) => `${slug}-2026-06-30.png`);
  expect(Object.keys(sizes)).toEqual(names);
  for (const [width] of Object.values(sizes)) expect(width).toBe(2 * 848);
});

test("charts are drawn anew when the theme changes", async ({ page, system }) => {
  await page.emulateMedia({ colorScheme: "light" });
  const inside = await open(page, system.portalOrigin);
  const canvas = chart(inside, "Completed per week").plot.locator("canvas");
  const picture = () => canvas.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const light = await picture();
  await page.locator("oriel-dashboard").evaluate((element) => element.setAttribute("theme", "dark"));
  await expect.poll(picture).not.toBe(light);
  const dark = await picture();
  await page.emulateMedia({ forcedColors: "active" });
  await expect.poll(picture).not.toBe(dark);
});
