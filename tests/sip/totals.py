#!/usr/bin/env python3
"""Every number of a dashboard over the SiP data, from the CSV files alone.

This is the other path: it shares no code, no SQL and no mapping file with
Oriel. What each number means is the contract's (`contract/openapi.yaml`).

    totals.py --data DIR                               print the numbers
    totals.py --data DIR --dashboard FILE|-            compare a saved answer
    ORIEL_TOKEN=… totals.py --data DIR --url ORIGIN    compare a live answer

`--range` and `--project` (a ProjectCode) choose the dashboard, `--as-of` the
day; without it the latest day in the data.
"""

import argparse
import csv
import json
import os
import statistics
import sys
import urllib.parse
import urllib.request
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

FILES = ("Sip-task-info.csv", "est-act-dates.csv")
PRESETS = {"4w": 28, "12w": 84, "26w": 182, "52w": 364, "all": None}
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


def week_end(d):
    return d + timedelta(days=6 - d.weekday())


def month_end(d):
    return (d.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def steps(first, last, step):
    """Pairs of first and last day, cut to the range."""
    end_of = {"day": lambda d: d, "week": week_end, "month": month_end}[step]
    pairs = []
    while first <= last:
        end = min(end_of(first), last)
        pairs.append((first, end))
        first = end + timedelta(days=1)
    return pairs


def step_for(length, shortest):
    if shortest == "day" and length <= 92:
        return "day"
    return "week" if length <= 732 else "month"


def dashboard(tasks, as_of, preset, project=None):
    """The numbers, with people by name instead of by id."""
    tasks = [t for t in tasks if project in (None, t.project)]
    done = [t.completed_as_done for t in tasks if t.completed_as_done]
    if PRESETS[preset]:
        start = as_of - timedelta(days=PRESETS[preset] - 1)
    else:
        start = min([as_of, *done, *(t.created for t in tasks)])
    length = (as_of - start).days + 1
    return {
        "as_of": as_of.isoformat(),
        "range": {"preset": preset, "from": start.isoformat(), "to": as_of.isoformat()},
        "kpis": kpis(tasks, done, start, as_of),
        "statuses": [
            {"status": s, "tasks": sum(t.status == s for t in tasks)} for s in STATUSES
        ],
        "burn_up": burn_up(tasks, done, start, as_of, step_for(length, "day")),
        "throughput": throughput(done, start, as_of, step_for(length, "week")),
        "workload": workload(tasks),
    }


def kpis(tasks, done, start, as_of):
    def completed_between(first, last):
        return sum(first <= d <= last for d in done)

    week = timedelta(days=7)
    last_week = as_of - timedelta(days=6)
    cycles = [
        (t.completed - t.started).days
        for t in tasks
        if t.completed_as_done
        and start <= t.completed <= as_of
        and t.started
        and t.started <= t.completed
    ]
    return {
        "open": sum(t.is_open for t in tasks),
        # The data set has no due dates.
        "overdue": 0,
        "completed": {
            "last_7_days": completed_between(last_week, as_of),
            "previous_7_days": completed_between(last_week - week, as_of - week),
        },
        "cycle_time": {
            "median_days": float(statistics.median(cycles)) if cycles else None,
            "tasks": len(cycles),
        },
    }


def burn_up(tasks, done, start, as_of, step):
    created = [t.created for t in tasks if t.status != "cancelled"]
    points = [
        {
            "date": end.isoformat(),
            "scope": sum(d <= end for d in created),
            "completed": sum(d <= end for d in done),
        }
        for _, end in steps(start, as_of, step)
    ]
    return {"step": step, "points": points}


def throughput(done, start, as_of, step):
    points = [
        {"from": first.isoformat(), "completed": sum(first <= d <= end for d in done)}
        for first, end in steps(start, as_of, step)
    ]
    return {"step": step, "points": points}


def workload(tasks):
    loads = Counter(t.assignee for t in tasks if t.is_open)
    ordered = sorted(loads.items(), key=lambda load: (-load[1], load[0]))
    rest = ordered[12:]
    return {
        "people": [{"user": n, "open": c, "overdue": 0} for n, c in ordered[:12]],
        "others": {"people": len(rest), "open": sum(c for _, c in rest), "overdue": 0}
        if rest
        else None,
    }


def by_name(answer):
    """An answer of the server, in the shape of `dashboard`."""
    answer = {key: value for key, value in answer.items() if key not in ("pinned", "revision")}
    people = [
        {**person, "user": person["user"] and person["user"]["name"]}
        for person in answer["workload"]["people"]
    ]
    answer["workload"] = {**answer["workload"], "people": people}
    return answer


def compare(expected, found, label):
    """Prints what differs. Returns how many sections agree and how many do not."""
    passed = failed = 0
    sections = [(key,) for key in expected if key != "kpis"]
    sections += [("kpis", key) for key in expected["kpis"]]
    for path in sections:
        want, have = expected, found
        for key in path:
            want, have = want[key], have.get(key) if isinstance(have, dict) else None
        if want == have:
            passed += 1
        else:
            failed += 1
            print(f"FAILED  {label}: {'.'.join(path)}")
            print(f"  from the CSV files: {json.dumps(want)[:600]}")
            print(f"  from the server:    {json.dumps(have)[:600]}")
    extra = set(found) - set(expected)
    if extra:
        failed += 1
        print(f"FAILED  {label}: unknown sections {sorted(extra)}")
    return passed, failed


def fetch(origin, path, token):
    request = urllib.request.Request(origin + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def find_answer(args):
    if args.dashboard == "-":
        return json.load(sys.stdin)
    if args.dashboard:
        return json.loads(Path(args.dashboard).read_text(encoding="utf-8"))
    # A token on the command line could be read by every user of the machine.
    token = os.environ["ORIEL_TOKEN"]
    query = {"range": args.range}
    if args.project:
        projects = fetch(args.url, "/v1/embed/projects?limit=200", token)["items"]
        name = f"Project {args.project}"
        query["project"] = next(p["id"] for p in projects if p["name"] == name)
    return fetch(args.url, "/v1/embed/dashboard?" + urllib.parse.urlencode(query), token)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--range", choices=PRESETS, default="all")
    parser.add_argument("--project", metavar="CODE")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--dashboard", metavar="FILE")
    source.add_argument("--url", metavar="ORIGIN")
    args = parser.parse_args()

    tasks = read_tasks(args.data)
    expected = dashboard(tasks, args.as_of or latest_day(tasks), args.range, args.project)
    if not (args.dashboard or args.url):
        json.dump(expected, sys.stdout, indent=2)
        print()
        return 0
    passed, failed = compare(expected, by_name(find_answer(args)), args.range)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
