/** Where a token is never found. */

import { expect, test } from "../support/test.ts";

test("the token is in no URL, storage, cookie, attribute or log", async ({ page, context, system, witness }) => {
  const answered = page.waitForResponse("**/oriel/token");
  await page.goto(system.portalOrigin);
  const { token } = (await (await answered).json()) as { token: string };
  await witness.told("ready");
  const [, claims = "", signature = ""] = token.split(".");
  expect(signature.length).toBeGreaterThan(60);

  const places: Record<string, string> = {
    urls: witness.urls.join("\n"),
    console: witness.complaints.join("\n"),
    logs: system.logs,
  };
  for (const [index, frame] of page.frames().entries()) {
    places[`storage of frame ${index}`] = await frame.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, window.name]));
    places[`markup of frame ${index}`] = await frame.evaluate(() => {
      const roots: (Element | ShadowRoot)[] = [document.documentElement];
      for (const element of document.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
      return roots.map((root) => root.innerHTML).join("\n");
    });
    places[`databases of frame ${index}`] = await frame.evaluate(async () => JSON.stringify([await indexedDB.databases(), await caches.keys()]));
  }
  for (const [place, text] of Object.entries(places)) {
    expect(text.includes(signature) || text.includes(claims), `found in ${place}`).toBe(false);
  }
  expect(system.logs).toContain("/v1/embed/dashboard");
  expect(await context.cookies()).toEqual([]);
  for (const [name, text] of Object.entries(places)) {
    if (name.startsWith("storage")) expect(text).toBe(JSON.stringify([{}, {}, "", null, ""]));
    if (name.startsWith("databases")) expect(text).toBe("[[],[]]");
  }
});

test("no third party is ever asked", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const origins = new Set(witness.urls.map((url) => new URL(url).origin));
  expect([...origins].sort()).toEqual([system.embedOrigin, system.portalOrigin].sort());
});
