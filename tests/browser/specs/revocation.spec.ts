/** What was taken back goes from the screen, and how soon. The time is told and not judged: on a busy machine it says more about that. */

import type { Frame } from "@playwright/test";
import { dashboard, element, expect, frameOf, test } from "../support/test.ts";
import { revokeSession } from "../support/tenant.ts";

/** When the frame showed no data any longer, by the clock that both browser and suite have. */
function blankAt(frame: Frame): Promise<number> {
  return frame.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector("canvas, tbody tr[aria-rowindex]")) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { childList: true, subtree: true });
      }),
  );
}

test("a widget goes blank as its session is revoked by the API, and the time that this takes is told", async ({ page, system, witness }) => {
  let session = "";
  const token = async () => {
    const grant = await system.mint();
    ({ session } = JSON.parse(grant.body) as { session: string });
    return grant;
  };
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token } });
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await page.goto(system.host.origin + path);
    await witness.told(...Array<string>(round + 1).fill("ready"));
    await expect(dashboard(page).getByText("Live", { exact: true })).toBeVisible();
    await expect(dashboard(page).locator("tbody tr[aria-rowindex]").first()).toBeVisible();
    const blank = blankAt(await frameOf(page));
    const told = page.evaluate(() => new Promise((resolve) => document.addEventListener("oriel-session-revoked", () => resolve(true))));
    const asked = Date.now();
    await revokeSession(system.embedOrigin, system.tenant, session);
    times.push((await blank) - asked);
    expect(await told).toBe(true);
    await expect(dashboard(page).getByRole("alert").first()).toBeVisible();
  }
  console.log(`from the request to the blank widget: ${times.join(", ")} ms`);
});

test("a tenant that is suspended while the viewer looks goes blank and says whom to ask, until it is resumed", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.planned.embed), tokens: { token: () => system.mint(system.planned) } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.getByText("Live", { exact: true })).toBeVisible();
  const data = inside.locator("canvas, tbody tr[aria-rowindex], .ticket");
  await expect(data.first()).toBeVisible();

  await system.suspend(system.planned, true);
  await expect(inside.getByText("Access to this dashboard is suspended. Ask the owner of this portal.").first()).toBeVisible();
  await expect(data).toHaveCount(0);

  await system.suspend(system.planned, false);
  await page.locator("oriel-dashboard").evaluate((host) => (host as unknown as { refresh(): void }).refresh());
  await expect(data.first()).toBeVisible();
});
