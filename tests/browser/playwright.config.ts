/**
 * The browser suite. `cargo xtask test` builds what it needs and runs it with
 * ORIEL_BIN, PORTAL_BIN and CHROMIUM set; see support/system.ts.
 */

import { defineConfig } from "@playwright/test";

const executablePath = process.env.CHROMIUM;

export default defineConfig({
  testDir: "specs",
  outputDir: "output/results",
  // One worker: the tests share one running system, and a machine may have two cores.
  workers: 1,
  fullyParallel: false,
  // A test that needs a second try is wrong.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: {
    timeout: 15_000,
    // With a font of its own the same browser draws the same pixels; another version of it
    // may round some edges in another way. A word that is gone is more than this.
    toHaveScreenshot: { maxDiffPixels: 50, threshold: 0.1, animations: "disabled" },
  },
  snapshotPathTemplate: "pictures/{arg}{ext}",
  // A picture that nobody has looked at proves nothing: `--update-snapshots` makes them.
  updateSnapshots: "none",
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 900 },
    timezoneId: "UTC",
    locale: "en-GB",
    trace: "off",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
});
