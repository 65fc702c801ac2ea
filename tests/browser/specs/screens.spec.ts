/** What it looks like: pictures for people, and the one thing about them that a machine can tell. */

import { fileURLToPath } from "node:url";
import { dashboard, expect, settledHeight, test, Witness } from "../support/test.ts";

const folder = fileURLToPath(new URL("../output/screens/", import.meta.url));

for (const width of [380, 768, 1280]) {
  for (const deviceScaleFactor of [1, 2]) {
    test(`at ${width} px and ${deviceScaleFactor}× nothing scrolls inside the frame`, async ({ browser, system }) => {
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
      await page.screenshot({ path: `${folder}dashboard-${width}@${deviceScaleFactor}x.png`, fullPage: true });
      expect(witness.complaints).toEqual([]);
      await context.close();
    });
  }
}
