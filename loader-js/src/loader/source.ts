/** Where tokens come from: the host's endpoint or its callback. */

import type { FetchToken, TokenRequest } from "../api.ts";
import { type Grant, toGrant } from "../protocol.ts";
import { Failure } from "./failure.ts";
import { TIMEOUT_MS } from "./schedule.ts";

/** Why a token is asked for. */
export type Reason = TokenRequest["reason"];

/** A source that posts `{embed, session, dpop_jkt}`, with the viewer's cookies, to the host's own endpoint. */
export function endpointSource(url: string): FetchToken {
  return async (request) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request, ["embed", "session", "dpop_jkt"]),
      signal: request.signal,
    });
    const { ok, status } = response;
    if (!ok) throw new Failure("token_fetch_failed", `${status}`, status >= 500 || [408, 425, 429].includes(status));
    return response.json().catch((error: unknown) => {
      // A body that broke off is the network's doing, not the endpoint's.
      throw error instanceof SyntaxError ? new Failure("token_response_invalid") : error;
    });
  };
}

/**
 * Asks the source once. It always settles, within 10 s, even where the source
 * does not, and never rejects.
 */
export async function askForToken(source: FetchToken, request: TokenRequest): Promise<Grant | Failure> {
  const limit = new AbortController();
  const { signal } = limit;
  const abort = () => limit.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  request.signal.addEventListener("abort", abort, { signal });
  try {
    const answer = await Promise.race([
      source({ ...request, signal }),
      new Promise((_, reject) => signal.addEventListener("abort", reject)),
    ]);
    return toGrant(answer) ?? new Failure("token_response_invalid");
  } catch (error) {
    return error instanceof Failure ? error : new Failure(signal.aborted ? "token_fetch_timeout" : "token_fetch_failed", "", true);
  } finally {
    clearTimeout(timer);
    // Takes the listener off; whoever still works on an answer works for nobody.
    abort();
  }
}
