/** The overview's words and numbers, the same for both peers and as the widget has them in English. */

export const STATUSES = { todo: "To do", in_progress: "In progress", blocked: "Blocked", done: "Done", cancelled: "Cancelled" };
export const PRIORITIES = { urgent: "Urgent", high: "High", medium: "Medium", low: "Low", none: "–" };
export const RISKS = { off_track: "Off track", at_risk: "At risk", on_track: "On track", done: "Done" };
/** From the foot of the stack up. */
export const STACK = ["done", "in_progress", "blocked", "todo", "cancelled"];

const numbers = new Intl.NumberFormat("en");
const dates = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const days = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

export const grouped = (number) => numbers.format(number);
export const date = (text) => (text ? dates.format(new Date(text)) : "–");
export const shortDay = (text) => days.format(new Date(text));
export const percent = (part, whole) => `${whole ? Math.round((100 * part) / whole) : 0}%`;

function change({ last_7_days: now, previous_7_days: before }) {
  if (now === before) return { sign: "none", note: "→ as many as before" };
  const difference = grouped(Math.abs(now - before));
  return now > before ? { sign: "up", note: `↑ ${difference} more than before` } : { sign: "down", note: `↓ ${difference} fewer than before` };
}

/** Label, number, unit, note and the last weeks of each card. */
export function kpis({ kpis, statuses }) {
  const total = statuses.reduce((sum, { tasks }) => sum + tasks, 0);
  const trend = (key) => kpis.trend.map((week) => week[key] ?? 0);
  const median = kpis.cycle_time.median_days;
  return [
    { label: "Open", number: grouped(kpis.open), note: `of ${grouped(total)} tasks`, trend: trend("open") },
    { label: "Overdue", number: grouped(kpis.overdue), note: `${percent(kpis.overdue, kpis.open)} of open tasks`, trend: trend("overdue") },
    { label: "Completed, 7 days", number: grouped(kpis.completed.last_7_days), ...change(kpis.completed), trend: trend("completed") },
    { label: "Cycle time", number: median === null ? "–" : median.toFixed(1), unit: " days", note: `median of ${grouped(kpis.cycle_time.tasks)} tasks`, trend: trend("median_days") },
  ];
}

/** The table's columns after the title. */
export const COLUMNS = [
  { slug: "project", name: "Project", text: (task) => task.project.name },
  { slug: "status", name: "Status", sort: "status", hue: (task) => task.status, text: (task) => STATUSES[task.status] },
  { slug: "priority", name: "Priority", sort: "priority", text: (task) => PRIORITIES[task.priority] },
  { slug: "assignee", name: "Assignee", text: (task) => task.assignee?.name ?? "Unassigned" },
  { slug: "due", name: "Due", sort: "due_on", text: (task) => date(task.due_on), overdue: (task) => task.overdue },
  { slug: "updated", name: "Updated", sort: "updated_at", text: (task) => date(task.updated_at) },
];

/** The ranges, as the API and as a person has them. */
export const RANGES = { "4w": "4 weeks", "12w": "12 weeks", "26w": "26 weeks", "52w": "52 weeks", all: "All" };

/** Name, slug and legend of the four charts. */
export const CHARTS = [
  { slug: "status-over-time", name: "Status over time", legend: [] },
  { slug: "throughput", name: "Completed per week", legend: [] },
  { slug: "cycle-time", name: "Cycle time in days", legend: [] },
  { slug: "workload", name: "Workload", legend: [["open", "Open"], ["overdue", "Overdue"]] },
];

/** Names, and tasks of each, for the charts of bars. */
export const bars = {
  throughput: ({ throughput }) => throughput.points.map(({ from, completed }) => [shortDay(from), completed]),
  "cycle-time": ({ cycle_time }) =>
    cycle_time.buckets.map(({ from_days: from, to_days: to, tasks }) => [to === null ? `≥ ${from}` : `${from}–${to}`, tasks]),
};

/** Name, open tasks that are not late, and late ones, of each person. */
export function workload({ workload: { people, others } }) {
  const rows = people.map(({ user, open, overdue }) => [user?.name ?? "Unassigned", open - overdue, overdue]);
  if (others) rows.push([`${others.people} others`, others.open - others.overdue, others.overdue]);
  return rows;
}

/** The order that a click on a heading asks for. */
export const nextSort = (now, key) => (now === key ? `-${key}` : now === `-${key}` ? "" : key);
export const ariaSort = (now, key) => (now === key ? "ascending" : now === `-${key}` ? "descending" : "none");
