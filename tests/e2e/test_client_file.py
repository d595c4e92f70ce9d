# SPDX-License-Identifier: Apache-2.0
"""A client's file, on virtual time: what it counts is reckoned here from what was answered, by the formulas that it names."""
import fractions

import pytest
from cases import Case, at, server, worked_minutes  # noqa: F401
from commands import run, site  # noqa: F401

# (survey, opened, person, answered, CSAT, NPS, CES); Q1 and Q2 of 2026, the second with a detractor.
ANSWERS = (
    (0, "2026-01-05 09:00", "mei", "2026-01-06 10:00", 4, 9, 6),
    (0, "2026-01-05 09:00", "tom", "2026-01-07 14:30", 5, 10, None),
    (1, "2026-04-07 09:00", "tom", "2026-04-08 11:00", 3, 8, 4),
    (1, "2026-04-07 09:00", "mei", "2026-04-09 09:30", 2, 5, 7),
)


def one_place(value):
    """As the reports write it: half away from zero."""
    tenths = int(abs(value) * 10 + fractions.Fraction(1, 2))
    return f"{'-' if value < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def share(of, among):
    return one_place(fractions.Fraction(100 * sum(map(of, among)), len(among))) if among else None


def rated(answers):
    csat, nps = [one[4] for one in answers], [one[5] for one in answers]
    ces = [one[6] for one in answers if one[6] is not None]
    return {"csat_answers": len(csat), "csat_top": share(lambda n: n >= 4, csat),
            "csat_mean": one_place(fractions.Fraction(sum(csat), len(csat))), "nps_answers": len(nps),
            "nps": one_place(fractions.Fraction(100 * (sum(n >= 9 for n in nps) - sum(n <= 6 for n in nps)), len(nps))),
            "ces_answers": len(ces), "ces_easy": share(lambda n: n >= 5, ces)}


@pytest.fixture
def surveyed(people):
    li = people("li")

    def until(moment):
        li.call("clock.advance", to=at(moment).isoformat())

    surveys = {}
    for n, opened, person, answered, csat, nps, ces in ANSWERS:
        if n not in surveys:
            if opened != "2026-01-05 09:00":
                until(opened)
            surveys[n] = Case(people, "survey", "li", summary=f"Survey {n}")
        until(answered)
        surveys[n].fire(person, "answer", csat=csat, nps=nps, **({} if ces is None else {"ces": ces}))
    return {n: survey.key for n, survey in surveys.items()}


def test_satisfaction_is_given_answer_by_answer_and_by_quarter(people, surveyed):
    file = people("wang").call("client.file", client="acme")
    found = file["satisfaction"]
    assert {name: found[name] for name in rated(ANSWERS)} == rated(ANSWERS)
    quarters = [("2026-Q2", ANSWERS[2:]), ("2026-Q1", ANSWERS[:2])]
    assert [(one["key"], {name: one[name] for name in rated(ANSWERS)}) for one in found["quarters"]] == [
        (quarter, rated(answers)) for quarter, answers in quarters]
    wanted = {(surveyed[n], day[:10], question, score, "acme-erp")
              for n, _, _, day, *scores in ANSWERS for question, score in zip(("CSAT", "NPS", "CES"), scores) if score is not None}
    assert {tuple(one[name] for name in ("case", "on", "question", "score", "project")) for one in found["each"]["items"]} == wanted
    assert found["each"]["n"] == len(wanted) == 11
    days = [one["on"] for one in found["each"]["items"]]
    assert days == sorted(days, reverse=True)
    assert file["notes"] == [] and {"csat_mean", "nps", "ces_easy", "answer_median"} <= {one["name"] for one in file["defined"]}
    later = people("wang").call("client.file", client="acme", **{"from": "2026-04-01T00:00:00+08:00"})["satisfaction"]
    assert [one["key"] for one in later["quarters"]] == ["2026-Q2"] and later["csat_answers"] == 2


def test_participation_says_how_long_the_client_took(people, surveyed):
    found = people("li").call("client.file", client="acme")["participation"]
    first = {}  # the client's people are asked together: whoever answers first answers
    for n, opened, _, answered, *_ in ANSWERS:
        first.setdefault(n, worked_minutes(at(opened), at(answered)))
    times = sorted(first.values())
    assert (found["asked"], found["answers"], found["unanswered"], found["still_asked"]) == (2, 2, 0, 0)
    assert found["answer_median"] == times[0] * 60000 and found["answer_p85"] == times[-1] * 60000
    assert {one["key"]: one["answers"] for one in found["people"]} == {"person/mei": 1, "person/tom": 1}


