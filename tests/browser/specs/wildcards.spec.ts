/** An embed that allows `https://*.portal.example`, on pages that a browser takes for one of those, and on pages that look like it. */

import type { Page } from "@playwright/test";
import type { System } from "../support/system.ts";
import { dashboard, element, expect, test } from "../support/test.ts";

const NAME = "portal.example";

/** Has the host's pages answer on every https origin, so that the suite needs no certificate. What may be framed the browser decides by the origins as it sees them. */
async function serveEverywhere(page: Page, { host }: System): Promise<void> {
  // The suite's server is on this machine, where pages from elsewhere come only by leave.
  await page.context().grantPermissions(["local-network-access"]);
  await page.route(
    ({ protocol }) => protocol === "https:",
    async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: host.origin + pathname + search }) });
    },
  );
}

async function pageOf(system: System): Promise<string> {
  const anySubdomain = await system.newEmbed(`https://*.${NAME}`);
  return system.host.page({ body: element(anySubdomain.embed), tokens: { token: () => system.mint(anySubdomain) } });
}

test("a wildcard shows the dashboard on every subdomain, however deep", async ({ page, system, witness }) => {
  await serveEverywhere(page, system);
  const path = await pageOf(system);
  const shown: string[] = [];
  for (const origin of [`https://eu.${NAME}`, `https://a.b.${NAME}`]) {
    await page.goto(origin + path);
    await witness.told(...shown, "ready");
    shown.push("ready");
    await expect(dashboard(page).getByRole("heading", { level: 1 })).toBeVisible();
  }
  expect(witness.complaints).toEqual([]);
});

for (const [what, origin] of [
  ["the name itself", `https://${NAME}`],
  ["a name that ends alike", `https://evil${NAME}`],
  ["a name below somebody else's", `https://${NAME}.evil.example`],
  ["another port", `https://eu.${NAME}:8443`],
] as const) {
  test(`a wildcard shows nothing on ${what}`, async ({ page, system, witness }) => {
    await serveEverywhere(page, system);
    await page.goto(origin + (await pageOf(system)));
    await expect.poll(() => witness.complaints.join("\n")).toContain(`frame-ancestors https://*.${NAME}`);
    await expect(dashboard(page).locator("#oriel-root")).toHaveCount(0);
    expect(witness.urls.filter((url) => url.includes("/v1/embed/"))).toEqual([]);
    expect(witness.events).toEqual([]);
  });
}
