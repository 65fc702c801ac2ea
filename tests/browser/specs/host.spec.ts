/** What a host page says to a dashboard, in a real browser. */

import type { Page } from "@playwright/test";
import type { HostPage } from "../support/host.ts";
import type { System } from "../support/system.ts";
import { dashboard, element, expect, frameOf, test } from "../support/test.ts";

interface Host extends HTMLElement {
  appearance: Record<string, string> | undefined;
  update(options: Record<string, unknown>): void;
}

async function visit(page: Page, system: System, more: Partial<HostPage> = {}): Promise<void> {
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() }, ...more });
  await page.goto(system.host.origin + path);
}

/** A variable of the frame's own look. */
async function look(page: Page, name: string): Promise<string> {
  return (await frameOf(page)).evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(), name);
}

test("Oriel.mount makes a dashboard from options", async ({ page, system, witness }) => {
  const script = `customElements.whenDefined("oriel-dashboard").then(() => {
    window.made = Oriel.mount("#place", { embed: "${system.tenant.embed}", tokenEndpoint: location.pathname + "/token", frameTitle: "Works", theme: "dark" });
  });`;
  await visit(page, system, { body: '<div id="place"></div>', script });
  await witness.told("ready");
  await expect(page.locator("#place > oriel-dashboard > iframe, #place iframe")).toHaveAttribute("title", "Works");
  expect((await frameOf(page)).url()).toContain("theme=dark");
  await page.evaluate(() => (window as unknown as { made: { destroy(): void } }).made.destroy());
  await expect.poll(() => page.frames().length).toBe(1);
  expect(witness.complaints).toEqual([]);
});

test("the page's own variables colour the frame, also when they change, and the frame stays", async ({ page, system, witness }) => {
  const policy = `${system.host.strictPolicy}; style-src 'unsafe-inline'`;
  const style = ":root { --brand: #0b6e4f } :root.evening { --brand: rebeccapurple; color-scheme: dark } oriel-dashboard { --oriel-accent: var(--brand); --oriel-radius: 0.5rem }";
  await visit(page, system, { policy, body: `<style>${style}</style>${element(system.tenant.embed)}` });
  await witness.told("ready");
  await expect.poll(() => look(page, "--radius")).toBe("8px");
  const day = await look(page, "--accent");
  const frame = await frameOf(page);
  await page.evaluate(() => document.documentElement.classList.add("evening"));
  await expect.poll(() => look(page, "--accent")).not.toBe(day);
  const evening = await look(page, "--accent");
  await page.locator("oriel-dashboard").evaluate((host: Host) => (host.appearance = { accent: "light-dark(red, #0b6e4f)" }));
  await expect.poll(() => look(page, "--accent")).toBe(day);
  await page.locator("oriel-dashboard").evaluate((host: Host) => (host.appearance = undefined));
  await expect.poll(() => look(page, "--accent")).toBe(evening);
  expect(await frameOf(page)).toBe(frame);
  expect(witness.events).toEqual(["ready"]);
});

test("theme and density change without a new frame and without a new read", async ({ page, system, witness }) => {
  await visit(page, system);
  await witness.told("ready");
  const frame = await frameOf(page);
  await frame.evaluate(() => Object.assign(window, { marked: true }));
  const reads = witness.urls.filter((url) => url.includes("/v1/embed/dashboard")).length;
  await page.locator("oriel-dashboard").evaluate((host: Host) => host.update({ theme: "dark", density: "compact" }));
  await expect.poll(() => frame.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.dataset.density])).toEqual(["dark", "compact"]);
  expect(await frame.evaluate(() => "marked" in window)).toBe(true);
  expect(witness.urls.filter((url) => url.includes("/v1/embed/dashboard"))).toHaveLength(reads);
});

test("a lazy dashboard loads when it comes near, and keeps its place before", async ({ page, system, witness }) => {
  // High before the element is there: a script that made it so might come too late.
  const body = `<canvas width="1" height="6000"></canvas>${element(system.tenant.embed).replace(" ", ' loading="lazy" ')}`;
  await page.clock.install();
  await visit(page, system, { body });
  await expect(page.locator("oriel-dashboard")).toHaveCSS("display", "block");
  expect((await page.locator("oriel-dashboard").boundingBox())?.height).toBe(480);
  await page.clock.runFor(120_000);
  expect([witness.urls.filter((url) => /\/v1\/frame\/|\/token/.test(url)), witness.events]).toEqual([[], []]);
  await page.clock.resume();
  await page.evaluate(() => window.scrollTo(0, 5_000));
  await witness.told("ready");
  await expect(dashboard(page).getByRole("heading").first()).toBeVisible();
});

test("the page hears the height that the dashboard takes", async ({ page, system, witness }) => {
  await page.addInitScript(() => document.addEventListener("oriel-resize", (event) => Object.assign(window, { told: (event as CustomEvent<{ height: number }>).detail.height })));
  await visit(page, system);
  await witness.told("ready");
  await expect.poll(() => page.evaluate(() => [(window as unknown as { told: number }).told, document.querySelector("oriel-dashboard")?.getBoundingClientRect().height].join())).toMatch(/^(\d+),\1$/);
});

