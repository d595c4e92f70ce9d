# SPDX-License-Identifier: Apache-2.0
"""What the keys in an answer are called, for whoever may not list the team's people."""
import pytest
from cases import Case


@pytest.fixture
def titled(people):
    li = people("li")
    li.call("project.update", project="acme-erp", title={"en": "ERP for Acme", "zh": "ACME 的 ERP"})
    li.call("client.update", client="acme", title="Acme Ltd")
    li.call("person.update", person="mei", title="Mei Lin")
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors ask for it")
    people("mei").call("case.fire", case=case.key, event="submit")
    return case


@pytest.mark.parametrize("who, method", [("wang", "case.get"), ("mei", "case.get"), ("li", "case.get"), ("mei", "case.list"),
                                         ("sun", "case.list"), ("li", "inbox.list")])
def test_an_answer_brings_the_titles_of_whom_it_names(people, titled, who, method):
    params = {"case": titled.key} if method == "case.get" else {}
    answer = people(who).call(method, names=True, **params)
    names = answer["names"]
    assert names["people"]["mei"] == "Mei Lin" and names["projects"] == {"acme-erp": "ERP for Acme"}
    named = answer.get("items", [answer])[0].get("client")  # a client's person is not told it of a single case
    assert names["clients"] == ({"acme": "Acme Ltd"} if named else {}) and (named or who == "mei")
    assert "names" not in people(who).call(method, **params)


def test_titles_come_in_the_language_of_the_reader(people, titled):
    people("li").call("person.update", person="tom", language="zh")
    assert people("tom").call("case.get", case=titled.key, names=True)["names"]["projects"] == {"acme-erp": "ACME 的 ERP"}


def test_what_is_written_into_a_field_tells_of_nobody(people):
    mei = people("mei")
    mei.call("case.open", workflow="change_request", project="acme-erp", fields={"summary": "zhao", "reason": "chen"})
    assert not {"zhao", "chen"} & set(mei.call("case.list", names=True, whole=True)["names"]["people"])
