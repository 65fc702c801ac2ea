"""The tasks of the SiP data, as its CSV files have them."""

import csv
from datetime import datetime

FILES = ("Sip-task-info.csv", "est-act-dates.csv")
STATUSES = ("todo", "in_progress", "blocked", "done", "cancelled")
OPEN = ("todo", "in_progress", "blocked")
STATUS_OF = {
    "ESTIMATED": "todo",
    "AUTHORISE": "todo",
    "TEMPLATE": "todo",
    "CHRONICLE": "in_progress",
    "FINISHED": "done",
    "COMPLETED": "done",
    "RELEASED": "done",
    "CANCELLED": "cancelled",
}


class Task:
    """One task; of several rows the first counts."""

    def __init__(self, info, dates):
        self.number = info["TaskNumber"]
        self.title = info["Summary"].strip()
        self.project = info["ProjectCode"]
        self.status = STATUS_OF[info["StatusCode"]]
        self.assignee = f"Person {info['AssignedToID']}"
        self.created = day(dates["EstimateOn"])
        self.started = day(dates["StartedOn"])
        self.completed = day(dates["CompletedOn"])

    @property
    def is_open(self):
        return self.status in OPEN

    def status_on(self, d):
        """The status at the end of a day, by what the dates prove; None before the creation."""
        if d < self.created:
            return None
        entered = []
        ended = None if self.is_open else self.completed
        if self.started and self.status != "todo" and not (ended and ended < self.started):
            entered.append((self.started, "in_progress"))
        if ended:
            entered.append((ended, self.status))
        # Since the last change, and always without one, it is what it is now.
        if all(first <= d for first, _ in entered):
            return self.status
        return next((status for first, status in reversed(entered) if first <= d), "todo")

    @property
    def completed_as_done(self):
        """The day that counts as completion: only that of a done task."""
        return self.completed if self.status == "done" else None


def day(text):
    if text in ("", "NA"):
        return None
    return datetime.strptime(text, "%d-%b-%y").date()


def first_rows(path, encoding):
    rows = {}
    with path.open(encoding=encoding, newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["TaskNumber"], row)
    return rows


def read_tasks(folder):
    info = first_rows(folder / FILES[0], "cp1252")
    dates = first_rows(folder / FILES[1], "utf-8")
    return [Task(row, dates[number]) for number, row in info.items()]


def latest_day(tasks):
    days = (d for t in tasks for d in (t.created, t.started, t.completed))
    return max(d for d in days if d)
