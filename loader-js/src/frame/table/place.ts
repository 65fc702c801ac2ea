/**
 * The place of a viewer who uses the keyboard: only rows in sight are in the page, and
 * one that leaves it would take the focus along, back to the top of the page.
 */

/** Keeps the focus in `area` when its row leaves, and gives it back when the row does. */
export function keepPlace(area: HTMLElement): void {
  /** The row that has the focus, or had it when it left. */
  let row = rowOf(document.activeElement);

  area.addEventListener("focusin", ({ target }) => (row = rowOf(target as Element)));
  area.addEventListener("focusout", ({ target }) => {
    // A row that leaves is out of the page by then; whoever left it has gone elsewhere.
    queueMicrotask(() => {
      if ((target as Element).isConnected && !area.contains(document.activeElement)) row = null;
    });
  });
  new MutationObserver(() => {
    const { activeElement, body } = document;
    // The focus may be in the host page: it stays there.
    if (!row || !document.hasFocus() || (activeElement !== body && activeElement !== area)) return;
    const kept = row;
    const back = area.querySelector<HTMLElement>(`tr[aria-rowindex="${kept}"] button`);
    (back ?? area).focus({ preventScroll: true });
    row = kept;
  }).observe(area, { childList: true, subtree: true });
}

function rowOf(element: Element | null): string | null {
  return element?.closest("tbody tr")?.getAttribute("aria-rowindex") ?? null;
}
