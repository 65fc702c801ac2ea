/** What a token and a proof are worth to somebody who copied them out of a running widget. */

import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { dashboard, element, expect, test } from "../support/test.ts";
import { type System, TITLE } from "../support/system.ts";
import { audited } from "../support/tenant.ts";
import { tasks } from "../support/widget.ts";

/** What a read went with. */
interface Read {
  url: string;
  authorization: string;
  dpop: string;
}

const decoded = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
const claimsOf = ({ authorization }: Read) => decoded(authorization.split(".")[1]) as { emb: string; tid: string; sid: string; cnf?: { jkt: string } };
const proofOf = ({ dpop }: Read) => decoded(dpop.split(".")[1]) as { jti: string; htm: string; htu: string; ath: string };

/** The thumbprint of the key that a proof was made with (RFC 7638). */
function thumbprintOf({ dpop }: Read): string {
  const { jwk } = decoded(dpop.split(".")[0]) as { jwk: Record<string, string> };
  const { crv, kty, x, y } = jwk;
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

/** Collects what the page's frames read the API with, by the frame's address. */
function collect(page: Page): Map<string, Read[]> {
  const reads = new Map<string, Read[]>();
  page.on("request", (request) => {
    if (!request.url().includes("/v1/embed/")) return;
    const { authorization = "", dpop = "" } = request.headers();
    const frame = request.frame().url();
    reads.set(frame, [...(reads.get(frame) ?? []), { url: request.url(), authorization, dpop }]);
  });
  return reads;
}

/** A page whose tokens are bound to the frame that asks. */
const bound = (system: System) => system.host.page({ body: element(system.tenant.embed), tokens: { token: ({ session, dpop_jkt }) => system.mint(system.tenant, { ...(session && { session }), ...(dpop_jkt && { dpop_jkt }) }) } });

test("the portal's tokens are bound to the frame's key, and each read proves that key anew", async ({ page, system, witness }) => {
  const reads = collect(page);
  const asked = page.waitForRequest("**/oriel/token");
  await page.goto(system.portalOrigin);
  const { dpop_jkt } = (await asked).postDataJSON() as { dpop_jkt: string };
  await witness.told("ready");
  await dashboard(page).getByRole("searchbox").fill("a");
  await expect.poll(() => [...reads.values()].flat().filter(({ url }) => url.includes("q=a")).length).toBeGreaterThan(0);
  const all = [...reads.values()].flat();
  for (const read of all) {
    const token = read.authorization.replace(/^DPoP /, "");
    const { htm, htu, ath } = proofOf(read);
    expect([claimsOf(read).cnf, thumbprintOf(read)]).toEqual([{ jkt: dpop_jkt }, dpop_jkt]);
    expect([htm, htu, ath]).toEqual(["GET", read.url.split("?")[0], createHash("sha256").update(token).digest("base64url")]);
  }
  expect(new Set(all.map((read) => proofOf(read).jti)).size).toBe(all.length);
  expect(witness.complaints).toEqual([]);
});

test("a token and a proof that were stolen from a widget are refused elsewhere, and audited", async ({ page, context, request, system, witness }) => {
  const reads = collect(page);
  await page.goto(system.host.origin + bound(system));
  await witness.told("ready");
  const stolen = [...reads.values()].flat().find(({ url }) => url.includes("/v1/embed/dashboard"));
  if (!stolen) throw new Error("Nothing was read.");
  const { url, authorization, dpop } = stolen;
  const bearer = authorization.replace("DPoP", "Bearer");

  const plain = async (headers: Record<string, string>, address = url) => {
    const response = await request.get(address, { headers });
    const { code } = (await response.json()) as { code: string };
    return [response.status(), code, response.headers()["www-authenticate"]?.includes("DPoP")];
  };
  // The proof has been used; without one, the token is of no use; a proof holds for one address.
  expect(await plain({ authorization, dpop })).toEqual([401, "invalid_dpop_proof", true]);
  expect((await plain({ authorization }))[0]).toBe(401);
  expect((await plain({ authorization: bearer }))[0]).toBe(401);
  expect((await plain({ authorization: bearer, dpop }))[0]).toBe(401);
  expect((await plain({ authorization, dpop }, url.replace("dashboard", "tasks").replace(/\?.*/, "")))[0]).toBe(401);

  // The same from another page of the embed origin, where no browser asks for leave; with a key of its own too.
  const thief = await context.newPage();
  await thief.route("**/thief", (route) => route.fulfill({ contentType: "text/html", body: "<title>A thief</title>" }));
  await thief.goto(`${system.embedOrigin}/thief`);
  const statuses = await thief.evaluate(
    async ({ url, authorization, bearer, dpop }) => {
      const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
      const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
      const encode = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      const claims = { ...JSON.parse(atob((dpop.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))), jti: crypto.randomUUID() };
      const signed = `${encode(JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: { crv, kty, x, y } }))}.${encode(JSON.stringify(claims))}`;
      const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new TextEncoder().encode(signed));
      const own = `${signed}.${encode(String.fromCharCode(...new Uint8Array(signature)))}`;
      const tries: Record<string, string>[] = [{ authorization, dpop }, { authorization: bearer }, { authorization, dpop: own }];
      return Promise.all(tries.map(async (headers) => (await fetch(url, { headers })).status));
    },
    { url, authorization, bearer, dpop },
  );
  expect(statuses).toEqual([401, 401, 401]);
  // The tenant's log says of whose token it was tried, and how that ended.
  const { sid } = claimsOf(stolen);
  const denied = async () => {
    const entries = await audited(system.embedOrigin, system.tenant);
    return new Set(entries.filter(({ kind, actor }) => kind === "access.denied" && actor === sid).map(({ outcome }) => outcome));
  };
  await expect.poll(denied).toEqual(new Set(["invalid_dpop_proof", "token_invalid"]));
  // The widget itself has noticed nothing.
  await dashboard(page).getByRole("searchbox").fill("a");
  await expect.poll(() => [...reads.values()].flat().filter(({ url }) => url.includes("q=a")).length).toBeGreaterThan(0);
  expect(witness.events).toEqual(["ready"]);
});

