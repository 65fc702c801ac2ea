/**
 * The host page's own look, as values that mean the same inside the frame. A
 * hidden element of ours wears the page's variables as real properties, so that
 * the browser resolves `var()`, `rem`, `light-dark()` and the like, and tells
 * by a transition when any of them changes, whatever the reason. What a property
 * does not take is left out, or its initial value would pass for the page's look.
 */

import type { Appearance } from "../api.ts";

/** Which property of the hidden element stands for which part of the look. */
const PARTS: Record<keyof Appearance, string> = {
  accent: "accent-color",
  background: "background-color",
  surface: "caret-color",
  text: "color",
  border: "outline-color",
  font: "font-family",
  radius: "outline-offset",
  // A number.
  spacing: "flex-grow",
};
const entries = Object.entries(PARTS);

export const PROBE_STYLE = entries.map(([part, property]) => `${property}:var(--oriel-${part})`).join(";");

/** Resolves the variables `--oriel-…` that reach `probe`, and `wanted`, which goes before them. */
export function resolve(probe: HTMLElement, wanted: Appearance = {}): Appearance {
  const style = getComputedStyle(probe);
  return present(
    entries.map(([part, property]) => {
      const name = `--oriel-${part}`;
      probe.style.setProperty(name, wanted[part as keyof Appearance] ?? "");
      return [part, CSS.supports(property, style.getPropertyValue(name)) && style.getPropertyValue(property)];
    }),
  );
}

/** The entries that have a value. */
export function present(all: [name: string, value: string | false | null][]): Record<string, string> {
  return Object.fromEntries(all.filter((entry): entry is [string, string] => Boolean(entry[1])));
}
