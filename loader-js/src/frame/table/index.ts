/**
 * What the table of tasks has for its viewer's hands. It is loaded with the first
 * pointer or focus on the table: most viewers only look at it.
 */

import { equip } from "./columns.ts";
import { keepPlace } from "./place.ts";

const areas = new WeakSet<HTMLElement>();

/** Sees to it that the table in a scroll area can be handled; may be called at any time. */
export function handle(area: HTMLElement): void {
  equip(area);
  if (areas.has(area)) return;
  areas.add(area);
  keepPlace(area);
}