test("a clock that leaps costs a refusal, and the viewer notices nothing", async ({ page, system, witness }) => {
  await page.clock.install();
  const reads = collect(page);
  let refused = 0;
  page.on("response", (response) => (refused += Number(response.status() === 401)));
  await page.goto(system.host.origin + bound(system));
  await witness.told("ready");
  // Less than the token's life, and more than a proof's.
  await page.clock.runFor(200_000);
  await dashboard(page).getByRole("searchbox").fill("a");
  await page.clock.runFor(1_000);
  const { table } = tasks(dashboard(page));
  await expect.poll(() => [...reads.values()].flat().filter(({ url }) => url.includes("limit=50&q=a")).length).toBeGreaterThan(0);
  await expect(table).toHaveAttribute("aria-busy", "false");
  await expect(dashboard(page).getByRole("alert")).toHaveCount(0);
  expect(refused).toBeGreaterThan(0);
  expect(new Set([...reads.values()].flat().map(({ authorization }) => authorization)).size).toBe(1);
  expect(witness.events).toEqual(["ready"]);
});

test("two tenants' widgets with overlapping refreshes share no session, key or token", async ({ page, system, witness }) => {
  await page.clock.install();
  const reads = collect(page);
  const asked: Record<string, { session?: string; dpop_jkt?: string }[]> = { one: [], two: [] };
  // Each refresh is answered only once the other tenant's has been asked for as well.
  let both: (() => void)[] = [];
  const together = () =>
    new Promise<void>((resolve) => {
      both.push(resolve);
      if (both.length === 2) both = both.flatMap((go) => (go(), []));
    });
  const source = (name: string, tenant: System["tenant"]) => async ({ session, dpop_jkt }: { session?: string; dpop_jkt?: string }) => {
    asked[name]?.push({ ...(session && { session }), ...(dpop_jkt && { dpop_jkt }) });
    await together();
    return system.mint(tenant, { expires_in: 60, ...(session && { session }), ...(dpop_jkt && { dpop_jkt }) });
  };
  const path = system.host.page({
    body: element(system.tenant.embed, "one") + element(system.other.embed, "two"),
    tokens: { one: source("one", system.tenant), two: source("two", system.other) },
  });
  await page.goto(system.host.origin + path);
  await witness.told("ready", "ready");
  await expect(dashboard(page, 0).getByRole("heading", { name: TITLE })).toBeVisible();
  for (const refreshes of [2, 4]) {
    await page.clock.runFor(50_000);
    await expect.poll(() => witness.refreshes.length).toBe(refreshes);
  }
  // Both read with what they were given last.
  await page.evaluate(() => document.querySelectorAll<HTMLElement & { refresh(): void }>("oriel-dashboard").forEach((each) => each.refresh()));
  const before = [...reads.values()].flat().length;
  await page.clock.runFor(1_000);
  await expect.poll(() => [...reads.values()].flat().length).toBeGreaterThan(before + 1);

  expect([asked.one?.length, asked.two?.length]).toEqual([3, 3]);
  const keys = Object.values(asked).map((requests) => new Set(requests.map(({ dpop_jkt }) => dpop_jkt)));
  expect(keys.map((each) => each.size)).toEqual([1, 1]);
  const seen = [system.tenant, system.other].map(({ embed, id }, index) => {
    const own = reads.get(`${system.embedOrigin}/v1/frame/${embed}`) ?? [];
    const claims = own.map(claimsOf);
    expect(new Set(claims.map(({ emb, tid }) => `${emb} ${tid}`))).toEqual(new Set([`${embed} ${id}`]));
    expect(new Set(own.map(thumbprintOf))).toEqual(keys[index]);
    expect(new Set(claims.map(({ cnf }) => cnf?.jkt))).toEqual(keys[index]);
    return new Set(claims.map(({ sid }) => sid));
  });
  const [one, two] = seen as [Set<string>, Set<string>];
  expect([one.size, two.size, new Set([...one, ...two]).size]).toEqual([1, 1, 2]);
  expect([witness.events, witness.refreshes]).toEqual([["ready", "ready"], ["ok", "ok", "ok", "ok"]]);
});
