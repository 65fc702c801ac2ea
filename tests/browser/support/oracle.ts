/**
 * The dashboard's numbers by another path: straight from the fixture, one task
 * after the other, by what the contract says each number means. No SQL, and
 * nothing shared with the server.
 */

export interface Task {
  title: string;
  project: string;
  status: "todo" | "in_progress" | "blocked" | "done" | "cancelled";
  assignee: string;
  created: Date;
  started: Date | undefined;
  completed: Date | undefined;
  /** A day, as YYYY-MM-DD. */
  due: string | undefined;
}

export interface Numbers {
  open: number;
  overdue: number;
  last7: number;
  previous7: number;
  cycle: { days: number | undefined; tasks: number };
  statuses: [status: string, tasks: number][];
  /** Per day, latest first. */
  burnUp: [day: string, scope: number, completed: number][];
  /** Per week, latest first, named by its first day within the range. */
  throughput: [from: string, completed: number][];
  /** Most open tasks first, then by name; nobody is "Unassigned". */
  workload: [name: string, open: number, overdue: number][];
}

const DAY_MS = 86_400_000;
const STATUSES = ["todo", "in_progress", "blocked", "done", "cancelled"] as const;

/** The numbers of the last `days` days up to and with `asOf`. */
export function numbersOf(tasks: readonly Task[], asOf: string, days: number): Numbers {
  const open = tasks.filter(({ status }) => status === "todo" || status === "in_progress" || status === "blocked");
  const overdue = open.filter(({ due }) => due !== undefined && due < asOf);
  const done = tasks.filter((task) => task.status === "done" && task.completed);
  const doneOn = new Map<string, Task[]>();
  for (const task of done) {
    const day = dayOf(task.completed ?? new Date(0));
    doneOn.set(day, [...(doneOn.get(day) ?? []), task]);
  }
  const range = Array.from({ length: days }, (_, index) => before(asOf, index));
  const inRange = range.flatMap((day) => doneOn.get(day) ?? []);
  const sum = (list: string[]) => list.reduce((total, day) => total + (doneOn.get(day)?.length ?? 0), 0);
  return {
    open: open.length,
    overdue: overdue.length,
    last7: sum(range.slice(0, 7)),
    previous7: sum(range.slice(7, 14)),
    cycle: cycleOf(inRange),
    statuses: STATUSES.map((status) => [status, tasks.filter((task) => task.status === status).length]),
    burnUp: range.map((day) => [
      day,
      tasks.filter((task) => task.status !== "cancelled" && dayOf(task.created) <= day).length,
      done.filter((task) => dayOf(task.completed ?? new Date(0)) <= day).length,
    ]),
    throughput: weeks(range).map((week) => [week.at(-1) ?? "", sum(week)]),
    workload: workloadOf(open, new Set(overdue)),
  };
}

function cycleOf(tasks: readonly Task[]): Numbers["cycle"] {
  const spans = tasks
    .flatMap(({ started, completed }) => (started && completed && started <= completed ? [(+completed - +started) / DAY_MS] : []))
    .sort((a, b) => a - b);
  const middle = Math.floor(spans.length / 2);
  const upper = spans[middle];
  const lower = spans.length % 2 === 1 ? upper : spans[middle - 1];
  return { days: upper === undefined || lower === undefined ? undefined : (upper + lower) / 2, tasks: spans.length };
}

/** Days, latest first, in weeks that start on Monday. */
function weeks(days: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const day of days) {
    all.at(-1)?.push(day);
    if (new Date(`${day}T00:00:00Z`).getUTCDay() === 1) all.push([]);
  }
  return all.filter((week) => week.length > 0);
}

function workloadOf(open: readonly Task[], overdue: ReadonlySet<Task>): Numbers["workload"] {
  const people = new Map<string, [number, number]>();
  for (const task of open) {
    const name = task.assignee || "Unassigned";
    const [count, late] = people.get(name) ?? [0, 0];
    people.set(name, [count + 1, late + (overdue.has(task) ? 1 : 0)]);
  }
  return [...people].map(([name, [count, late]]): [string, number, number] => [name, count, late]).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function before(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS));
}
