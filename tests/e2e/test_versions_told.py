# SPDX-License-Identifier: Apache-2.0
"""What people read around another version: every entry in the words of the version that it was
decided by, and of the migration itself who ordered it, what it changed and whose ballots stand."""
import json
import os

from commands import run  # noqa: F401
from titled import TWO, lived, server, vote, write  # noqa: F401

REASON = "the board decides from now on"


def swept(server):
    with server.client("li") as li:
        li.call("clock.advance", by="0 seconds")


def migrated(server, people, advance):
    keys = lived(people, advance)
    write(server.site, TWO)
    people("li").call("workflow.reload")
    people("li").call("workflow.migrate", workflow="change", reason=REASON)
    swept(server)
    return keys


def minutes(run, server, key, name="li"):
    done = run("case", "history", key, "--site", server.site, "--as", name)
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_versions_minutes_tell_each_entry_in_the_words_of_its_version(run, server, people, advance):
    late, voted, _ = migrated(server, people, advance)
    read = minutes(run, server, late)
    assert read[:4] == ["2026-01-05 09:00 Li Ting (project manager): opened the case → Screening",
                        "Summary: Export", "Weeks: 2", "class: Small"]
    assert any("20% of the time for Screening has passed" in line for line in read)
    # What happens after it is told in the new ones.
    people("li").call("case.fire", case=late, event="decide")
    read = minutes(run, server, late)
    assert "Li Ting (project manager): Take to the board → Board" in read[-2]
    assert "Put to decision → Deciding" in " ".join(minutes(run, server, voted))


def test_versions_minutes_of_the_migration_say_what_it_did(run, server, people, advance):
    late, voted, _ = migrated(server, people, advance)
    read = minutes(run, server, late)
    begin = read.index("2026-01-10 09:00 the system: brought the case from version 1 to version 2: "
                       "Screening → Triage")
    assert read[begin + 1:] == [
        "Days: 10", "fields that are no more: Weeks",
        "ordered by: Li Ting (project manager): “%s”" % REASON,
        "Triage: 2026-01-15 09:00 → 2026-01-25 09:00", "Acknowledgement: no deadline any more"]
    read = minutes(run, server, voted)
    begin = next(i for i, line in enumerate(read) if "Deciding → Board" in line)
    assert read[begin + 2:] == [
        "ordered by: Li Ting (project manager): “%s”" % REASON,
        "ballots that stand: Wang Lei (engineer, change board) (approve)",
        "ballots void: Li Ting (project manager) (approve)",
        "Board: 2026-01-10 09:00 → 2026-01-13 09:00",
        "Answer to the client: a new deadline, due 2026-01-14 09:00"]
    people("li").call("person.update", person="li", language="zh")
    read = minutes(run, server, late)
    assert read[1:4] == ["摘要：Export", "周数：2", "class：小"]
    begin = read.index("2026-01-10 09:00 系统：从第 1 版迁移到第 2 版流程：筛选 → 分诊")
    assert read[begin + 1:begin + 4] == ["天数：10", "不再有的字段：周数",
                                         "迁移发起人：Li Ting (project manager)：“%s”" % REASON]


def test_versions_minutes_of_the_client_hold_no_more_than_before(run, server, people, advance):
    late, voted, _ = migrated(server, people, advance)
    entry = people("mei").call("case.history", case=voted)["items"][0]
    assert entry["kind"] == "migrate" and "migrate" not in entry
    read = " ".join(minutes(run, server, voted, "mei"))
    assert "Put to decision → Deciding" in read
    assert "brought the case to another version → Board" in read
    assert "ordered" not in read and "ballots" not in read
    assert "Weeks: 2" in minutes(run, server, late, "mei")


