import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CALLBACK, SCOPE, System, run } from "./support/system.mjs";

const SCRIPT = fileURLToPath(new URL("authlib_client.py", import.meta.url));

/** @type {System} */
let system;
before(async () => { system = await System.start(); });
after(() => system?.stop());

/**
 * Runs a function of the script.
 * @param {string} step
 * @param {object} facts
 */
async function python(step, facts) {
  const all = JSON.stringify({ issuer: system.issuer, scope: SCOPE, callback: CALLBACK, ...facts });
  // The library refuses plain http otherwise.
  const env = { AUTHLIB_INSECURE_TRANSPORT: "1", PYTHONDONTWRITEBYTECODE: "1" };
  return JSON.parse(await run(process.env["PYTHON"] ?? "python3", [SCRIPT, step, all], env));
}

test("authlib gets a token by Basic, by form and by assertions that it signs", async () => {
  const { kid, jwk } = await system.key(system.backend.client_id, "EdDSA");
  const p256 = await system.key(system.backend.client_id, "ES256");
  const keys = [{ kid, jwk, alg: "EdDSA" }, { kid: p256.kid, jwk: p256.jwk, alg: "ES256" }];
  const { tokens } = await python("client_credentials", { ...system.backend, keys });
  assert.equal(tokens.length, 6);
  for (const token of tokens) assert.ok(await system.takes(token));
});

for (const isPublic of [true, false]) {
  test(`authlib acts for a user, as a ${isPublic ? "public" : "confidential"} app, until it gives the grant back`, async () => {
    const app = await system.app(isPublic);
    const asked = await python("ask", app);
    const back = await system.approve(asked.url);
    const { token } = await python("act", { ...app, ...asked, back: back.href });
    await system.refuses(token);
  });
}
