/**
 * What the widget gets to work with: the token, and the reads that were started
 * for it while it compiled. The token lives in this closure and nowhere else.
 */

import type { Shown, ToFrame, ToLoader } from "../protocol.ts";
import type { Language } from "./language.ts";
import { listen } from "./live.ts";
import type { FrameMeta } from "./meta.ts";
import { type PageActions, pageActions } from "./page.ts";
import { claimsOf, type Prover, type ReadOptions } from "./proof.ts";

/** What a host page wants, but for its tokens, which are the session's own. */
export type HostMessage = Exclude<ToFrame, { type: "token" | "token_failed" }>;
/** What the stream of changes brings. */
export type LiveMessage = { type: "live"; up: boolean; revision?: number | undefined };
/** The first sign of a viewer who does something. */
export type TouchMessage = { type: "touch" };
/** What a host page hears of its viewer. */
export type News = Extract<ToLoader, { type: "navigate" | "filter" | "select" }>;

/** The object that the widget's `start` takes. */
export interface Session extends PageActions, Pick<Language, "say" | "write"> {
  frame(): FrameMeta;
  /** What the host page has wanted before the widget was there, each kind's last. */
  wishes(): (HostMessage | LiveMessage | TouchMessage)[];
  /** Hands over, once, what a read that was started early has brought. */
  answer(path: string): unknown;
  /** The current token; empty before the first. */
  token(): string;
  /** Asks for a token in place of a refused one; rejects with an `Error` whose message is a code. */
  fresh(): Promise<string>;
  /** Hands over, once, a read that was started early, and whose answer nobody has taken. */
  first(path: string): Promise<Response> | undefined;
  /** Starts a read with the current token. */
  get(path: string, signal: AbortSignal, options?: ReadOptions): Promise<Response>;
  /** Data is on the screen. */
  ready(): void;
  /** The widget shows an error in place of the data. */
  failed(code: string, message: string): void;
  /**
   * Calls back with what the host page wants, also before this and not asked for yet;
   * and once data is on the screen, with what changes.
   */
  onHost(callback: (message: HostMessage | LiveMessage | TouchMessage) => void): void;
  /** Tells the host page where the viewer goes and what they pick. */
  tell(news: News): void;
}

/** Longer than the loader needs to notice that its endpoint hangs, in milliseconds. */
const FRESH_MS = 15_000;
/** Data on the screen is painted by then, in milliseconds. */
const AFTER_PAINT_MS = 300;

interface Waiting {
  promise: Promise<string>;
  resolve(token: string): void;
  reject(error: Error): void;
}

/**
 * Makes the session, the function that messages from the loader go to, and one that
 * gives what is worth waiting for: the end of the reads that were started early, if
 * they are of what will be shown first.
 */
export function createSession(
  meta: FrameMeta,
  { say, write }: Pick<Language, "say" | "write">,
  prover: Pick<Prover, "accepts" | "read">,
  send: (message: ToLoader) => void,
  follow = listen,
): { session: Session; receive: (message: ToFrame | TouchMessage) => void; ended: () => Promise<unknown> } {
  let token = "";
  /** The last token that was told to be of a revoked session. */
  let revoked = "";
  let waiting: Waiting | undefined;
  const wishes = new Map<string, HostMessage | LiveMessage | TouchMessage>();
  // A wish that says less than the one before leaves the rest of it as it was.
  let heed = (message: HostMessage | LiveMessage | TouchMessage): void => void wishes.set(message.type, { ...wishes.get(message.type), ...message });
  const firstToken = deferred();
  const reads = new Map(firstPaths(meta).map((path) => [path, firstToken.promise.then((bearer) => prover.read(path, bearer))]));
  const answers = new Map<string, unknown>();
  // The widget knows what to do where there is no answer.
  const settled = Promise.allSettled(
    [...reads].map(async ([path, reading]) => {
      const response = await reading;
      // Whoever does not wait for this takes over the response itself.
      if (response.ok) answers.set(path, await response.clone().json());
    }),
  );

  const session: Session = {
    ...pageActions,
    say,
    write,
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
        send({ type: "token_needed" });
      }
      return waiting.promise;
    },
    wishes() {
      const before = [...wishes.values()];
      wishes.clear();
      return before;
    },
    answer(path) {
      if (answers.has(path)) reads.delete(path);
      return take(answers, path);
    },
    first: (path) => take(reads, path),
    get: (path, signal, options) => prover.read(path, token, signal, options),
    ready() {
      send({ type: "ready" });
      // What was read for the first view is old by the time that anything else asks for it.
      reads.clear();
      answers.clear();
      // The first view has line and processor to itself until it is painted.
      setTimeout(() => follow(session, (up, revision) => heed({ type: "live", up, revision })), AFTER_PAINT_MS);
    },
    failed(code, message) {
      // Every read under way fails of it; the host hears of it once.
      if ((code === "session_revoked" || code === "tenant_suspended") && token !== revoked) {
        revoked = token;
        if (code === "session_revoked") send({ type: code });
        // Whichever part met it first, all of the widget goes blank.
        heed({ type: "refresh" });
      }
      send({ type: "error", code, message: message.slice(0, 500), shown: true });
    },
    onHost(callback) {
      heed = callback;
      wishes.forEach(callback);
    },
    tell: (news) => send(news),
  };

  /** Why `next` is of no use here, in words for a developer. */
  const faultOf = (next: string): string | undefined => {
    const claims = claimsOf(next);
    // Reads would show what another embed may show, under this one's title.
    if (claims.emb !== meta.embed) return `The token is not for the embed ${meta.embed}. Mint it with the embed that the element names.`;
    if (!prover.accepts(claims)) return "The token is bound to another frame's key. Pass the dpop_jkt of this request on to the mint, and do not cache tokens.";
    return undefined;
  };

  const receive = (message: ToFrame | TouchMessage): void => {
    const fault = message.type === "token" && faultOf(message.token);
    if (fault) {
      waiting?.reject(new Error("token_invalid"));
      send({ type: "error", code: "token_invalid", message: fault, shown: false });
    } else if (message.type === "token") {
      token = message.token;
      firstToken.resolve(token);
      waiting?.resolve(token);
    } else if (message.type === "token_failed") {
      waiting?.reject(new Error(message.code));
    } else {
      heed(message);
    }
  };

  const ended = (): Promise<unknown> => (isElsewhere(meta, wishes.get("show")) ? Promise.resolve() : settled);
  return { session, receive, ended };
}

/** Whether the host page begins with something else than what is read early. */
function isElsewhere(meta: FrameMeta, show?: object): boolean {
  const { view, filters } = { ...show } as Shown;
  return (Boolean(view) && projectOf(view) !== projectOf(meta.view)) || Object.keys(filters ?? {}).length > 0;
}

/** The parameter that a view narrows the reads by. */
function projectOf(view = ""): string {
  return view.startsWith("project=") ? `&${view.split("&")[0]}` : "";
}

function take<T>(from: Map<string, T>, path: string): T | undefined {
  const value = from.get(path);
  from.delete(path);
  return value;
}

/** The reads that every first view needs, exactly as the widget asks for them. */
function firstPaths({ default_range, view }: FrameMeta): string[] {
  const project = projectOf(view);
  return [`/v1/embed/dashboard?range=${default_range}${project}`, `/v1/embed/tasks?limit=50${project}`];
}

function deferred(): Waiting {
  const parts = {} as Waiting;
  parts.promise = new Promise<string>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
