/** The widget as its viewers know it: by names and roles, not by class names. */

import type { FrameLocator, Locator } from "@playwright/test";

/** The charts of the overview. */
export const CHARTS = ["Status over time", "Completed per week", "Cycle time in days", "Workload"] as const;

/** A chart's card, by its heading: what is explored, its menu, and the rows of its table when that is shown. */
export function chart(inside: FrameLocator, name: string): { plot: Locator; options: Locator; menu: (choice: string) => Promise<void>; twin: Locator; rows: Locator } {
  const card = inside.getByRole("region", { name, exact: true });
  const options = card.locator("summary");
  const menu = async (choice: string): Promise<void> => {
    await options.click();
    await card.getByRole("button", { name: choice }).click();
  };
  // The table's first row names its columns.
  return { plot: card.getByRole("application"), options, menu, twin: card.getByRole("table"), rows: card.locator("tbody tr") };
}

/** Label, number and note of each card, in words. */
export function cards(inside: FrameLocator): Promise<string[][]> {
  return inside.locator("dl").first().locator(":scope > div").evaluateAll((all) => all.map((card) => [...card.children].map((part) => (part.textContent ?? "").replace(/\s+/g, " ").trim())));
}

/** The table of tasks, its scroll area, the buttons that open a task, and the line that says how many there are. */
export function tasks(inside: FrameLocator): { area: Locator; table: Locator; titles: Locator; count: Locator } {
  const table = inside.getByRole("table", { name: "Tasks" });
  const card = inside.getByRole("region", { name: "Tasks" });
  return { area: card.locator("#rows"), table, titles: table.locator("tbody th button"), count: card.locator("header p").first() };
}

/** A column of the board, by its heading: how many tasks it has, its cards, and what opens them. */
export function column(inside: FrameLocator, name: string): { count: Locator; cards: Locator; titles: Locator; more: Locator } {
  const column = inside.getByRole("region", { name, exact: true });
  return { count: column.locator("header span"), cards: column.getByRole("listitem"), titles: column.getByRole("listitem").getByRole("button"), more: column.getByRole("button", { name: "Show more" }) };
}

/** A menu that opens below its button; `choose` opens it and clicks its boxes. */
export function menu(inside: FrameLocator, name: string): { button: Locator; panel: Locator; choose(...names: string[]): Promise<void> } {
  const menu = inside.locator("details").filter({ has: inside.locator(`summary:text("${name}")`) });
  const [button, panel] = [menu.locator("summary"), menu.locator("> div")];
  return {
    button,
    panel,
    async choose(...names) {
      if (!(await panel.isVisible())) await button.click();
      for (const name of names) await panel.getByRole("checkbox", { name, exact: true }).click();
      await button.press("Escape");
    },
  };
}
