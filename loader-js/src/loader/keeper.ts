/**
 * Keeps one mounted dashboard in tokens: fetches the first, replaces each
 * before its end, and never stops trying once it had one. Without a first, it
 * rests until somebody asks again. It knows nothing of frames and elements.
 */

import type { Grant } from "../protocol.ts";
import { Failure, failure } from "./failure.ts";
import { backoff, refreshAfter } from "./schedule.ts";
import type { Reason } from "./source.ts";

export interface KeeperOptions {
  /** Asks for a token once; rejects with a `Failure`. */
  ask(reason: Reason, session: string | undefined): Promise<Grant>;
  /** A new token came. */
  granted(grant: Grant): void;
  /** The frame waits for a token in place of a refused one, and this attempt brought none. */
  unanswered(failure: Failure): void;
  /** No first token can be had; the keeper rests until `reject`. */
  gaveUp(failure: Failure): void;
  /** The last token is of no more use and there is no next one yet; said once per outage. */
  lost(failure: Failure): void;
  /** Seconds on a clock that only ever goes forward. */
  now(): number;
  /** From [0, 1). */
  random(): number;
}

/** Attempts at the first token before the viewer is told. */
const FIRST_ATTEMPTS = 3;
/** Shortest time in seconds from one fetch to the next, however often a token is refused. */
const GAP = 1;

export class TokenKeeper {
  readonly #options: KeeperOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #grant: Grant | undefined;
  #receivedAt = 0;
  #askedAt = -Infinity;
  /** Failures since the last token. */
  #failures = 0;
  #asking = false;
  #rejected = false;
  #reported = false;
  #stopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** The newest token. */
  get grant(): Grant | undefined {
    return this.#grant;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The server refused the token, or the frame tries again without one. */
  reject(): void {
    this.#rejected = true;
    this.#soon();
  }

  /** The network or the viewer came back: catch up on what the timers missed. */
  wake(): void {
    const due = this.#grant && this.#age() >= refreshAfter(this.#grant.expires_in);
    if (due || this.#failures > 0) this.#soon();
  }

  #soon(): void {
    if (!this.#asking) this.#arm(Math.max(0, this.#askedAt + GAP - this.#options.now()));
  }

  #arm(seconds: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), seconds * 1000);
  }

  async #run(): Promise<void> {
    this.#asking = true;
    this.#askedAt = this.#options.now();
    const reason = !this.#grant ? "first" : this.#rejected ? "rejected" : "refresh";
    const answer = await this.#options.ask(reason, this.#grant?.session).catch(asFailure);
    this.#asking = false;
    if (this.#stopped) return;
    if (answer instanceof Failure) this.#failed(answer);
    else if (answer.token === this.#grant?.token) this.#failed(unchanged());
    else this.#accept(answer);
  }

  #accept(grant: Grant): void {
    // A host may leave the session out of later answers; it is still the same one.
    this.#grant = { ...this.#grant, ...grant };
    this.#receivedAt = this.#options.now();
    this.#failures = 0;
    this.#rejected = false;
    this.#reported = false;
    this.#arm(refreshAfter(grant.expires_in));
    this.#options.granted(this.#grant);
  }

  #failed(why: Failure): void {
    this.#failures += 1;
    if (!this.#grant) {
      if (!why.passing || this.#failures >= FIRST_ATTEMPTS) {
        this.#failures = 0;
        if (this.#rejected) this.#options.unanswered(why);
        this.#options.gaveUp(why);
        return;
      }
    } else {
      if (this.#rejected) this.#options.unanswered(why);
      const useless = this.#rejected || this.#age() >= this.#grant.expires_in;
      if (useless && !this.#reported) {
        this.#reported = true;
        this.#options.lost(failure("token_refresh_failed", `No new token: ${why.code}. ${why.message}`));
      }
    }
    this.#arm(backoff(this.#failures, this.#options.random()));
  }

  #age(): number {
    return this.#options.now() - this.#receivedAt;
  }
}

function unchanged(): Failure {
  return failure(
    "token_unchanged",
    "The token endpoint (or fetchToken) returned the token that it had returned before. Mint a new one for each call; do not cache it.",
  );
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : failure("token_fetch_failed", "The token could not be fetched.", true);
}