def test_without_counts_the_rest_of_the_file_is_the_same(people, surveyed):
    wang = people("wang")
    whole, quick = wang.call("client.file", client="acme"), wang.call("client.file", client="acme", counts=False)
    assert whole["satisfaction"] is not None and whole["participation"] is not None and whole["defined"] != []
    assert quick == whole | {"satisfaction": None, "participation": None, "defined": [], "counted_from": quick["counted_from"]}
    assert wang.call("client.file", client="acme", counts=True)["participation"] == whole["participation"]


def test_promises_stand_by_their_day_and_the_late_ones_are_marked(people, advance):
    li = people("li")

    def promise(what, day, **more):
        return li.call("communication.add", client="acme", summary=what, promise=what, promised_for=day, **more)["case"]

    list_, visit, kept = promise("The list", "2026-01-09"), promise("A visit", "2026-01-07", holder="wang"), promise("Done", "2026-01-06")
    li.call("communication.add", client="acme", summary="No promise", wants_answer=True)
    li.call("case.fire", case=kept, event="keep", comment="Sent")
    advance("60 hours")  # Wednesday, 7 January, 21:00: today's is not late yet
    wanted = [(visit, "A visit", "2026-01-07", "wang", False), (list_, "The list", "2026-01-09", "li", False)]

    def promises():
        found = people("wang").call("client.file", client="acme")["promises"]
        return found["n"], [tuple(one[name] for name in ("case", "promise", "promised_for", "holder", "late")) for one in found["items"]]

    assert promises() == (2, wanted)
    advance("4 hours")
    assert promises() == (2, [wanted[0][:4] + (True,), wanted[1]])


def test_file_of_a_client_has_its_rows_and_what_was_last_said(people, refuses):
    li, wang = people("li"), people("wang")
    li.call("client.create", client="globex", title="Globex")
    empty = wang.call("client.file", client="globex")
    assert empty["contacts"] == {"items": [], "n": 0} and empty["projects"] == {"items": [], "n": 0}
    assert empty["last"] is None and empty["heard"] == {} and empty["promises"]["n"] == 0
    assert empty["satisfaction"]["csat_mean"] is None and empty["satisfaction"]["quarters"] == []
    assert empty["participation"]["asked"] == 0
    for n in range(60):
        li.call("person.create", person="p%d" % n, client="globex", channel="call", mail="p%d@example.com" % n)
    li.call("person.update", person="p0", active=False)
    li.call("project.create", project="old", client="globex")
    li.call("project.update", project="old", state="closed")
    li.call("project.create", project="young", client="globex")
    seen = wang.call("client.file", client="globex")
    assert seen["contacts"]["n"] == 60 and len(seen["contacts"]["items"]) == 50
    assert "p0" not in [one["person"] for one in seen["contacts"]["items"]], "who has left stands last"
    assert [one["project"] for one in seen["projects"]["items"]] == ["young", "old"]
    assert all(set(one) == {"person", "title", "channel", "active", "since"} for one in seen["contacts"]["items"])
    whole = li.call("client.file", client="globex")["contacts"]["items"][0]
    assert whole["mail"] == "p1@example.com" and whole["channel"] == "call"
    li.call("project.member.add", project="young", person="li", role="pm")
    case = li.call("communication.add", project="young", summary="Prices", kind="visit", happened="2026-01-02T10:00:00+08:00")["case"]
    seen = wang.call("client.file", client="globex")
    assert (seen["last"]["case"], seen["last"]["summary"], seen["last"]["kind"]) == (case, "Prices", "visit")
    assert seen["heard"] == {"visit": "2026-01-02T10:00:00+08:00"}
    li.call("communication.add", project="young", summary="They called", kind="call", direction="in")
    assert set(wang.call("client.file", client="globex")["heard"]) == {"visit"}, "what they say is no word of ours"
    refuses("forbidden", people("mei"), "client.file", client="acme")
    assert refuses("not_found", wang, "client.file", client="acne").data["pointer"] == "/client"
    refuses("invalid", wang, "client.file", client="acme", **{"from": "2030-01-01T00:00:00Z"})


def test_command_line_shows_the_file_in_both_languages(people, surveyed, site):  # noqa: F811
    people("mei").call("own.update", channel="call")
    people("li").call("communication.add", client="acme", summary="Prices", promise="The list", promised_for="2026-01-09")
    english = site("li", "client", "show", "acme").stdout
    for words in ("Acme", "Mei Lin", "Call", "The list", "2026-01-09", "2026-Q2", "2026-Q1", "late"):
        assert words in english, english
    chinese = site("li", "client", "show", "acme", "--lang", "zh").stdout
    for words in ("联系人", "电话", "满意度", "承诺", "2026-Q2"):
        assert words in chinese, chinese
    assert '"quarters"' in site("li", "client", "show", "acme", "--json").stdout
    quick = site("li", "client", "show", "acme", "--no-counts").stdout
    assert "The list" in quick and "Satisfaction" not in quick and "Participation" not in quick and "not counted" not in quick
