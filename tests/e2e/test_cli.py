# SPDX-License-Identifier: Apache-2.0
"""The command line as people and scripts use it: words, output, exit codes, who one is."""
import json
import os
import re
import signal
import socket
import stat
import subprocess

import pytest

from commands import OPEN, rows, run, site  # noqa: F401


# ---- help and usage ----

def all_commands(run):
    return re.findall(r"^  ([a-z]+(?: [a-z]+)*?)  +[A-Z]", run("--help").stdout, re.MULTILINE)


def test_cli_has_help_for_every_command(run):
    names = all_commands(run)
    assert len(names) > 50 and "project member add" in names
    for name in names:
        done = run(*name.split(), "--help")
        assert done.stdout.startswith("usage: signoff %s" % name)
        assert done.stderr == ""


def test_cli_help_of_a_family_lists_its_commands(run):
    text = run("case", "--help").stdout
    assert "case open" in text and "case vote" in text and "person" not in text
    assert run("help", "case", "open").stdout == run("case", "open", "--help").stdout


def test_cli_says_its_version_in_one_line(run):
    assert re.fullmatch(r"signoff \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize("words, said", [
    (["case", "opne"], "did you mean signoff case open?"),
    (["inbx"], "did you mean signoff inbox?"),
    (["case", "list", "--stat", "x"], "did you mean --state?"),
    (["case", "show"], "case show needs CASE"),
    (["case", "show", "CR-1", "CR-2"], "CR-2 is one word too many"),
    (["case", "fire", "CR-1", "x", "--expect", "soon"], "expected a whole number"),
    (["case", "fire", "CR-1", "x", "--data", "{"], "--data"),
    (["call", "server.ping", "{"], "the parameters"),
    (["zzzzzzzz"], "see signoff --help"),
    (["case"], "case open"),
    (["inbox", "--limit", "many"], "expected a number"),
    (["inbox", "--color", "red"], "expected auto, always or never"),
])
def test_cli_misuse_ends_with_2_and_says_what_would_be_right(run, words, said):
    done = run(*words, code=2)
    assert said in done.stderr and done.stdout == ""


# ---- which server, and who ----

def test_cli_without_a_server_says_how_to_name_one(run, server):
    assert "signoff login" in run("inbox", code=1).stderr
    empty = os.path.join(os.path.dirname(server.site), "empty")
    run("init", empty)
    assert "signoff serve" in run("inbox", "--site", empty, code=1).stderr
    assert "no server answers" in run("inbox", "--server", "127.0.0.1:1", code=1).stderr


def test_cli_takes_server_and_token_from_each_place(run, server):
    li = os.path.join(server.site, "demo", "li.token")
    tcp = "127.0.0.1:%d" % server.port
    with open(li, encoding="utf-8") as file:
        token = file.read().strip()

    def who(*words, **options):
        return json.loads(run("whoami", "--json", *words, **options).stdout)["person"]
    assert who("--server", tcp, "--token-file", li) == "li"
    assert who(env={"SIGNOFF_SERVER": tcp, "SIGNOFF_TOKEN": token}) == "li"
    assert who("--site", server.site, "--as", "mei") == "mei"
    assert who("--site", server.site) == "admin"
    assert who(cwd=server.site) == "admin"
    assert who("--as", "sun", cwd=server.site) == "sun"
    assert who(env={"SIGNOFF_SITE": server.site}) == "admin"
    # An option goes before the environment.
    assert who("--as", "mei", cwd=server.site, env={"SIGNOFF_TOKEN": token}) == "mei"


def test_cli_login_is_kept_for_its_owner_alone_until_logout(run, server, folder):
    kept = os.path.join(folder, "config", "signoff", "login.json")
    run("login", "--server", "127.0.0.1:%d" % server.port, "--token-file",
        os.path.join(server.site, "demo", "li.token"))
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    assert json.loads(run("whoami", "--json").stdout)["person"] == "li"
    # Who names a person is not the one who logged in.
    assert json.loads(run("whoami", "--json", "--site", server.site).stdout)["person"] == "admin"
    run("logout")
    assert not os.path.exists(kept)
    run("whoami", code=1)


