# SPDX-License-Identifier: Apache-2.0
"""The summary of a replay, made from what the server answered and keeps: its lists of cases and
their histories. Nothing here reads the log."""
import collections
import datetime

PAGE = 500


def must(result, error):
    if error is not None:
        raise error
    return result


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def list_cases(pipeline):
    cases, cursor = [], None
    while True:
        params = {"workflow": "ticket", "limit": PAGE}
        if cursor:
            params["cursor"] = cursor
        page = pipeline.call("case.list", **params)
        cases += page["items"]
        cursor = page.get("cursor")
        if not cursor:
            return cases


def histories(pipeline, keys):
    """Every case's entries, oldest first."""
    entries = {key: [] for key in keys}

    def ask(key, cursor=None):
        params = {"case": key, "limit": PAGE}
        if cursor:
            params["cursor"] = cursor

        def answered(result, error):
            entries[key] += must(result, error)["items"]
            if result.get("cursor"):
                ask(key, result["cursor"])
        pipeline.put("case.history", params, answered)
    for key in keys:
        ask(key)
    pipeline.drain()
    for some in entries.values():
        some.sort(key=lambda entry: entry["seq"])
    return entries


class Story:
    """What a ticket's history says about its waiting and its deadlines."""

    def __init__(self, entries, now):
        self.paused, since = 0, None
        self.runs = {}    # id -> [name, due when it was missed or None, ended]
        self.fired = []   # (deadline, rung) of every rung that fired
        for entry in entries:
            if "states" in entry:
                waits = "waiting" in entry["states"]
                if waits and since is None:
                    since = milliseconds(entry["at"])
                elif not waits and since is not None:
                    self.paused += milliseconds(entry["at"]) - since
                    since = None
            self.look_at_deadlines(entry)
        if since is not None:
            self.paused += now - since

    def look_at_deadlines(self, entry):
        for change in entry.get("deadlines", ()):
            run = self.runs.setdefault(change["id"], [None, None, False])
            run[0] = change.get("name", run[0])
            if change.get("gone"):
                run[2] = True
            if entry["kind"] == "deadline":
                rung = entry["rung"]["rung"]  # "80%", then "late 0": with it, it is missed
                self.fired.append((change["id"], rung))
                if rung.startswith("late"):
                    run[1] = milliseconds(entry["due"])


def count(counts, *keys):
    for key in keys[:-1]:
        counts = counts.setdefault(key, {})
    counts[keys[-1]] = counts.get(keys[-1], 0) + 1


def summarise(pipeline, replay):
    """The summary, and the same ticket by ticket."""
    now = milliseconds(pipeline.call("clock.now")["now"])
    cases = {case["case"]: case for case in list_cases(pipeline)}
    stories = {key: Story(entries, now)
               for key, entries in histories(pipeline, list(cases)).items()}
    summary = {"tickets": len(cases), "events": len(replay.rows), "refused": {}, "end_states": {},
               "accepted": sum(event is not None for _, event, _ in replay.acknowledged),
               "paused_seconds": 0,
               "deadlines": {name: {"met": 0, "missed": 0, "open": 0}
                             for name in ("response", "resolution")}}
    detail = {}
    refusals = collections.Counter(ticket for ticket, _, _ in replay.refused)
    for _, activity, code in replay.refused:
        count(summary["refused"], code, activity)
    for ticket, key in replay.cases.items():
        story = stories[key]
        state = ",".join(cases[key]["states"])
        count(summary["end_states"], state)
        summary["paused_seconds"] += story.paused // 1000
        missed = []
        for name, due, ended in story.runs.values():
            if name is None:  # armed and gone again within one entry: it never ran
                continue
            count(summary["deadlines"], name,
                  "missed" if due is not None else "met" if ended else "open")
            if due is not None:
                missed.append([name, due // 1000])
        detail[ticket] = {"state": state, "refused": refusals[ticket],
                          "paused_seconds": story.paused // 1000, "missed": sorted(missed)}
    return summary, detail


def hours(seconds):
    return "{:,.0f} hours".format(seconds / 3600)


def show(summary, comments):
    print("%d tickets, %d events: %d accepted, %d refused and kept as comments"
          % (summary["tickets"], summary["events"], summary["accepted"], comments))
    for code, activities in sorted(summary["refused"].items()):
        for activity, n in sorted(activities.items(), key=lambda item: -item[1]):
            print("  refused (%s)  %5d  %s" % (code, n, activity))
    print("Tickets by their state at the end:")
    for state, n in sorted(summary["end_states"].items(), key=lambda item: -item[1]):
        print("  %5d  %s" % (n, state))
    print("Waiting for the client: %s in all" % hours(summary["paused_seconds"]))
    print("Deadlines (the hours are an assumption, see README.md):")
    for name, ends in summary["deadlines"].items():
        print("  %-10s  %5d met, %5d missed, %d still open"
              % (name, ends["met"], ends["missed"], ends["open"]))
