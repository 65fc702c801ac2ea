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

/**
 * A failure with its stable code and, for a developer, what to do about it. The
 * message never holds anything that came with an answer, and so never a token.
 */
export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Whether the same call may well succeed a little later. */
    readonly passing = false,
  ) {
    super(message);
  }
}

/** A `Failure` with one of the loader's own codes. */
export function failure(code: LoaderCode, message: string, passing = false): Failure {
  return new Failure(code, message, passing);
}
