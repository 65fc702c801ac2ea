/**
 * Colours in sRGB: how light they are, how they contrast, and how a colour that
 * contrasts too little is moved until it does. Pure arithmetic, and nothing about
 * where colours come from or go to.
 */

/** Red, green and blue of sRGB, each from 0 to 1. */
export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [1, 1, 1];
/** Steps that a colour's way to black or to white is divided into. */
const STEPS = 64;

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio from 1 to 21, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

/** `share` of `to`, the rest of `from`. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return rounded(from.map((c, i) => c + ((to[i] ?? c) - c) * share));
}

/** Whether white is read better on `ground` than black: they are alike at this luminance. */
export function isDark(ground: Rgb): boolean {
  return luminance(ground) < 0.179;
}

/**
 * The colour nearest to `colour`, on its way to black or to white, that has at
 * least `ratio` to 1 against each of `grounds`. Where no colour has, the best of
 * black and white.
 */
export function fit(colour: Rgb, grounds: readonly Rgb[], ratio: number): Rgb {
  const least = (candidate: Rgb) => Math.min(...grounds.map((ground) => contrast(candidate, ground)));
  for (let step = 0; step <= STEPS; step += 1) {
    for (const end of [BLACK, WHITE]) {
      const candidate = mix(colour, end, step / STEPS);
      if (least(candidate) >= ratio) return candidate;
    }
  }
  return least(BLACK) > least(WHITE) ? BLACK : WHITE;
}

/** As CSS has it, and as the canvas reads it. */
export function css(colour: Rgb): string {
  return `rgb(${colour.map((c) => Math.round(c * 255)).join(", ")})`;
}

/** To what a channel of eight bits can hold: what is checked is what is shown. */
export function rounded(channels: readonly number[]): Rgb {
  return channels.slice(0, 3).map((c) => Math.round(Math.min(1, Math.max(0, c)) * 255) / 255) as unknown as Rgb;
}