test("a revoked session is told to the page once, and the viewer's next try begins a new one", async ({ page, system, witness }) => {
  const problem = { type: "/problems/session_revoked", title: "The session was revoked", status: 401, code: "session_revoked", detail: "Begin a new one.", request_id: "test" };
  await page.route("**/v1/embed/{dashboard,tasks}?*", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) }));
  await page.addInitScript(() => document.addEventListener("oriel-session-revoked", () => Object.assign(window, { revoked: ((window as { revoked?: number }).revoked ?? 0) + 1 })));
  const sessions: (string | undefined)[] = [];
  await visit(page, system, { tokens: { token: ({ session }) => (sessions.push(session), system.mint()) } });
  await witness.told("session_revoked");
  expect(await page.evaluate(() => (window as { revoked?: number }).revoked)).toBe(1);
  await expect(dashboard(page).getByRole("alert").first()).toBeVisible();
  await page.unroute("**/v1/embed/{dashboard,tasks}?*");
  await page.locator("oriel-dashboard").evaluate((host) => (host as unknown as { refresh(): void }).refresh());
  await witness.told("session_revoked", "ready");
});

test("what vanishes in the dashboard takes nothing from a field of the page that the viewer types in", async ({ page, system, witness }) => {
  const body = `<input id="own">${element(system.tenant.embed)}`;
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint() } }));
  await witness.told("ready");
  const inside = dashboard(page);
  const title = inside.getByRole("table", { name: "Tasks" }).locator("tbody th button").first();
  await title.focus();
  await page.locator("#own").focus();
  await title.evaluate((element) => element.closest("tr")?.remove());
  await page.keyboard.type("still here");
  await expect(page.locator("#own")).toHaveValue("still here");
});

for (const view of ["overview", "board"]) {
  test(`a session that is revoked blanks its widget while the viewer looks, and no other: ${view}`, async ({ page, system, witness }) => {
    let session = "";
    const first = async () => {
      const grant = await system.mint();
      ({ session } = JSON.parse(grant.body ?? "") as { session: string });
      return grant;
    };
    const { embed } = system.tenant;
    const body = element(embed, "first").replace("<oriel-dashboard", `<oriel-dashboard view="${view}"`) + element(embed, "second");
    await page.goto(system.host.origin + system.host.page({ body, tokens: { first, second: () => system.mint() } }));
    await witness.told("ready", "ready");
    const [gone, stays] = [dashboard(page), dashboard(page, 1)];
    for (const inside of [gone, stays]) await expect(inside.getByText("Live", { exact: true })).toBeVisible();
    const data = "canvas, tbody tr[aria-rowindex], .ticket";
    await expect(gone.locator(data).first()).toBeVisible();
    const told = page.evaluate(() => new Promise((resolve) => document.addEventListener("oriel-session-revoked", ({ target }) => resolve([...document.querySelectorAll("oriel-dashboard")].indexOf(target as HTMLElement)))));

    await system.revoke(system.tenant, "--session", session);
    expect(await told).toBe(0);
    await expect(gone.locator(data)).toHaveCount(0);
    await expect(gone.getByRole("alert").first()).toBeVisible();
    await expect(stays.locator(data).first()).toBeVisible();
    await expect(stays.getByRole("alert")).toHaveCount(0);
  });
}

test("exportCsv has the browser save the tasks", async ({ page, system, witness }) => {
  await visit(page, system);
  await witness.told("ready");
  const saved = page.waitForEvent("download");
  await page.locator("oriel-dashboard").evaluate((host) => (host as unknown as { exportCsv(): void }).exportCsv());
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/);
});

test("what the viewer does is told, and a page that keeps it can show it again", async ({ page, system, witness }) => {
  await page.addInitScript(() => {
    for (const name of ["navigate", "filter"]) document.addEventListener(`oriel-${name}`, (event) => Object.assign(window, { [name]: (event as CustomEvent<object>).detail }));
  });
  await visit(page, system);
  await witness.told("ready");
  await page.locator("oriel-dashboard").evaluate((host) => (host as unknown as { setFilters(filters: object): void }).setFilters({ status: "blocked" }));
  await page.locator("oriel-dashboard").evaluate((host) => host.setAttribute("view", "tasks"));
  await expect(dashboard(page).getByRole("table", { name: "Tasks" })).toBeVisible();
  await dashboard(page).getByRole("searchbox").fill("a");
  await expect.poll(() => page.evaluate(() => (window as { filter?: { filters: object } }).filter)).toMatchObject({ filters: { status: "blocked", q: "a" } });
  await dashboard(page).getByRole("table", { name: "Tasks" }).locator("tbody th button").first().click();
  await expect.poll(() => page.evaluate(() => (window as { navigate?: { view: string } }).navigate?.view)).toContain("task=tsk_");
  const shown = await page.evaluate(() => (window as { navigate?: { view: string } }).navigate?.view);

  await page.locator("oriel-dashboard").evaluate((host) => {
    const { parentElement } = host;
    host.remove();
    parentElement?.append(host);
  });
  await witness.told("ready", "ready");
  await expect(dashboard(page).getByRole("dialog")).toBeVisible();
  await expect(dashboard(page).getByRole("searchbox", { includeHidden: true })).toHaveValue("a");
  expect(await page.evaluate(() => (window as { navigate?: { view: string } }).navigate?.view)).toBe(shown);
});
