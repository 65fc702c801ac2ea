/** What a host hears, and a viewer sees, when a token cannot be had. */

import type { Route } from "@playwright/test";
import type { Reply } from "../support/host.ts";
import { dashboard, element, expect, test } from "../support/test.ts";

const cases: { name: string; code: string; answer: () => Promise<Reply> }[] = [
  { name: "fails", code: "token_fetch_failed", answer: () => Promise.resolve({ status: 500, body: "" }) },
  { name: "refuses", code: "token_fetch_failed", answer: () => Promise.resolve({ status: 401, body: "" }) },
  { name: "hangs", code: "token_fetch_timeout", answer: () => new Promise(() => undefined) },
  { name: "answers with a login page", code: "token_response_invalid", answer: () => Promise.resolve({ body: "<!doctype html><title>Log in</title>" }) },
  { name: "answers with markup for a token", code: "token_response_invalid", answer: () => Promise.resolve({ body: JSON.stringify({ token: "<img src=x onerror=document.title='owned'>", expires_in: 300 }) }) },
];

for (const { name, code, answer } of cases) {
  test(`a token endpoint that ${name} is told as ${code}, once`, async ({ page, system, witness }) => {
    await page.clock.install();
    const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: answer } });
    await page.goto(system.host.origin + path);
    // What hangs is noticed by the loader, and not by the widget, which waits as well.
    if (name === "hangs") await expect(dashboard(page).getByRole("main")).toBeVisible();
    // Three attempts of at most 10 s, and the pauses between them; in small steps,
    // for page and frame take turns.
    await expect.poll(async () => {
      for (let step = 0; step < 5; step += 1) await page.clock.runFor(1_000);
      return witness.events;
    }).toEqual([code]);
    await expect(page.getByRole("alert")).toHaveText("The page could not sign you in to the dashboard.");
    const said = witness.complaints.filter((line) => line.startsWith(`[oriel] ${code}: `));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`docs/embedding.md#${code}`);
    await page.clock.runFor(600_000);
    expect(witness.events).toEqual([code]);
    expect(await page.title()).toBe("Host");
  });
}

test("the viewer reads what went wrong in their language, and a page's own fallback goes before ours", async ({ page, system, witness }) => {
  const refuse = () => Promise.resolve({ status: 403, body: "" });
  const path = system.host.page({
    body: `${element(system.tenant.embed).replace(" ", ' locale="ar" ')}${element(system.tenant.embed).replace("><", '><p slot="fallback">Call us.</p><')}`,
    tokens: { token: refuse },
  });
  await page.goto(system.host.origin + path);
  await witness.told("token_fetch_failed", "token_fetch_failed");
  await expect(page.getByRole("alert")).toHaveText("تعذّر على الصفحة تسجيل دخولك إلى لوحة المعلومات.");
  await expect(page.getByRole("button", { name: "إعادة المحاولة" })).toBeVisible();
  await expect(page.getByText("Call us.")).toBeVisible();
});

test("without the words for it a failure is still told, to the viewer and in the console", async ({ page, system, witness }) => {
  await page.route("**/assets/trouble.*", (route) => route.abort());
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => Promise.resolve({ status: 403, body: "" }) } });
  await page.goto(system.host.origin + path);
  await witness.told("token_fetch_failed");
  await expect(page.getByRole("alert")).toHaveText("The dashboard could not be loaded.");
  await expect.poll(() => witness.complaints.join("\n")).toContain("[oriel] token_fetch_failed: 403 See docs/embedding.md#token_fetch_failed");
});

test("a viewer who tries again gets the dashboard as soon as there is a token", async ({ page, system, witness }) => {
  let broken = true;
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: () => (broken ? Promise.resolve({ status: 403, body: "" }) : system.mint()) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("token_fetch_failed");
  broken = false;
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  await witness.told("token_fetch_failed", "ready");
  await expect(dashboard(page).getByRole("heading").first()).toBeVisible();
});

test("a retry in the frame that works is told as ready after the error", async ({ page, system, witness }) => {
  await page.route("**/v1/embed/dashboard?*", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(system.portalOrigin);
  await witness.told("server");
  await page.unroute("**/v1/embed/dashboard?*");
  await dashboard(page).getByRole("button", { name: "Try again" }).first().click();
  await witness.told("server", "ready");
  await expect(dashboard(page).getByRole("alert")).toHaveCount(0);
});

test("an element without an embed is told", async ({ page, system, witness }) => {
  const path = system.host.page({ body: '<oriel-dashboard token-endpoint="/token"></oriel-dashboard>' });
  await page.goto(system.host.origin + path);
  await witness.told("embed_missing");
});

test("a token that was tampered with is an error of the token, and the frame says so", async ({ page, system, witness }) => {
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: {
      token: async () => {
        const minted = JSON.parse((await system.mint()).body) as { token: string };
        const [header, claims, signature = ""] = minted.token.split(".");
        return { body: JSON.stringify({ ...minted, token: [header, claims, [...signature].reverse().join("")].join(".") }) };
      },
    },
  });
  await page.goto(system.host.origin + path);
  await expect.poll(() => witness.events.length).toBe(1);
  expect(witness.events[0]).toMatch(/^token_/);
  await expect(dashboard(page).getByRole("alert").first()).toBeVisible();
});

test("an answer that looks like a token and is none is told as token_invalid", async ({ page, system, witness }) => {
  const path = system.host.page({
    body: element(system.tenant.embed),
    tokens: { token: () => Promise.resolve({ body: JSON.stringify({ token: "aaaa.bbbb.cccc", expires_in: 300 }) }) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("token_invalid");
  await expect(page.getByRole("alert")).toBeVisible();
});

for (const [name, answer] of [
  ["does not come", (route: Route) => route.abort()],
  ["is not the one that was built", (route: Route) => route.fulfill({ contentType: "application/wasm", body: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) })],
] as const) {
  test(`a widget that ${name} is told as widget_load_failed`, async ({ page, system, witness }) => {
    await page.route("**/assets/*.wasm", answer);
    await page.goto(system.portalOrigin);
    await witness.told("widget_load_failed");
    await expect(page.getByRole("alert")).toHaveText("The dashboard cannot be reached. Check your connection.");
  });
}
