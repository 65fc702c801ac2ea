/** Where tokens come from: the host's endpoint or its callback. */

import { type Grant, toGrant } from "../protocol.ts";
import { Failure, failure } from "./failure.ts";

/** Why a token is asked for. */
export type Reason = "first" | "refresh" | "rejected";

export interface TokenRequest {
  embed: string;
  /** The embed session to go on with; undefined for a new one. */
  session: string | undefined;
  reason: Reason;
  /** Fires when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** What a host may set as `element.fetchToken`. */
export type FetchToken = (request: TokenRequest) => Promise<unknown>;

/** Longer than any healthy endpoint takes. */
const TIMEOUT_MS = 10_000;

/** A source that posts `{embed, session}` to the host's own endpoint. */
export function endpointSource(url: string): FetchToken {
  return async ({ embed, session, signal }) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ embed, session }),
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw refused(response.status);
    return response.json().catch((error: unknown) => {
      // A body that broke off is the network's doing, not the endpoint's.
      if (error instanceof SyntaxError) throw invalid();
      throw error;
    });
  };
}

/**
 * Asks the source once. It always settles, within 10 s, even where the source
 * does not: with a valid grant, or a `Failure`.
 */
export async function askForToken(source: FetchToken, request: TokenRequest): Promise<Grant> {
  const limit = new AbortController();
  const onAbort = () => limit.abort();
  request.signal.addEventListener("abort", onAbort);
  const timer = setTimeout(onAbort, TIMEOUT_MS);
  try {
    const answer = await Promise.race([
      Promise.resolve(source({ ...request, signal: limit.signal })),
      new Promise<never>((_, reject) => {
        limit.signal.addEventListener("abort", () => reject(timedOut()));
      }),
    ]);
    const grant = toGrant(answer);
    if (!grant) throw invalid();
    return grant;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (limit.signal.aborted) throw timedOut();
    throw failure(
      "token_fetch_failed",
      "The token could not be fetched. Check that the token endpoint (or fetchToken) can be reached and answers.",
      true,
    );
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", onAbort);
  }
}

function refused(status: number): Failure {
  const passing = status >= 500 || status === 408 || status === 425 || status === 429;
  return failure(
    "token_fetch_failed",
    `The token endpoint answered ${status}. Look into your backend's log; it has to answer 200 with {token, expires_in, session}.`,
    passing,
  );
}

function timedOut(): Failure {
  return failure(
    "token_fetch_timeout",
    "The token endpoint (or fetchToken) did not answer within 10 s. Check that your backend reaches Oriel.",
    true,
  );
}

function invalid(): Failure {
  return failure(
    "token_response_invalid",
    "The token endpoint (or fetchToken) did not answer with {token, expires_in, session}. Pass on what POST /v1/embed-tokens answered; a login page instead means that the viewer's own session has ended.",
  );
}