def test_versions_history_names_each_version_by_its_digest(server, people, advance):
    late, _, _ = migrated(server, people, advance)
    li = people("li")
    page = li.call("case.history", case=late)
    new, old = page["items"][0], page["items"][-1]
    assert len(old["rules"]) == 64 and old["rules"] != new["rules"]
    assert (new["migrate"]["rules"], new["migrate"]["by"]) == (old["rules"], "li")
    assert new["migrate"]["reason"] == REASON
    assert page["titles"]["states"]["triage"]["title"] == "Triage"
    assert list(page["titles"]["versions"]) == [old["rules"]]
    then = page["titles"]["versions"][old["rules"]]
    assert then["states"]["screening"]["title"] == "Screening"
    assert then["fields"]["weeks"] == "Weeks" and then["events"]["decide"] == "Put to decision"
    assert page["titles"]["people"]["li"] == "Li Ting (project manager)"
    # A page of the newest entry alone knows where it came from; a case that never moved, nothing.
    assert old["rules"] in li.call("case.history", case=late, limit=1)["titles"]["versions"]
    fresh = li.call("case.open", workflow="change", project="acme-erp", fields={"summary": "x"})
    assert li.call("case.history", case=fresh["case"])["titles"]["versions"] == {}


# ---- what a migration left ----

def migrate(run, server, *words, code=0):
    done = run("workflow", "migrate", "change", *words, "--site", server.site, "--as", "li", code=code)
    return done.stdout


def test_versions_migrate_waits_and_says_what_it_left(run, server, people, advance):
    _, _, stray = lived(people, advance)
    write(server.site, TWO)
    people("li").call("workflow.reload")
    page = migrate(run, server, code=1)
    assert "change: 2 cases have come to version 2; left where they are: 1" in page
    assert 'the state "astray" has no counterpart (1): %s' % stray in page
    assert "signoff case correct" in page and "new version 3" in page
    # Every way to it says the same: the list, one of them, the operator's sweep.
    told = json.loads(migrate(run, server, "--json", code=1))
    assert (told["moved"], told["n_left"]) == (0, 1)
    assert [(one["case"], one["reason"], one["about"]) for one in told["left"]] == [
        (stray, "state", "astray")]
    li = ["--site", server.site, "--as", "li"]
    assert stray in run("workflow", "migrations", "1", *li, code=1).stdout
    operator = ["--site", server.site, "--operator"]
    swept = run("sweep", "list", *operator).stdout.splitlines()
    assert "left" in swept[0] and "change to version 2" in swept[1] and swept[1].split()[-1] == "1"
    assert stray in run("sweep", "show", "1", *operator, code=1).stdout
    assert "there is no sweep 7" in run("sweep", "show", "7", *operator, code=1).stderr
    # What was left can be helped as the page says: then all have come, and the exit code says so.
    people("li").call("case.correct", case=stray, to="screening", reason="went astray")
    assert "1 case has come to version 2; left where they are: 0" in migrate(run, server)
    people("li").call("person.update", person="li", language="zh")
    assert "状态“astray”在新版中没有对应" in run("workflow", "migrations", "1", *li, code=1).stdout


def test_versions_migrate_need_not_wait(run, server, people, advance):
    lived(people, advance)
    write(server.site, TWO)
    people("li").call("workflow.reload")
    assert "signoff workflow migrations 1" in migrate(run, server, "--no-wait")
    swept(server)
    assert people("li").call("workflow.migrations", sweep=1)["items"][0]["moved"] == 2


def test_versions_migrations_are_the_leads_to_read(server, people, refuses):
    refuses("forbidden", people("wang"), "workflow.migrations")
    refuses("forbidden", people("mei"), "workflow.migrations")
    assert people("li").call("workflow.migrations")["items"] == []
    refuses("not_found", people("li"), "workflow.migrations", sweep=1)


# ---- several versions at once ----

def three(migrate):
    """A third version, in the second one's words, with this migration."""
    begin, end = TWO.index("migrate {"), TWO.index('state "triage"')
    return (TWO[:begin] + migrate + TWO[end:]).replace("version = 2", "version = 3")


def versions_of(people, keys):
    li = people("li")
    found = {}
    for version in (1, 2, 3):
        for item in li.call("case.list", open=True, version=version)["items"]:
            found[item["case"]] = version
    return [found[key] for key in keys]


def prepared(server, people, advance):
    """Cases of version 1 that have stayed, and one of version 2."""
    late, voted, stray = lived(people, advance)
    write(server.site, TWO)
    li = people("li")
    li.call("workflow.reload")
    second = li.call("case.open", workflow="change", project="acme-erp",
                     fields={"summary": "Second"})["case"]
    return late, voted, stray, second


