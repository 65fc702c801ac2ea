/**
 * How the frame looks: the host's theme, density and own colours, font, radius
 * and spacing, put on the document's root.
 *
 * Nothing of what a host says becomes a string of CSS. Colours go through the
 * browser's own parser and come back as numbers, are moved until they contrast as
 * WCAG 2.2 AA asks, and are set as `rgb()`; lengths and factors are numbers within
 * bounds, a font is a list of plain names. What is none of this is left out, and
 * the style sheet's own value stays.
 */

import type { Settings, TextMap } from "../protocol.ts";
import { css, isDark, rounded } from "./colour.ts";
import { type HostColours, OWN, type OwnColours, derive } from "./scheme.ts";

/** Told to the document after a change, so that what is drawn on a canvas is drawn anew. */
const CHANGED = "oriel-look";
/** Longest text that is handed to the browser's colour parser. */
const MAX_COLOUR = 100;
/** Names of fonts that are meant only without quotes. */
const GENERIC = /^(-apple-system|system-ui|ui-.*|(sans-)?serif|monospace)$/;

/** Puts `settings` in the place of all earlier ones. */
export function apply({ theme = "auto", density = "comfortable", appearance = {} }: Settings): void {
  const { dataset, style } = document.documentElement;
  style.cssText = "";
  const { clear, ...host } = coloursOf(appearance);
  const ground = host.surface ?? host.background;
  // Scroll bars and menus, too, go with the ground that they stand on.
  dataset.theme = ground ? (isDark(ground) ? "dark" : "light") : theme;
  dataset.density = density;
  dataset.ground = clear ? "clear" : "own";
  const colours = Object.keys(host).length ? Object.entries(derive(ownColours(), host)) : [];
  for (const [name, colour] of colours) style.setProperty(`--${name}`, css(colour));
  for (const [name, value] of Object.entries(measures(appearance))) style.setProperty(`--${name}`, value);
  document.dispatchEvent(new Event(CHANGED));
}

/** Font, radius and spacing out of a host's values, as far as they are some. */
export function measures({ font = "", radius, spacing }: TextMap): TextMap {
  const families = font.split(",").map((family) => family.replace(/["']/g, "").trim());
  const areNames = families.every((family) => /^[\p{L}_-][\p{L}\p{N} _-]*$/u.test(family));
  const corner = within(radius?.replace(/px$/, ""), 0, 24);
  const factor = within(spacing, 0.75, 1.5);
  return {
    // In quotes a name is never a keyword.
    ...(areNames && { font: families.map((family) => (GENERIC.test(family) ? family : `"${family}"`)).join(", ") }),
    ...(corner && { radius: `${corner}px` }),
    ...(factor && { spacing: factor }),
  };
}

/** A number out of a text, moved to the nearer bound, as text; undefined when it is none. */
function within(text: string | undefined, least: number, most: number): string | undefined {
  const value = text?.trim() ? Number(text) : NaN;
  return Number.isFinite(value) ? `${Math.min(most, Math.max(least, value))}` : undefined;
}

/** The colours that a host gave and the browser understands. A translucent one is none, but for a clear background. */
function coloursOf({ background, surface, text, border, accent }: TextMap): HostColours & { clear?: true } {
  const colours: HostColours & { clear?: true } = {};
  for (const [name, value] of Object.entries({ background, surface, text, border, accent })) {
    const [alpha = 1, ...channels] = parse(value).reverse();
    if (alpha === 1 && channels.length) colours[name as keyof HostColours] = rounded(channels.reverse());
    else if (alpha === 0 && name === "background") colours.clear = true;
  }
  return colours;
}

/** The style sheet's own colours in the scheme that holds now. */
function ownColours(): OwnColours {
  return Object.fromEntries(OWN.map((name) => [name, rounded(computed(`--${name}`).map((c) => c / 255))])) as OwnColours;
}

/**
 * Reads any CSS colour that stands for itself: red, green, blue and alpha in sRGB,
 * or nothing. A canvas takes no `var()`, no keyword that depends on its place and
 * nothing beside the colour; a registered property then computes what the canvas
 * understood.
 */
function parse(value = ""): number[] {
  const context = value.length <= MAX_COLOUR && document.createElement("canvas").getContext("2d");
  if (!context) return [];
  const [colour, again] = ["#000", "#fff"].map((other) => {
    context.fillStyle = other;
    context.fillStyle = value;
    return `${context.fillStyle}`;
  });
  if (colour !== again) return [];
  const { style } = document.documentElement;
  style.setProperty("--accent", `color-mix(in srgb, ${colour}, ${colour})`);
  const [red = 0, green = 0, blue = 0, alpha = 1] = computed("--accent");
  style.removeProperty("--accent");
  return [red, green, blue, alpha];
}

/** The numbers of a property's computed colour. */
function computed(property: string): number[] {
  const value = getComputedStyle(document.documentElement).getPropertyValue(property);
  return (value.replaceAll("none", "0").match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
}
