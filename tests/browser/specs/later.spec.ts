/** The second file of the widget, which no first view fetches. */

import type { Route } from "@playwright/test";
import { dashboard, expect, test } from "../support/test.ts";
import { chart, tasks } from "../support/widget.ts";

const SECOND = "**/assets/later.*.wasm";
const isSecond = (url: string) => /\/assets\/later\.\w+\.wasm$/.test(url);

test("the second file is fetched once, by the first sign of a viewer", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(tasks(inside).titles.first()).toBeVisible();
  expect(witness.urls.filter(isSecond)).toEqual([]);
  for (const task of [tasks(inside).titles.first(), tasks(inside).titles.nth(1)]) {
    await task.press("Enter");
    await expect(inside.getByRole("dialog").getByRole("heading", { name: "History" })).toBeVisible();
    await page.keyboard.press("Escape");
  }
  expect(witness.urls.filter(isSecond)).toHaveLength(1);
  expect(witness.complaints).toEqual([]);
});

test("a key that walks through a chart does not scroll the page, also while that part is on its way", async ({ page, system, witness }) => {
  await page.route(SECOND, () => undefined);
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const { plot } = chart(dashboard(page), "Workload");
  const kept = await plot.evaluateHandle(() => {
    const kept: string[] = [];
    window.addEventListener("keydown", ({ key, defaultPrevented }) => kept.push(`${key} ${defaultPrevented}`));
    return kept;
  });
  for (const key of ["ArrowDown", "Meta+ArrowDown", "Tab"]) await plot.press(key);
  expect(await kept.jsonValue()).toEqual(["ArrowDown true", "Meta false", "ArrowDown false", "Tab false"]);
});

for (const [name, answer] of [
  ["does not come", (route: Route) => route.abort()],
  ["is not the one that was built", (route: Route) => route.fulfill({ contentType: "application/wasm", body: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) })],
] as const) {
  test(`a second file that ${name} is told where it is missed, and is tried again`, async ({ page, system, witness }) => {
    await page.route(SECOND, answer);
    await page.goto(system.portalOrigin);
    await witness.told("ready");
    const inside = dashboard(page);
    const [title, drawer] = [tasks(inside).titles.first(), inside.getByRole("dialog")];
    await title.press("Enter");
    await expect(drawer.getByRole("alert")).toBeVisible();
    await drawer.getByRole("button", { name: "Close" }).click();
    await expect(drawer).toHaveCount(0);

    // What the first file has goes on as before.
    await tasks(inside).table.getByRole("button", { name: "Due" }).click();
    await expect(tasks(inside).table.locator("[aria-sort=ascending]")).toHaveCount(1);
    await expect(title).toBeVisible();

    await title.press("Enter");
    await expect(drawer.getByRole("alert")).toBeVisible();
    await page.unroute(SECOND);
    await drawer.getByRole("button", { name: "Try again" }).click();
    await expect(drawer.getByRole("heading", { name: "History" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(title).toBeFocused();
  });
}

test("what is opened after a failed download needs no other try", async ({ page, system, witness }) => {
  await page.route(SECOND, (route) => route.abort());
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const inside = dashboard(page);
  const [title, drawer] = [tasks(inside).titles.first(), inside.getByRole("dialog")];
  await title.press("Enter");
  await expect(drawer.getByRole("alert")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.unroute(SECOND);
  await title.press("Enter");
  await expect(drawer.getByRole("heading", { name: "History" })).toBeVisible();
});
