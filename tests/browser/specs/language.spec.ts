/** For viewers whose language is not English. */

import { violations } from "../support/axe.ts";
import { dashboard, element, expect, frameOf, settledHeight, test, Witness } from "../support/test.ts";

/** A locale, its direction, how it says that the day is 30 June, and its forms of `4 weeks` and `52 weeks`. */
const LANGUAGES = [
  ["en-US", "ltr", "As of Jun 30, 2026", "4 weeks", "52 weeks"],
  ["de-AT", "ltr", "Stand: 30. Juni 2026", "4 Wochen", "52 Wochen"],
  ["fr-FR", "ltr", "Situation au 30 juin 2026", "4 semaines", "52 semaines"],
  ["es-ES", "ltr", "A fecha de 30 jun 2026", "4 semanas", "52 semanas"],
  ["ja-JP", "ltr", "2026年6月30日時点", "4週間", "52週間"],
  ["ar-EG", "rtl", "حتى ٣٠ يونيو ٢٠٢٦", "٤ أسابيع", "٥٢ أسبوعًا"],
] as const;

/** Marks that only tell which way to read. */
const plain = (text: string) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, "").replace(/[\u00a0\u202f]/g, " ");

for (const [locale, direction, asOf, few, many] of LANGUAGES) {
  test(`a browser in ${locale} shows that language, and loads no other`, async ({ browser, system }) => {
    const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const witness = new Witness(page);
    await witness.listen(page);
    await page.goto(system.portalOrigin);
    await witness.told("ready");
    await settledHeight(page);

    const frame = await frameOf(page);
    const root = await frame.evaluate(() => ({ lang: document.documentElement.lang, direction: getComputedStyle(document.body).direction }));
    expect(root).toEqual({ lang: locale, direction });
    const words = plain((await frame.locator("main").textContent()) ?? "");
    for (const wanted of [asOf, few, many]) expect(words).toContain(wanted);

    const files = witness.urls.filter((url) => url.includes("/assets/messages-"));
    expect(files).toHaveLength(1);
    expect(files[0]).toContain(`messages-${locale.slice(0, 2)}.`);
    const sideways = await frame.evaluate(() => window.document.documentElement.scrollWidth - window.innerWidth);
    expect(sideways).toBe(0);

    expect(await violations(page)).toEqual([]);
    expect(witness.complaints).toEqual([]);
    await context.close();
  });
}

test("in Arabic the page runs from the right, and a name in Latin letters keeps its order", async ({ browser, system }) => {
  const context = await browser.newContext({ locale: "ar", viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(system.portalOrigin);
  const inside = dashboard(page);
  const title = inside.getByRole("heading", { level: 1 });
  await expect(title).toBeVisible();
  const [heading, group] = [await title.boundingBox(), await inside.getByRole("group").first().boundingBox()];
  expect(heading && group && heading.x > group.x).toBe(true);
  await context.close();
});

test("the host's locale goes before the browser's, and another one later is another document", async ({ page, system, witness }) => {
  const body = element(system.tenant.embed).replace("<oriel-dashboard", '<oriel-dashboard locale="ja" time-zone="Asia/Tokyo"');
  await page.goto(system.host.origin + system.host.page({ body, tokens: { token: () => system.mint() } }));
  await witness.told("ready");
  const inside = dashboard(page);
  await expect(inside.locator("html")).toHaveAttribute("lang", "ja");
  expect(witness.urls.filter((url) => url.includes("/assets/messages-"))).toHaveLength(1);

  await page.locator("oriel-dashboard").evaluate((element) => element.setAttribute("locale", "de-CH"));
  await expect(inside.locator("html")).toHaveAttribute("lang", "de-CH");
  await expect(inside.getByRole("button", { name: "4 Wochen" })).toBeVisible();

  await page.locator("oriel-dashboard").evaluate((element) => element.setAttribute("locale", "tlh"));
  await expect(inside.getByRole("button", { name: "4 weeks" })).toBeVisible();
  expect(witness.complaints).toEqual([]);
});
