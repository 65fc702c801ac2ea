/** When to ask again: arithmetic only, in seconds. */

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
