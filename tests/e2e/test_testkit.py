# SPDX-License-Identifier: Apache-2.0
"""signoff test: what it finds, what it says of it, and that it can be relied upon."""
import html.parser
import json
import os
import re
import subprocess
import xml.etree.ElementTree

import pytest

# Small enough to reckon everything by hand: 4 states, 6 transitions, 2 rungs, 2 outcomes.
WORKFLOW = """return workflow "leave" {
  key = "LV", client = "none", roles = { "pm", "engineer" }, start = "asked", open = { takes = { "days" } },
  fields = { days = number { min = 1, required = true }, note = text {} },
  state "asked" { owner = "pm",
    edit = { pm = { "note" } },
    within { "2 workdays",
      at   "50%" { remind "owner" },
      late "0"   { notify("engineer", "slow") },
    },
    on "grant" { by = "pm", to = "deciding" },
    on "refuse" { by = "pm", note = "required", to = "refused" },
    after "30 days" { to = "refused" },
  },
  state "deciding" {
    approval { covers = { "days" }, rule = one_of "pm" { nobody = "reject" }, approved = "granted", rejected = "refused" },
    on "back" { by = "engineer", when = { days = above(5) }, to = "asked" },
  },
  final "granted", final "refused",
}
"""
PEOPLE = 'people { li = "pm", wang = "engineer", sun = "engineer" }\n'
OPEN = '  local c = t:open("leave", { by = "wang", fields = { days = 3 } })\n'
WHOLE = PEOPLE + """
local function asked(t, days)
  return t:open("leave", { by = "wang", fields = { days = days or 3 } })
end
test "granted" (function(t)
  local c = asked(t)
  c:fire("grant", { by = "li" })
  c:vote("approve", { by = "li" })
  c:expect { state = "granted", outcome = "granted" }
end)
test "not granted" (function(t)
  local c = asked(t, 6)
  c:fire("grant", { by = "li" })
  c:fire("back", { by = "wang" })
  c:fire("grant", { by = "li" })
  c:vote("reject", { by = "li", comment = "no" })
  c:expect { outcome = "refused" }
end)
test "refused at once" (function(t)
  local c = asked(t)
  c:fire("refuse", { by = "li", comment = "too long" })
  c:expect { state = "refused" }
end)
test "nobody answers" (function(t)
  local c = asked(t)
  t:advance "2 workdays"
  c:expect { due = "2026-01-07 18:00" }
  t:expect_message { to = "li", kind = "remind", text = "50%", times = 1 }
  t:expect_message { to = "sun", text = "slow" }
  t:advance "30 days"
  c:expect { state = "refused" }
end)
"""


@pytest.fixture
def kit(binary, folder):
    """kit(TEXT, *options, code=0): runs the test file beside the workflow; the finished process."""
    def run(text, *options, code=0, workflow=WORKFLOW, env=None):
        place = os.path.join(folder, "flows")
        os.makedirs(place, exist_ok=True)
        for name, content in (("leave.lua", workflow), ("leave_test.lua", text)):
            with open(os.path.join(place, name), "w") as file:
                file.write(content)
        done = subprocess.run([binary, "test", place, *options], text=True, capture_output=True,
                              cwd=folder, timeout=300, env={**os.environ, "LANG": "C.UTF-8", **(env or {})})
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done
    return run


def one(body):
    return PEOPLE + 'test "it" (function(t)\n' + OPEN + body + "\nend)\n"


# ---- what a run says ----

def test_kit_runs_each_test_and_counts_what_was_reached(kit):
    done = kit(WHOLE, "--coverage", "--min-coverage", "100")
    assert "4 passed, 0 failed; 100% of the workflows reached" in done.stdout
    assert "leave 100%: 4 of 4 states, 6 of 6 transitions, 2 of 2 rungs, 2 of 2 outcomes" in done.stdout
    assert "never reached" not in done.stdout


