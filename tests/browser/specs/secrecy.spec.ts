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
    places[`storage of frame ${index}`] = await frame.evaluate(storage);
    places[`markup of frame ${index}`] = await frame.evaluate(markup);
  }
  for (const [place, text] of Object.entries(places)) {
    expect(text.includes(signature) || text.includes(claims), `found in ${place}`).toBe(false);
  }
  expect(system.logs).toContain("/v1/embed/dashboard");
  expect(await context.cookies()).toEqual([]);
  for (const [place, text] of Object.entries(places)) {
    if (place.startsWith("storage")) expect(text, place).toMatch(/^(\S+=(empty|denied) ?)+$/);
  }
});

/** What a document keeps, by kind: `empty`, `denied` by the browser, or what it is. */
async function storage(): Promise<string> {
  const kinds: Record<string, () => unknown> = {
    local: () => Object.keys(localStorage).map((key) => [key, localStorage.getItem(key)]),
    session: () => Object.keys(sessionStorage).map((key) => [key, sessionStorage.getItem(key)]),
    cookies: () => (document.cookie ? [document.cookie] : []),
    history: () => (history.state === null ? [] : [history.state]),
    name: () => (window.name ? [window.name] : []),
    databases: () => indexedDB.databases(),
    caches: () => caches.keys(),
  };
  const lines: string[] = [];
  for (const [kind, read] of Object.entries(kinds)) {
    const kept = await Promise.resolve().then(read).catch(() => "denied");
    lines.push(`${kind}=${Array.isArray(kept) ? (kept.length === 0 ? "empty" : JSON.stringify(kept)) : String(kept)}`);
  }
  return lines.join(" ");
}

/** All of a document's elements with their attributes, those behind open shadow roots too. */
function markup(): string {
  const roots: (Element | ShadowRoot)[] = [document.documentElement];
  for (const element of document.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
  return roots.map((root) => root.innerHTML).join("\n");
}

test("no third party is ever asked", async ({ page, system, witness }) => {
  await page.goto(system.portalOrigin);
  await witness.told("ready");
  const origins = new Set(witness.urls.map((url) => new URL(url).origin));
  expect([...origins].sort()).toEqual([system.embedOrigin, system.portalOrigin].sort());
});
