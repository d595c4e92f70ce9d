# SPDX-License-Identifier: Apache-2.0
"""What a rule author who reads Chinese is told by test, reload, rehearse and migrate: no English
sentence, and things by their Chinese titles."""
import os
import re

import pytest

from commands import run  # noqa: F401
from test_chinese import sentences
from titled import ONE, TWO, lived, server, write  # noqa: F401


@pytest.fixture
def zh(server, run):  # noqa: F811
    """zh("rehearse"): as the team's lead, in Chinese; what is printed, which holds no English."""
    def as_li(*words, code=0):
        done = run(*words, "--site", server.site, "--as", "li", "--lang", "zh", code=code)
        text = done.stdout + done.stderr
        # the workflow's own name is an English word, in a command that is to be typed
        assert not sentences(text.replace("workflow migrate change", "")), text
        return text
    return as_li


def test_rehearsal_and_migration_name_things_by_their_chinese_titles(server, people, advance, zh):  # noqa: F811
    lived(people, advance)
    write(server.site, TWO)
    page = zh("rehearse", code=1)
    for line in ("1 个在“评审会（board）”的表决作废\n        CH-2：li（同意）\n",
                 "1 个失去字段“周数（weeks）”\n",
                 "1 个不再有时限“确认收到（ack）”\n",
                 "1 个迁移后处于“分诊（triage）”\n        CH-1：筛选\n"):
        assert line in page, page
    assert "1 个流程：0 个错误、2 个警告" in zh("workflow", "check")
    assert "即刻生效" in zh("workflow", "reload")
    assert "change: 2 个事项已迁移到第 2 版；未迁移：1 个" in zh("workflow", "migrate", "change", code=1)
    assert "状态“astray”在新版中没有对应" in zh("workflow", "migrations", "1", code=1)
    assert "已迁移" in zh("workflow", "migrations")
    assert "从第 1 版迁移到第 2 版流程：筛选 → 分诊" in zh("case", "history", "CH-1")
    assert "作废的表决：Li Ting (project manager)（同意）" in zh("case", "history", "CH-2")


def test_reload_that_changes_nothing_says_so_in_chinese(server, zh):  # noqa: F811
    write(server.site, TWO.replace('to = "board", title', 'to = "bord", title'))
    text = zh("workflow", "reload", code=1)
    assert "未知的状态“bord”（是否想写“board”？）" in text
    assert "团队 demo 的脚本未被采用" in text and "error" not in text
    assert "change" in zh("workflow", "list")  # and the old ones go on


PEOPLE = 'people { li = "pm", wang = "ccb", chen = "ccb" }\n'
TESTS = PEOPLE + '''test "走到审批" (function(t)
  local c = t:open("change", { by = "li", fields = { summary = "x" } })
  c:fire("decide", { by = "li" })
  c:expect { state = "deciding" }
end)
test "等不到" (function(t)
  local c = t:open("change", { by = "li", fields = { summary = "x" } })
  c:expect { state = "deciding", owner = "wang" }
end)
test "被拒绝" (function(t)
  local c = t:open("change", { by = "li", fields = { summary = "x" } })
  c:fire("decide", { by = "wang" })
end)
test "没有消息" (function(t)
  t:expect_message { to = "wang", text = "50%" }
end)
'''


@pytest.fixture
def kit(run, folder):  # noqa: F811
    """kit(TEXT, ...): signoff test in Chinese on such a file beside the workflow."""
    def tested(text, *words, code=1):
        place = os.path.join(folder, "flows")
        os.makedirs(place, exist_ok=True)
        for name, content in (("change.lua", ONE), ("change_test.lua", text)):
            with open(os.path.join(place, name), "w", encoding="utf-8") as file:
                file.write(content)
        text = run("test", place, "--lang", "zh", *words, code=code).stdout
        # what was not reached is named in the words of the language, as the script has them
        assert not sentences(re.sub(r"(未覆盖：\w+): .*", r"\1", text)), text
        return text
    return tested


def test_tests_fail_in_chinese(kit):
    text = kit(TESTS, "--coverage")
    assert "通过 1 项，失败 3 项" in text
    assert "未覆盖" in text
    assert "CH-1 的经过：" in text and "提出事项 → 筛选" in text


def test_files_of_tests_are_refused_in_chinese(kit):
    for wrong in (PEOPLE + 'test "x" (function(t) t:opn("change", {}) t:advanse "1 day" end)',
                  PEOPLE + 'test "x" (function(t)', PEOPLE + 'tst "x" (function(t) end)',
                  PEOPLE + 'test "x" (function(t) t:advance "1 dy" end)',
                  PEOPLE + 'test "x" (function(t) t:open("chnge", { by = "li" }) end)',
                  PEOPLE + 'test "x" (function(t) t:open("change", { by = "lee" }) end)',
                  'people { li = 3 }'):
        kit(wrong)


def test_tests_that_pass_say_so_in_chinese(kit):
    text = kit(TESTS[:TESTS.index('test "等不到"')], "--min-coverage", "90")
    assert "通过 1 项，失败 0 项" in text and "90%" in text
