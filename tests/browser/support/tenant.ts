/** A tenant of the system under test, as its own backend would act. */

import type { Reply } from "./host.ts";

export interface Tenant {
  id: string;
  client_id: string;
  client_secret: string;
  embed: string;
}

export interface MintOptions {
  session?: string;
  expires_in?: number;
  /** The thumbprint of the frame's key. */
  dpop_jkt?: string;
}

/** Mints an embed token and answers as a token endpoint should. */
export async function mint(origin: string, tenant: Tenant, { session, expires_in, dpop_jkt }: MintOptions = {}): Promise<Reply> {
  const access_token = await accessToken(origin, tenant);
  const minted = await answered<{ token: string; expires_in: number; session: string }>(
    fetch(`${origin}/v1/embed-tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      body: JSON.stringify({ embed: tenant.embed, viewer: "suite-viewer", session, expires_in, dpop_jkt }),
    }),
  );
  return { body: JSON.stringify({ token: minted.token, expires_in: minted.expires_in, session: minted.session }) };
}

/** An entry of a tenant's audit log, as far as it is looked at here. */
export interface Audited {
  kind: string;
  actor: string;
  subject: string;
  outcome: string;
}

/** The newest entries of a tenant's audit log. */
export async function audited(origin: string, tenant: Tenant): Promise<Audited[]> {
  const access_token = await accessToken(origin, tenant);
  const page = await answered<{ items: Audited[] }>(fetch(`${origin}/v1/audit-entries?limit=200`, { headers: { authorization: `Bearer ${access_token}` } }));
  return page.items;
}

/** Takes back all tokens of a session, by the API. */
export async function revokeSession(origin: string, tenant: Tenant, session: string): Promise<void> {
  const access_token = await accessToken(origin, tenant);
  await answered(
    fetch(`${origin}/v1/revocations`, {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      body: JSON.stringify({ session }),
    }),
  );
}

async function accessToken(origin: string, tenant: Tenant): Promise<string> {
  const { access_token } = await answered<{ access_token: string }>(
    fetch(`${origin}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${tenant.client_id}:${tenant.client_secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    }),
  );
  return access_token;
}

async function answered<T>(sent: Promise<Response>): Promise<T> {
  const response = await sent;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