def test_versions_a_migration_may_come_from_several_versions(run, server, people, advance):
    late, voted, stray, second = prepared(server, people, advance)
    write(server.site, three("""migrate { from = 2 }, migrate { from = 1,
      states = { screening = "triage", deciding = "board", astray = "triage" },
      fields = function(f) return { days = f.weeks and f.weeks * 5 or empty } end },
    """))
    people("li").call("workflow.reload")
    assert versions_of(people, (late, voted, stray, second)) == [1, 1, 1, 2]
    assert "4 cases have come to version 3; left where they are: 0" in migrate(run, server)
    assert versions_of(people, (late, voted, stray, second)) == [3, 3, 3, 3]
    seen = people("li").call("case.get", case=late)
    assert seen["states"] == ["triage"] and seen["fields"]["days"] == 10
    entry = people("li").call("case.history", case=late)["items"][0]
    assert (entry["migrate"]["from"], entry["migrate"]["to"]) == (1, 3)


def test_versions_what_no_block_covers_is_named_with_its_version(run, server, people, advance):
    late, voted, stray, second = prepared(server, people, advance)
    write(server.site, three("migrate { from = 2 },"))
    people("li").call("workflow.reload")
    page = migrate(run, server, code=1)
    assert "1 case has come to version 3; left where they are: 3" in page
    assert "version 3 of change has no migration from version 1 (3): %s" % ", ".join(
        (late, voted, stray)) in page
    assert "say from = { ... } with their version too" in page
    assert versions_of(people, (late, voted, stray, second)) == [1, 1, 1, 3]


def test_versions_a_case_can_come_step_by_step(run, server, people, advance):
    late, voted, stray = lived(people, advance)
    write(server.site, TWO)
    people("li").call("workflow.reload")
    migrate(run, server, code=1)
    write(server.site, three("migrate { from = 2 },"))
    people("li").call("workflow.reload")
    migrate(run, server, code=1)  # the one that stayed at version 1
    assert versions_of(people, (late, voted, stray)) == [3, 3, 1]
    read = minutes(run, server, late)
    assert any("from version 1 to version 2: Screening → Triage" in line for line in read)
    assert any("from version 2 to version 3" in line for line in read)
    with server.client("admin") as admin:
        assert admin.call("audit.verify")["cases"] == 3


# ---- the way of a case ----

def drawing(run, server, key, *words, name="li"):
    text = run("case", "diagram", key, *words, "--site", server.site, "--as", name).stdout
    return text.replace("this way:<br/>", "this way: ")  # where a long note is broken


def test_versions_diagram_shows_the_way_across_a_migration(run, server, people, advance):
    late, voted, stray = lived(people, advance)
    people("li").call("case.fire", case=stray, event="back")
    write(server.site, TWO)
    people("li").call("workflow.reload")
    migrate(run, server)
    text = drawing(run, server, voted)
    # Screening and Deciding have become Triage and Board, and so has the step between them.
    assert 's1 ==>|"Take to the board<br/>pm"| s2' in text and ":::active" in text
    assert '"In version 1 the case came this way: Screening → Deciding"]:::note' in text
    # What has no counterpart is told in words; it is not drawn as a step that is not there.
    text = drawing(run, server, stray)
    assert "Screening → Astray → Screening" in text and "==>" not in text
    assert "Screening → Astray → Screening<BR" in drawing(run, server, stray, "--format", "dot")
    # One that never moved says nothing of versions.
    fresh = people("li").call("case.open", workflow="change", project="acme-erp",
                              fields={"summary": "x"})["case"]
    assert "note" not in drawing(run, server, fresh).split("classDef")[0]
    people("li").call("person.update", person="li", language="zh")
    assert "在第 1 版中的经过：" in drawing(run, server, stray) and "筛选 → 走失 → 筛选" in drawing(
        run, server, stray)


