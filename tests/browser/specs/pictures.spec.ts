/**
 * What each view looks like, compared with a picture that a person has looked at. The
 * README beside the suite says how to take new ones.
 *
 * Clock, locale, time zone, data and font are fixed, and nothing moves.
 */

import type { FrameLocator, Page } from "@playwright/test";
import { onlyFont, PLAIN_FLAGS } from "../support/font.ts";
import { AS_OF, type System } from "../support/system.ts";
import { dashboard, element, expect, frameOf, settledHeight, test as base } from "../support/test.ts";
import { tasks } from "../support/widget.ts";

const test = base.extend({
  browser: [
    async ({ playwright, launchOptions }, use) => {
      const args = [...(launchOptions.args ?? []), ...PLAIN_FLAGS];
      const browser = await playwright.chromium.launch({ ...launchOptions, args, env: { ...process.env, FONTCONFIG_FILE: onlyFont() } });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
});

test.skip(process.platform !== "linux", "other systems draw text in their own way");

interface View {
  /** Where the host page has the dashboard begin. */
  at?: "tasks" | "board";
  /** How the viewer goes on from there. */
  go?(inside: FrameLocator): Promise<void>;
  whose?: "tenant" | "planned";
  /** The region that the picture ends above: it has a picture of its own. */
  above?: string;
  /** The only region in the picture. */
  only?: string;
}

const VIEWS: Record<string, View> = {
  overview: { above: "Tasks" },
  project: { go: (inside) => openProject(inside, "Mobile app"), above: "Timeline" },
  timeline: { whose: "planned", go: (inside) => openProject(inside, "New sign-in"), only: "Timeline" },
  tasks: { at: "tasks" },
  board: { at: "board", go: (inside) => expect(inside.getByRole("listitem").getByRole("button").first()).toBeVisible() },
  task: {
    at: "tasks",
    async go(inside) {
      await tasks(inside).titles.first().click();
      await expect(inside.getByRole("dialog").getByRole("heading", { name: "History" })).toBeVisible();
      // The pointer was on the table, which has its handles from then on.
      await expect(inside.getByRole("separator", { includeHidden: true })).not.toHaveCount(0);
    },
  },
};

test("there is no font but the packaged one", async ({ page }) => {
  const widths = await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    return ["Inter", "serif", "monospace", "DejaVu Sans", "Arial"].map((font) => {
      if (context) context.font = `16px ${font}`;
      return context?.measureText("Wide iiii").width;
    });
  });
  expect(new Set(widths).size).toBe(1);
});

for (const [name, view] of Object.entries(VIEWS)) {
  for (const theme of ["light", "dark"] as const) {
    for (const width of [380, 1280]) {
      test(`${name}, ${theme}, ${width} px wide`, async ({ page, system }) => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await page.clock.setFixedTime(new Date(`${AS_OF}T12:00:00Z`));
        const inside = await open(page, system, view);
        const file = `${name}-${theme}-${width}.png`;
        const edge = view.above ?? view.only;
        if (!edge) return expect(page).toHaveScreenshot(file);
        await wholeInSight(page);
        const region = inside.getByRole("region", { name: edge, exact: true });
        if (view.only) return expect(region).toHaveScreenshot(file);
        const { y } = (await region.boundingBox()) ?? { y: 0 };
        await expect(page).toHaveScreenshot(file, { clip: { x: 0, y: 0, width, height: Math.round(y) } });
      });
    }
  }
}

async function open(page: Page, system: System, { at, go, whose = "tenant" }: View): Promise<FrameLocator> {
  const tenant = system[whose];
  const body = element(tenant.embed).replace(">", ` view="${at ?? "overview"}">`);
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint(tenant) } }));
  const inside = dashboard(page);
  await expect(inside.getByRole("main")).toHaveAttribute("aria-busy", "false");
  await go?.(inside);
  // Nothing is on its way any more.
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  await expect(inside.locator('[aria-busy="true"], .waiting')).toHaveCount(0);
  return inside;
}

async function openProject(inside: FrameLocator, name: string): Promise<void> {
  await inside.getByRole("region", { name: "Projects" }).getByRole("button", { name }).click();
  await expect(inside.getByRole("region", { name: "Timeline" }).getByRole("application")).toBeVisible();
}

/** Makes the window as high as the page: what a frame has outside of it may not be drawn yet. */
async function wholeInSight(page: Page): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  await settledHeight(page);
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  const frame = await frameOf(page);
  await frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