@pytest.mark.parametrize("lost, missed", [
    ("refused at once", ['11: never reached: asked: on "refuse" → refused']),
    ("granted", ["15: never reached: deciding: approval approved → granted", "15: never reached: deciding: approved",
                 "18: never reached: granted"]),
    ("not granted", ['16: never reached: deciding: on "back" → asked', "never reached: deciding: rejected"]),
    ("nobody answers", ["7: never reached: asked: at 50%", "8: never reached: asked: late 0",
                        "12: never reached: asked: after → refused"]),
])
def test_kit_finds_what_a_lost_test_had_reached(kit, lost, missed):
    text = re.sub(r'test "%s".*?\nend\)\n' % lost, "", WHOLE, flags=re.S)
    assert text != WHOLE
    done = kit(text, "--min-coverage", "100", code=1)
    for line in missed:
        assert re.search(r"leave\.lua:(\d+: )?" + re.escape(line), done.stdout), (line, done.stdout)
    assert "too little" in done.stdout and "100% are asked for" in done.stdout


def test_kit_tells_transitions_apart_that_lead_the_same_way(kit):
    # "refuse", the timer and the approval all end in the state refused: only what was taken counts
    done = kit(one('  c:fire("refuse", { by = "li", comment = "x" })'), "--coverage")
    assert 'asked: on "refuse"' not in done.stdout
    assert "asked: after → refused" in done.stdout and "approval rejected → refused" in done.stdout


@pytest.mark.parametrize("good, broken", [
    ('on "grant" { by = "pm", to = "deciding" }', 'on "grant" { by = "pm", to = "refused" }'),
    ('at   "50%"', 'at   "60%"'),
    ('within { "2 workdays"', 'within { "3 workdays"'),
    ('above(5)', 'above(6)'),
    ('notify("engineer", "slow")', 'notify("pm", "slow")'),
    ('approved = "granted", rejected = "refused"', 'approved = "refused", rejected = "granted"'),
])
def test_kit_finds_a_fault_planted_in_the_workflow(kit, good, broken):
    assert good in WORKFLOW
    kit(WHOLE, workflow=WORKFLOW.replace(good, broken, 1), code=1)


SHIPPED = os.path.join(os.path.dirname(__file__), "..", "..", "workflows")


@pytest.mark.parametrize("name, good, broken", [
    ("acceptance", 'within(name) { "10 workdays"', 'within(name) { "11 workdays"'),
    ("acceptance", 'within "objection" { "5 workdays"', 'within "objection" { "6 workdays"'),
    ("acceptance", "always { when = { rework = above(2) }", "always { when = { rework = above(3) }"),
    ("change_request", "cost = above(10000)", "cost = above(20000)"),
    ("change_request", 'at_least(2) "ccb" { nobody = "sponsor" }', 'one_of "ccb" { nobody = "sponsor" }'),
    ("change_request", 'exclude = { "requester" }, nobody = "sponsor" },', 'nobody = "sponsor" },'),
    ("feedback", "when = { declined = min(1) }", "when = { declined = min(2) }"),
    ("feedback", 'late "4 workhours"  { reassign "sponsor" }', 'late "4 workhours"  { remind "sponsor" }'),
    ("issue", 'to = "where_it_was",', 'to = "working",'),
    ("issue", 'run = { set { reopened = plus(1) }, priority "up"', 'run = { set { reopened = plus(1) }, priority "down"'),
    ("closeout", ', none_open { "change_request", "acceptance", "feedback", "complaint", "issue" }', ""),
    ("closeout", "rule = in_order {", "rule = all_of {"),
    ("requirement", "category = \"scope\" }, e.by)", "category = \"scope\" })"),
    ("milestone", "at   \"80%\" { remind", "at   \"85%\" { remind"),
    ("milestone", "slips = plus(1)", "slips = plus(0)"),
    ("risk", "exposure >= 15", "exposure >= 16"),
    ("meeting", "holder = one.who", "holder = c.people.pm[1]"),
    ("action", "late \"0\"   { remind \"owner\", notify \"pm\"", "late \"0\"   { remind \"owner\""),
    ("progress_report", 'open_risks = open_cases "risk"', 'open_risks = open_cases "issue"'),
    ("survey", "one.nps <= 6 then", "one.nps <= 7 then"),
    ("survey", "answer.csat <= 2", "answer.csat <= 3"),
    ("complaint", "e.data.investigator ~= e.data.concerned", "true"),
    ("support", 'kind = "defect" }, c.opener)', 'kind = "defect" })'),
    ("training", 'late "0"   { go "recording" }', 'late "0"   { remind "owner" }'),
    ("lesson", '{ exclude = { "author" }, nobody', "{ nobody"),
    ("improvement", "rounds = plus(1)", "rounds = plus(2)"),
    ("budget", "c.fields.total + c.fields.extension", "c.fields.total - c.fields.extension"),
    ("expense", "amount = min(5000)", "amount = above(5000)"),
    ("vendor_item", "delays = plus(1)", "delays = plus(0)"),
    ("document", '"^[0-9a-f]{64}$"', '"^.{64}$"'),
    ("charter", "rule = in_order {", "rule = any_of {"),
    ("communication", 'call = "4 workhours"', 'call = "5 workhours"'),
    ("communication_plan", "c.fields.heard > c.fields.since", "c.fields.heard >= c.fields.since"),
    ("communication_plan", 'heard = last_contact "channel"', 'heard = last_contact "summary"'),
    ("charter", "by_day  = date { required = true,", "by_day  = date {"),
])
def test_kit_finds_a_fault_planted_in_a_shipped_workflow(binary, folder, name, good, broken):
    said = ""  # the workflows that it opens cases of are needed, too
    for file in (name + ".lua", name + "_test.lua"):
        with open(os.path.join(SHIPPED, file)) as source:
            said += source.read()
    for file in os.listdir(SHIPPED):
        if file in (name + ".lua", name + "_test.lua") or '"%s"' % file[:-len(".lua")] in said:
            with open(os.path.join(SHIPPED, file)) as source:
                text = source.read()
            if file == name + ".lua":
                assert good in text
                text = text.replace(good, broken, 1)
            with open(os.path.join(folder, file), "w") as copy:
                copy.write(text)
    done = subprocess.run([binary, "test", folder], text=True, capture_output=True, timeout=300)
    assert done.returncode == 1 and "FAILED" in done.stdout and done.stderr == "", done.stdout + done.stderr


