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
import json
import math
import os
import statistics
import sys
import urllib.parse
import urllib.request
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from tasks import OPEN, STATUSES, latest_day, read_tasks

PRESETS = {"4w": 28, "12w": 84, "26w": 182, "52w": 364, "all": None}


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
    headline = kpis(tasks, done, start, as_of)
    return {
        "as_of": as_of.isoformat(),
        "range": {"preset": preset, "from": start.isoformat(), "to": as_of.isoformat()},
        "kpis": headline,
        "statuses": [
            {"status": s, "tasks": sum(t.status == s for t in tasks)} for s in STATUSES
        ],
        "status_over_time": status_over_time(tasks, start, as_of, step_for(length, "day")),
        "burn_up": burn_up(tasks, done, start, as_of, step_for(length, "day")),
        "forecast": forecast(headline["open"], headline["trend"], as_of),
        "throughput": throughput(done, start, as_of, step_for(length, "week")),
        "cycle_time": cycle_time(cycles(tasks, start, as_of)),
        "health": health(tasks),
        "workload": workload(tasks),
    }


def cycles(tasks, first, last):
    """Days that the tasks took that were completed on these days, in order."""
    return sorted(
        (t.completed - t.started).days
        for t in tasks
        if t.completed_as_done
        and first <= t.completed <= last
        and t.started
        and t.started <= t.completed
    )


def median(days):
    return float(statistics.median(days)) if days else None


def percentile(days, share):
    if len(days) < 2:
        return float(days[0]) if days else None
    return statistics.quantiles(days, n=100, method="inclusive")[round(share * 100) - 1]


def cycle_time(days):
    starts = (0, 1, 2, 3, 5, 7, 14, 30, 60, 90)
    ends = (*starts[1:], None)
    return {
        "tasks": len(days),
        "p50_days": percentile(days, 0.5),
        "p85_days": percentile(days, 0.85),
        "p95_days": percentile(days, 0.95),
        "buckets": [
            {
                "from_days": first,
                "to_days": end,
                "tasks": sum(first <= d and (end is None or d < end) for d in days),
            }
            for first, end in zip(starts, ends)
        ],
    }


def kpis(tasks, done, start, as_of):
    week = timedelta(days=7)
    last_week = as_of - timedelta(days=6)
    took = cycles(tasks, start, as_of)
    return {
        "open": sum(t.is_open for t in tasks),
        # The data set has no due dates.
        "overdue": 0,
        "completed": {
            "last_7_days": between(done, last_week, as_of),
            "previous_7_days": between(done, last_week - week, as_of - week),
        },
        "cycle_time": {"median_days": median(took), "tasks": len(took)},
        "trend": [trend_point(tasks, done, as_of - week * ago) for ago in reversed(range(12))],
    }


def between(days, first, last):
    return sum(first <= d <= last for d in days)


def trend_point(tasks, done, end):
    first = end - timedelta(days=6)
    return {
        "date": end.isoformat(),
        "open": sum(t.status_on(end) in OPEN for t in tasks),
        "overdue": 0,
        "completed": between(done, first, end),
        "median_days": median(cycles(tasks, first, end)),
    }


def status_over_time(tasks, start, as_of, step):
    points = []
    for _, end in steps(start, as_of, step):
        counts = Counter(t.status_on(end) for t in tasks)
        points.append({"date": end.isoformat(), **{s: counts[s] for s in STATUSES}})
    return {"step": step, "points": points}


def forecast(remaining, trend, as_of):
    """Day by day, the first by which the work is likely enough done."""
    weeks = [point["completed"] for point in trend]
    while weeks and weeks[0] == 0:
        weeks.pop(0)
    if remaining == 0 or sum(tasks > 0 for tasks in weeks) < 4:
        return None
    mean, deviation = statistics.mean(weeks), statistics.stdev(weeks)

    def first_day(z):
        for days in range(3651):
            passed = days / 7
            if passed * mean - z * deviation * math.sqrt(passed) >= remaining - 1e-6:
                return (as_of + timedelta(days=days)).isoformat()
        return None

    p50, p85 = first_day(0), first_day(1.0364)
    return p85 and {
        "remaining": remaining,
        "weeks": len(weeks),
        "per_week": mean,
        "p50_on": p50,
        "p85_on": p85,
    }


def health(tasks):
    by_project = {}
    for task in tasks:
        if task.status != "cancelled":
            by_project.setdefault(task.project, []).append(task)
    items = [project_health(f"Project {code}", own) for code, own in by_project.items()]
    # Nothing is late: what is blocked decides, and then how much is open.
    ranks = ("off_track", "at_risk", "on_track", "done")
    items.sort(key=lambda i: (ranks.index(i["risk"]), -i["blocked"], -i["open"], i["project"]))
    return {"items": items[:20], "others": max(len(items) - 20, 0)}


def project_health(name, tasks):
    open_tasks = sum(t.is_open for t in tasks)
    blocked = sum(t.status == "blocked" for t in tasks)
    if open_tasks == 0:
        risk = "done"
    else:
        risk = "at_risk" if blocked / open_tasks >= 0.1 else "on_track"
    return {
        "project": name,
        "tasks": len(tasks),
        "open": open_tasks,
        "overdue": 0,
        "blocked": blocked,
        "completed": len(tasks) - open_tasks,
        "progress": (len(tasks) - open_tasks) / len(tasks),
        "risk": risk,
        "next_due_on": None,
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
    projects = [
        {**item, "project": item["project"]["name"]} for item in answer["health"]["items"]
    ]
    answer["health"] = {**answer["health"], "items": projects}
    return answer


def same(want, have):
    """Equal, but for how the last digit of a fraction was rounded."""
    if isinstance(want, dict):
        return (
            isinstance(have, dict)
            and want.keys() == have.keys()
            and all(same(want[key], have[key]) for key in want)
        )
    if isinstance(want, list):
        return (
            isinstance(have, list)
            and len(want) == len(have)
            and all(map(same, want, have))
        )
    if isinstance(want, float) and isinstance(have, (int, float)):
        return math.isclose(want, have, rel_tol=1e-12)
    return want == have


def compare(expected, found, label):
    """Prints what differs. Returns how many sections agree and how many do not."""
    passed = failed = 0
    sections = [(key,) for key in expected if key != "kpis"]
    sections += [("kpis", key) for key in expected["kpis"]]
    for path in sections:
        want, have = expected, found
        for key in path:
            want, have = want[key], have.get(key) if isinstance(have, dict) else None
        if same(want, have):
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