def test_versions_diagram_goes_through_several_migrations(run, server, people, advance):
    _, voted, _ = lived(people, advance)
    write(server.site, TWO)
    people("li").call("workflow.reload")
    migrate(run, server, code=1)
    third = three("""migrate { from = 2, states = { triage = "intake", board = "council" } },""")
    for old, new in (("triage", "intake"), ("board", "council"), ("Board", "Council")):
        third = third.replace('state "%s"' % old, 'state "%s"' % new).replace(
            'to = "%s"' % old, 'to = "%s"' % new).replace('start = "%s"' % old, 'start = "%s"' % new)
    write(server.site, third)
    people("li").call("workflow.reload")
    vote(people("chen"), voted)  # of the two that the board's rule asks for, Wang's stands
    assert people("li").call("case.get", case=voted)["outcome"] == "done"
    other = people("li").call("case.list", open=True, version=2)["items"][0]["case"]
    people("li").call("case.fire", case=other, event="decide")
    migrate(run, server, code=1)
    text = drawing(run, server, other, name="mei")
    assert "In version 1 the case came this way: Screening" in text
    assert "In version 2 the case came this way: Board" in text
    assert "==>|" in text  # intake to council, as it was called then
    # The one that ended under version 2 is drawn by it.
    assert "version 2" in drawing(run, server, voted).splitlines()[1]


# ---- a site that no server runs on ----

def test_versions_rehearsal_of_a_stopped_site_says_the_same(run, server, people, advance, folder):
    lived(people, advance)
    new = write(os.path.join(folder, "next"), TWO)
    words = ["rehearse", new, "--site", server.site]
    served = run(*words, "--as", "li", code=1).stdout
    served_json = json.loads(run(*words, "--as", "li", "--json", code=1).stdout)
    taken = run("replay", new, "--on", server.site, code=1)
    assert "stop the server first" in taken.stderr
    server.stop()
    stopped = run(*words, code=1)
    assert stopped.stdout == served and stopped.stderr == ""
    assert json.loads(run(*words, "--json", code=1).stdout) == served_json
    assert "no team \"delivery\"" in run(*words, "--team", "delivery", code=1).stderr
    assert "2026-01-15 09:00 → 2026-01-25 09:00" in served
    # In the site's folder nothing more need be said; in another there is no site to look at.
    assert run("rehearse", new, cwd=server.site, code=1).stdout == served
    assert "which server?" in run("rehearse", new, code=1).stderr


def test_versions_replay_speaks_the_words_and_the_time_of_the_team(run, server, people, advance, folder):
    late, voted, stray = lived(people, advance)
    new = write(os.path.join(folder, "next"), TWO)
    server.stop()
    done = run("replay", new, "--on", server.site)
    assert done.stderr == ""
    page = done.stdout
    # Screening has become Triage: its deadline is the same one, ten days later.
    assert "2 would have another due time: Triage (triage)" in page
    assert "2026-01-05 09:00: 2026-01-15 09:00 → 2026-01-25 09:00" in page
    # So is the approval of Deciding, in which the project manager is not asked any more.
    assert "you are not asked in this approval" in page and "%s #" % voted in page
    assert "screening" not in page
    report = json.loads(run("replay", new, "--on", server.site, "--json").stdout)
    item = next(g for g in report["groups"] if g["kind"] == "deadline" and g["about"] == "triage")
    assert item["title"] == "Triage"
    assert item["items"][0]["was"] == "2026-01-15T09:00:00+08:00"
    chinese = run("replay", new, "--on", server.site, env={"LANG": "zh_CN.UTF-8"}).stdout
    assert "2 个的截止时间将不同：分诊（triage）" in chinese


def test_versions_a_reload_warns_of_states_without_a_counterpart(server, people, advance):
    lived(people, advance)
    write(server.site, TWO)
    found = [one for one in people("li").call("workflow.check")["mistakes"] if one.get("id") == "migrate-state"]
    assert [(one["severity"], one["message"]) for one in found] == [
        ("warning", 'the state "astray" of version 1 has no counterpart here: cases in it stay at that version')]
    assert TWO.splitlines()[found[0]["line"] - 1].lstrip().startswith("migrate {")
    said = people("li").call("workflow.reload")["mistakes"]
    assert "migrate-state" in [one.get("id") for one in said]