# ---- failures ----

def test_kit_shows_expected_actual_and_how_the_case_came_there(kit):
    done = kit(one('  c:edit({ note = "for the wedding" }, { by = "li" })\n'
                   '  c:expect { state = "granted", fields = { days = 4 }, owner = "wang" }'), code=1)
    assert re.search(r"leave_test\.lua:5: LV-1 is not as expected", done.stdout)
    assert "5 |   c:expect { state" in done.stdout
    for what, expected, actual in (("state", "granted", "asked"), ("days", "4", "3"), ("owner", "wang", "li")):
        assert re.search(r"%s\n +expected: %s\n +actual:   %s\n" % (what, expected, actual), done.stdout)
    minutes = done.stdout[done.stdout.index("How LV-1 came there:"):]
    assert re.search(r"2026-01-05 09:00  wang: opened the case", minutes)
    assert re.search(r"2026-01-05 09:00  li: changed fields\n +note: for the wedding", minutes)


def test_kit_names_both_lines_when_a_helper_failed(kit):
    done = kit(PEOPLE + 'local function is(c, state)\n  c:expect { state = state }\nend\n'
               'test "it" (function(t)\n' + OPEN + '  is(c, "granted")\nend)\n', code=1)
    assert "leave_test.lua:3: LV-1" in done.stdout and re.search(r"called at \S+leave_test\.lua:7", done.stdout)


def test_kit_goes_on_after_a_test_that_loops(kit):
    done = kit(PEOPLE + 'test "loops" (function(t)\n  while true do end\nend)\n'
               'test "calls for ever" (function(t)\n  while true do t:now() end\nend)\n'
               'test "swallows" (function(t)\n  while true do pcall(function() while true do end end) end\nend)\n'
               'test "eats" (function(t)\n  local a = {}\n  while true do a[#a + 1] = ("x"):rep(9999) .. #a end\nend)\n'
               'test "good" (function(t)\n' + OPEN + '  c:expect { state = "asked" }\nend)\n', code=1)
    assert "1 passed, 4 failed" in done.stdout and "ok good" in done.stdout
    assert "leave_test.lua:3: stopped: more than" in done.stdout


def test_kit_goes_on_after_rules_that_never_rest(kit):
    restless = WORKFLOW.replace('after "30 days" { to = "refused" }', 'after "1 second" { to = "asked" }')
    done = kit(PEOPLE + 'test "spins" (function(t)\n' + OPEN + '  t:advance "365 days"\nend)\n'
               'test "good" (function(t)\n' + OPEN + 'end)\n', workflow=restless, code=1)
    assert "leave_test.lua:4: t:advance was refused: the rules never come to rest" in done.stdout
    assert "1 passed, 1 failed" in done.stdout


