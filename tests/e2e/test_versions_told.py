# SPDX-License-Identifier: Apache-2.0
"""What people read around another version: every entry in the words of the version that it was
decided by, and of the migration itself who ordered it, what it changed and whose ballots stand."""
from commands import run  # noqa: F401
from titled import TWO, lived, server, write  # noqa: F401

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
