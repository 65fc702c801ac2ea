/**
 * Columns as wide as the viewer wants them: a handle at the end of each heading.
 *
 * The widths are rules of a style sheet of their own, by column. So they hold for
 * headings that come and go, no element has a style that the widget does not know
 * of, and the frame needs no style attribute.
 */

/** How narrow and how wide a column gets, and how far an arrow key moves its end, in pixels. */
const MIN = 64;
const MAX = 800;
const STEP = 16;

/** What the style sheets know the columns by. */
const NAME = "column";

/**
 * A narrow screen has a layout of its own, without handles. Room that the columns
 * leave is nobody's: shared among them, it would have each move with every other.
 */
const STYLE = `
.grip { display: none }
@media (min-width: 640px) {
  .tasks thead th { padding-inline-end: 24px }
  .grip { display: block; position: absolute; inset-block: 0; inset-inline-end: 0; width: 24px; cursor: col-resize; touch-action: none; user-select: none }
  .grip::after { content: ""; position: absolute; inset-block: 25%; inset-inline-end: 0; border-inline-end: 2px solid var(--border) }
  .grip:is(:hover, :focus, :active)::after { border-color: var(--accent) }
}`;
const SPARE = [
  '.tasks tr:not(.room)::after { content: ""; display: table-cell; border-bottom: 1px solid var(--border) }',
  ".tasks thead tr::after { position: sticky; inset-block-start: 0; background: var(--surface) }",
  ".tasks tbody tr:hover::after { background: var(--surface-sunken) }",
];
/** Every column as wide as what is in it. */
const NATURAL = [".tasks { table-layout: auto; width: max-content; min-width: 0 }", ".tasks thead th[data-column] { width: auto }"];

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const wide = sheet.cssRules[1] as CSSMediaRule;
/** The rule of each column, once one of them has been resized. */
const rules = new Map<string, CSSStyleRule>();

/** Sees to it that each heading of `table` has a handle, which tells how wide the column is now. */
export function equip(table: Element): void {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  for (const heading of headings(table)) {
    const grip = heading.querySelector(".grip") ?? heading.appendChild(createGrip(heading));
    grip.ariaValueNow = `${Math.round(widthOf(heading))}`;
    grip.ariaValueMax = `${Math.round(widest(heading))}`;
  }
}

function createGrip(heading: HTMLElement): HTMLElement {
  // The text alone: not the arrow, nor the place in the order.
  const name = (heading.querySelector("button") ?? heading).firstChild?.textContent ?? "";
  // Without it the handle's name would be a part of the heading's, which is read with each cell.
  heading.ariaLabel = name;
  const grip = document.createElement("span");
  grip.className = "grip";
  grip.tabIndex = 0;
  grip.setAttribute("role", "separator");
  Object.assign(grip, { ariaLabel: name, ariaOrientation: "vertical", ariaValueMin: `${MIN}` });
  grip.ondblclick = () => resize(heading, naturalWidth(heading));
  grip.onkeydown = (event) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    // With those, it is the browser's.
    const wanted = altKey || ctrlKey || metaKey ? undefined : byKey(heading, key);
    if (wanted === undefined) return;
    // The scroll area has its own use for these keys.
    event.preventDefault();
    resize(heading, wanted);
  };
  grip.onpointerdown = ({ button, pointerId, clientX }) => {
    if (button) return;
    grip.setPointerCapture(pointerId);
    const way = forward(heading);
    const start = widthOf(heading) - way * clientX;
    grip.onpointermove = ({ clientX }) => resize(heading, start + way * clientX);
  };
  grip.onlostpointercapture = () => (grip.onpointermove = null);
  return grip;
}

/** How wide a key wants the column; `undefined` where it is no key of the handle's. */
function byKey(heading: HTMLElement, key: string): number | undefined {
  switch (key) {
    case "ArrowLeft":
      return widthOf(heading) - STEP * forward(heading);
    case "ArrowRight":
      return widthOf(heading) + STEP * forward(heading);
    case "Home":
      return MIN;
    case "End":
      return widest(heading);
    case "Enter":
      return naturalWidth(heading);
    default:
      return undefined;
  }
}

function resize(heading: HTMLElement, width: number): void {
  const table = heading.closest("table");
  if (!table) return;
  // From the first time on, every column keeps the width that it has.
  const widths = headings(table).map((each) => [each, widthOf(each)] as const);
  if (!rules.size) for (const rule of SPARE) wide.insertRule(rule, wide.cssRules.length);
  for (const [each, width] of widths) ruleOf(each, width);
  ruleOf(heading, width).style.width = `${Math.round(Math.min(widest(heading), Math.max(MIN, width)))}px`;
  equip(table);
}

/** The rule of a heading's column, made for `width` where there is none. */
function ruleOf(heading: HTMLElement, width: number): CSSStyleRule {
  const name = heading.dataset[NAME] ?? "";
  let rule = rules.get(name);
  if (!rule) {
    const place = wide.insertRule(`.tasks thead [data-${NAME}="${name}"] { width: ${width}px }`, wide.cssRules.length);
    rule = wide.cssRules[place] as CSSStyleRule;
    rules.set(name, rule);
  }
  return rule;
}

/** How wide a column is whose cells show all that is in them. */
function naturalWidth(heading: HTMLElement): number {
  const first = wide.cssRules.length;
  for (const rule of NATURAL) wide.insertRule(rule, wide.cssRules.length);
  const width = Math.ceil(widthOf(heading));
  while (wide.cssRules.length > first) wide.deleteRule(first);
  return width;
}

function headings(table: Element): HTMLElement[] {
  return [...table.querySelectorAll<HTMLElement>(`thead [data-${NAME}]`)];
}

function widthOf(heading: HTMLElement): number {
  return heading.getBoundingClientRect().width;
}

/** A column that has a wide table almost to itself may be wider already. */
function widest(heading: HTMLElement): number {
  return Math.max(MAX, widthOf(heading));
}

/** Which way a column grows. */
function forward(heading: HTMLElement): 1 | -1 {
  return getComputedStyle(heading).direction === "rtl" ? -1 : 1;
}