def test_cli_login_reads_the_token_from_stdin_and_keeps_no_wrong_one(run, server, folder):
    tcp = "127.0.0.1:%d" % server.port
    run("login", "--server", tcp, stdin="sgn_wrong\n", code=1)
    assert not os.path.exists(os.path.join(folder, "config"))
    with open(os.path.join(server.site, "demo", "tom.token"), encoding="utf-8") as file:
        run("login", "--server", tcp, stdin=file.read())
    assert json.loads(run("whoami", "--json").stdout)["person"] == "tom"


def test_cli_operator_names_the_team(run, server):
    options = ["--site", server.site, "--operator", "--team", "demo"]
    run("person", "add", "hu", "--title", "Hu Bo", "--lead", *options)
    done = run("token", "add", "hu", "--json", *options)
    token = json.loads(done.stdout)["token"]
    who = run("whoami", "--json", env={"SIGNOFF_SERVER": "127.0.0.1:%d" % server.port,
                                       "SIGNOFF_TOKEN": token})
    assert json.loads(who.stdout)["person"] == "hu"
    # --team alone means the operator: nobody else may say it.
    run("person", "add", "he", "--title", "He Yi", "--team", "demo", "--site", server.site)


# ---- cases ----

def to_deciding(site):
    """CR-1, up to where it is decided."""
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("li", "case", "fire", "CR-1", "accept")
    site("sun", "case", "fire", "CR-1", "assess", "-f", "days:=1", "-f", "risk=low")
    site("li", "case", "fire", "CR-1", "price", "-f", "cost=20000.00", "-f", "scope=x")


def test_cli_walks_a_change_request(site):
    assert "CR-1 is in draft" in site("mei", *OPEN).stdout
    site("mei", "case", "fire", "CR-1", "submit")
    [item] = rows(site("li", "inbox", "--json"))
    assert (item["case"], item["state"]) == ("CR-1", "screening")
    site("li", "case", "fire", "CR-1", "accept", "--comment", "let us see")
    site("sun", "case", "fire", "CR-1", "assess", "--data", '{"days":5}', "--field", "risk=low")
    done = site("li", "case", "fire", "CR-1", "price", "--field", "cost=60000.00",
                "--field", "scope=one report")
    assert "CR-1 is in deciding" in done.stdout
    for person in ("li", "wang", "chen", "zhao"):
        assert "deciding" in site(person, "case", "vote", "CR-1", "approve").stdout
    assert "implementing" in site("tom", "case", "vote", "CR-1", "approve").stdout
    site("sun", "case", "fire", "CR-1", "implemented")
    site("li", "case", "fire", "CR-1", "verified")
    assert "It has ended: implemented" in site("li", "case", "fire", "CR-1", "archive").stdout
    [case] = rows(site("li", "case", "list", "--ended", "--json"))
    assert (case["case"], case["outcome"]) == ("CR-1", "implemented")


