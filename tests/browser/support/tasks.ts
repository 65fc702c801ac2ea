/** The fixture's tasks, read with nothing of the importer's. */

import type { Task } from "./oracle.ts";

const STATUSES: Record<string, Task["status"]> = { New: "todo", Doing: "in_progress", Waiting: "blocked", Closed: "done", Dropped: "cancelled" };

/** Reads the tasks of tests/fixtures/portal.csv. */
export function readTasks(csv: string): Task[] {
  const [head = [], ...rows] = parse(csv);
  return rows.map((row) => {
    const field = (name: string) => row[head.indexOf(name)] ?? "";
    const time = (name: string) => (field(name) ? new Date(`${field(name).replace(" ", "T")}Z`) : undefined);
    const status = STATUSES[field("State")];
    const created = time("Opened");
    if (!status || !created) throw new Error(`The fixture has a row that cannot be read: ${row.join(", ")}`);
    return {
      title: field("Summary").trim(),
      project: field("Area name"),
      status,
      assignee: field("Owner name"),
      created,
      started: time("Started"),
      completed: time("Closed"),
      due: field("Due") || undefined,
    };
  });
}

/** CSV as RFC 4180 has it: quotes double inside quotes, and line breaks stay. */
function parse(text: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const row = rows.at(-1) as string[];
    const char = text[i] as string;
    if (quoted && char === '"' && text[i + 1] === '"') {
      row[row.length - 1] += '"';
      i += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === "," && !quoted) row.push("");
    else if (char === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += char;
  }
  return rows.filter((row) => row.length > 1);
}
