/**
 * The server, as an operator and a tenant would set it up: the real program on a free
 * port, a database in a temporary folder, a backend, and apps. Everything is gone
 * afterwards.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the apps' users come back to; nobody listens there. */
export const CALLBACK = "http://127.0.0.1:9/callback";
export const SCOPE = "audit:read";

/** A program takes ORIEL_… for its own. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ORIEL_")));

/**
 * Runs a program to its end and gives what it printed on stdout.
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export async function run(file, args, env = {}) {
  const child = spawn(file, args, { env: { ...ENVIRONMENT, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("No port is free.");
  return address.port;
}

/**
 * @typedef {{ client_id: string, client_secret: string }} Credentials
 * @typedef {{ kid: string, key: CryptoKey, jwk: JsonWebKey, alg: string }} ClientKey
 */

export class System {
  folder = "";
  issuer = "";
  tenant = "";
  /** The id of a user of the tenant. */
  user = "";
  /** @type {Credentials} */
  backend = { client_id: "", client_secret: "" };
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #server;
  #log = "";

  static async start() {
    const system = new System();
    try {
      await system.#start();
      return system;
    } catch (error) {
      await system.stop();
      throw new Error(system.#log, { cause: error });
    }
  }

  async #start() {
    this.folder = await mkdtemp(join(tmpdir(), "oriel-oauth-"));
    const listen = `127.0.0.1:${await freePort()}`;
    this.issuer = `http://${listen}`;
    const oriel = process.env["ORIEL_BIN"] ?? "oriel";
    await run(oriel, ["sandbox", "--data-dir", this.folder, "--listen", listen, "--tasks", "50", "--prepare-only"]);
    const sandbox = JSON.parse(await readFile(join(this.folder, "sandbox.json"), "utf8"));
    this.tenant = sandbox.tenant;
    this.backend = { client_id: sandbox.client_id, client_secret: sandbox.client_secret };
    await this.oriel("tenant", "login-url", "--tenant", this.tenant, "http://127.0.0.1:9/login");
    this.#server = spawn(oriel, ["--config", join(this.folder, "oriel.toml"), "serve"], { env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#server.stdout, this.#server.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => (this.#log += text));
    }
    await until("the server answers", () => fetch(`${this.issuer}/readyz`).then((answer) => answer.ok, () => false));
    this.user = await this.#someUser(sandbox.embed);
  }

  /** @param {string[]} args */
  oriel(...args) {
    return run(process.env["ORIEL_BIN"] ?? "oriel", ["--config", join(this.folder, "oriel.toml"), ...args]);
  }

  /** @returns {Promise<Credentials>} An app, and its secret unless it is public. */
  async app(isPublic = false) {
    const args = ["app", "create", "--tenant", this.tenant, "--name", "Planner", "--redirect-uri", CALLBACK, "--scope", SCOPE];
    return JSON.parse(await this.oriel(...args, ...(isPublic ? ["--public"] : [])));
  }

  /**
   * A key that the client signs with.
   * @param {string} client
   * @param {"ES256" | "EdDSA"} alg
   * @returns {Promise<ClientKey>}
   */
  async key(client, alg) {
    const kind = alg === "ES256" ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
    const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(kind, true, ["sign", "verify"]));
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const file = join(this.folder, `${client}.${alg}.jwk`);
    await writeFile(file, JSON.stringify({ kty, crv, x, y }));
    const kid = await this.oriel("client", "key", "add", "--client", client, "--jwk", file);
    return { kid, alg, key: pair.privateKey, jwk: await crypto.subtle.exportKey("jwk", pair.privateKey) };
  }

  /**
   * Plays the user's browser and the tenant: follows the app's address to the tenant's
   * login, lets the app act for the user, and gives the address that the browser goes to.
   * @param {URL | string} address
   */
  async approve(address) {
    const asked = await fetch(address, { redirect: "manual" });
    const login = new URL(asked.headers.get("location") ?? "about:blank");
    const id = login.searchParams.get("authorization");
    if (asked.status !== 303 || !id) throw new Error(`${asked.status} ${login} ${await asked.text()}`);
    const answer = await this.#post(`/v1/authorizations/${id}/approval`, { user: this.user });
    return new URL(answer.redirect_to);
  }

  /**
   * Whether the API takes a token, once it has had the time to hear of a revocation.
   * @param {string} token
   */
  async takes(token) {
    const answer = await fetch(`${this.issuer}/v1/audit-entries`, { headers: { authorization: `Bearer ${token}` } });
    if (![200, 401].includes(answer.status)) throw new Error(await answer.text());
    return answer.status === 200;
  }

  /** @param {string} token */
  async refuses(token) {
    await until("the token is refused", async () => !(await this.takes(token)));
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async #post(path, body) {
    const form = new URLSearchParams({ grant_type: "client_credentials", ...this.backend });
    const granted = await fetch(`${this.issuer}/oauth/token`, { method: "POST", body: form });
    const { access_token } = await granted.json();
    const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
    const answer = await fetch(this.issuer + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  /** @param {string} embed */
  async #someUser(embed) {
    const { token } = await this.#post("/v1/embed-tokens", { embed, viewer: "viewer-1" });
    const answer = await fetch(`${this.issuer}/v1/embed/people`, { headers: { authorization: `Bearer ${token}` } });
    const { items } = await answer.json();
    return items[0].user.id;
  }

  async stop() {
    if (this.#server && this.#server.exitCode === null) {
      this.#server.kill("SIGTERM");
      await once(this.#server, "exit");
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Waits until something holds.
 * @param {string} what
 * @param {() => Promise<boolean>} holds
 */
async function until(what, holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited for 30 s until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
