/** The look: themes, densities, the host's own colours, and what viewers' systems ask for. */

import type { Frame, Page } from "@playwright/test";
import { violations } from "../support/axe.ts";
import { dashboard, element, expect, frameOf, test } from "../support/test.ts";
import type { System } from "../support/system.ts";

/** Shows the dashboard on a page of the suite's own host. */
async function open(page: Page, system: System, attributes = ""): Promise<Frame> {
  const body = element(system.tenant.embed).replace("<oriel-dashboard", `<oriel-dashboard ${attributes}`);
  const path = system.host.page({ body, tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await expect(dashboard(page).getByRole("main")).toHaveAttribute("aria-busy", "false");
  await expect(dashboard(page).locator("canvas").first()).toBeVisible();
  return frameOf(page);
}

async function setAttribute(page: Page, name: string, value: string): Promise<void> {
  await page.locator("oriel-dashboard").evaluate((host, [name, value]) => host.setAttribute(name, value), [name, value] as const);
}

async function setAppearance(page: Page, appearance: Record<string, string>): Promise<void> {
  await page.locator("oriel-dashboard").evaluate((host, appearance) => Object.assign(host, { appearance }), appearance);
}

/** A custom property as the browser computes it. */
function token(frame: Frame, name: string): Promise<string> {
  return frame.evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(name), name);
}

function inlineStyle(frame: Frame): Promise<string> {
  return frame.evaluate(() => document.documentElement.style.cssText);
}

/** What the first chart's canvas shows. */
function picture(frame: Frame): Promise<string> {
  return frame.evaluate(() => document.querySelector<HTMLCanvasElement>(".panel canvas")?.toDataURL() ?? "");
}

/** Speaks to a frame as a loader would that checks nothing; gives the frame and what sends it settings. */
async function openRaw(page: Page, system: System): Promise<{ frame: Frame; settle(settings: object): Promise<void> }> {
  await page.goto(system.host.origin + system.host.page({ body: "" }));
  const src = `${system.embedOrigin}/v1/frame/${system.tenant.embed}`;
  const port = await page.evaluateHandle(async (src) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    const { port1, port2 } = new MessageChannel();
    await new Promise((loaded) => {
      frame.onload = loaded;
      frame.src = src;
    });
    const connected = new Promise((heard) => (port1.onmessage = heard));
    frame.contentWindow?.postMessage({ oriel: 1, type: "connect" }, new URL(src).origin, [port2]);
    await connected;
    return port1;
  }, src);
  const frame = page.frames().find((each) => each.url() === src);
  if (!frame) throw new Error("There is no frame.");
  const settle = (settings: object) => port.evaluate((to, settings) => to.postMessage({ oriel: 1, type: "settings", ...settings }), settings);
  return { frame, settle };
}

const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(22, 25, 31)";

test("the theme follows the system, and the host changes it without a reload", async ({ page, system, witness }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const frame = await open(page, system);
  expect(await token(frame, "--surface")).toBe(DARK);
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => token(frame, "--surface")).toBe(LIGHT);

  await frame.evaluate(() => Object.assign(window, { stayed: true }));
  const before = await picture(frame);
  await setAttribute(page, "theme", "dark");
  await expect.poll(() => token(frame, "--surface")).toBe(DARK);
  // The canvas is not recoloured by style sheets; it is drawn anew.
  await expect.poll(() => picture(frame)).not.toBe(before);
  await setAttribute(page, "theme", "auto");
  await expect.poll(() => token(frame, "--surface")).toBe(LIGHT);
  await expect.poll(() => picture(frame)).toBe(before);
  expect(await frame.evaluate(() => (window as { stayed?: boolean }).stayed)).toBe(true);
  expect(witness.complaints).toEqual([]);
});

test("the server's document is in the host's theme before any script runs", async ({ request, system }) => {
  const html = async (query: string) => (await request.get(`${system.embedOrigin}/v1/frame/${system.tenant.embed}${query}`)).text();
  expect(await html("?theme=dark&density=compact")).toContain('data-theme="dark" data-density="compact"');
  expect(await html('?theme="><script>')).toContain('data-theme=""');
});

