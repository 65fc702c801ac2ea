/**
 * The whole system, as an operator and two tenants would set it up: the real
 * programs on free ports, a database in a temporary folder, and the fixture's
 * tasks imported into it. Everything is gone afterwards.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Host } from "./host.ts";
import { freePort, run, Running } from "./process.ts";
import { mint, type MintOptions, type Tenant } from "./tenant.ts";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
export const FIXTURE = join(ROOT, "tests/fixtures/portal.csv");
const MAPPING = join(ROOT, "tests/fixtures/portal.map.toml");
/** A project with milestones, and tasks that wait for each other. */
const PLAN = ["plan.csv", "plan-milestones.csv"].map((file) => join(ROOT, "tests/fixtures", file));
const PLAN_MAPPING = join(ROOT, "tests/fixtures/plan.map.toml");

/** The day that the fixture's embed calls today. */
export const AS_OF = "2026-06-30";
export const TITLE = "Delivery overview";
/** Somebody else's idea of a title. */
export const HOSTILE_TITLE = `"><img src=x onerror="document.title='owned'"></title><script>document.title='owned'</script>{{7*7}}`;

export class System {
  readonly #folder: string;
  readonly #server: Running;
  readonly #portal: Running;

  private constructor(
    folder: string,
    server: Running,
    portal: Running,
    readonly host: Host,
    /** Where frames come from. */
    readonly embedOrigin: string,
    /** The example portal. */
    readonly portalOrigin: string,
    /** Has the fixture's tasks. */
    readonly tenant: Tenant,
    /** Another embed of the same tenant, under a title that tries to be markup. */
    readonly hostile: Tenant,
    /** Has no task at all. */
    readonly other: Tenant,
    /** Starts with the fixture's tasks; the tests write to it. */
    readonly busy: Tenant,
    /** Has the project of tests/fixtures/plan.csv, and an embed that begins with the board. */
    readonly planned: Tenant,
  ) {
    this.#folder = folder;
    this.#server = server;
    this.#portal = portal;
  }

  static async start(): Promise<System> {
    const oriel = program("ORIEL_BIN");
    const folder = await mkdtemp(join(tmpdir(), "oriel-suite-"));
    const [serverPort, portalPort, hostPort] = [await freePort(), await freePort(), await freePort()];
    const embedOrigin = `http://127.0.0.1:${serverPort}`;
    const portalOrigin = `http://localhost:${portalPort}`;
    const host = await Host.start(embedOrigin, hostPort);
    const listen = ["--listen", `127.0.0.1:${serverPort}`];
    await run(oriel, ["sandbox", "--data-dir", folder, ...listen, "--portal-origin", portalOrigin, "--empty", "--prepare-only"]);

    const config = ["--config", join(folder, "oriel.toml")];
    const command = (...args: string[]) => run(oriel, [...config, ...args]);
    const embed = (tenant: string, title: string, view = "overview") =>
      command("embed", "create", "--tenant", tenant, "--title", title, "--origin", portalOrigin, "--origin", host.origin, "--range", "12w", "--as-of", AS_OF, "--view", view);

    const sandbox = JSON.parse(await readFile(join(folder, "sandbox.json"), "utf8")) as { tenant: string; client_id: string; client_secret: string };
    await command("import", "--tenant", sandbox.tenant, "--map", MAPPING, FIXTURE);
    const tenant: Tenant = { ...sandbox, id: sandbox.tenant, embed: await embed(sandbox.tenant, TITLE) };

    const hostile: Tenant = { ...tenant, embed: await embed(sandbox.tenant, HOSTILE_TITLE) };

    const newTenant = async (name: string, view?: string): Promise<Tenant> => {
      const id = await command("tenant", "create", name);
      const client = JSON.parse(await command("client", "create", "--tenant", id, "--name", "Suite")) as { client_id: string; client_secret: string };
      return { id, ...client, embed: await embed(id, `${name} overview`, view) };
    };
    const [other, busy, planned] = [await newTenant("Other"), await newTenant("Busy"), await newTenant("Planned", "board")];
    await command("import", "--tenant", busy.id, "--map", MAPPING, FIXTURE);
    await command("import", "--tenant", planned.id, "--map", PLAN_MAPPING, ...PLAN);

    const server = new Running("oriel", oriel, [...config, "serve"], {
      ORIEL_LOG: "debug",
      // Tests open more dashboards in a minute than viewers of one tenant do.
      ORIEL_LIMITS__REQUESTS_PER_MINUTE: "100000",
      ORIEL_LIMITS__READS_PER_MINUTE_TENANT: "100000",
    });
    const portal = new Running("portal-axum", program("PORTAL_BIN"), [], {
      PORTAL_LISTEN: `127.0.0.1:${portalPort}`,
      ORIEL_URL: embedOrigin,
      ORIEL_CLIENT_ID: tenant.client_id,
      ORIEL_CLIENT_SECRET: tenant.client_secret,
      ORIEL_EMBED: tenant.embed,
    });
    const system = new System(folder, server, portal, host, embedOrigin, portalOrigin, tenant, hostile, other, busy, planned);
    try {
      await server.answers(`${embedOrigin}/readyz`);
      await portal.answers(`${portalOrigin}/`);
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  /** Everything that server and portal ever printed. */
  get logs(): string {
    return this.#server.output + this.#portal.output;
  }

  /** Imports rows with the fixture's columns, by a process of its own beside the server. */
  async import(tenant: Tenant, rows: readonly string[]): Promise<void> {
    const [head = ""] = (await readFile(FIXTURE, "utf8")).split("\n", 1);
    const file = join(this.#folder, "rows.csv");
    await writeFile(file, [head, ...rows, ""].join("\n"));
    await run(program("ORIEL_BIN"), ["--config", join(this.#folder, "oriel.toml"), "import", "--tenant", tenant.id, "--map", MAPPING, `tasks=${file}`]);
  }

  /** Takes tokens back, by a process of its own beside the server: `--session`, `--viewer`, … */
  async revoke(tenant: Tenant, ...what: string[]): Promise<void> {
    await run(program("ORIEL_BIN"), ["--config", join(this.#folder, "oriel.toml"), "revoke", "--tenant", tenant.id, ...what]);
  }

  /** Suspends a tenant, or resumes it, by a process of its own beside the server. */
  async suspend(tenant: Tenant, suspended: boolean): Promise<void> {
    await run(program("ORIEL_BIN"), ["--config", join(this.#folder, "oriel.toml"), "tenant", suspended ? "suspend" : "resume", "--tenant", tenant.id]);
  }

  /** Another embed of the first tenant, which pages of these origins alone may show. */
  async newEmbed(...origins: string[]): Promise<Tenant> {
    const allowed = origins.flatMap((origin) => ["--origin", origin]);
    const embed = await run(program("ORIEL_BIN"), ["--config", join(this.#folder, "oriel.toml"), "embed", "create", "--tenant", this.tenant.id, "--title", TITLE, "--as-of", AS_OF, ...allowed]);
    return { ...this.tenant, embed };
  }

  mint(tenant = this.tenant, options: MintOptions = {}): ReturnType<typeof mint> {
    return mint(this.embedOrigin, tenant, options);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#portal.stop(), this.host.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function program(name: string): string {
  const path = process.env[name];
  if (!path) throw new Error(`${name} is not set. Run \`cargo xtask test\`, or name the program that \`cargo xtask build\` made.`);
  return resolve(ROOT, path);
}