def test_cli_case_page_says_where_it_stands_and_what_one_may_do(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    page = site("li", "case", "show", "CR-1").stdout
    for part in ("CR-1", "acme-erp", "screening", "Export", "li", "2026-01-06 18:00 (in 1 d 9 h)",
                 "accept", "reject"):
        assert part in page
    assert "✓ accept" in page
    assert 'signoff case fire CR-1 reject --comment "..."' in page
    # What is not possible is counted, and told with its reason when asked for.
    page = site("mei", "case", "show", "CR-1").stdout
    assert "nothing at the moment" in page and "14 more events" in page
    page = site("mei", "case", "show", "CR-1", "--all").stdout
    assert re.search(r"✗ accept +.* pm", page) and "not in this state: submit" in page


def test_cli_case_page_shows_an_open_approval(site):
    to_deciding(site)
    site("wang", "case", "vote", "CR-1", "approve", "--comment", "Worth it")
    page = site("chen", "case", "show", "CR-1").stdout
    digest = json.loads(site("chen", "case", "show", "CR-1", "--json").stdout)["approvals"][0]["digest"]
    assert re.search(r"^Approval in Deciding, round 1$", page, re.MULTILINE)
    assert re.search(r"^  wang +approve, 2026-01-05 09:00  “Worth it”$", page, re.MULTILINE)
    assert re.search(r"^  still asked +chen, li, mei, tom$", page, re.MULTILINE)
    assert re.search(r"^  agreed to +Summary, Touches the baseline or the charter, Cost, "
                     r"Schedule impact \(working days\), Scope impact$", page, re.MULTILINE)
    assert digest[:16] + "…" in page and digest not in page
    assert "signoff case vote CR-1 approve" in page
    assert "chen, li, mei, tom  to vote in Deciding" in page


def test_cli_case_page_is_in_the_language_of_its_reader(site):
    site("mei", *OPEN)
    page = site("zhao", "case", "show", "CR-1").stdout
    for part in ("变更请求：Export", "状态", "草稿 (draft)", "变更原因", "您可以"):
        assert part in page


def test_cli_history_reads_from_the_beginning(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("li", "case", "comment", "CR-1", "not for the client")
    lines = site("li", "case", "history", "CR-1").stdout.splitlines()
    at = [i for i, line in enumerate(lines) if line.startswith("2026-01-05 09:00")]
    assert lines[at[0]].endswith("Mei Lin (client): opened the case → Draft")
    assert lines[at[1]].endswith("Mei Lin (client): Submit → Screening")
    assert "not for the client" in "\n".join(lines[at[2]:])
    assert "not for the client" not in site("mei", "case", "history", "CR-1").stdout


def test_cli_history_is_the_minutes_of_a_decision(site):
    to_deciding(site)
    for person in ("li", "wang"):
        site(person, "case", "vote", "CR-1", "approve")
    site("admin", "clock", "advance", "1 day")
    site("chen", "case", "vote", "CR-1", "approve", "--comment", "Worth it")
    site("tom", "case", "vote", "CR-1", "approve")
    text = site("li", "case", "history", "CR-1").stdout
    for line in (
            "Accept for assessment → Technical impact: Estimating, Commercial impact: Pricing",
            "Risk: Low (internal)",
            "Chen Yu (change board): voted approve (internal)\n                  “Worth it”",
            "Tom Baker (client): voted approve → Implementing",
            "Round 1 of Deciding: approved",
            "  Li Ting (project manager): approve, 2026-01-05 09:00",
            "  Tom Baker (client): approve, 2026-01-06 09:00"):
        assert line in text
    # The client reads the decision, and not what was said inside.
    text = site("mei", "case", "history", "CR-1").stdout
    assert "Round 1 of Being decided: approved" in text
    assert "Risk" not in text and "Worth it" not in text and "internal" not in text
    # In Chinese to who reads Chinese.
    text = site("zhao", "case", "history", "CR-1").stdout
    assert "受理 → 技术影响：技术评估中、商务影响：报价中" in text
    assert "“审批”第 1 轮：通过" in text and "风险：低 （内部）" in text


def test_cli_history_tells_what_a_field_was_and_what_a_deadline_did(site):
    site("mei", *OPEN)
    site("mei", "case", "edit", "CR-1", "--field", "summary=Export of all")
    site("mei", "case", "fire", "CR-1", "submit")
    site("admin", "clock", "advance", "4 days")
    text = site("li", "case", "history", "CR-1").stdout
    assert "Summary: Export → Export of all" in text
    assert "the system: 80% of the time for Screening has passed; reminded Li Ting" in text
    assert "the time for Screening is up; reminded Li Ting (project manager); told Zhao Min" in text
    assert re.search(r"Screening is late by 1 workday \(internal\)\n +owner: Zhao Min \(sponsor\)\n"
                     r" +priority: high\n", text)


def test_cli_history_of_an_internal_project_marks_nothing(site):
    site("admin", "case", "open", "change_request", "--project", "demo", "-f", "summary=x",
         "-f", "reason=y")
    site("admin", "case", "comment", "CR-1", "between us")
    text = site("admin", "case", "history", "CR-1").stdout
    assert "“between us”" in text and "internal" not in text


def test_cli_refusal_ends_with_1_and_says_why_and_where(site):
    site("mei", *OPEN)
    done = site("mei", "case", "fire", "CR-1", "sumbit", code=1)
    assert "submit" in done.stderr
    done = site("li", "case", "open", "chnge_request", "--project", "acme-erp", code=1)
    assert "change_request" in done.stderr
    done = site("mei", "case", "edit", "CR-1", "--field", "class=odd", code=1)
    assert "/fields/class" in done.stderr
    error = json.loads(site("mei", "case", "show", "CR-9", "--json", code=1).stderr)["error"]
    assert error["code"] == "not_found"


def test_cli_repeated_request_is_done_once(site):
    site("mei", *OPEN, "--request-id", "r1")
    site("mei", *OPEN, "--request-id", "r1")
    assert len(rows(site("li", "case", "list", "--json"))) == 1


def test_cli_vote_with_an_old_digest_is_refused(site):
    to_deciding(site)
    site("wang", "case", "vote", "CR-1", "approve", "--digest", "0" * 64, code=1)
    site("wang", "case", "vote", "CR-1", "approve")


def test_cli_vote_shows_what_was_voted_on_and_who_is_still_asked(site):
    to_deciding(site)
    text = site("wang", "case", "vote", "CR-1", "approve").stdout
    assert re.search(r"^  Schedule impact \(working days\) +1$", text, re.MULTILINE)
    assert "still asked: chen, li, mei, tom\n" in text
    # The beginning of a digest that the page shows is enough.
    page = site("chen", "case", "show", "CR-1").stdout
    digest = re.search(r"digest +(\w{16}…)", page).group(1)
    site("chen", "case", "vote", "CR-1", "approve", "--digest", digest)
    done = site("li", "case", "vote", "CR-1", "approve", "--digest", "0" * 16, code=1)
    assert "has changed since you saw it" in done.stderr
    assert "not asked" in site("sun", "case", "vote", "CR-1", "approve", code=1).stderr
    assert "no open approval" in site("li", "case", "vote", "CR-1", "approve", "--approval", "x",
                                      code=1).stderr


def test_cli_list_refuses_names_that_no_workflow_has(site):
    site("mei", *OPEN)
    done = site("li", "case", "list", "-w", "change_reqest", code=1)
    assert "did you mean 'change_request'?" in done.stderr
    done = site("li", "case", "list", "-w", "change_request", "--state", "decidng", code=1)
    assert "change_request has no state 'decidng'; did you mean 'deciding'?" in done.stderr


def test_cli_timers_and_terms_are_called_by_their_titles(site):
    to_deciding(site)
    assert "Deadline The decision" in site("li", "case", "explain", "CR-1").stdout
    site("li", "case", "vote", "CR-1", "defer", "--comment", "later")
    for words in ("show", "explain"):
        text = site("li", "case", words, "CR-1").stdout
        assert "then: Lapsed" in text and "after.parked" not in text


def test_cli_late_vote_is_told_of_the_decision(site):
    to_deciding(site)
    site("li", "case", "vote", "CR-1", "approve")
    site("wang", "case", "vote", "CR-1", "reject")
    for who in ("wang", "chen", "mei"):
        late = site(who, "case", "vote", "CR-1", "approve", code=1).stderr
        assert re.search(r"was decided already on 2026-01-05 \d\d:\d\d: Rejected", late), late
        assert "at=2026-01-05T" in late, late


def test_cli_stand_in_votes_for_whom_they_stand_in_for(site):
    to_deciding(site)
    assert "signoff delegation list" in site("sun", "case", "vote", "CR-1", "approve",
                                             "--for", "li", code=1).stderr
    site("li", "delegation", "set", "sun", "--until", "2026-01-12T09:00:00+08:00",
         "--workflow", "change_request", "--project", "acme-erp")
    assert "vote for li" in site("sun", "inbox").stdout
    assert "signoff case vote CR-1 approve|reject|abstain|defer|changes --for li" in \
        re.sub(r"\s+", " ", site("sun", "case", "allowed", "CR-1").stdout)
    site("sun", "case", "vote", "CR-1", "approve", "--for", "li")
    assert "for Li Ting" in site("wang", "case", "history", "CR-1").stdout
    [one] = rows(site("li", "delegation", "list", "--json"))
    assert one["scope"] == {"workflows": ["change_request"], "projects": ["acme-erp"]}
    site("li", "delegation", "end", str(one["id"]))
    assert "nobody stands in" in site("li", "delegation", "list").stderr


def test_cli_money_with_too_many_places_is_told_how_to_write_it(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("li", "case", "fire", "CR-1", "accept")
    site("sun", "case", "fire", "CR-1", "assess", "-f", "days:=1", "-f", "risk=low")
    done = site("li", "case", "fire", "CR-1", "price", "-f", "cost=12.345", "-f", "scope=x", code=1)
    assert "at most 2 digits after the point" in done.stderr and '"12.34"' in done.stderr


def test_cli_edit_that_nobody_may_make_says_so(site):
    to_deciding(site)
    done = site("li", "case", "edit", "CR-1", "-f", "summary=2", code=1)
    assert 'nobody can edit the field "summary" in deciding' in done.stderr
    done = site("sun", "case", "edit", "CR-1", "-f", "days=2", code=1)
    assert 'editing "days" is for pm' in done.stderr


def test_cli_field_is_sent_as_the_type_it_has(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("li", "case", "fire", "CR-1", "accept")
    site("sun", "case", "fire", "CR-1", "assess", "--field", "days=5", "--field", "risk=low")
    assert json.loads(site("li", "case", "show", "CR-1", "--json").stdout)["fields"]["days"] == 5
    # A text that looks like a number stays one.
    site("mei", *OPEN[:5], "--field", "summary=42", "--field", "reason=true")
    fields = json.loads(site("li", "case", "show", "CR-2", "--json").stdout)["fields"]
    assert (fields["summary"], fields["reason"]) == ("42", "true")


def test_cli_inbox_says_what_to_do_and_how_long_there_is(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    assert re.search(r"^CR-1 +act +Export +Screening +in 15 h of work +2026-01-06 18:00 ",
                     site("li", "inbox").stdout, re.MULTILINE)
    assert site("li", "inbox", "count").stdout == "1 waiting for you\n"
    site("admin", "clock", "advance", "35 hours")  # Tuesday 20:00: by nothing that counts
    assert re.search(r" late +2026-01-06 18:00 ", site("li", "inbox").stdout)
    site("admin", "clock", "advance", "15 hours")
    assert "late by 2 h of work" in site("li", "inbox").stdout
    assert site("li", "inbox", "count").stdout == "1 waiting for you, 1 of them late; messages not read: 2\n"
    site("li", "person", "update", "li", "--language", "zh")
    assert "超时 工作时间 2 小时" in site("li", "inbox").stdout
    done = site("chen", "inbox")
    assert (done.stdout, done.stderr) == ("", "nothing waits for you\n")
    assert "超时 2 小时" not in site("zhao", "inbox").stdout
    assert site("zhao", "inbox", "count").stdout == "没有等待您处理的事项；未读消息 1 条\n"


def test_cli_messages_are_read_and_marked(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    site("admin", "clock", "advance", "41 hours")
    text = site("li", "inbox", "messages").stdout
    assert "80% of the time for Screening has passed" in text
    assert "the time for Screening is up" in text
    first, second = [message["id"] for message in rows(site("li", "inbox", "messages", "--json"))]
    site("li", "inbox", "read", str(first))
    assert [message["id"] for message in rows(site("li", "inbox", "messages", "--unread", "--json"))] \
        == [second]
    assert site("li", "inbox", "read", "--all").stdout == "1 marked as read\n"
    assert site("li", "inbox", "messages", "--unread").stderr == "no messages\n"
    assert "numbers of messages" in site("li", "inbox", "read", code=2).stderr
    assert "no such message" in site("li", "inbox", "read", "7", code=1).stderr


def test_cli_says_with_which_option_a_refusal_is_mended(run, server, site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    for words, hint in ((["case", "open", "change_request"], "--project PROJECT"),
                        (["case", "edit", "CR-1"], "--field NAME=VALUE"),
                        (["case", "fire", "CR-1", "reject"], "--comment TEXT")):
        assert "hint: say it with " + hint in site("li", *words, code=1).stderr
    done = run("case", "list", "--operator", "--site", server.site, code=1)
    assert "hint: say it with --team TEAM" in done.stderr


def test_cli_shows_workflows_and_projects_to_be_read(site):
    text = site("li", "workflow", "show", "change_request").stdout
    for line in ("  summary  text; required", "  risk  choice of low, medium, high; internal",
                 "      accept (Accept for assessment)  → impact; by pm",
                 "      return  → draft; by pm; with a comment; the client reads the comment",
                 "      after 30 days  → lapsed"):
        assert line in text.splitlines()
    # The rules are the team's own affair.
    assert "draft" not in site("mei", "workflow", "show", "change_request").stdout
    text = site("li", "project", "show", "acme-erp").stdout
    assert re.search(r"^  title +ERP for Acme$", text, re.MULTILINE)
    assert re.search(r"^  wang +ccb, engineer$", text, re.MULTILINE)


def test_cli_clock_says_what_fell_due(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    assert site("admin", "clock", "advance", "1 hour").stdout \
        == "It is 2026-01-05 10:00; nothing fell due\n"
    assert "1 thing fell due" in site("admin", "clock", "advance", "30 hours").stdout
    assert "needs a duration or --to" in site("admin", "clock", "advance", code=2).stderr


def test_cli_explains_clocks_and_rules(site):
    to_deciding(site)
    site("wang", "case", "vote", "CR-1", "approve")
    text = site("li", "case", "explain", "CR-1").stdout
    assert "running since 2026-01-05 09:00, 45 h of work in all, left 45 h of work, " in text
    assert "due 2026-01-12 18:00" in text
    assert "· at least 2 of chen (not answered), wang (approve): open" in text
    # The words of the protocol are understood too.
    assert site("li", "approval", "preview", "CR-1").stdout in text
    assert site("li", "case", "approval", "CR-1").stdout in text


def test_cli_watch_prints_entries_and_stops_after_count(site):
    site("mei", *OPEN)
    site("mei", "case", "fire", "CR-1", "submit")
    entries = rows(site("li", "watch", "--from", "2", "--count", "2", "--json"))
    assert [entry["seq"] for entry in entries] == [2, 3]
    assert [entry["kind"] for entry in entries] == ["open", "fire"]


def test_cli_lists_page_to_the_limit(site):
    for _ in range(5):
        site("mei", *OPEN)
    assert len(rows(site("li", "case", "list", "--json", "--limit", "3"))) == 3
    assert len(rows(site("li", "case", "list", "--json", "--limit", "0"))) == 5
    assert "--limit 0 all" in site("li", "case", "list", "-n", "3").stderr


def test_cli_call_takes_any_method(site):
    assert json.loads(site("li", "call", "server.ping").stdout) == {"pong": True}
    assert json.loads(site("admin", "call", "clock.advance", '{"by":"1 hour"}').stdout)["now"] \
        == "2026-01-05T10:00:00+08:00"


# ---- output ----

def test_cli_colour_is_for_terminals_and_obeys_no_color(site):
    site("mei", *OPEN)
    assert "\033" not in site("li", "case", "show", "CR-1").stdout
    assert "\033[1m" in site("li", "case", "show", "CR-1", "--color", "always").stdout
    assert "\033[1m" in site("li", "case", "show", "CR-1", env={"CLICOLOR_FORCE": "1"}).stdout
    assert "\033" not in site("li", "case", "show", "CR-1",
                              env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).stdout


def test_cli_text_of_a_case_cannot_drive_the_terminal(site):
    site("mei", *OPEN[:5], "--field", "summary=a\033[2Jb", "--field", "reason=x")
    for words in (["case", "show", "CR-1"], ["case", "history", "CR-1"], ["case", "list"]):
        assert "\033" not in site("li", *words).stdout


# ---- folders ----

def test_cli_check_prints_mistakes_as_compilers_do(run, folder):
    path = os.path.join(folder, "s")
    run("init", path)
    assert re.fullmatch(r"1 team, \d+ workflows, 1 test file, no findings\n", run("check", path).stdout)
    with open(os.path.join(path, "teams/demo/workflows/bad.lua"), "w", encoding="utf-8") as file:
        file.write('return workflow "bad" {\n  key = "BAD",\n  start = "a",\n'
                   '  state "a" { on "go" { by = "opener", to = "b" } },\n}\n')
    team = os.path.join(path, "teams/demo/team.lua")
    with open(team, encoding="utf-8") as file:
        text = file.read()
    with open(team, "w", encoding="utf-8") as file:
        file.write(text.replace('use "issue"', 'use "isue"').replace("}\n", '  use "bad",\n}\n'))
    done = run("check", path, code=1)
    assert re.search(r"teams/demo/team\.lua:\d+(:\d+)?: error: .*isue", done.stdout)
    assert re.search(r"teams/demo/workflows/bad\.lua:4(:\d+)?: error: ", done.stdout)
    assert '     4 |   state "a"' in done.stdout
    for mistake in rows(run("check", path, "--json", code=1)):
        assert {"severity", "file", "line", "message"} <= set(mistake)
    # One team's folder alone is checked the same way.
    assert "bad.lua:4" in run("check", os.path.join(path, "teams/demo"), code=1).stdout


def test_cli_verify_asks_the_server_where_one_runs(run, server, site):
    site("mei", *OPEN)
    done = run("verify", server.site)
    assert "team demo: 2 entries and 1 case verified" in done.stdout
    assert "a server runs" in done.stderr
    assert rows(run("verify", server.site, "--json"))[0]["entries"] == 2
    # Without the operator's token it cannot, and says what else can be done.
    token = os.path.join(server.site, "operator.token")
    os.rename(token, token + ".away")
    assert "signoff audit verify" in run("verify", server.site, code=1).stderr
    os.rename(token + ".away", token)
    assert "yes" in site("admin", "audit", "verify").stdout or \
        "entries" in site("admin", "audit", "verify").stdout
    server.stop()
    assert re.search(r"team demo: 2 entries and 1 case verified", run("verify", server.site).stdout)


def test_cli_init_refuses_what_is_not_empty(run, server):
    assert "not empty" in run("init", server.site, code=1).stderr


# ---- serving ----

def serve(binary, path, *words):
    return subprocess.Popen([binary, "serve", path, "--listen", "127.0.0.1:0", *words],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_cli_serve_says_where_in_one_line_and_stops_on_sigterm(binary, run, folder):
    path = os.path.join(folder, "s")
    run("init", path)
    process = serve(binary, path)
    try:
        line = process.stdout.readline()
        ready = re.fullmatch(r"signoff: serving (.*) on 127\.0\.0\.1:(\d+) \(demo: \d+ workflows\)\n",
                             line)
        assert ready and ready.group(1) == path
        assert stat.S_IMODE(os.stat(os.path.join(path, "signoff.sock")).st_mode) == 0o600
        socket.create_connection(("127.0.0.1", int(ready.group(2)))).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not os.path.exists(os.path.join(path, "signoff.sock"))
    finally:
        process.kill()
        process.communicate()


def test_cli_serve_clock_is_for_good(binary, run, server, folder):
    server.stop()
    process = serve(binary, server.site, "--clock", "2030-01-01T00:00:00Z")
    try:
        assert process.stdout.readline().startswith("signoff: serving")
        now = json.loads(run("clock", "now", "--json", "--site", server.site).stdout)
        assert now["now"].startswith("2026-01-05T09:00")
        process.terminate()
        assert "--clock is ignored" in process.communicate(timeout=60)[1]
    finally:
        process.kill()
        process.communicate()
    real = os.path.join(folder, "real")
    run("init", real)
    process = serve(binary, real)
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=60)
    assert "real" in run("serve", real, "--listen", "127.0.0.1:0", "--clock", "2030-01-01T00:00:00Z", code=1).stderr


@pytest.mark.parametrize("words, said", [
    (["--listen", "0.0.0.0:0"], "insecure = yes"),
    (["--listen", "nonsense"], "nonsense"),
    (["--listen", "127.0.0.1:0", "--clock", "yesterday"], "--clock"),
])
def test_cli_serve_refuses_what_it_cannot_do(run, folder, words, said):
    path = os.path.join(folder, "s")
    run("init", path)
    assert said in run("serve", path, *words, code=1).stderr


def test_cli_serve_refuses_a_site_that_is_served(run, server):
    assert run("serve", server.site, "--listen", "127.0.0.1:0", code=1).stderr != ""


def test_cli_settings_mistake_names_file_and_line(run, folder):
    path = os.path.join(folder, "s")
    run("init", path)
    with open(os.path.join(path, "signoff.ini"), "a", encoding="utf-8") as file:
        file.write("[net]\nlistne = 127.0.0.1:0\n")
    done = run("serve", path, code=1)
    assert re.search(r"signoff\.ini:\d+: unknown setting listne in \[net\]; did you mean listen\?",
                     done.stderr)