@pytest.mark.parametrize("body, said", [
    ('  c:fier("grant", { by = "li" })', 'unknown word c:fier (did you mean "fire"?)'),
    ('  t:opne "leave"', 'unknown word t:opne (did you mean "open"?)'),
    ('  c:expect { sate = "asked" }', 'c:expect: unknown key "sate" (did you mean "state"?)'),
    ('  c:expect { fields = { dyas = 1 } }', 'there is no field "dyas" (did you mean "days"?)'),
    ('  c:fire("grant", { bye = "li" })', 'c:fire: unknown key "bye" (did you mean "by"?)'),
    ('  c:fire("grant", { by = "lee" })', 'there is nobody called "lee"'),
    ('  c:fire("grant")', "c:fire: by = is missing: who does it?"),
    ('  t:advance "2 workdys"', "t:advance: "),
    ('  t:at "tomorrow"', '"tomorrow" is no time: expected "2026-03-02 09:00"'),
    ('  t:expect_message { too = "li" }', 'unknown key "too" (did you mean "to"?)'),
    ('  expect(c)', 'unknown word "expect"'),
    ('  x = 1', '"x" is not local'),
    ('  c.key = 2', "c is read-only"),
])
def test_kit_names_a_mistake_with_its_line_and_the_nearest_word(kit, body, said):
    done = kit(one(body), code=1)
    assert "leave_test.lua:4: " in done.stdout and said in done.stdout, done.stdout


@pytest.mark.parametrize("text, line, said", [
    ('peple { li = "pm" }\n', 1, 'unknown word "peple" (did you mean "people"?)'),
    ('people {\n  li = "pm" }\ntest "x" (5)\n', 3, "expected (function(t) ... end)"),
    ('people { li = 5 }\n', 1, "people: li: expected roles, got 5"),
    ('people { li = { "pm", off = "acme" } }\n', 1, 'people: li: unknown key "off" (did you mean "of"?)'),
    (PEOPLE + 'test "a" (function(t) end)\ntest "a" (function(t) end)\n', 3, 'a second test "a"'),
    ("people {\n", 2, "expected"),
    ("os.exit(0)\n", 1, 'unknown word "os"'),
])
def test_kit_names_a_mistake_of_the_file_itself(kit, text, line, said):
    done = kit(text, code=1)
    assert "leave_test.lua:%d: " % line in done.stdout and said in done.stdout, done.stdout


def test_kit_fails_when_a_step_is_refused(kit):
    done = kit(one('  c:fire("grant", { by = "wang" })'), code=1)
    assert 'leave_test.lua:4: "grant" of LV-1 was refused: ' in done.stdout and "pm" in done.stdout


@pytest.mark.parametrize("body, said", [
    ('  c:refuse("grant", { by = "li" })', '"grant" of LV-1 was accepted, expected a refusal'),
    ('  c:refuse("grant", { by = "wang", why = "not_now" })', "was refused for another reason"),
    ('  t:refuse_open("leave", { by = "wang", fields = { days = 1 } })', "was accepted"),
])
def test_kit_fails_when_a_refusal_is_not_as_expected(kit, body, said):
    assert said in kit(one(body), code=1).stdout


def test_kit_accepts_refusals_by_code_and_by_words(kit):
    kit(one('  c:refuse("grant", { by = "wang", why = "forbidden" })\n'
            '  c:refuse("refuse", { by = "li", why = "needs_fields" })\n'
            '  c:refuse("back", { by = "wang", why = "not possible" })\n'
            '  c:refuse_edit({ days = 0 }, { by = "wang" })\n'
            '  c:refuse_vote("approve", { by = "li" })\n'
            '  t:refuse_open("leave", { by = "wang", why = "needs_fields" })'))


# ---- tests apart from each other ----

def test_kit_gives_each_test_an_engine_a_store_a_clock_and_variables_of_its_own(kit):
    text = PEOPLE + "local n = 0\n" + "".join(
        'test "%s" (function(t)\n%s  n = n + 1\n  assert(n == 1 and c.key == "LV-1")\n'
        '  assert(t:now() == "2026-01-05T09:00:00+08:00")\n  t:advance "1 day"\n'
        '  c:expect { allowed = { li = { "grant", "refuse" }, wang = empty } }\nend)\n' % (name, OPEN)
        for name in "abc")
    assert "3 passed" in kit(text).stdout
    assert "1 passed" in kit(text, "--filter", "c").stdout


