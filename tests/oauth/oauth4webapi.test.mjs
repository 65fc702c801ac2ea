import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import { CALLBACK, SCOPE, System } from "./support/system.mjs";

/** @type {System} */
let system;
before(async () => { system = await System.start(); });
after(() => system?.stop());

// The server of a test speaks plain http; TLS is a proxy's business.
const HTTP = { [oauth.allowInsecureRequests]: true };

async function discover() {
  const issuer = new URL(system.issuer);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...HTTP });
  return oauth.processDiscoveryResponse(issuer, answer);
}

/**
 * @param {string} client_id
 * @param {oauth.ClientAuth} auth
 */
async function clientCredentials(client_id, auth) {
  const server = await discover();
  const answer = await oauth.clientCredentialsGrantRequest(server, { client_id }, auth, { scope: SCOPE }, HTTP);
  return oauth.processClientCredentialsResponse(server, { client_id }, answer);
}

test("oauth4webapi gets a token by Basic, by form and by assertions that it signs", async () => {
  const { client_id, client_secret } = system.backend;
  const [es256, eddsa] = [await system.key(client_id, "ES256"), await system.key(client_id, "EdDSA")];
  for (const auth of [
    oauth.ClientSecretBasic(client_secret),
    oauth.ClientSecretPost(client_secret),
    oauth.PrivateKeyJwt(es256),
    oauth.PrivateKeyJwt(eddsa),
    oauth.PrivateKeyJwt(eddsa.key),
  ]) {
    const token = await clientCredentials(client_id, auth);
    const url = new URL(`${system.issuer}/v1/audit-entries`);
    const answer = await oauth.protectedResourceRequest(token.access_token, "GET", url, undefined, null, HTTP);
    assert.equal(answer.status, 200);
  }
});

test("oauth4webapi believes the access token by the published keys (RFC 9068)", async () => {
  const { client_id, client_secret } = system.backend;
  const server = await discover();
  const token = await clientCredentials(client_id, oauth.ClientSecretBasic(client_secret));
  const request = new Request(`${system.issuer}/`, { headers: { authorization: `Bearer ${token.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, "oriel:api", HTTP);
  assert.equal(claims.client_id, client_id);
});

test("oauth4webapi rotates a secret without an outage", async () => {
  const made = JSON.parse(await system.oriel("client", "create", "--tenant", system.tenant, "--scope", SCOPE));
  const next = JSON.parse(await system.oriel("client", "secret", "add", "--client", made.client_id));
  for (const { client_id, client_secret } of [made, next]) {
    await clientCredentials(client_id, oauth.ClientSecretBasic(client_secret));
  }
  await assert.rejects(system.oriel("client", "secret", "add", "--client", made.client_id), /two live secrets/);
  const listed = await system.oriel("client", "list", "--tenant", system.tenant);
  const of = listed.slice(listed.indexOf(made.client_id));
  const first = /sec_\w+/.exec(of)?.[0] ?? "";
  await system.oriel("client", "secret", "retire", "--client", made.client_id, "--secret", first);
  await assert.rejects(clientCredentials(made.client_id, oauth.ClientSecretBasic(made.client_secret)));
  await clientCredentials(next.client_id, oauth.ClientSecretBasic(next.client_secret));
});

test("oauth4webapi acts for a user until a refresh token comes twice", async () => {
  const app = await system.app();
  const server = await discover();
  const client = { client_id: app.client_id };
  const auth = oauth.ClientSecretBasic(app.client_secret);
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
  const address = new URL(server.authorization_endpoint ?? "about:blank");
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: app.client_id,
    redirect_uri: CALLBACK,
    scope: SCOPE,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }).toString();
  // It checks `iss` too: the metadata says that it always comes (RFC 9207).
  const back = oauth.validateAuthResponse(server, client, await system.approve(address), state);
  const exchange = async () => {
    const answer = await oauth.authorizationCodeGrantRequest(server, client, auth, back, CALLBACK, verifier, HTTP);
    return oauth.processAuthorizationCodeResponse(server, client, answer);
  };
  const refresh = async (/** @type {string | undefined} */ token) => {
    const answer = await oauth.refreshTokenGrantRequest(server, client, auth, token ?? "", HTTP);
    return oauth.processRefreshTokenResponse(server, client, answer);
  };
  const first = await exchange();
  const second = await refresh(first.refresh_token);
  const answer = await oauth.introspectionRequest(server, client, auth, second.refresh_token ?? "", HTTP);
  const known = await oauth.processIntrospectionResponse(server, client, answer);
  assert.deepEqual([known.active, known.sub], [true, system.user]);
  await assert.rejects(refresh(first.refresh_token), { error: "invalid_grant" });
  await system.refuses(second.access_token);
  await assert.rejects(refresh(second.refresh_token), { error: "invalid_grant" });
});

test("oauth4webapi gives an access token back", async () => {
  const { client_id, client_secret } = system.backend;
  const auth = oauth.ClientSecretBasic(client_secret);
  const server = await discover();
  const token = await clientCredentials(client_id, auth);
  assert.ok(await system.takes(token.access_token));
  const answer = await oauth.revocationRequest(server, { client_id }, auth, token.access_token, HTTP);
  await oauth.processRevocationResponse(answer);
  await system.refuses(token.access_token);
});
