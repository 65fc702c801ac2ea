/** Bytes that are not those that were built, and who may pin which. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dashboard, element, expect, test } from "../support/test.ts";
import { tasks } from "../support/widget.ts";

const MANIFEST = new URL("../../../dist/bundle/manifest.json", import.meta.url);
const TABLE = "**/assets/table.*.js";

test("a module whose bytes were changed does not run, and the one that was built does", async ({ page, system, witness }) => {
  await page.route(TABLE, async (route) => {
    const response = await route.fetch();
    // What is kept would still be there after the reload.
    const headers = { ...response.headers(), "cache-control": "no-store" };
    await route.fulfill({ response, headers, body: `document.title = "owned";${await response.text()}` });
  });
  const path = system.host.page({ body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + path);
  await witness.told("ready");
  const { table, titles } = tasks(dashboard(page));
  await titles.first().focus();
  await expect.poll(() => witness.complaints.join("\n")).toContain("integrity");
  expect(await table.evaluate((table) => table.ownerDocument.title)).not.toBe("owned");
  await expect(table.getByRole("separator")).toHaveCount(0);

  await page.unroute(TABLE);
  await page.reload();
  await titles.first().focus();
  await expect(table.getByRole("separator").first()).toBeAttached();
});

test("a page can pin the loader, and one that was changed does not run", async ({ page, system, witness }) => {
  const moving = Buffer.from(await (await fetch(`${system.embedOrigin}/v1/loader.js`)).arrayBuffer());
  const { loader } = JSON.parse(await readFile(MANIFEST, "utf8")) as { loader: { file: string; integrity: string } };
  const address = `${system.embedOrigin}/assets/${loader.file}`;
  const tag = `<script src="${address}" integrity="${loader.integrity}" crossorigin="anonymous"></script>`;
  expect(`sha384-${createHash("sha384").update(moving).digest("base64")}`).toBe(loader.integrity);
  const pinned = system.host.page({ loader: tag, body: element(system.tenant.embed), tokens: { token: () => system.mint() } });
  await page.goto(system.host.origin + pinned);
  await witness.told("ready");
  expect(witness.urls.filter((url) => url.endsWith("/v1/loader.js"))).toEqual([]);
  expect(witness.complaints).toEqual([]);

  await page.route(address, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()};` });
  });
  await page.reload();
  await expect.poll(() => witness.complaints.join("\n")).toContain("integrity");
  expect(await page.evaluate(() => customElements.get("oriel-dashboard"))).toBeUndefined();
});
