/** The widget as its viewers know it: by names and roles, not by class names. */

import type { FrameLocator, Locator } from "@playwright/test";

export const CHARTS = ["Burn-up", "Status", "Completed per week", "Workload"] as const;

/** A chart's card, by its heading. */
export function chart(inside: FrameLocator, name: string): { toggle: Locator; twin: Locator; body: Locator } {
  const card = inside.getByRole("region", { name, exact: true });
  // The table's first row names its columns.
  return { toggle: card.getByRole("button"), twin: card.getByRole("table"), body: card.locator("tbody tr") };
}

/** Label, number and note of each card, in words. */
export function cards(inside: FrameLocator): Promise<string[][]> {
  return inside.locator("dl").first().locator(":scope > div").evaluateAll((all) => all.map((card) => [...card.children].map((part) => (part.textContent ?? "").replace(/\s+/g, " ").trim())));
}

/** The table of tasks, the buttons that open a task, and the line that says which page this is. */
export function tasks(inside: FrameLocator): { table: Locator; titles: Locator; page: Locator } {
  const table = inside.getByRole("table", { name: "Tasks" });
  return { table, titles: table.locator("tbody th button"), page: inside.getByRole("navigation", { name: "Pages" }).getByRole("paragraph") };
}
