/** Dashboards that share a page share nothing else, and what is shown is only shown. */

import { HOSTILE_TITLE, TITLE } from "../support/system.ts";
import { dashboard, element, expect, test } from "../support/test.ts";

test("two tenants on one page each see their own data under their own token", async ({ page, system, witness }) => {
  const path = system.host.page({
    body: element(system.tenant.embed, "one") + element(system.other.embed, "two"),
    tokens: { one: () => system.mint(system.tenant), two: () => system.mint(system.other) },
  });
  const readers = new Map<string, Set<string>>();
  page.on("request", (request) => {
    const { authorization } = request.headers();
    if (!authorization || !request.url().includes("/v1/embed/")) return;
    const { emb, tid } = JSON.parse(Buffer.from(authorization.split(".")[1] ?? "", "base64url").toString()) as { emb: string; tid: string };
    const frame = request.frame().url();
    readers.set(frame, (readers.get(frame) ?? new Set()).add(`${emb} ${tid}`));
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready", "ready");
  await expect(dashboard(page, 0).getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(dashboard(page, 1).getByRole("heading", { name: "Other overview" })).toBeVisible();
  for (const { embed, id } of [system.tenant, system.other]) {
    expect([...(readers.get(`${system.embedOrigin}/v1/frame/${embed}`) ?? [])]).toEqual([`${embed} ${id}`]);
  }
  expect(witness.complaints).toEqual([]);
});

test("a token of one tenant shows nothing in the frame of another", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.other.embed), tokens: { token: () => system.mint(system.tenant) } });
  await page.goto(system.host.origin + path);
  await witness.told("token_invalid");
  await expect(page.getByRole("alert")).toHaveText("The page could not sign you in to the dashboard.");
  expect(page.frames()).toHaveLength(1);
  expect(witness.urls.filter((url) => url.includes("/v1/embed/"))).toEqual([]);
});

test("a title that tries to be markup is shown as it is", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.hostile.embed), tokens: { token: () => system.mint(system.hostile) } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  await expect(dashboard(page).getByRole("heading", { level: 1 })).toHaveText(HOSTILE_TITLE);
  const frame = page.frames().find((frame) => frame.url().startsWith(system.embedOrigin));
  expect(await frame?.evaluate(() => [document.title === "owned", document.querySelectorAll("img, #oriel-root script").length])).toEqual([false, 0]);
  expect(witness.complaints).toEqual([]);
});
