/**
 * A whole colour scheme out of the few colours that a host gives and the style
 * sheet's own. Whatever comes in, text has 4.5:1 against every ground that it
 * stands on and what carries data 3:1 against the surface (WCAG 2.2, 1.4.3 and
 * 1.4.11). Pure, and named after the custom properties.
 */

import { BLACK, type Rgb, WHITE, contrast, fit, luminance, mix } from "./colour.ts";

/** What a host may choose. */
export type HostColours = Partial<Record<"background" | "surface" | "text" | "border" | "accent", Rgb>>;

/** Words that judge. */
const WORDS = ["good", "warn", "bad"] as const;
/** Colours that carry data, and keep their hue so that colour-blind viewers tell them apart. */
const DATA = ["chart-overdue", "status-todo", "status-in-progress", "status-blocked", "status-done", "status-cancelled"] as const;

/** What is read from the style sheet: all of it is registered there as a colour. */
export const OWN = ["page", "surface", "text", "accent", ...WORDS, ...DATA] as const;

export type OwnColours = Record<(typeof OWN)[number], Rgb>;

const TEXT = 4.5;
const GRAPHICS = 3;

/** The custom properties of the scheme, by their names without `--`. */
export function derive(own: OwnColours, host: HostColours): Record<string, Rgb> {
  const surface = host.surface ?? own.surface;
  const text = fit(host.text ?? own.text, [surface], TEXT);
  const isLight = luminance(text) > luminance(surface);
  // A shade that the text could not be read on is left out. Whatever the text can
  // be read on, black or white on its side can be read on, too.
  const shade = (to: Rgb, share: number) => {
    const shaded = mix(surface, to, share);
    return contrast(text, shaded) < TEXT ? surface : shaded;
  };
  const sunken = shade(text, 0.05);
  const raised = isLight ? shade(text, 0.08) : surface;
  // The page gives way to the text, since one colour of text serves both grounds:
  // it contrasts with it, and is on the same side of it as the surface.
  const page = fit(host.background ?? (host.surface ? shade(text, 0.02) : own.page), [text, isLight ? WHITE : BLACK], TEXT);
  const grounds = [surface, sunken, raised, page];
  const read = (colour: Rgb) => fit(colour, grounds, TEXT);
  const seen = (colour: Rgb) => fit(colour, [surface], GRAPHICS);
  const each = (names: readonly (keyof OwnColours)[], moved: (colour: Rgb) => Rgb) => Object.fromEntries(names.map((name) => [name, moved(own[name])]));

  const wanted = host.accent ?? own.accent;
  const soft = shade(read(wanted), 0.1);
  const accent = fit(wanted, [...grounds, soft], TEXT);
  const chartAccent = seen(host.accent ?? own["status-in-progress"]);
  const border = host.border ?? mix(surface, text, 0.11);
  return {
    page,
    surface,
    "surface-sunken": sunken,
    "surface-raised": raised,
    border,
    "border-strong": mix(border, text, 0.14),
    text,
    "text-muted": read(mix(text, surface, 0.35)),
    accent,
    "accent-soft": soft,
    ...each(WORDS, read),
    ...each(DATA, seen),
    "chart-grid": mix(surface, text, 0.08),
    "chart-axis": mix(surface, text, 0.22),
    "chart-accent": chartAccent,
    "chart-accent-soft": mix(surface, chartAccent, 0.15),
    "chart-scope": seen(mix(text, surface, 0.45)),
  };
}
