/** One sentence for the developer of a host page for each code; docs/embedding.md says more. */

import type { FrameCode, LoaderCode } from "../loader/failure.ts";

export const SENTENCES: Record<LoaderCode | FrameCode, string> = {
  embed_missing: "Set the attribute embed of <oriel-dashboard> to the id that `oriel embed create` printed.",
  token_source_missing: "Give <oriel-dashboard> a token-endpoint, or set its property fetchToken.",
  token_fetch_failed: "The token endpoint (or fetchToken) refused or could not be reached: look into your backend's log; it has to answer 200 with {token, expires_in, session}.",
  token_fetch_timeout: "The token endpoint (or fetchToken) did not answer within 10 s: check that your backend reaches Oriel.",
  token_response_invalid: "The token endpoint (or fetchToken) did not answer with {token, expires_in, session}: pass on what POST /v1/embed-tokens answered; a login page instead means that the viewer's own session has ended.",
  token_unchanged: "The token endpoint (or fetchToken) returned the token that it had returned before: mint a new one for each call, and do not cache it.",
  token_refresh_failed: "The dashboard's token is of no more use and there is no next one yet; the loader goes on trying.",
  frame_timeout: "The frame did not answer: most likely this page's origin is not among the embed's allowed origins, or its Content-Security-Policy lacks frame-src with the embed origin.",
  protocol_mismatch: "Loader and frame are of different versions: load the loader from Oriel and not from a copy, and reload the page without its cache.",
  widget_load_failed: "The widget did not arrive whole: reload the page; if that does not help, tell the operator of Oriel.",
  token_expired: "Oriel refused the token as expired: mint a new one for each call, and check your backend's clock.",
  token_invalid: "Oriel refused the token: mint it with the embed that the element names, and pass it on unchanged.",
  insufficient_scope: "The token does not allow this read: mint it with the scopes dashboard:read and tasks:read.",
  session_revoked: "This embed session was revoked: mint without a session to begin a new one, if the viewer may still see the dashboard.",
  tenant_suspended: "Nothing of this tenant is shown while it is suspended: ask the operator of Oriel why it is.",
  network: "The frame cannot reach Oriel: the viewer's network, or the server, is down.",
  server: "Oriel failed to answer: look into its log for the request id that the viewer sees.",
};
