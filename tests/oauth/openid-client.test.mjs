import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as client from "openid-client";
import { CALLBACK, SCOPE, System } from "./support/system.mjs";

/** @type {System} */
let system;
before(async () => { system = await System.start(); });
after(() => system?.stop());

// The server of a test speaks plain http; TLS is a proxy's business.
const OPTIONS = { algorithm: /** @type {const} */ ("oauth2"), execute: [client.allowInsecureRequests] };

/**
 * @param {string} id
 * @param {client.ClientAuth} [auth]
 */
function discover(id, auth) {
  return client.discovery(new URL(system.issuer), id, undefined, auth, OPTIONS);
}

test("openid-client gets a token by Basic and by form", async () => {
  const { client_id, client_secret } = system.backend;
  for (const auth of [client.ClientSecretBasic(client_secret), client.ClientSecretPost(client_secret)]) {
    const config = await discover(client_id, auth);
    const token = await client.clientCredentialsGrant(config, { scope: SCOPE, resource: `${system.issuer}/v1` });
    assert.equal(token.scope, SCOPE);
    assert.equal(token.refresh_token, undefined);
    const answer = await client.fetchProtectedResource(config, token.access_token, new URL(`${system.issuer}/v1/audit-entries`), "GET");
    assert.equal(answer.status, 200);
  }
});

test("openid-client is told of a wrong secret as RFC 6749 says", async () => {
  const config = await discover(system.backend.client_id, client.ClientSecretBasic("wrong"));
  await assert.rejects(client.clientCredentialsGrant(config), (/** @type {any} */ error) => {
    const challenged = error instanceof client.WWWAuthenticateChallengeError && error.status === 401;
    return challenged || (error instanceof client.ResponseBodyError && error.error === "invalid_client");
  });
});

test("openid-client gets tokens by assertions that it signs", async () => {
  const { client_id } = system.backend;
  for (const alg of /** @type {const} */ (["ES256", "EdDSA"])) {
    const { key, kid } = await system.key(client_id, alg);
    const config = await discover(client_id, client.PrivateKeyJwt({ key, kid }));
    for (let n = 0; n < 2; n++) {
      const token = await client.clientCredentialsGrant(config);
      assert.ok(await system.takes(token.access_token), alg);
    }
  }
});

for (const isPublic of [true, false]) {
  test(`openid-client acts for a user, as a ${isPublic ? "public" : "confidential"} app, until it gives the grant back`, async () => {
    const app = await system.app(isPublic);
    const config = await discover(app.client_id, isPublic ? client.None() : client.ClientSecretPost(app.client_secret));
    const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()];
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      state: expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const back = await system.approve(address);
    const first = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState });
    assert.ok(await system.takes(first.access_token));
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? "");
    assert.notEqual(second.refresh_token, first.refresh_token);
    if (!isPublic) {
      const known = await client.tokenIntrospection(config, second.access_token);
      assert.deepEqual([known.active, known.sub, known.scope], [true, system.user, SCOPE]);
    }
    await client.tokenRevocation(config, second.refresh_token ?? "");
    await system.refuses(second.access_token);
    await assert.rejects(client.refreshTokenGrant(config, second.refresh_token ?? ""), { error: "invalid_grant" });
  });
}

test("openid-client is told that the user has said no", async () => {
  const app = await system.app(true);
  const config = await discover(app.client_id, client.None());
  const address = client.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: "tasks:write", state: "s", code_challenge: "x".repeat(43), code_challenge_method: "S256" });
  const answer = await fetch(address, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "about:blank");
  await assert.rejects(client.authorizationCodeGrant(config, back, { expectedState: "s" }), { error: "invalid_scope" });
});
