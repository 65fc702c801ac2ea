#!/usr/bin/env python3
"""Imports the SiP data as an operator would and compares every dashboard.

For each database: a tenant, an import (twice: the second changes nothing), a
client, an embed, the real server, a real token, and then each range over the
whole tenant and over one project against `totals.py`. Without the data it
says so and passes. Ends with one line `N passed, N failed`.
"""

import argparse
import base64
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

# No compiled files in the source tree.
sys.dont_write_bytecode = True

import tasks as sip  # noqa: E402
import totals  # noqa: E402

HERE = Path(__file__).resolve().parent
MAPPING = HERE.parent.parent / "examples" / "import-sip" / "map.toml"
# A large project, a middling one and a small one: their first days differ.
PROJECTS = ("PC2", "PC9", "PC14")


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED  {what}")

    def add(self, counts):
        self.passed += counts[0]
        self.failed += counts[1]


class Oriel:
    """The program, on one database."""

    def __init__(self, program, database_url, port, folder):
        self.program = str(program)
        self.folder = folder
        self.origin = f"http://127.0.0.1:{port}"
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ORIEL_")},
            "ORIEL_LISTEN": f"127.0.0.1:{port}",
            "ORIEL_PUBLIC_URL": self.origin,
            "ORIEL_DATABASE_URL": database_url,
            "ORIEL_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }

    def run(self, *arguments):
        done = subprocess.run(
            [self.program, *map(str, arguments)],
            env=self.env, cwd=self.folder, capture_output=True, text=True, encoding="utf-8",
        )
        if done.returncode != 0:
            sys.exit(f"oriel {arguments[0]} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def serving(self):
        log = self.folder / "serve.log"
        with log.open("wb") as output:
            server = subprocess.Popen([self.program, "serve"], env=self.env, cwd=self.folder,
                                      stdout=output, stderr=output)
        try:
            self.wait_until_ready(server, log)
            yield server
        finally:
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)

    def wait_until_ready(self, server, log):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if server.poll() is not None:
                sys.exit(f"oriel serve ended:\n{log.read_text(encoding='utf-8')}")
            try:
                with urllib.request.urlopen(self.origin + "/readyz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        sys.exit(f"oriel serve was not ready within 30 s:\n{log.read_text(encoding='utf-8')}")

    def post(self, path, body, content_type, authorization):
        request = urllib.request.Request(self.origin + path, data=body, headers={
            "Content-Type": content_type, "Authorization": authorization})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def mint(self, client, embed):
        """An embed token, the way a tenant's backend gets one."""
        basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        access = self.post("/oauth/token", b"grant_type=client_credentials",
                           "application/x-www-form-urlencoded", f"Basic {basic}")
        body = json.dumps({"embed": embed, "viewer": "sip-check"}).encode()
        return self.post("/v1/embed-tokens", body, "application/json",
                         f"Bearer {access['access_token']}")["token"]

    def read(self, path, token, **query):
        query = "?" + urllib.parse.urlencode(query) if query else ""
        return totals.fetch(self.origin, path + query, token)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_import(oriel, tenant, data, tasks, tally):
    files = [data / name for name in sip.FILES]
    command = ("import", "--tenant", tenant, "--map", MAPPING, *files)
    first, second = oriel.run(*command), oriel.run(*command)
    for name in sip.FILES:
        rows = "12,299 rows read     12,299 taken          0 not taken"
        tally.check(re.search(re.escape(name) + r" +" + re.escape(rows), first),
                    f"every row of {name} is taken:\n{first}")
    tally.check("10,266 tasks made, 0 updated, 0 unchanged in 20 projects" in first,
                f"10,266 tasks in 20 projects:\n{first}")
    tally.check("0 tasks made, 0 updated, 10,266 unchanged" in second,
                f"a second import changes nothing:\n{second}")
    report = (oriel.folder / "oriel-import-report.csv").read_text(encoding="utf-8")
    odd = sum(1 for t in tasks if t.completed and t.status in ("cancelled", "in_progress"))
    tally.check(report.count("has a completion date") == odd,
                f"{odd} tasks that ended without being done are in the report")


def check_lists(oriel, token, tasks, tally):
    projects = oriel.read("/v1/embed/projects", token, limit=200)["items"]
    expected = {}
    for task in tasks:
        counts = expected.setdefault(f"Project {task.project}", [0, 0, 0])
        counts[0] += task.status != "cancelled"
        counts[1] += task.is_open
        counts[2] += task.status == "done"
    found = {p["name"]: [p["tasks"], p["open"], p["done"]] for p in projects}
    tally.check(found == expected, f"the projects and their counts: {found}")

    titles, cursor = {}, {}
    while True:
        page = oriel.read("/v1/embed/tasks", token, limit=200, **cursor)
        titles.update((t["external_id"], t["title"]) for t in page["items"])
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    tally.check(page["total"] == len(tasks), f"the total of tasks: {page['total']}")
    tally.check(titles == {t.number: t.title for t in tasks}, "every task, with its title, on some page")
    return {p["name"]: p["id"] for p in projects}


def check_dashboards(oriel, token, tasks, project_ids, tally):
    as_of = sip.latest_day(tasks)
    for project in (None, *PROJECTS):
        chosen = {"project": project_ids[f"Project {project}"]} if project else {}
        for preset in totals.PRESETS:
            answer = oriel.read("/v1/embed/dashboard", token, range=preset, **chosen)
            expected = totals.dashboard(tasks, as_of, preset, project)
            label = f"{preset} of {project or 'everything'}"
            tally.add(totals.compare(expected, totals.by_name(answer), label))


def check_database(program, data, database_url, tasks, folder, tally):
    oriel = Oriel(program, database_url, free_port(), folder)
    tenant = oriel.run("tenant", "create", "SiP").strip()
    check_import(oriel, tenant, data, tasks, tally)
    client = json.loads(oriel.run("client", "create", "--tenant", tenant))
    embed = oriel.run("embed", "create", "--tenant", tenant, "--title", "SiP", "--origin",
                      "http://localhost:4400", "--range", "all", "--as-of", "latest").strip()
    with oriel.serving() as server:
        token = oriel.mint(client, embed)
        project_ids = check_lists(oriel, token, tasks, tally)
        check_dashboards(oriel, token, tasks, project_ids, tally)
    tally.check(server.returncode == 0, f"the server ends well on SIGTERM ({server.returncode})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--oriel", type=Path, required=True, help="the program")
    parser.add_argument("--data", type=Path, required=True, help="the folder with both CSV files")
    parser.add_argument("--database-url", action="append", default=[],
                        help="may come more than once; a new SQLite file without it")
    args = parser.parse_args()
    missing = [name for name in sip.FILES if not (args.data / name).is_file()]
    if missing:
        print(f"skipped: {args.data} has no {' and no '.join(missing)}")
        print("0 passed, 0 failed")
        return 0
    tasks = sip.read_tasks(args.data)
    data, program = args.data.resolve(), args.oriel.resolve()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="oriel-sip-") as folder:
        urls = args.database_url or [f"sqlite:{folder}/sip.db"]
        for number, url in enumerate(urls):
            place = Path(folder) / str(number)
            place.mkdir()
            print(f"SiP import and dashboards on {url.split(':')[0]}")
            check_database(program, data, url, tasks, place, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
