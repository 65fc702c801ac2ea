/** How the npm package gets the loader onto a page, and what it says where it cannot. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Window } from "happy-dom";
import { loadOriel, LoaderError } from "../src/npm/index.ts";

let page: Window;
const script = () => page.document.querySelector("script") as unknown as HTMLScriptElement;

/** Gives the page policies, each name once, or none at all; tells which addresses went through one. */
function demandTrustedTypes(allowed: boolean): string[] {
  const made: string[] = [];
  const trusted: string[] = [];
  Object.assign(page, {
    trustedTypes: {
      createPolicy(name: string) {
        if (!allowed || made.includes(name)) throw new TypeError(`Policy ${name} disallowed`);
        made.push(name);
        return { createScriptURL: (url: string) => (trusted.push(url), url) };
      },
    },
  });
  return trusted;
}

beforeEach(() => {
  page = new Window({ url: "https://portal.example/", settings: { handleDisabledFileLoadingAsSuccess: true, disableJavaScriptFileLoading: true } });
  Object.assign(globalThis, { window: page, document: page.document });
});

afterEach(async () => {
  mock.restoreAll();
  await page.happyDOM.close();
});

test("an address that is none rejects, and throws nothing", async () => {
  for (const address of ["", "embed.example", "data:text/plain,x"]) {
    const loaded = loadOriel(address);
    await assert.rejects(loaded, (error) => error instanceof LoaderError && error.code === "loader_load_failed", address);
  }
});

test("a page that lets no script address in rejects with the header that it needs", async () => {
  demandTrustedTypes(false);
  mock.method(page.document.head, "append", () => {
    throw new TypeError("This document requires TrustedScriptURL");
  });
  await assert.rejects(loadOriel("https://one.example"), (error) => error instanceof LoaderError && error.message.includes("trusted-types oriel"));
});

test("the policy is made once, however often a loader is asked for", async () => {
  const trusted = demandTrustedTypes(true);
  for (const origin of ["https://two.example", "https://three.example"]) {
    const loaded = loadOriel(origin);
    script().onerror?.("");
    await assert.rejects(loaded, LoaderError);
  }
  assert.deepEqual(trusted, ["https://two.example/v1/loader.js", "https://three.example/v1/loader.js"]);
});
