import assert from "node:assert/strict";
import { test } from "node:test";
import { measures } from "../src/frame/appearance.ts";
import { type Rgb, contrast, css, fit, luminance } from "../src/frame/colour.ts";
import { type HostColours, type OwnColours, OWN, derive } from "../src/frame/scheme.ts";

/** mulberry32: the same colours with every run. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(7);
const colour = (): Rgb => [0, 0, 0].map(() => Math.round(next() * 255) / 255) as unknown as Rgb;
const hex = (text: string): Rgb => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255) as unknown as Rgb;

const LIGHT = own("#fafafb #ffffff #171a21 #4355d0 #0a7566 #8f5a00 #b23a0e #d2531b #5c6475 #4759d9 #cb7a10 #0a9071 #8b92a7");
const DARK = own("#0e1013 #16191f #eceef2 #98a4f7 #4cc3ae #e9b04a #f2935f #f07f45 #93a0bd #6c7bf0 #eeab3c #48c79c #666c77");

function own(colours: string): OwnColours {
  return Object.fromEntries(colours.split(" ").map((value, index) => [OWN[index], hex(value)])) as OwnColours;
}

/** What of a scheme falls short of WCAG 2.2 AA. */
function shortcomings(scheme: Record<string, Rgb>): string[] {
  const of = (name: string): Rgb => scheme[name] ?? assert.fail(name);
  const pairs = (texts: string, grounds: string, least: number) =>
    texts.split(" ").flatMap((text) => grounds.split(" ").map((ground) => ({ text, ground, least, is: contrast(of(text), of(ground)) })));
  return [
    ...pairs("text text-muted accent good warn bad", "page surface surface-sunken surface-raised", 4.5),
    ...pairs("accent", "accent-soft", 4.5),
    // What stands on the accent is in the surface's colour.
    ...pairs("surface", "accent", 4.5),
    ...pairs("chart-accent chart-scope chart-overdue status-todo status-in-progress status-blocked status-done status-cancelled", "surface", 3),
  ]
    .filter(({ is, least }) => is < least)
    .map(({ text, ground, is }) => `${text} on ${ground}: ${is}`);
}

test("luminance and contrast are those of WCAG's own examples", () => {
  assert.equal(contrast([0, 0, 0], [1, 1, 1]), 21);
  assert.equal(luminance([1, 1, 1]), 1);
  // #767676 is the lightest grey that passes on white, #777777 the first that fails.
  assert.ok(contrast(hex("#767676"), [1, 1, 1]) >= 4.5 && contrast(hex("#777777"), [1, 1, 1]) < 4.5);
});

test("a colour is moved until it contrasts, and not at all when it does", () => {
  for (let i = 0; i < 500; i += 1) {
    const [text, ground] = [colour(), colour()];
    const fitted = fit(text, [ground], 4.5);
    assert.ok(contrast(fitted, ground) >= 4.5, `${css(text)} on ${css(ground)}`);
    if (contrast(text, ground) >= 4.5) assert.equal(css(fitted), css(text));
  }
});

test("whatever colours a host gives, text keeps 4.5:1 and data 3:1", () => {
  for (let i = 0; i < 600; i += 1) {
    const host: HostColours = {};
    for (const name of ["background", "surface", "text", "border", "accent"] as const) if (next() < 0.6) host[name] = colour();
    assert.deepEqual(shortcomings(derive(i % 2 ? LIGHT : DARK, host)), [], JSON.stringify(host));
  }
});

test("greys of every lightness are a surface that can be read on", () => {
  for (let level = 0; level < 256; level += 3) {
    const grey = level / 255;
    assert.deepEqual(shortcomings(derive(LIGHT, { surface: [grey, grey, grey], background: colour() })), [], `${level}`);
  }
});

test("a host's colours that contrast stay as they are", () => {
  const scheme = derive(LIGHT, { surface: hex("#0b1f3a"), text: hex("#f5f7fa"), accent: hex("#8ab4ff") });
  assert.deepEqual(["surface", "text", "accent"].map((name) => css(scheme[name] ?? [0, 0, 0])), ["rgb(11, 31, 58)", "rgb(245, 247, 250)", "rgb(138, 180, 255)"]);
});

test("radius and spacing are numbers within bounds, or not there", () => {
  assert.deepEqual(measures({ radius: "8px", spacing: "1.25" }), { radius: "8px", spacing: "1.25" });
  assert.deepEqual(measures({ radius: "900", spacing: "0" }), { radius: "24px", spacing: "0.75" });
  for (const value of ["", " ", "1em", "calc(1px)", "8px;color:red", "NaN", "Infinity", "1e999"]) {
    assert.deepEqual(measures({ radius: value }), {}, value);
  }
  for (const value of ["", "Infinity", "1;", "var(--x)"]) assert.deepEqual(measures({ spacing: value }), {}, value);
});

test("a font is a list of plain names, quoted but for the generic ones", () => {
  assert.equal(measures({ font: `"Inter", 'Helvetica Neue', system-ui, sans-serif` }).font, `"Inter", "Helvetica Neue", system-ui, sans-serif`);
  assert.equal(measures({ font: "游ゴシック" }).font, `"游ゴシック"`);
  assert.equal(measures({ font: "inherit" }).font, `"inherit"`);
  for (const value of ["", "Inter;}", "url(https://x)", "a\\62", "expression(1)", "a,,b", "1a"]) {
    assert.deepEqual(measures({ font: value }), {}, value);
  }
});
