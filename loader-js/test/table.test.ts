import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Window } from "happy-dom";

/** What every column is wide by itself, and what is in it. */
const DEFAULT = 112.4;
const NATURAL = 140.2;

let page: Window;
let area: HTMLElement;
let handle: typeof import("../src/frame/table/index.ts").handle;

/** Stands for a layout: a heading is as wide as the last rule about it says. */
function widthOf(heading: HTMLElement): number {
  const [, wide] = [...(document.adoptedStyleSheets[0]?.cssRules ?? [])] as [unknown, CSSMediaRule];
  const rules = [...wide.cssRules] as CSSStyleRule[];
  if (rules.some((rule) => rule.selectorText === ".tasks" && rule.style.tableLayout === "auto")) return NATURAL;
  const own = rules.find((rule) => rule.selectorText?.includes(`"${heading.dataset.column}"`));
  return own ? parseFloat(own.style.width) : DEFAULT;
}

function rows(...indices: number[]): void {
  const body = area.querySelector("tbody");
  body?.replaceChildren(...indices.map((index) => {
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", `${index}`);
    row.append(document.createElement("button"));
    return row;
  }));
}

before(async () => {
  page = new Window({ url: "https://embed.example/" });
  Object.assign(globalThis, {
    window: page, document: page.document, CSSStyleSheet: page.CSSStyleSheet,
    MutationObserver: page.MutationObserver, getComputedStyle: page.getComputedStyle.bind(page),
  });
  Object.assign(page.document, { hasFocus: () => true });
  // It needs a document from its first line on.
  ({ handle } = await import("../src/frame/table/index.ts"));
});

/** Another table in the same page, which keeps the widths: each test has columns of its own. */
function show(...columns: string[]): void {
  const headings = columns.map((column) => `<th data-column="${column}"><button>${column} name<sup>1</sup></button></th>`);
  document.body.innerHTML = `<div id="rows" tabindex="0"><table class="tasks"><thead><tr>${headings.join("")}</tr></thead><tbody></tbody></table></div>`;
  area = document.querySelector("#rows") as HTMLElement;
  for (const heading of area.querySelectorAll("th")) heading.getBoundingClientRect = () => ({ width: widthOf(heading) }) as DOMRect;
  handle(area);
}

beforeEach(() => void (document.documentElement.dir = "ltr"));
after(() => page.happyDOM.close());

const grips = () => [...area.querySelectorAll<HTMLElement>("[role=separator]")];
const press = (grip: HTMLElement | undefined, key: string) => {
  const event = new page.KeyboardEvent("keydown", { key, cancelable: true });
  grip?.dispatchEvent(event as never);
  return event.defaultPrevented;
};

/** Observers hear of it a turn later. */
const changed = () => new Promise((resolve) => setImmediate(resolve));
const widths = () => grips().map((grip) => grip.ariaValueNow);

test("each heading gets one handle, named by its text alone, that tells its width", () => {
  show("a", "b");
  handle(area);
  assert.deepEqual(grips().map((grip) => [grip.ariaLabel, grip.ariaValueNow, grip.tabIndex]), [["a name", "112", 0], ["b name", "112", 0]]);
  assert.deepEqual([...area.querySelectorAll("th")].map((heading) => heading.ariaLabel), ["a name", "b name"]);
});

test("keys change a column by steps, between its bounds, and no other key is taken", () => {
  show("c", "d");
  const [grip] = grips();
  for (const [key, wanted] of [["ArrowRight", "128"], ["ArrowLeft", "112"], ["Home", "64"], ["ArrowLeft", "64"], ["End", "800"], ["ArrowRight", "800"], ["Enter", "141"]] as const) {
    assert.ok(press(grip, key), key);
    assert.deepEqual(widths(), [wanted, "112"], key);
  }
  for (const key of ["Tab", "ArrowDown", "PageDown", "a"]) assert.ok(!press(grip, key), key);
});

test("a column that is wider than any may get keeps its width until it is made narrower", () => {
  show("o");
  const [grip] = grips();
  for (const heading of area.querySelectorAll("th")) heading.getBoundingClientRect = () => ({ width: Math.max(900, widthOf(heading)) }) as DOMRect;
  handle(area);
  assert.equal(grip?.ariaValueMax, "900");
  press(grip, "End");
  assert.deepEqual(widths(), ["900"]);
});

test("where text runs from the right, the left arrow widens", () => {
  show("e");
  for (const heading of area.querySelectorAll("th")) heading.style.direction = "rtl";
  press(grips()[0], "ArrowLeft");
  assert.deepEqual(widths(), ["128"]);
});

test("a pointer drags a column until it is lifted, and only by its main button", () => {
  show("f", "g");
  const [grip] = grips();
  if (!grip) assert.fail();
  const captured: number[] = [];
  grip.setPointerCapture = (id) => void captured.push(id);
  const point = (kind: string, clientX: number, button = 0) =>
    grip.dispatchEvent(Object.assign(new page.Event(kind), { clientX, button, pointerId: 7 }) as never);
  point("pointerdown", 300, 2);
  point("pointermove", 400);
  assert.deepEqual(widths(), ["112", "112"]);
  point("pointerdown", 300);
  point("pointermove", 340);
  point("pointermove", 320.5);
  assert.deepEqual(widths(), ["133", "112"]);
  point("lostpointercapture", 320);
  point("pointermove", 500);
  assert.deepEqual(widths(), ["133", "112"]);
  assert.deepEqual(captured, [7]);
});

test("a double click shows all that is in a column, and nothing is left of the measuring", () => {
  show("h", "i");
  grips()[0]?.dispatchEvent(new page.Event("dblclick") as never);
  assert.deepEqual(widths(), ["141", "112"]);
});

test("headings that come later find the widths of their columns", () => {
  show("j", "k");
  press(grips()[0], "End");
  show("k", "j");
  assert.deepEqual(widths(), ["112", "800"]);
});

test("a focused row that leaves gives its focus to the scroll area, and takes it back", async () => {
  show("l");
  rows(5, 6, 7);
  area.querySelector<HTMLElement>('[aria-rowindex="6"] button')?.focus();
  rows(80, 81);
  await changed();
  assert.equal(document.activeElement, area);
  rows(4, 5, 6);
  await changed();
  assert.equal(document.activeElement?.closest("tr")?.getAttribute("aria-rowindex"), "6");
});

test("a row that lost the focus to something else does not take it back", async () => {
  show("m");
  const elsewhere = document.body.appendChild(document.createElement("button"));
  rows(5, 6);
  area.querySelector<HTMLElement>('[aria-rowindex="6"] button')?.focus();
  elsewhere.focus();
  await changed();
  rows(80);
  await changed();
  assert.equal(document.activeElement, elsewhere);
  area.focus();
  rows(5, 6);
  await changed();
  assert.equal(document.activeElement, area);
});

test("a row that leaves while the host page has the focus leaves it there", async () => {
  show("n");
  rows(5, 6);
  area.querySelector<HTMLElement>('[aria-rowindex="6"] button')?.focus();
  Object.assign(page.document, { hasFocus: () => false });
  rows(80);
  await changed();
  assert.equal(document.activeElement, document.body);
});
