# SPDX-License-Identifier: Apache-2.0
"""Two versions of a workflow whose words all differ, and a site on which the first one lives."""
import os

import pytest

TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } }, use "change" }
"""
ONE = """return workflow "change" {
  key = "CH", version = 1, title = { en = "Change", zh = "变更" }, client = "project",
  roles = { "pm", "ccb", "sponsor", "client" },
  fields = { summary = text { required = true, title = { en = "Summary", zh = "摘要" } },
    weeks = number { title = { en = "Weeks", zh = "周数" } },
    class = choice { "small", "large", titles = { small = { en = "Small", zh = "小" }, large = { en = "Large", zh = "大" } } } },
  start = "screening",
  state "screening" { owner = "pm", title = { en = "Screening", zh = "筛选" },
    within { "10 days", at "20%" { remind "owner" }, at "40%" { remind "owner" }, at "60%" { remind "owner" }, late "0" { notify "pm" } },
    within "ack" { "1 day", title = { en = "Acknowledgement", zh = "确认收到" } },
    on "decide" { by = "pm", to = "deciding", title = { en = "Put to decision", zh = "提交审批" } },
    on "stray" { by = "pm", to = "astray", title = { en = "Go astray", zh = "走偏" } },
  },
  state "deciding" { title = { en = "Deciding", zh = "审批" },
    approval { covers = { "summary" }, rule = at_least(3) { "pm", "ccb" }, approved = "done", rejected = "dead" },
    within { "5 days", at "50%" { remind "pending" } },
  },
  state "astray" { title = { en = "Astray", zh = "走失" }, on "back" { by = "pm", to = "screening" } },
  final "done", final "dead",
}
"""

TWO = """return workflow "change" {
  key = "CH", version = 2, title = { en = "Change request", zh = "变更申请" }, client = "project",
  roles = { "pm", "ccb", "sponsor", "client" },
  fields = { summary = text { required = true, title = { en = "What it is about", zh = "内容" } },
    days = number { title = { en = "Days", zh = "天数" } },
    class = choice { "small", "large", titles = { small = { en = "Minor", zh = "次要" }, large = { en = "Major", zh = "重大" } } } },
  start = "triage",
  migrate { from = 1, states = { screening = "triage", deciding = "board" },
    fields = function(f) return { days = f.weeks and f.weeks * 5 or empty } end },
  state "triage" { owner = "pm", title = { en = "Triage", zh = "分诊" },
    within { "20 days", at "20%" { remind "owner" }, at "40%" { remind "owner" }, at "60%" { remind "owner" }, late "0" { notify "pm" } },
    on "decide" { by = "pm", to = "board", title = { en = "Take to the board", zh = "上会" } },
  },
  state "board" { title = { en = "Board", zh = "评审会" },
    approval { covers = { "summary" }, rule = at_least(2) { "ccb" }, approved = "done", rejected = "dead" },
    within { "8 days", at "50%" { remind "pending" } },
    within "answer" { "4 days", title = { en = "Answer to the client", zh = "答复客户" } },
  },
  final "done", final "dead",
}
"""


def write(site, text, team=TEAM):
    """Into the team's folder of a site, or into any other folder that stands for one."""
    folder = os.path.join(site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, content in (("team.lua", team), (os.path.join("workflows", "change.lua"), text)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)
    return folder


def open_case(li, **fields):
    return li.call("case.open", workflow="change", project="acme-erp", fields=fields)["case"]


def vote(person, key):
    digest = person.call("case.get", case=key)["approvals"][0]["digest"]
    person.call("approval.vote", case=key, choice="approve", digest=digest)


def lived(people, advance):
    """Three cases after five days: half a ladder, two ballots of three, and one gone astray."""
    li = people("li")
    late = open_case(li, summary="Export", weeks=2, **{"class": "small"})
    voted, stray = open_case(li, summary="Import"), open_case(li, summary="Print")
    li.call("case.fire", case=voted, event="decide")
    li.call("case.fire", case=stray, event="stray")
    vote(li, voted)
    vote(people("wang"), voted)
    advance("5 days")
    return late, voted, stray


@pytest.fixture
def server(make_server, folder):
    return make_server(os.path.join(folder, "site"), "--demo",
                       prepare=lambda made: write(made.site, ONE))