def test_kit_begins_where_a_test_says_and_never_goes_back(kit):
    kit(PEOPLE + 'test "it" (function(t)\n  t:at "2025-03-03 10:00"\n' + OPEN +
        '  c:expect { due = "2025-03-05 18:00" }\n  t:at "2025-03-04"\n  assert(t:now() == t:time "2025-03-04")\nend)\n')
    done = kit(one('  t:at "2026-01-04 09:00"'), code=1)
    assert "the clock never goes back" in done.stdout


def test_kit_knows_days_off(kit):
    kit(PEOPLE + 'test "it" (function(t)\n  t:holiday "2026-01-06"\n' + OPEN +
        '  c:expect { due = "2026-01-08 18:00" }\nend)\n')


def test_kit_knows_who_is_absent_and_who_stands_in(kit):
    text = PEOPLE.replace("sun", "zhao = \"engineer\", sun") + 'test "it" (function(t)\n' + OPEN + """
  t:absent("li", "2026-01-05", "2026-01-06", { to = "zhao" })
  %s
  c:fire("grant", { by = "zhao", on_behalf = "li" })
  t:at "2026-01-07 09:00"
  c:vote("approve", { by = "li" })
  c:expect { outcome = "granted" }
end)
"""
    kit(text % "")
    done = kit(text % 'c:fire("grant", { by = "li" })', code=1)
    assert "li is absent from 2026-01-05 to 2026-01-06" in done.stdout


# ---- what is written ----

def test_kit_writes_junit_that_readers_take(kit, folder):
    path = os.path.join(folder, "results.xml")
    kit(PEOPLE + 'test "good <&\\">" (function(t)\n' + OPEN + 'end)\n'
        'test "bad" (function(t)\n' + OPEN + '  c:expect { outcome = "granted" }\nend)\n'
        'test "broken" (function(t)\n  local x = nil + 1\nend)\n', "--junit", path, code=1)
    root = xml.etree.ElementTree.parse(path).getroot()
    assert root.tag == "testsuites"
    for element in (root, root[0]):
        assert (element.get("tests"), element.get("failures"), element.get("errors")) == ("3", "1", "1")
        assert float(element.get("time")) >= 0
    (suite,) = root
    assert suite.tag == "testsuite" and suite.get("name").endswith("leave_test.lua")
    assert [case.get("name") for case in suite] == ['good <&">', "bad", "broken"]
    assert all(case.tag == "testcase" and case.get("classname") == "leave" for case in suite)
    good, bad, broken = suite
    assert len(good) == 0 and [child.tag for child in bad] == ["failure"]
    assert bad[0].get("message") == "LV-1 is not as expected" and bad[0].get("type") == "expectation"
    assert "outcome: expected granted, actual nothing" in bad[0].text
    assert "opened the case" in bad[0].text
    assert [child.tag for child in broken] == ["error"] and broken[0].get("type") == "mistake"


