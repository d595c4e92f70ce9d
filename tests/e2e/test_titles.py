# SPDX-License-Identifier: Apache-2.0
"""What is printed is said in the reader's language: states, choices, outcomes, priorities."""
import json
import re

from cases import server  # noqa: F401
from commands import OPEN, run, site  # noqa: F401


def test_cli_watch_says_titles_in_the_readers_language(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    text = site("li", "watch", "--from", "2", "--count", "2").stdout
    assert "Mei Lin (client): opened the case → Draft" in text and "Class: Normal" in text
    assert "Mei Lin (client): Submit → Screening" in text
    text = site("zhao", "watch", "--from", "2", "--count", "2").stdout
    assert "变更类别：常规变更" in text and "提交 → 初审" in text
    # An entry of no case, and one whose case the reader may not see, say nothing they may not.
    assert "the system: init" in site("li", "watch", "--from", "1", "--count", "1").stdout
    assert "风险" not in site("mei", "watch", "--from", "1", "--count", "2").stdout


def test_cli_lists_say_titles_in_the_readers_language(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    assert re.search(r"^CR-1 .* 初审 .* 普通 ", site("zhao", "case", "list").stdout, re.MULTILINE)
    site("li", "case", "fire", "CR-1", "reject", "--comment", "Not now")
    assert " 已否决 " in site("zhao", "case", "list").stdout
    assert "结果 " in site("zhao", "case", "show", "CR-1").stdout
    item = json.loads(site("li", "case", "list", "--json").stdout)
    assert (item["outcome"], item["outcome_title"]) == ("rejected", "Rejected")
    assert item["state_titles"] == {"rejected": "Rejected"}


def test_cli_history_says_why_a_case_was_looked_at_anew(site):
    """A sweep names its cause: a date with its reason, a role, a group, whom it is about."""
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("li", "calendar", "exception", "add", "office", "2026-01-06", "closed", "--reason",
         "The power is off")
    site("li", "project", "member", "add", "acme-erp", "sun", "pm")
    site("li", "case", "assign", "CR-1", "sun")
    site("li", "project", "member", "remove", "acme-erp", "sun", "pm")
    english, chinese = (site(name, "case", "history", "CR-1").stdout for name in ("li", "zhao"))
    assert "looked at the case anew: calendar office, 2026-01-06: The power is off" in english
    assert "looked at the case anew: the role pm of Sun Hao (engineer) has changed" in english
    assert "重新核对事项：日历“office”，2026-01-06：The power is off" in chinese
    assert "重新核对事项：Sun Hao (engineer)的角色“pm”有变" in chinese
    assert "anew" not in site("mei", "case", "history", "CR-1").stdout
    site("li", "case", "assign", "CR-1", "sun")
    site("li", "person", "update", "sun", "--inactive")
    assert ("looked at the case anew: what Sun Hao (engineer) is to the team has changed" in
            site("li", "case", "history", "CR-1").stdout)