test("the compact density shows more rows and keeps targets of 24 pixels", async ({ page, system }) => {
  const frame = await open(page, system);
  const row = () => frame.evaluate(() => document.querySelector(".tasks tbody tr:not(.room)")?.getBoundingClientRect().height);
  const comfortable = (await row()) ?? 0;
  await setAttribute(page, "density", "compact");
  await expect.poll(row).toBeLessThan(comfortable);
  expect(await smallTargets(frame)).toEqual([]);
  await setAttribute(page, "density", "comfortable");
  await expect.poll(row).toBe(comfortable);
  expect(await smallTargets(frame)).toEqual([]);
});

/** What is to be pressed and is smaller than WCAG 2.2, 2.5.8 asks. */
function smallTargets(frame: Frame): Promise<string[]> {
  return frame.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, summary, select, input:not([type=checkbox])")]
      .filter((each) => each.checkVisibility() && each.getClientRects().length)
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ each, box }) => `${each.outerHTML.slice(0, 80)} ${box.width}x${box.height}`),
  );
}

test("a host's colours, font, radius and spacing reach text and charts", async ({ page, system, witness }) => {
  const frame = await open(page, system);
  const before = await picture(frame);
  await setAppearance(page, { accent: "rebeccapurple", surface: "oklch(0.25 0.03 260)", text: "hsl(210 20% 92%)", font: '"DejaVu Serif", serif', radius: "2px", spacing: "1.25" });
  await expect.poll(() => token(frame, "--text")).toMatch(/^rgb\(2\d\d, 2\d\d, 2\d\d\)$/);
  await expect.poll(() => picture(frame)).not.toBe(before);
  expect(await frame.evaluate(() => getComputedStyle(document.body).fontFamily)).toBe('"DejaVu Serif", serif');
  expect(await token(frame, "--radius")).toBe("2px");
  expect(await token(frame, "--spacing")).toBe("1.25");
  // A dark surface brings the dark scheme with it, scroll bars and all.
  expect(await frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
  expect(await violations(page)).toEqual([]);

  await setAppearance(page, {});
  await expect.poll(() => inlineStyle(frame)).toBe("");
  await expect.poll(() => picture(frame)).toBe(before);
  expect(witness.complaints).toEqual([]);
});

test("what is no colour, font or number is no style at all, even past the loader", async ({ page, system, witness }) => {
  const { frame, settle } = await openRaw(page, system);
  const hostile = [
    "red;background:url(https://evil.example/)",
    "url(https://evil.example/)",
    "red, red); background: url(https://evil.example/",
    "var(--surface)",
    "inherit",
    "</style><script>alert(1)</script>",
    "red !important",
    "rgb(0 0 0 / 50%)",
    "x}*{color:red",
    "0 0 0 red",
    "x".repeat(1000),
  ];
  const keys = ["accent", "background", "surface", "text", "border", "font", "radius", "spacing"];
  for (const value of hostile) {
    await settle({ density: "compact", appearance: Object.fromEntries(keys.map((key) => [key, value])) });
    await expect.poll(() => frame.evaluate(() => document.documentElement.dataset.density)).toBe("compact");
    // A word is a font's name, and in quotes no more than that.
    expect((await inlineStyle(frame)).replace(/^--font: "[\w ]+";$/, ""), value).toBe("");
    // The way is open: it is the value that was refused.
    await settle({ appearance: { accent: "red" } });
    await expect.poll(() => inlineStyle(frame)).toContain("--accent: rgb(");
  }
  expect(witness.urls.filter((url) => url.includes("evil"))).toEqual([]);
  expect(witness.complaints).toEqual([]);
});

test("a value that its property does not take is left out by the loader, and the others hold", async ({ page, system }) => {
  const frame = await open(page, system);
  const wrong = { background: "bleu", surface: "bleu", text: "1px", font: "a,,b", radius: "8", spacing: "1.1em" };
  await setAppearance(page, { ...wrong, accent: "rgb(11, 110, 79)" });
  await expect.poll(() => inlineStyle(frame)).toContain("--accent: rgb(");
  expect(await inlineStyle(frame)).not.toMatch(/--(font|radius|spacing)/);
  expect(await frame.evaluate(() => document.documentElement.dataset.ground)).toBe("own");
});

const COLOURS: Record<string, Record<string, string>> = {
  "white on white": { surface: "#fff", background: "#fff", text: "#fff", accent: "#ffe", border: "#fff" },
  "yellow accent": { accent: "#ffe600" },
  "middle grey": { surface: "#777", text: "#888", accent: "#7a7a7a", background: "#000" },
  "red on green": { surface: "#0a0", text: "#c00", accent: "#e10", background: "#ff0" },
};

for (const [name, appearance] of Object.entries(COLOURS)) {
  test(`${name}: whatever a host's colours are, axe finds enough contrast`, async ({ page, system }) => {
    const frame = await open(page, system);
    await setAppearance(page, appearance);
    await expect.poll(() => inlineStyle(frame)).not.toBe("");
    expect(await violations(page)).toEqual([]);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const forcedColors of ["none", "active"] as const) {
    test(`axe finds no violation in ${colorScheme} with forced colours ${forcedColors}`, async ({ page, system, witness }) => {
      await page.emulateMedia({ colorScheme, forcedColors });
      await open(page, system);
      expect(await violations(page)).toEqual([]);
      expect(witness.complaints).toEqual([]);
    });
  }
}

test("forced colours draw the charts in the viewer's own", async ({ page, system }) => {
  const frame = await open(page, system, 'theme="light"');
  const before = await picture(frame);
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await expect.poll(() => picture(frame)).not.toBe(before);
  const canvasText = await frame.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("p"));
    probe.style.color = "CanvasText";
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  });
  expect(await token(frame, "--text")).toBe(canvasText);
});

