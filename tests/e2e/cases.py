# SPDX-License-Identifier: Apache-2.0
"""A case as the scenario tests see it, and the working time that its deadlines run on."""
import base64
import datetime
import hashlib
import os

import pytest

PROJECT = "acme-erp"
ZONE = datetime.timezone(datetime.timedelta(hours=8))  # Asia/Shanghai has no summer time

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "workflows")
SHIPPED = sorted(name[:-len(".lua")] for name in os.listdir(SOURCES)
                 if name.endswith(".lua") and not name.endswith("_test.lua"))

TEAM = """return team "demo" {
  title = { en = "Demonstration", zh = "演示团队" },
  timezone = "Asia/Shanghai", language = "en", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" },
  %s
}
""" % ", ".join('use "%s"' % name for name in SHIPPED)


@pytest.fixture
def server(make_server, folder):
    """A fresh demo site on virtual time, whose team works office hours."""
    def office(made):
        with open(os.path.join(made.site, "teams", "demo", "team.lua"), "w") as file:
            file.write(TEAM)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=office)


# ---- working time, reckoned apart from the server: 09:00-12:00 and 13:30-18:00 ----

# The State Council's notice of 4 November 2025 for 2026, as far as it is needed here:
# New Year 1 to 3 January, with Sunday 4 worked; Spring Festival 15 to 23 February, with
# Saturdays 14 and 28 worked; Qingming 4 to 6 April.
CLOSED = {datetime.date(2026, 1, day) for day in (1, 2, 3)} | {
    datetime.date(2026, 2, day) for day in range(15, 24)} | {
    datetime.date(2026, 4, day) for day in (4, 5, 6)}
MADE_UP = {datetime.date(2026, 1, 4), datetime.date(2026, 2, 14), datetime.date(2026, 2, 28)}
MINUTE = datetime.timedelta(minutes=1)


def at(text):
    """at("2026-01-05 09:00"), in Shanghai."""
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def works(day):
    return day in MADE_UP or (day.weekday() < 5 and day not in CLOSED)


def is_open(moment):
    clock = moment.hour * 60 + moment.minute
    return works(moment.date()) and (540 <= clock < 720 or 810 <= clock < 1080)


def after_workdays(moment, days):
    """The close of the last of so many working days after this one."""
    day = moment.date()
    while days > 0:
        day += datetime.timedelta(days=1)
        days -= works(day)
    return datetime.datetime.combine(day, datetime.time(18), ZONE)


def worked_minutes(begin, end):
    return sum(is_open(begin + n * MINUTE) for n in range(int((end - begin) / MINUTE)))


def after_minutes(moment, minutes):
    """When so many working minutes have passed."""
    while minutes > 0:
        minutes -= is_open(moment)
        moment += MINUTE
    return moment


def share(begin, due, percent):
    """The minute in which so many percent of the working time between have passed."""
    return after_minutes(begin, worked_minutes(begin, due) * percent / 100)


def upload(connection, data=b"Minutes", name="minutes.pdf"):
    """A file of the person's, by its id."""
    begun = connection.call("file.begin", name=name, size=len(data), type="application/pdf",
                            sha256=hashlib.sha256(data).hexdigest())["upload"]
    connection.call("file.put", upload=begun, offset=0, data=base64.b64encode(data).decode())
    return connection.call("file.end", upload=begun)["file"]


class Case:
    """One case, and what people do to it. Every step tells the states it leads to."""

    def __init__(self, people, workflow, by, project=PROJECT, **fields):
        self.people = people
        opened = people(by).call("case.open", workflow=workflow, project=project, fields=fields)
        self.key, self.states = opened["case"], opened["states"]
        self.outcome = opened["outcome"]

    def took(self, result):
        self.states, self.outcome = result["states"], result["outcome"]
        return self.states

    def fire(self, by, event, comment=None, shared=None, **data):
        params = {"case": self.key, "event": event}
        if shared is not None:
            params["shared"] = shared
        if data:
            params["data"] = data
        if comment:
            params["comment"] = comment
        return self.took(self.people(by).call("case.fire", **params))

    def round(self, by="li"):
        """The open round, as that person sees it."""
        return self.get(by)["approvals"][0]

    def vote(self, by, choice, comment=None):
        """As a person does: looks at the case, and votes on what they saw."""
        seen = self.round(by)
        params = {"case": self.key, "approval": seen["approval"], "choice": choice,
                  "digest": seen["digest"]}
        if comment:
            params["comment"] = comment
        return self.took(self.people(by).call("approval.vote", **params))

    def edit(self, by, **fields):
        return self.took(self.people(by).call("case.edit", case=self.key, fields=fields))

    def task(self, by, task):
        return self.took(self.people(by).call("task.done", case=self.key, task=task))

    def until(self, moment):
        """Lives until then; gives the states of the case at that time."""
        self.people("li").call("clock.advance", to=moment.isoformat())
        return self.look()

    def get(self, by="li"):
        return self.people(by).call("case.get", case=self.key)

    def look(self):
        seen = self.get()
        self.states, self.outcome = seen["states"], seen["outcome"]
        return self.states

    def history(self, by="li"):
        return self.people(by).call("case.history", case=self.key, limit=500)["items"][::-1]

    def rungs(self):
        """Every rung that fired, oldest first: (deadline, rung)."""
        return [(entry["rung"]["deadline"], entry["rung"]["rung"])
                for entry in self.history() if "rung" in entry]

    def due_times(self, deadline):
        """When its rungs were due: {rung: time}."""
        return {entry["rung"]["rung"]: datetime.datetime.fromisoformat(entry["due"])
                for entry in self.history()
                if "rung" in entry and entry["rung"]["deadline"] == deadline}
