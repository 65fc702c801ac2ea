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

/** Names and values that either side made up; both sides bound them, see `toMap`. */
export type TextMap = Record<string, string>;

/** How a host wants its dashboard to look and speak. What is left out is the frame's default. */
export interface Settings {
  theme?: "light" | "dark" | "auto";
  density?: "comfortable" | "compact";
  /** A BCP 47 language tag. */
  locale?: string;
  /** An IANA time zone. */
  time_zone?: string;
  /** Resolved CSS values: accent, background, surface, text, border, font, radius, spacing. */
  appearance?: TextMap;
}

/** What a dashboard shows. What is left out stays as it is; empty filters clear all. */
export interface Shown {
  /** As in a URL's query: `overview`, `project=prj_…`, `tasks`, `board`, `task=tsk_…`. */
  view?: string;
  /** As in the read API's query: project, status, assignee, priority, label, from, to, q, sort, … */
  filters?: TextMap;
}

/** What a viewer picked in a chart or a table. */
export interface Selected {
  kind: "task" | "project" | "person" | "status";
  id: string;
}

export type ToFrame =
  | ({ type: "token" } & Grant)
  | { type: "token_failed"; code: string }
  /** Always all settings; sent after each connect and each change. */
  | ({ type: "settings" } & Settings)
  | ({ type: "show" } & Shown)
  | { type: "refresh" }
  | { type: "export_csv" };

export type ToLoader =
  /** The first that a document says. With the thumbprint of its key, if it has one. */
  | { type: "connected"; dpop_jkt: string | undefined }
  | { type: "ready" }
  | { type: "height"; px: number }
  /** The server refused the token, or there was none for a read. */
  | { type: "token_needed" }
  /** `shown` tells whether the frame itself says so to the viewer. */
  | { type: "error"; code: string; message: string; shown: boolean }
  | { type: "navigate"; view: string }
  | { type: "filter"; filters: TextMap }
  | ({ type: "select" } & Selected)
  | { type: "session_revoked" };

/** Higher than any dashboard; a frame that grows in a loop stops here. */
const MAX_HEIGHT = 50_000;
const MAX_TOKEN = 8_192;
/** Longest of the short texts: a view, an id, a language, a time zone. */
const MAX_TEXT = 200;
/** Longest value in a map: a list of ids has to fit. */
const MAX_VALUE = 2_000;
const MAX_ENTRIES = 30;

type Fields = Record<string, unknown>;

/** Puts a message into the envelope of this version. */
export function seal(body: ToFrame | ToLoader | { type: Greeting }): unknown {
  return { oriel: VERSION, ...body };
}

/** The version that a message of ours was sent with; undefined for anybody else's. */
export function versionOf(data: unknown): number | undefined {
  const { oriel } = fields(data);
  return typeof oriel === "number" ? oriel : undefined;
}

/** Whether `data` is this greeting in this version. */
export function isGreeting(data: unknown, type: Greeting): boolean {
  return opened(data).type === type;
}

/** Reads a message that the loader sent. */
export function toFrame(data: unknown): ToFrame | undefined {
  const body = opened(data);
  const { type, code, view, filters } = body;
  switch (type) {
    case "token": {
      const grant = toGrant(body);
      return grant && { type, ...grant };
    }
    case "token_failed":
      return isCode(code) ? { type, code } : undefined;
    case "settings":
      return { type, ...toSettings(body) };
    case "show":
      return { type, ...(isText(view) && { view }), ...(isObject(filters) && { filters: toMap(filters) }) };
    case "refresh":
    case "export_csv":
      return { type };
    default:
      return undefined;
  }
}

/** Keeps of a host's settings what may be one; the rest is as if it were not there. */
function toSettings({ theme, density, locale, time_zone, appearance }: Fields): Settings {
  return {
    ...((theme === "light" || theme === "dark" || theme === "auto") && { theme }),
    ...((density === "comfortable" || density === "compact") && { density }),
    ...(isLike(/^[a-z\d-]+$/i, locale) && { locale }),
    ...(isLike(/^[\w+/-]+$/, time_zone) && { time_zone }),
    ...(isObject(appearance) && { appearance: toMap(appearance) }),
  };
}

/** Reads a message that the frame sent. */
export function toLoader(data: unknown): ToLoader | undefined {
  const { type, dpop_jkt, px, code, message, shown, view, filters, kind, id } = opened(data);
  switch (type) {
    case "connected":
      return { type, dpop_jkt: isLike(/^[\w-]{43}$/, dpop_jkt) ? dpop_jkt : undefined };
    case "ready":
    case "token_needed":
    case "session_revoked":
      return { type };
    case "height":
      return isUpTo(MAX_HEIGHT, px) ? { type, px: Math.ceil(px) } : undefined;
    case "error":
      return isCode(code) && isText(message, 500) ? { type, code, message, shown: Boolean(shown) } : undefined;
    case "navigate":
      return isText(view) ? { type, view } : undefined;
    case "filter":
      return { type, filters: toMap(filters) };
    case "select":
      return isKind(kind) && isText(id) ? { type, kind, id } : undefined;
  }
  return undefined;
}

/** Keeps of anything the entries with a plain name and a text of bearable length, and not too many of them. */
export function toMap(value: unknown): TextMap {
  const entries = Object.entries(fields(value)).filter(
    (entry): entry is [string, string] => /^[a-z][a-z_]*$/.test(entry[0]) && isText(entry[1], MAX_VALUE),
  );
  return Object.fromEntries(entries.slice(0, MAX_ENTRIES));
}

/**
 * Reads a grant out of anything; undefined when it is none. The token must look
 * like a JWT: whatever else a host answers with, such as a login page, is told
 * apart here and not by a puzzling refusal later.
 */
export function toGrant(value: unknown): Grant | undefined {
  const { token, expires_in, session } = fields(value);
  if (!isLike(/^[\w-]+\.[\w-]+\.[\w-]+$/, token, MAX_TOKEN)) return undefined;
  if (!isUpTo(1e9, expires_in)) return undefined;
  if (session != null && !isText(session)) return undefined;
  return { token, expires_in, ...(session != null && { session }) };
}

function opened(data: unknown): Fields {
  return versionOf(data) === VERSION ? fields(data) : {};
}

/** What can be asked for its fields, whatever `value` is. */
function fields(value: unknown): Fields {
  return Object(value) as Fields;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown, max = MAX_TEXT): value is string {
  return typeof value === "string" && value.length <= max;
}

function isLike(pattern: RegExp, value: unknown, max?: number): value is string {
  return isText(value, max) && pattern.test(value);
}

function isKind(value: unknown): value is Selected["kind"] {
  return isLike(/^(task|project|person|status)$/, value);
}

function isCode(value: unknown): value is string {
  return isLike(/^[a-z_]{1,40}$/, value);
}

function isUpTo(max: number, value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= max;
}
