/**
 * How long what may take, and when to ask again: numbers only. Here, in a file
 * that imports nothing, esbuild puts them where they are used.
 */

/** A page may take this long to set `fetchToken` on an element without an endpoint. */
export const SOURCE_MS = 10_000;
/** Longer than any healthy endpoint takes. */
export const TIMEOUT_MS = 10_000;
/** A document that has not even loaded by then is not coming. */
export const LOAD_MS = 30_000;
/** A document that has loaded answers within this time, or is not ours. */
export const ANSWER_MS = 10_000;

/** Attempts at the first token before the viewer is told. */
export const FIRST_ATTEMPTS = 3;
/** Shortest time in seconds from one fetch to the next, however often a token is refused. */
export const GAP = 1;

/** Shortest pause before a refresh, whatever a token claims about its life. */
const FLOOR = 5;
/** A timer set further ahead than 2^31 ms fires at once, so that a day is the most. */
const CEILING = 86_400;
const MARGIN = 10;
const MAX_BACKOFF = 60;

/**
 * How long after receipt the next token is fetched: at 80 % of the life, and
 * where the life allows 10 s before its end, so that a slow endpoint is in time.
 */
export function refreshAfter(life: number): number {
  const early = Math.min(life * 0.8, life - MARGIN);
  return Math.min(Math.max(early, life / 2, FLOOR), CEILING);
}

/**
 * The pause after the `attempt`th failure in a row, counted from 1: doubling up
 * to a minute, of which a random half is taken off so that many pages that
 * lost the same server do not come back in step. `random` is from [0, 1).
 */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(2 ** (attempt - 1), MAX_BACKOFF);
  return full * (1 - random / 2);
}
