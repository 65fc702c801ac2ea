/**
 * Listens to the server's event stream for as long as the page can be seen, and
 * tells of each change. It never gives up: after a failure it comes back, each
 * time a little later. It must not know what is read upon a change.
 */

import type { ReadOptions } from "./proof.ts";

/** Where tokens come from, and what reads with them; the frame's session is one. */
export interface TokenSource {
  token(): string;
  /** Starts a read with the token of this moment. */
  get(path: string, signal: AbortSignal, options: ReadOptions): Promise<Response>;
  fresh(): Promise<string>;
  /** Tells the host page of an error. */
  failed(code: string, message: string): void;
}

/** Hears whether the stream is up, and of a change the revision that it made. */
export type Hear = (up: boolean, revision?: number) => void;

const PATH = "/v1/embed/events";
/** Longer than an answer takes to begin, in milliseconds. */
const ANSWER_MS = 15_000;
/** Longer than two heartbeats: without a word for so long the line is dead. */
const SILENCE_MS = 40_000;
/** A stream that ends earlier than this did not come about, whatever it said. */
const LASTING_MS = 5_000;
const MAX_PAUSE_MS = 60_000;
/**
 * Streams at a time over HTTP/1.1, where a browser opens six connections to a
 * server: the rest is for reads, however many dashboards a page shows.
 */
const SLOTS = 3;
/** From one look for room to the next, in milliseconds. */
const ROOM_MS = 5_000;

/** Starts to listen; the page's end is the only end. */
export function listen(source: TokenSource, hear: Hear): void {
  const self: Listening = window;
  let last = "";
  let failures = 0;
  let ending = new AbortController();
  let wake = (): void => undefined;
  /** The token of a session that was revoked: only a viewer may begin another. */
  let revoked = "";

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) ending.abort();
    else wake();
  });
  // The old line may be dead without knowing it.
  window.addEventListener("online", () => {
    failures = 0;
    ending.abort();
    wake();
  });

  /** Goes on when somebody looks, or the network is back; at the latest after `ms`, if there is a limit. */
  const pause = (ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** One stream, from its beginning to its end; tells whether it lasted. */
  async function follow(signal: AbortSignal): Promise<boolean> {
    let since = Infinity;
    let timer = setTimeout(() => ending.abort(), ANSWER_MS);
    try {
      for await (const event of events(source, last, signal)) {
        clearTimeout(timer);
        timer = setTimeout(() => ending.abort(), SILENCE_MS);
        since = Math.min(since, performance.now());
        last = /^id: (\d+)$/m.exec(event)?.[1] ?? last;
        const revision = /^data: \{"revision":(\d+)/m.exec(event)?.[1];
        hear(true, revision === undefined ? undefined : Number(revision));
      }
    } catch (error) {
      // How else it ended makes no difference to what is done about it.
      if (error instanceof Revoked) revoked = error.message;
    } finally {
      clearTimeout(timer);
    }
    return performance.now() - since > LASTING_MS;
  }

  async function run(): Promise<never> {
    for (;;) {
      while (document.hidden) await pause();
      if (!hasRoom() || source.token() === revoked) {
        await pause(ROOM_MS);
        continue;
      }
      self.orielListens = true;
      const lasted = await follow((ending = new AbortController()).signal);
      self.orielListens = false;
      if (document.hidden) continue;
      failures = lasted ? 0 : failures + 1;
      if (failures > 0) hear(false);
      // Many pages that lost the same server must not come back in step.
      await pause(Math.min(1_000 * 2 ** failures, MAX_PAUSE_MS) * (1 - Math.random() / 2));
    }
  }
  void run();
}

/** The events of one stream as they are written, and its comments. */
async function* events(source: TokenSource, last: string, signal: AbortSignal): AsyncGenerator<string, void> {
  const token = source.token();
  const response = await source.get(PATH, signal, { headers: last ? { "last-event-id": last } : {}, cache: "no-store" });
  let refused = response.status === 401;
  if (response.ok && response.body) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done && !refused; part = await reader.read()) {
      const whole = (rest + part.value).split("\n\n");
      rest = whole.pop() ?? "";
      yield* whole;
      refused = whole.some((event) => event.includes('"token_'));
      for (const code of ["session_revoked", "tenant_suspended"]) {
        if (whole.some((event) => event.includes(`"${code}"`))) withhold(source, token, code);
      }
    }
  }
  if (refused || response.status === 403) withhold(source, token, await codeOf(response));
  // Another token may have come meanwhile, and the next stream takes that.
  if (refused && source.token() === token) await source.fresh();
}

/** What was shown must go. A tenant may be resumed at any time, a session never. */
function withhold(source: TokenSource, token: string, code: unknown): void {
  if (code !== "session_revoked" && code !== "tenant_suspended") return;
  source.failed(code, "The server ended the stream.");
  if (code === "session_revoked") throw new Revoked(token);
}

/** The session of the token that the message is has ended. */
class Revoked extends Error {}

/** The code of a refusal, if it has one. */
async function codeOf(response: Response): Promise<unknown> {
  const problem: unknown = await response.json().catch(() => undefined);
  return Object(problem).code;
}

/** This frame's own window, and its neighbours' as far as they are of our origin. */
type Listening = Window & { orielListens?: boolean };

/**
 * Whether the line is free. Over HTTP/1.1 dashboards of one page leave each other
 * room; they run in one thread, so that no two take the last place.
 */
function hasRoom(): boolean {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (page?.nextHopProtocol !== "http/1.1") return true;
  let streams = 0;
  for (let i = 0; i < parent.length; i += 1) {
    try {
      if ((parent[i] as Listening).orielListens) streams += 1;
    } catch {
      // Another origin's frame has connections of its own.
    }
  }
  return streams < SLOTS;
}
