/** From mount to removal, in the time that a viewer spends on a page. */

import { dashboard, element, expect, test } from "../support/test.ts";
import { tasks } from "../support/widget.ts";

test("a token is replaced before it expires, without a new read and without a new frame", async ({ page, system, witness }) => {
  await page.clock.install();
  const sessions: (string | undefined)[] = [];
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: {
      token: ({ session }) => {
        sessions.push(session);
        return system.mint(system.tenant, { expires_in: 60, ...(session ? { session } : {}) });
      },
    },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");

  const frame = page.frames().find((frame) => frame.url().startsWith(system.embedOrigin));
  await frame?.evaluate(() => Object.assign(document.querySelector("main") ?? {}, { marked: true }));
  const search = dashboard(page).getByRole("searchbox");
  const { table } = tasks(dashboard(page));
  // A read under way when the clock leaps would look as if it had taken that long.
  const found = ["dashboard?range=12w&q=a", "limit=50&q=a"].map((part) => page.waitForResponse((response) => response.url().includes(part)));
  await search.fill("a");
  await page.clock.runFor(1_000);
  for (const response of await Promise.all(found)) await response.finished();
  await expect(table).toHaveAttribute("aria-busy", "false");
  await page.evaluate(() => window.scrollTo(0, 300));
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(300);
  // The stream of changes may come and go: it is no read.
  const read = (url: string) => url.includes("/v1/embed/") && !url.endsWith("/events");
  const reads = witness.urls.filter(read).length;

  await page.clock.runFor(47_000);
  await expect.poll(() => sessions.length).toBe(2);
  expect(sessions[1]).toMatch(/^ses_/);
  expect(await frame?.evaluate(() => (document.querySelector("main") as { marked?: boolean } | null)?.marked)).toBe(true);
  await expect(search).toHaveValue("a");
  expect(await page.evaluate(() => window.scrollY)).toBe(300);
  expect(witness.urls.filter(read)).toHaveLength(reads);

  const next = page.waitForRequest((request) => request.url().includes("q=ab"));
  await search.fill("ab");
  await page.clock.runFor(1_000);
  const bearer = (await (await next).allHeaders()).authorization ?? "";
  const claims = JSON.parse(Buffer.from(bearer.split(".")[1] ?? "", "base64url").toString()) as { sid: string };
  expect(claims.sid).toBe(sessions[1]);
  expect(witness.events).toEqual(["ready"]);
});

test("a token that the server calls expired is replaced and the read done again", async ({ page, system, witness }) => {
  let refused = 0;
  await page.route("**/v1/embed/dashboard?*", async (route) => {
    refused += 1;
    if (refused > 1) return route.continue();
    const problem = { type: "/problems/token_expired", title: "The token has expired", status: 401, code: "token_expired", detail: "Get a new one.", request_id: "test" };
    return route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) });
  });
  let minted = 0;
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: () => ((minted += 1), system.mint()) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  expect([refused, minted]).toEqual([2, 2]);
});

test("a refresh that was lost while offline goes on when the network is back", async ({ page, system, witness }) => {
  await page.clock.install();
  let minted = 0;
  let down = false;
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: () => (down ? Promise.resolve({ status: 503, body: "" }) : ((minted += 1), system.mint(system.tenant, { expires_in: 30 }))) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  down = true;
  await expect.poll(async () => {
    await page.clock.runFor(5_000);
    return witness.refreshes;
  }).toEqual(["token_refresh_failed"]);
  down = false;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.clock.runFor(2_000);
  await expect.poll(() => minted).toBe(2);
  await expect.poll(() => witness.refreshes).toEqual(["token_refresh_failed", "ok"]);
  expect(witness.events).toEqual(["ready"]);
});

test("a removed dashboard leaves nothing behind, and added again it starts afresh", async ({ page, system, witness }) => {
  await page.clock.install();
  let minted = 0;
  const path = system.host.page({
    body: `<div id="place">${element(system.tenant.embed)}</div>`,
    tokens: { token: () => ((minted += 1), system.mint()) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const removed = await page.evaluateHandle(() => {
    const dashboard = document.querySelector("oriel-dashboard");
    dashboard?.remove();
    return dashboard;
  });
  await expect.poll(() => page.frames().length).toBe(1);
  await page.clock.runFor(900_000);
  expect(minted).toBe(1);
  await page.evaluate((dashboard) => dashboard && document.getElementById("place")?.append(dashboard), removed);
  await witness.told("ready", "ready");
  expect(minted).toBe(2);
  await expect(dashboard(page).getByRole("heading").first()).toBeVisible();
});

test("another embed in the attribute is another dashboard", async ({ page, system, witness }) => {
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: ({ embed }) => system.mint(embed === system.hostile.embed ? system.hostile : system.tenant) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  await page.evaluate((embed) => document.querySelector("oriel-dashboard")?.setAttribute("embed", embed), system.hostile.embed);
  await witness.told("ready", "ready");
  expect(page.frames()).toHaveLength(2);
});

test("a callback in place of an endpoint gives tokens too", async ({ page, system, witness }) => {
  const path = system.host.page({
    body: `<oriel-dashboard embed="${system.tenant.embed}"></oriel-dashboard>`,
    script: `document.querySelector("oriel-dashboard").fetchToken = async ({ embed, session }) =>
      (await fetch(location.pathname + "/token", { method: "POST", body: JSON.stringify({ embed, session }) })).json();`,
    tokens: { token: () => system.mint() },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  expect(witness.complaints).toEqual([]);
});