class Page(html.parser.HTMLParser):
    """Tags that are open, and the marked lines of the source."""
    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.marked, self.outside = [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.outside += [v for k, v in attrs.items() if k in ("src", "href")]
        if tag == "div" and attrs.get("class") in ("all", "some", "none"):
            self.marked.append((attrs["class"], attrs["title"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_kit_writes_a_page_that_stands_alone_and_marks_the_source(kit, folder):
    path = os.path.join(folder, "coverage.html")
    kit(one('  c:fire("refuse", { by = "li", comment = "x" })'), "--html", path)
    page = Page()
    with open(path) as file:
        text = file.read()
    page.feed(text)
    assert page.open == [] and page.outside == [] and "url(" not in text
    marks = {title.split(" – ")[0]: mark for mark, title in page.marked}
    assert marks['asked: on "refuse" → refused'] == "all" and marks["granted"] == "some"
    assert marks['asked: on "grant" → deciding'] == "none"
    assert "workflow &quot;leave&quot;" in text


def test_kit_speaks_json_line_by_line(kit):
    done = kit(one('  c:expect { outcome = "granted" }') + 'test "good" (function(t) end)\n', "--json", code=1)
    bad, good, end = [json.loads(line) for line in done.stdout.splitlines()]
    assert bad["passed"] is False and bad["failure"]["line"] == 4 and bad["case"] == "LV-1"
    assert bad["failure"]["differences"] == [{"what": "outcome", "expected": "granted", "actual": "nothing"}]
    assert [entry["kind"] for entry in bad["history"]] == ["open"]
    assert good["name"] == "good" and good["passed"] is True and "failure" not in good
    assert (end["passed"], end["failed"]) == (1, 1)


def test_kit_speaks_chinese(kit):
    done = kit(one('  c:expect { outcome = "granted" }'), "--coverage", code=1, env={"LANG": "zh_CN.UTF-8"})
    assert "失败 it" in done.stdout and "期望：granted" in done.stdout and "LV-1 的经过" in done.stdout
    assert "未覆盖：granted" in done.stdout and "通过 0 项，失败 1 项" in done.stdout


# ---- where tests are ----

def test_kit_says_what_to_write_when_there_are_no_tests(binary, folder):
    with open(os.path.join(folder, "visit.lua"), "w", encoding="utf-8") as file:
        file.write('return workflow "visit" { key = "VI", final "done" }\n')
    done = subprocess.run([binary, "test", folder], text=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and "WORKFLOW_test.lua" in done.stderr and 'test "' in done.stderr


@pytest.mark.parametrize("words, code, said", [
    (["test"], 1, ". holds no rules"),
    (["test", ".", "."], 2, "one word too many"),
    (["test", ".", "--min-coverage", "all"], 2, "expected percent from 0 to 100"),
    (["test", ".", "--filtre", "x"], 2, "did you mean --filter?"),
    (["test", "nowhere"], 1, "nowhere"),
    (["test", "/etc/hostname"], 1, "is no script"),
])
def test_kit_refuses_what_it_cannot_run(binary, folder, words, code, said):
    done = subprocess.run([binary, *words], text=True, capture_output=True, cwd=folder, timeout=60)
    assert done.returncode == code and said in done.stderr


def test_kit_prints_its_words(binary, folder):
    done = subprocess.run([binary, "test", "--words"], text=True, capture_output=True, cwd=folder, timeout=60)
    assert done.returncode == 0 and done.stdout.startswith("The words of a test file") and "local " not in done.stdout
    # what a mistake names as near is what the manual says
    for word in ("t:open", "t:cases", "t:expect_none", "t:absent", "t:holiday", "c:fire", "c:withdraw", "c:undo", "c:retry",
                 "c:assign", "c:attach", "refuse_vote", "refuse_edit", "refuse_task", "t:refuse_open", "c:expect", "c:field"):
        assert word in done.stdout, word


def test_kit_runs_a_site_a_team_a_file_and_a_shipped_workflow_of_a_team(binary, folder):
    site = os.path.join(folder, "site")
    team = os.path.join(site, "teams", "demo")
    test = os.path.join(team, "workflows", "change_request_test.lua")
    subprocess.run([binary, "init", site], check=True, capture_output=True, timeout=60)
    assert subprocess.run([binary, "test", site], capture_output=True, timeout=60).returncode == 0
    with open(test, "w") as file:
        file.write("""people { li = "pm", mei = { "client", of = "acme" } }
test "it" (function(t)
  local c = t:open("change_request", { by = "mei", fields = { summary = "s", reason = "r" } })
  c:fire("submit", { by = "mei" })
  c:expect { state = "screening", owner = "li" }
end)
""")
    for path in (site, team, test):
        done = subprocess.run([binary, "test", path, "--coverage"], text=True, capture_output=True, timeout=60)
        assert done.returncode == 0 and "1 passed, 0 failed" in done.stdout, done.stdout + done.stderr
        assert "because they are shipped: change_request" in done.stdout
    assert os.listdir(os.path.join(team, "workflows")) == ["change_request_test.lua"]


def test_kit_does_not_run_rules_with_mistakes(kit):
    done = kit(WHOLE, workflow=WORKFLOW.replace('to = "deciding"', 'to = "decidign"'), code=1)
    assert "the rules of" in done.stderr and "leave.lua:10: " in done.stderr and "deciding" in done.stderr


@pytest.mark.parametrize("team, said", [
    ('timezone = "Mars/Base"', "Mars/Base"),
    ('calendar "office" { monday_to_friday = { "09:00-12:00" }, holidays = "none.ics" }', "none.ics"),
    ('use "leav"', "leave"),
])
def test_kit_does_not_run_a_team_that_the_server_would_not_serve(binary, folder, team, said):
    place = os.path.join(folder, "crew")
    os.makedirs(os.path.join(place, "workflows"))
    for name, text in (("team.lua", 'return team "crew" { %s, use "leave" }' % team),
                       ("workflows/leave.lua", WORKFLOW), ("workflows/leave_test.lua", WHOLE)):
        with open(os.path.join(place, name), "w") as file:
            file.write(text)
    done = subprocess.run([binary, "test", place], text=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and said in done.stderr and done.stdout == "", done.stdout + done.stderr


def test_kit_finds_a_test_file_of_no_workflow(kit, folder):
    os.mkdir(os.path.join(folder, "flows"))
    with open(os.path.join(folder, "flows", "leav_test.lua"), "w") as file:
        file.write(WHOLE)
    done = kit(WHOLE, code=1)
    assert 'leav_test.lua:1: the team uses no workflow "leav" (did you mean leave_test.lua?)' in done.stdout
    assert "4 passed, 1 failed" in done.stdout


# Each word that no shipped workflow's tests say.
MORE = """return workflow "more" {
  key = "MO", client = "project", roles = { "pm", "client" }, start = "list",
  fields = { amount = money {}, report = file {}, seen = text {} },
  state "list" {
    edit = { pm = "all" },
    tasks { task "papers" { by = "pm", proof = "file" }, task "call" { by = group "desk" }, done = "asked" },
    on "break" { by = "pm", to = "broken" },
  },
  state "asked" {
    approval { covers = { "amount" }, rule = at_least(2) "client" { nobody = "reject" }, approved = "done", rejected = "done" },
  },
  state "broken" { after "1 hour" { to = "done", run = function(c) c:set("seen", c.project.attributes.code .. c.fields.seen) end },
    edit = { pm = "all" } },
  final "done",
}
"""
MORE_TEST = """people {
  li = { "pm", lead = true, title = "Li Ting", language = "zh" }, anna = { groups = { "desk" } },
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}
project { title = "Tower", currency = "JPY", attributes = { code = "T" } }

test "ballots" (function(t)
  local c = t:open("more", { by = "li", fields = { amount = "1200" }, comment = "for you", shared = true })
  c:expect { tasks = { "call", "papers" }, fields = { amount = 1200 } }
  c:refuse_task("papers", { by = "li" })
  c:refuse_task("call", { by = "li", why = "forbidden" })
  c:task("papers", { by = "li", file = c:attach("a.txt", { by = "li", text = "A", field = "report" }) })
  assert(c:field "report")
  c:task("call", { by = "anna" })
  c:vote("approve", { by = "mei" })
  c:withdraw { by = "mei" }
  c:expect { state = "asked", waiting = { "mei", "tom" } }
  c:vote("approve", { by = "mei", approval = "asked" })
  c:vote("approve", { by = "tom" })
  c:expect { outcome = "done", stuck = false }
  c:comment("thank you", { by = "mei" })
end)

test "stuck" (function(t)
  local c = t:open("more", { by = "li" })
  c:fire("break", { by = "li" })
  t:advance "1 hour"
  c:expect { state = "broken", stuck = true }
  c:edit({ seen = "7" }, { by = "li" })
  c:retry { by = "li" }
  c:expect { state = "done", stuck = false, fields = { seen = "T7" } }
  assert(#t:cases "more" == 1)
  t:case("MO-1"):expect { state = { "done" } }
end)
"""


def test_kit_knows_ballots_taken_back_tasks_groups_projects_and_stuck_cases(binary, folder):
    for name, text in (("more.lua", MORE), ("more_test.lua", MORE_TEST)):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    done = subprocess.run([binary, "test", folder], text=True, capture_output=True, timeout=60)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout + done.stderr


def test_kit_leaves_nothing_behind(kit, folder):
    place = os.path.join(folder, "tmp")
    os.mkdir(place)
    kit(one('  c:attach("minutes.txt", { by = "li", text = "Minutes" })'), env={"TMPDIR": place})
    assert os.listdir(place) == []
