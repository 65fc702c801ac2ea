/** The normal run: the example portal, as a partner would write it. */

import { TITLE } from "../support/system.ts";
import { dashboard, expect, test } from "../support/test.ts";

test("the portal shows the dashboard, and the browser has nothing to complain about", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  await expect(dashboard(page).getByRole("heading", { name: TITLE })).toBeVisible();
  expect(witness.complaints).toEqual([]);
});

test("the portal's own policy names Oriel for its script and its frame and nowhere else", async ({ page, system }) => {
  const response = await page.goto(system.portalOrigin);
  expect(response?.headers()["content-security-policy"]).toBe(
    `default-src 'none'; script-src ${system.embedOrigin}; style-src 'self'; frame-src ${system.embedOrigin}; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

test("the portal gives tokens to its own pages only", async ({ page, system }) => {
  const body = JSON.stringify({ embed: system.tenant.embed });
  const headers = { "content-type": "application/json" };
  const outside = await fetch(`${system.portalOrigin}/oriel/token`, { method: "POST", headers, body });
  expect(outside.status).toBe(403);
  await page.goto(system.portalOrigin);
  const answered = page.waitForResponse("**/oriel/token");
  await page.reload();
  expect((await answered).status()).toBe(200);
  expect((await answered).headers()["cache-control"]).toBe("no-store");
});

test("a page with nothing but the loader's own needs in its policy works", async ({ page, system, witness }) => {
  const path = system.host.page({
    policy: `${system.host.strictPolicy}; require-trusted-types-for 'script'; trusted-types 'none'`,
    body: `<oriel-dashboard embed="${system.tenant.embed}" token-endpoint="{page}/token"></oriel-dashboard>`,
    tokens: { token: () => system.mint() },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  expect(witness.complaints).toEqual([]);
});

test("a cross-origin isolated page can show the dashboard", async ({ page, system, witness }) => {
  const path = system.host.page({
    headers: { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" },
    body: `<oriel-dashboard embed="${system.tenant.embed}" token-endpoint="{page}/token"></oriel-dashboard>`,
    tokens: { token: () => system.mint() },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  expect(witness.complaints).toEqual([]);
});
