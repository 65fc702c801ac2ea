/** The frame is as high as its content, no more and no less. */

import { dashboard, expect, settledHeight, test } from "../support/test.ts";
import { tasks } from "../support/widget.ts";

test("the frame shrinks and grows with its content", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const full = await settledHeight(page);
  const inside = dashboard(page);

  await inside.getByRole("searchbox").fill("nothing is called like this");
  await expect(inside.getByText("No task matches")).toBeVisible();
  const empty = await settledHeight(page);
  expect(empty).toBeLessThan(full - 200);

  await inside.getByRole("button", { name: "Clear filters" }).click();
  await expect(tasks(inside).table).toBeVisible();
  expect(await settledHeight(page)).toBe(full);

  await inside.getByRole("button", { name: "Tasks", exact: true }).click();
  expect(await settledHeight(page)).toBeLessThan(full);
});

test("the frame follows a page that is made narrow and wide again", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const wide = await settledHeight(page);
  await page.setViewportSize({ width: 380, height: 900 });
  expect(await settledHeight(page)).toBeGreaterThan(wide);
  await page.setViewportSize({ width: 1280, height: 900 });
  await expect.poll(() => settledHeight(page)).toBe(wide);
});
