/**
 * What the widget leaves to its document: menus that close, the drawer, a file to
 * save. All of it is a few bytes here and many in wasm.
 */

import type { Resource } from "./meta.ts";
import { importBuilt } from "./module.ts";

/** Room between a menu and the edge of the frame, in pixels. */
const EDGE = 8;

/** What the build has made of `table/index.ts`. */
declare const TABLE: Resource;

/** What the widget asks for. */
export interface PageActions {
  /** Saves `blob` as a file. */
  save(blob: Blob, name: string): void;
  /** Opens the drawer, or closes it. */
  drawer(open: boolean): void;
  /** Brings the table back to its first row. */
  rewind(): void;
  /** Another page is there: whoever was on a part of the last one starts at its top. */
  arrive(): void;
}

export const pageActions: PageActions = {
  save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser has taken the file over by the next turn.
    setTimeout(() => URL.revokeObjectURL(link.href));
  },
  drawer(open) {
    const drawer = document.querySelector<HTMLDialogElement>("#drawer");
    if (!open) drawer?.close();
    else if (drawer) showInSight(drawer);
  },
  rewind() {
    document.querySelector("#rows")?.scrollTo(0, 0);
  },
  arrive() {
    // The focus is in the host page, which may have asked for this view: it stays there.
    if (!document.hasFocus()) return;
    const { activeElement, body } = document;
    if (!activeElement || activeElement === body) document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  },
};

/**
 * Opens a dialog in the part of the frame that the viewer sees: the frame is as high
 * as its content, so its own middle may be far away.
 */
function showInSight(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  // Of a dialog that was closed a moment ago browsers still have to say so.
  const hush = (event: Event): void => void (event.target === dialog && event.stopImmediatePropagation());
  window.addEventListener("close", hush, true);
  new IntersectionObserver(([entry], observer) => {
    observer.disconnect();
    window.removeEventListener("close", hush, true);
    // Closed again before it was open, or open already.
    if (!dialog.firstChild || dialog.open) return;
    const { top = 0, height = 0 } = entry?.intersectionRect ?? {};
    dialog.style.setProperty("--sight-top", `${top}px`);
    dialog.style.setProperty("--sight-height", `${height}px`);
    dialog.showModal();
  }).observe(document.documentElement);
}

/**
 * Closes menus on Escape, on a press elsewhere, and when the focus leaves them; and
 * a dialog on a press beside it.
 */
export function watchMenus(): void {
  const close = (keep?: EventTarget | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (keep && menu.contains(keep as Node)) continue;
      menu.open = false;
      // Nothing is kept: it was Escape, and the focus goes back to the button.
      if (!keep) menu.querySelector("summary")?.focus();
    }
  };
  document.addEventListener("pointerdown", ({ target }) => close(target));
  document.addEventListener("focusin", ({ target }) => close(target));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLDialogElement) target.close();
    // A choice that is made once, unlike one of several boxes.
    if (target instanceof Element && target.closest(".menu__pick")) close();
  });
  // The event does not bubble, so it is caught on its way down.
  document.addEventListener("toggle", ({ target }) => keepInside(target as HTMLElement), true);
}

/** Parts of the page that say what they are, to whoever comes to them. */
const NAMED = "[tabindex], [aria-label], [aria-labelledby], main";

/**
 * Whoever was on something that vanishes, such as the last "Show more", stays where it
 * was: on the nearest part of the page that is still there.
 */
export function keepFocus(): void {
  let path: EventTarget[] = [];
  document.addEventListener("focusin", (event) => (path = event.composedPath()));
  // A press beside it leaves it, without another focus.
  document.addEventListener("pointerdown", ({ target }) => {
    if (target && !path.includes(target)) path = [];
  });
  const stay = (): void => {
    const [last] = path as Node[];
    // In the host page the viewer has gone elsewhere.
    if (!last || last.isConnected || document.activeElement !== document.body || !document.hasFocus()) return;
    for (const place of path) {
      if (!(place instanceof HTMLElement) || !place.isConnected || !place.matches(NAMED)) continue;
      if (place.tabIndex < 0) {
        place.tabIndex = -1;
        place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
      }
      place.focus({ preventScroll: true });
      // What is hidden takes no focus.
      if (document.activeElement === place) break;
    }
  };
  // The table has a place of its own to give, and looks at the same changes.
  new MutationObserver(() => queueMicrotask(stay)).observe(document, { childList: true, subtree: true });
}

/**
 * Loads what the table has for hands with the first that it meets. Where that fails,
 * the next one tries again.
 */
export function watchTable(): void {
  /** How often it is asked for at most: a pointer meets many rows. */
  let tries = 5;
  /** The module on its way, or there; one that did not come leaves nothing. */
  let table: Promise<typeof import("./table/index.ts")> | undefined;
  const load = () => (table ??= importBuilt<typeof import("./table/index.ts")>(TABLE).catch((error: unknown) => {
    if (--tries) table = undefined;
    throw error;
  }));
  for (const kind of ["pointerover", "focusin"] as const) {
    document.addEventListener(kind, ({ target }) => {
      const area = (target as Element).closest<HTMLElement>("#rows");
      // Rows that a pointer crosses change nothing about headings that are ready.
      const isReady = kind === "pointerover" && !(target as Element).closest("thead") && !area?.querySelector("thead th:not(:has(.grip))");
      if (area && !isReady) load().then(({ handle }) => handle(area), () => undefined);
    });
  }
}

/** Moves a menu that has opened across an edge of the frame back inside. */
function keepInside(menu: HTMLElement): void {
  const panel = menu.querySelector<HTMLElement>(".menu__panel");
  if (!panel) return;
  panel.style.translate = "";
  const { left, right } = panel.getBoundingClientRect();
  const over = Math.max(0, right + EDGE - window.innerWidth) || Math.min(0, left - EDGE);
  panel.style.translate = `${-over}px`;
}