test("with less motion nothing moves", async ({ page, system }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.route("**/v1/embed/**", (route) => void route);
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await expect(dashboard(page).locator(".skeleton, .page")).toBeVisible();
  const frame = await frameOf(page);
  expect(await frame.evaluate(() => document.getAnimations().length)).toBe(0);
});

for (const width of [320, 380, 768]) {
  for (const density of ["comfortable", "compact"]) {
    test(`at ${width} pixels, ${density}, everything flows and nothing is cut`, async ({ page, system }) => {
      await page.setViewportSize({ width, height: 800 });
      const frame = await open(page, system, `density="${density}"`);
      const sideways = await frame.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const wide = [...document.querySelectorAll<HTMLElement>("button, summary, h1, h2, h3, dd, dt, .badge")]
          .filter((each) => each.checkVisibility() && !each.closest(".rows, dialog, .menu__panel, .sr-only"))
          .filter((each) => each.getBoundingClientRect().right > clientWidth + 0.5 || each.getBoundingClientRect().left < -0.5);
        return [scrollWidth - clientWidth, ...wide.map((each) => each.outerHTML.slice(0, 100))];
      });
      expect(sideways).toEqual([0]);
      const cut = await frame.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.tasks td:is([data-column="status"], [data-column="due"])')]
          .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
          .map((each) => each.textContent),
      );
      expect(cut).toEqual([]);
      const rows = await frame.evaluate(() => [...document.querySelectorAll(".tasks tr:not(.room)")].map((each) => each.getBoundingClientRect().height));
      // Places of rows that are not there go by it.
      expect(new Set(rows).size).toBe(1);
    });
  }
}

test("a page that reads from right to left is laid out so", async ({ page, system }) => {
  await page.setViewportSize({ width: 380, height: 800 });
  const frame = await open(page, system);
  await frame.evaluate(() => (document.documentElement.dir = "rtl"));
  const [title, heading] = await frame.evaluate(() => ["h1", ".panel h2"].map((each) => document.querySelector(each)?.getBoundingClientRect().right ?? 0));
  expect(title).toBeGreaterThan(300);
  expect(heading).toBeGreaterThan(300);
  expect(await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

test("whatever has the keyboard's focus shows it", async ({ page, system }) => {
  const frame = await open(page, system);
  await dashboard(page).getByRole("heading", { level: 1 }).click();
  for (let stop = 0; stop < 25; stop += 1) {
    await page.keyboard.press("Tab");
    const [what, style, width] = await frame.evaluate(() => {
      const each = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return [each.outerHTML.slice(0, 80), outlineStyle, parseFloat(outlineWidth)] as const;
    });
    expect([what, style, width >= 2]).toEqual([what, "solid", true]);
  }
});
