/** What a first view fetches, and when. */

import { element, expect, frameOf, test } from "../support/test.ts";

test("script and style come with the document, and the rest is asked for once, before the script runs", async ({ page, system, witness }) => {
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint(system.tenant) } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const files = witness.urls.filter((url) => url.includes("/assets/")).map((url) => url.replace(/.*\/assets\/(\w+)[-.].*\.(\w+)$/, "$1.$2"));
  expect(files.sort()).toEqual(["messages.json", "widget.wasm"]);
  // Whoever fetched first is written down: a hint, and not the script.
  const initiators = await (await frameOf(page)).evaluate(() =>
    performance.getEntriesByType("resource").flatMap((entry) => (/\.(wasm|json)$/.test(entry.name) ? [(entry as PerformanceResourceTiming).initiatorType] : [])),
  );
  expect(initiators).toEqual(["link", "link"]);
  expect(witness.complaints).toEqual([]);
});
