/**
 * What loader and frame say to each other, version 1.
 *
 * Both sides import this file, and both believe a message only after it went
 * through here: what is malformed, unknown or of another version is dropped.
 * It must not know who sends a message, nor what becomes of it.
 */

export const VERSION = 1;

/** What a token endpoint answers, and what the frame reads with. */
export interface Grant {
  token: string;
  /** Seconds from receipt. Clocks are never compared. */
  expires_in: number;
  /** The embed session that the next token goes on with. */
  session?: string;
}

/** Posted to the window on the other side, before there is a port. */
export type Greeting = "hello" | "connect";

export type ToFrame = ({ type: "token" } & Grant) | { type: "token_failed"; code: string };

export type ToLoader =
  | { type: "connected" }
  | { type: "ready" }
  | { type: "height"; px: number }
  | { type: "token_needed"; reason: "rejected" }
  /** `shown` tells whether the frame itself says so to the viewer. */
  | { type: "error"; code: string; message: string; shown: boolean };

/** Higher than any dashboard; a frame that grows in a loop stops here. */
const MAX_HEIGHT = 50_000;
const MAX_TOKEN = 8_192;

type Fields = Record<string, unknown>;

/** Puts a message into the envelope of this version. */
export function seal(body: ToFrame | ToLoader | { type: Greeting }): unknown {
  return { oriel: VERSION, ...body };
}

/** The version that a message of ours was sent with; undefined for anybody else's. */
export function versionOf(data: unknown): number | undefined {
  const version = fields(data)?.oriel;
  return typeof version === "number" ? version : undefined;
}

/** Whether `data` is this greeting in this version. */
export function isGreeting(data: unknown, type: Greeting): boolean {
  return opened(data)?.type === type;
}

/** Reads a message that the loader sent. */
export function toFrame(data: unknown): ToFrame | undefined {
  const body = opened(data);
  if (body?.type === "token") {
    const grant = toGrant(body);
    return grant && { type: "token", ...grant };
  }
  if (body?.type === "token_failed" && isCode(body.code)) {
    return { type: "token_failed", code: body.code };
  }
  return undefined;
}

/** Reads a message that the frame sent. */
export function toLoader(data: unknown): ToLoader | undefined {
  const body = opened(data);
  switch (body?.type) {
    case "connected":
    case "ready":
      return { type: body.type };
    case "height":
      return isBetween(body.px, 1, MAX_HEIGHT) ? { type: "height", px: Math.ceil(body.px) } : undefined;
    case "token_needed":
      return body.reason === "rejected" ? { type: "token_needed", reason: "rejected" } : undefined;
    case "error":
      return isCode(body.code) && isText(body.message, 500)
        ? { type: "error", code: body.code, message: body.message, shown: body.shown === true }
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Reads a grant out of anything; undefined when it is none. The token must look
 * like a JWT: whatever else a host answers with, such as a login page, is told
 * apart here and not by a puzzling refusal later.
 */
export function toGrant(value: unknown): Grant | undefined {
  const body = fields(value);
  if (!body) return undefined;
  const { token, expires_in, session } = body;
  if (!isText(token, MAX_TOKEN) || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  if (!isBetween(expires_in, Number.MIN_VALUE, Number.MAX_VALUE)) return undefined;
  if (session === undefined || session === null) return { token, expires_in };
  return isText(session, 64) ? { token, expires_in, session } : undefined;
}

function opened(data: unknown): Fields | undefined {
  return versionOf(data) === VERSION ? fields(data) : undefined;
}

function fields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value.length <= max;
}

function isCode(value: unknown): value is string {
  return isText(value, 40) && /^[a-z_]+$/.test(value);
}

function isBetween(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}
