/**
 * What the widget gets to work with: the token, and the reads that were started
 * for it while it compiled. The token lives in this closure and nowhere else.
 */

import type { ToFrame, ToLoader } from "../protocol.ts";
import type { FrameMeta } from "./meta.ts";

/** The object that the widget's `start` takes. */
export interface Session {
  frame(): FrameMeta;
  /** The current token; empty before the first. */
  token(): string;
  /** Asks for a token in place of a refused one; rejects with an `Error` whose message is a code. */
  fresh(): Promise<string>;
  /** Hands over, once, a read that was started early. */
  first(path: string): Promise<Response> | undefined;
  /** Data is on the screen. */
  ready(): void;
  /** The widget shows an error in place of the data. */
  failed(code: string, message: string): void;
}

/** Longer than the loader needs to notice that its endpoint hangs, in milliseconds. */
const FRESH_MS = 15_000;
const READ_MS = 30_000;

interface Waiting {
  promise: Promise<string>;
  resolve(token: string): void;
  reject(error: Error): void;
}

/** Makes the session, and the function that messages from the loader go to. */
export function createSession(
  meta: FrameMeta,
  send: (message: ToLoader) => void,
): { session: Session; receive: (message: ToFrame) => void } {
  let token = "";
  let waiting: Waiting | undefined;
  const firstToken = deferred();
  const reads = new Map(firstPaths(meta).map((path) => [path, firstToken.promise.then((bearer) => read(path, bearer))]));
  // Whoever takes a read over handles its failure; until then it is nobody's.
  for (const response of reads.values()) response.catch(() => undefined);

  const session: Session = {
    frame: () => meta,
    token: () => token,
    fresh() {
      if (!waiting) {
        const ours = (waiting = deferred());
        const timer = setTimeout(() => ours.reject(new Error("token_fetch_timeout")), FRESH_MS);
        const done = () => {
          clearTimeout(timer);
          if (waiting === ours) waiting = undefined;
        };
        ours.promise.then(done, done);
        send({ type: "token_needed", reason: "rejected" });
      }
      return waiting.promise;
    },
    first(path) {
      const response = reads.get(path);
      reads.delete(path);
      return response;
    },
    ready: () => send({ type: "ready" }),
    failed: (code, message) => send({ type: "error", code, message: message.slice(0, 500), shown: true }),
  };

  const receive = (message: ToFrame): void => {
    if (message.type === "token" && embedOf(message.token) !== meta.embed) {
      // Reads would show what another embed may show, under this one's title.
      waiting?.reject(new Error("token_invalid"));
      send({ type: "error", code: "token_invalid", message: `The token is not for the embed ${meta.embed}. Mint it with the embed that the element names.`, shown: false });
    } else if (message.type === "token") {
      token = message.token;
      firstToken.resolve(token);
      waiting?.resolve(token);
    } else {
      waiting?.reject(new Error(message.code));
    }
  };

  return { session, receive };
}

/** The embed that a token says it is for. Whether that is true is the server's to check. */
function embedOf(token: string): unknown {
  try {
    const claims = token.split(".")[1] ?? "";
    return (JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { emb?: unknown }).emb;
  } catch {
    return undefined;
  }
}

/** The reads that every first view needs, exactly as the widget asks for them. */
function firstPaths({ default_range }: FrameMeta): string[] {
  return [`/v1/embed/dashboard?range=${default_range}`, "/v1/embed/tasks?limit=50"];
}

function read(path: string, token: string): Promise<Response> {
  return fetch(path, {
    headers: { authorization: `Bearer ${token}` },
    credentials: "omit",
    signal: AbortSignal.timeout(READ_MS),
  });
}

function deferred(): Waiting {
  const parts = {} as Waiting;
  parts.promise = new Promise<string>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
