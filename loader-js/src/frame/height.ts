/** Tells the height of the content, both ways, and does not go round in circles. */

/** Swings between the same two heights before the larger one is kept. */
const MAX_SWINGS = 6;
/** Swings further apart than this are somebody opening and closing a thing, in milliseconds. */
const SWING_MS = 200;

/**
 * Watches `element` and tells its height in whole pixels whenever it changes.
 * The element must take its height from its content, never from the window.
 */
export function watchHeight(element: HTMLElement, tell: (px: number) => void): void {
  const settle = heightFilter(() => performance.now());
  new ResizeObserver(() => {
    // In a frame without a width every word has a line of its own: that is no height to take up.
    if (window.innerWidth === 0) return;
    const bottom = element.getBoundingClientRect().bottom + window.scrollY;
    const px = settle(Math.ceil(bottom));
    if (px !== undefined) tell(px);
  }).observe(element);
}

/**
 * Lets through each height that differs from the last. Where two heights chase
 * each other, because a scroll bar that one brings makes the other, the larger stays.
 */
export function heightFilter(now: () => number): (px: number) => number | undefined {
  let last = 0;
  let before = 0;
  let at = -Infinity;
  let swings = 0;
  return (px) => {
    if (px < 1 || px === last) return undefined;
    swings = px === before && now() - at < SWING_MS ? swings + 1 : 0;
    at = now();
    if (swings >= MAX_SWINGS && px < last) return undefined;
    before = last;
    last = px;
    return px;
  };
}
