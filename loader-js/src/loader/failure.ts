/** What can go wrong on the host's side, as codes that a host may rely on. */

export type LoaderCode =
  | "embed_missing"
  | "token_source_missing"
  | "token_fetch_failed"
  | "token_fetch_timeout"
  | "token_response_invalid"
  | "token_unchanged"
  | "token_refresh_failed"
  | "frame_timeout"
  | "protocol_mismatch";

/** Codes that the frame tells: what it could not load, and why a first read failed. */
export type FrameCode =
  | "widget_load_failed"
  | "token_expired"
  | "token_invalid"
  | "insufficient_scope"
  | "session_revoked"
  | "tenant_suspended"
  | "network"
  | "server";

/**
 * A failure with its stable code and, where there are any, the facts of this
 * case; trouble/ has a sentence for each code. No fact ever comes out of an
 * answer's body, and so none is ever a token.
 */
export class Failure {
  /** What the host gets to hear. */
  readonly message: string;

  constructor(
    readonly code: LoaderCode | FrameCode,
    readonly fact = "",
    /** Whether the same call may well succeed a little later. */
    readonly passing = false,
  ) {
    this.message = `${fact} See docs/embedding.md#${code}`.trim();
  }
}
