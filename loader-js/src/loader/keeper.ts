/**
 * Keeps one mounted dashboard in tokens: fetches the first for each document that
 * begins, replaces each before its end, and never stops trying once it had one. Without a first, it
 * rests until somebody asks again. It knows nothing of frames and elements.
 */

import type { Grant } from "../protocol.ts";
import { Failure } from "./failure.ts";
import { backoff, FIRST_ATTEMPTS, GAP, refreshAfter } from "./schedule.ts";
import type { Reason } from "./source.ts";

export interface KeeperOptions {
  /** Asks for a token once; never rejects. */
  ask(reason: Reason, session: string | undefined): Promise<Grant | Failure>;
  /** A new token came. */
  granted(grant: Grant): void;
  /** The frame waits for a token in place of a refused one, and this attempt brought none. */
  unanswered(failure: Failure): void;
  /** No first token can be had; the keeper rests until `reject`. */
  gaveUp(failure: Failure): void;
  /** The last token is of no more use and there is no next one yet; said once per outage. */
  lost(failure: Failure): void;
  /** Seconds, and goes on while the machine sleeps. */
  clock(): number;
  /** From [0, 1). */
  chance(): number;
  /** Ends everything. */
  signal: AbortSignal;
}

export interface Keeper {
  /** A document of the frame is there. What another one was granted, or is asked for it, is of no use to this one. */
  begin(): void;
  /** The server refused the token, or the frame tries again without one. */
  reject(): void;
  /** The network or the viewer came back: catch up on what the timers missed. */
  wake(): void;
  /** The session has ended: nothing more is asked for until `reject`, and then for a new one. */
  forget(): void;
}

/** Asks for tokens from the first `begin` on, until the signal. */
export function keepTokens(options: KeeperOptions): Keeper {
  const { clock, signal } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let grant: Grant | undefined;
  let receivedAt = 0;
  let askedAt = -GAP;
  /** Failures since the last token. */
  let failures = 0;
  /** The answer that is waited for. */
  let asking: Promise<Grant | Failure> | undefined;
  let rejected = false;
  let reported = false;

  const age = () => clock() - receivedAt;

  const arm = (seconds: number) => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(run, seconds * 1000);
  };

  // A clock that was set back must not stretch the gap.
  const soon = () => asking || arm(Math.min(GAP, askedAt + GAP - clock()));

  async function run(): Promise<void> {
    askedAt = clock();
    const reason = !grant ? "first" : rejected ? "rejected" : "refresh";
    const ours = (asking = options.ask(reason, grant?.session));
    const answer = await ours;
    if (asking !== ours) return;
    asking = undefined;
    if (answer instanceof Failure) failed(answer);
    else if (answer.token === grant?.token) failed(new Failure("token_unchanged"));
    else accept(answer);
  }

  function accept(answer: Grant): void {
    // A host may leave the session out of later answers; it is still the same one.
    grant = { ...grant, ...answer };
    receivedAt = clock();
    failures = 0;
    rejected = reported = false;
    arm(refreshAfter(answer.expires_in));
    options.granted(grant);
  }

  function failed(why: Failure): void {
    failures += 1;
    const over = !grant && (!why.passing || failures >= FIRST_ATTEMPTS);
    if (grant ? rejected : over) options.unanswered(why);
    if (over) {
      forget();
      return options.gaveUp(why);
    }
    if (grant && !reported && (rejected || age() >= grant.expires_in)) {
      reported = true;
      options.lost(new Failure("token_refresh_failed", why.code));
    }
    arm(backoff(failures, options.chance()));
  }

  /** Back to the beginning; an answer on its way counts for nothing. */
  const forget = () => {
    clearTimeout(timer);
    failures = 0;
    rejected = false;
    grant = asking = undefined;
  };

  signal.addEventListener("abort", forget);

  return {
    begin() {
      asking = undefined;
      this.reject();
    },
    reject() {
      rejected = true;
      soon();
    },
    wake() {
      if (failures || (grant && age() >= refreshAfter(grant.expires_in))) soon();
    },
    forget,
  };
}
