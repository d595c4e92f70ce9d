# SPDX-License-Identifier: Apache-2.0
"""Corrections: a lead moves a case as no rule would, says why, and never inside a round of their
own. Over the protocol and on the command line, in both languages, and proved by the verifier."""
import os
import subprocess

from cases import Case


def submitted(people):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    return case


def signoff_as(binary, server, name, *words, code=0):
    done = subprocess.run([binary, *words, "--site", server.site, "--as", name],
                          env=dict(os.environ, HOME=server.site, LANG="C.UTF-8"), text=True,
                          capture_output=True, timeout=120)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def test_correct_moves_a_case_and_its_minutes_say_why(binary, server, people):
    case = submitted(people)
    said = signoff_as(binary, server, "li", "case", "correct", case.key, "--to", "implementing",
                      "--reason", "agreed with the client by phone")
    assert "implementing" in said
    minutes = signoff_as(binary, server, "li", "case", "history", case.key)
    assert "corrected the case" in minutes and "“agreed with the client by phone”" in minutes
    minutes = signoff_as(binary, server, "zhao", "case", "history", case.key)  # reads Chinese
    assert "更正" in minutes and "“agreed with the client by phone”" in minutes
    seen = case.history("mei")[-1]  # the client sees where it went, not what the team said
    assert seen["kind"] == "correct" and seen["states"] == ["implementing"]
    assert "comment" not in seen
    case.fire("wang", "implemented")


def test_correct_is_for_leads_and_needs_a_reason(people, refuses):
    case = submitted(people)
    refuses("forbidden", people("wang"), "case.correct", case=case.key, to="draft", reason="r")
    refuses("invalid", people("li"), "case.correct", case=case.key, to="draft")
    refuses("invalid", people("li"), "case.correct", case=case.key, reason="r")
    refuses("invalid", people("li"), "case.correct", case=case.key, to="nowhere", reason="r")
    assert case.look() == ["screening"]


def test_correct_is_not_for_an_approver_of_the_round(people, refuses):
    case = submitted(people)
    people("li").call("case.correct", case=case.key, to="deciding", reason="urgent",
                      fields={"scope": "all", "cost": "10.00", "days": 1})
    error = refuses("forbidden", people("li"), "case.correct", case=case.key, to="implementing",
                    reason="I know better")
    assert "approver" in error.message
    assert case.look() == ["deciding"]


def test_correct_reopens_an_ended_case_and_the_history_still_proves_it(people, server, binary):
    case = submitted(people)
    case.fire("li", "reject", comment="no")
    assert case.outcome == "rejected"
    people("li").call("case.correct", case=case.key, to="screening", reason="rejected by mistake",
                      shared=True)
    seen = case.get()
    assert seen["outcome"] is None and seen["states"] == ["screening"]
    assert [d["name"] for d in seen["deadlines"]] == ["screening"]
    assert case.history("mei")[-1]["comment"] == "rejected by mistake"
    assert [item["case"] for item in people("li").call("case.list", open=True)["items"]] == [case.key]
    assert people("admin").call("audit.verify")["cases"] == 1
