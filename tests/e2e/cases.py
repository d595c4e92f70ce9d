# SPDX-License-Identifier: Apache-2.0
"""A case as the scenario tests see it."""

PROJECT = "acme-erp"


class Case:
    """One case, and what people do to it. Every step tells the states it leads to."""

    def __init__(self, people, workflow, by, **fields):
        self.people = people
        opened = people(by).call("case.open", workflow=workflow, project=PROJECT, fields=fields)
        self.key, self.states = opened["case"], opened["states"]
        self.outcome = opened["outcome"]

    def took(self, result):
        self.states, self.outcome = result["states"], result["outcome"]
        return self.states

    def fire(self, by, event, comment=None, **data):
        params = {"case": self.key, "event": event}
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
