/** How long a viewer still sees what was taken back. The time is told and not judged: on a busy machine it says more about that. */

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
