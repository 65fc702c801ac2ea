/** What it looks like: pictures for people, and the one thing about them that a machine can tell. */

import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { dashboard, expect, frameOf, settledHeight, test, Witness } from "../support/test.ts";

const folder = fileURLToPath(new URL("../output/screens/", import.meta.url));

for (const width of [380, 768, 1280]) {
  for (const deviceScaleFactor of [1, 2]) {
    test(`at ${width} px and ${deviceScaleFactor}× nothing scrolls inside the frame`, async ({ playwright, launchOptions, system }) => {
      // Emulation alone does not reach a frame that runs in another process.
      const args = [...(launchOptions.args ?? []), `--force-device-scale-factor=${deviceScaleFactor}`];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      const context = await browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor });
      const page = await context.newPage();
      const witness = new Witness(page);
      await witness.listen(page);
      await page.goto(system.portalOrigin);
      await witness.told("ready");
      await settledHeight(page);
      const sharp = await dashboard(page).locator("canvas").evaluateAll((all) =>
        all.map((canvas) => (canvas as HTMLCanvasElement).width / canvas.clientWidth),
      );
      for (const ratio of sharp) expect(ratio).toBeCloseTo(deviceScaleFactor, 1);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sideways).toBe(0);
      await picture(page, `${folder}dashboard-${width}@${deviceScaleFactor}x.png`);
      expect(witness.complaints).toEqual([]);
      await browser.close();
    });
  }
}

/**
 * The whole page. The window is made as high as the page first: what a frame
 * has outside of it, a full-page screenshot does not wait for.
 */
async function picture(page: Page, path: string): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  const frame = await frameOf(page);
  await frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.screenshot({ path });
}
