# SPDX-License-Identifier: Apache-2.0
"""signoff check as its users meet it: places, formats, exit codes, files that are none; and the
same check on the server. What is found where is the corpus' business (tests/check)."""
import json
import os
import subprocess
from urllib.parse import unquote

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "check")
TEAM = 'return team "demo" { calendar "office" { monday_to_friday = { "09:00-17:00" } }, %s }\n'
GOOD = """return workflow "%s" { key = "%s",
  state "a" { on "go" { by = "pm", to = "done" } },
  final "done",
}
"""
# One warning, at line 2, column 15.
WARNED = GOOD.replace('by = "pm", ', "")


@pytest.fixture
def check(binary):
    """check(path, "--json", code=1): what was printed."""
    def run(*words, code=0):
        done = subprocess.run([binary, "check", *words], capture_output=True, text=True, timeout=120,
                              check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Sanitizer" not in done.stderr, done.stderr
        return done.stdout if code < 2 else done.stderr
    return run


@pytest.fixture
def site(folder):
    """site(visit=text, ...): a site whose team uses these workflows; gives its path."""
    def make(**workflows):
        team = os.path.join(folder, "teams", "demo")
        os.makedirs(os.path.join(team, "workflows"), exist_ok=True)
        for name, text in workflows.items():
            mode = "wb" if isinstance(text, bytes) else "w"
            with open(os.path.join(team, "workflows", name + ".lua"), mode) as file:
                file.write(text)
        with open(os.path.join(team, "team.lua"), "w", encoding="utf-8") as file:
            file.write(TEAM % ", ".join(f'use "{name}"' for name in workflows))
        return folder
    return make


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def only(text):
    found = rows(text)
    assert len(found) == 1, found
    return found[0]


# ---- what is printed ----

def test_a_finding_is_printed_with_its_place_its_line_and_what_would_be_right(check, site):
    path = site(visit=WARNED % ("visit", "VI"))
    text = check(path)
    assert text.splitlines() == [
        f'{path}/teams/demo/workflows/visit.lua:2:15: warning: nobody may fire "go", and nothing '
        'does [event-nobody]',
        '     2 |   state "a" { on "go" { to = "done" } },',
        '       |               ^',
        '       = say who may: by = "pm"',
        '',
        '1 team, 1 workflow: 0 errors, 1 warning']


def test_the_caret_stands_below_what_is_meant_also_behind_wide_characters(check):
    lines = check(os.path.join(CORPUS, "bad", "mistake_wide_characters.lua"), code=1).splitlines()
    source, caret = lines[1], lines[2]
    # each Chinese character takes two columns of a terminal
    before = source[:source.index('"pn"')]
    width = len(before) + sum(1 for c in before if ord(c) > 0x2e80)
    assert caret.index("^") == width


def test_warnings_fail_only_when_strict(check, site):
    path = site(visit=WARNED % ("visit", "VI"))
    check(path, code=0)
    check(path, "--strict", code=1)
    check(site(visit=GOOD % ("visit", "VI")), "--strict", code=0)
    check(site(visit=(GOOD % ("visit", "VI")).replace('"done" }', '"don" }')), code=1)
    check(path, "--stric", code=2)


def test_nothing_found_is_said(check, site):
    assert check(site(visit=GOOD % ("visit", "VI"))) == "1 team, 1 workflow, no findings\n"


def test_a_team_and_a_single_script_are_checked_alike(check, site):
    path = site(visit=WARNED % ("visit", "VI"), other=GOOD % ("other", "OT"))
    team = os.path.join(path, "teams", "demo")
    for word in (path, team, os.path.join(team, "team.lua"),
                 os.path.join(team, "workflows", "visit.lua")):
        found = only(check(word, "--json"))
        assert (found["id"], found["line"], found["column"]) == ("event-nobody", 2, 15)
        assert found["file"].endswith("workflows/visit.lua") and found["severity"] == "warning"
    assert check(os.path.join(team, "workflows", "other.lua")) == "1 workflow, no findings\n"


def test_what_only_a_team_knows_is_no_finding_of_a_script(check, folder):
    """Its calendars, and which other scripts there are."""
    path = os.path.join(folder, "visit.lua")
    with open(path, "w", encoding="utf-8") as file:
        file.write((GOOD % ("visit", "VI")).replace(
            'on "go"', 'within { "2 workdays", clock = "office", late "0" { remind "pm" } }, on "go"'))
    assert check(path) == "1 workflow, no findings\n"


def test_a_silence_with_a_reason_is_kept(check, site):
    path = site(visit=(WARNED % ("visit", "VI")).replace(
        "\n  final", "  -- signoff: allow event-nobody: the bank fires it\n  final"))
    assert check(path, "--strict") == "1 team, 1 workflow, no findings\n"


# ---- formats ----

def sarif_of(text):
    """The document, after looking at what SARIF 2.1.0 requires of each object that is there."""
    document = json.loads(text)
    assert document["version"] == "2.1.0"                       # 3.13.2
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    assert len(document["runs"]) == 1                           # 3.13.4
    run = document["runs"][0]
    driver = run["tool"]["driver"]                              # 3.14.6, 3.18.2
    assert driver["name"] == "signoff check"                    # 3.19.8
    ids = [rule["id"] for rule in driver["rules"]]              # 3.49.3
    assert len(set(ids)) == len(ids) > 20
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]                 # 3.12.3
        assert rule["defaultConfiguration"]["level"] in ("warning", "error")
    assert run["columnKind"] == "unicodeCodePoints"             # 3.14.17
    for result in run["results"]:
        assert result["message"]["text"]                        # 3.27.11
        assert result["level"] in ("warning", "error")          # 3.27.10
        assert ids[result["ruleIndex"]] == result["ruleId"]     # 3.27.5, 3.27.6
        place = result["locations"][0]["physicalLocation"]      # 3.28.3
        assert place["artifactLocation"]["uri"]                 # 3.4.3
        assert place["region"]["startLine"] >= 1                # 3.30.5
        assert place["region"]["startColumn"] >= 1
    return run


def test_sarif_has_what_the_format_requires_and_says_the_same(check, site):
    path = site(visit=WARNED % ("visit", "VI"), other=(GOOD % ("other", "OT")).replace('"pm"', "5"))
    printed = rows(check(path, "--json", code=1))
    run = sarif_of(check(path, "--sarif", code=1))
    assert len(printed) == 2
    for row, result in zip(printed, run["results"]):
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == row["file"]
        assert place["region"] == {"startLine": row["line"], "startColumn": row["column"]}
        assert result["level"] == row["severity"]
        assert result["ruleId"] == row.get("id", "cannot-run")
        assert result["message"]["text"].startswith(row["message"])
    path = site(visit=GOOD % ("visit", "VI"), other=GOOD % ("other", "OT"))
    assert sarif_of(check(path, "--sarif"))["results"] == []


def test_sarif_escapes_what_a_uri_cannot_hold(check, folder, site):
    path = site(visit=WARNED % ("visit", "VI"))
    odd = os.path.join(folder, "a site,100%")
    os.makedirs(odd)
    os.rename(os.path.join(path, "teams"), os.path.join(odd, "teams"))
    uri = sarif_of(check(odd, "--sarif"))["results"][0]["locations"][0]["physicalLocation"][
        "artifactLocation"]["uri"]
    assert "a%20site%2C100%25/" in uri and unquote(uri).startswith(odd)


def test_every_kind_is_listed_explained_and_on_the_page(check):
    listed = [row["id"] for row in rows(check("--list", "--json"))]
    assert len(listed) > 20 and len(set(listed)) == len(listed)
    page = check("--reference")
    for kind in listed:
        assert f"## {kind}\n" in page
        assert f"-- signoff: allow {kind}: " in check("--explain", kind)
        assert any(line.split()[0] == kind for line in check("--list").splitlines())
    assert "did you mean 'stuck-state'" in subprocess.run(
        [os.environ["SIGNOFF_BINARY"], "check", "--explain", "stuck-stat"], capture_output=True,
        text=True, check=False).stderr


# ---- files that are none ----

def by_file(text):
    found = {}
    for row in rows(text):
        found.setdefault(os.path.basename(row["file"]), []).append(row["message"])
    return found


def test_files_that_cannot_be_read_are_named_all_at_once(check, site, folder):
    path = site(bom=b"\xef\xbb\xbf" + (GOOD % ("bom", "BO")).encode(),
                latin=(GOOD % ("latin", "LA")).encode() + "-- café".encode("latin-1"),
                nul=b"return\0", empty="", missing="", good=WARNED % ("good", "GO"))
    folder = os.path.join(path, "teams", "demo", "workflows")
    os.remove(os.path.join(folder, "missing.lua"))
    os.symlink("/etc/passwd", os.path.join(folder, "evil.lua"))
    os.symlink("/etc", os.path.join(folder, "..", "out"))
    os.mkdir(os.path.join(folder, "folder.lua"))
    found = by_file(check(path, "--json", code=1))
    assert "byte order mark" in found["bom.lua"][0]
    assert "not UTF-8 text: save it as UTF-8" in found["latin.lua"][0]
    assert "NUL" in found["nul.lua"][0]
    assert "returns nothing" in found["empty.lua"][0]
    assert "missing.lua" in found["team.lua"][0]
    assert "a link" in found["evil.lua"][0] and "a link" in found["out"][0]
    assert "a folder" in found["folder.lua"][0]
    assert len(found["good.lua"]) == 1, "the others are looked at all the same"
    for messages in found.values():
        assert len(messages) == 1


def test_not_utf8_is_reported_in_its_line(check, site):
    path = site(latin=(GOOD % ("latin", "LA")).encode() + "-- café".encode("latin-1"))
    found = only(check(path, "--json", code=1))
    assert (found["line"], found["column"]) == (5, 7)


def test_lines_that_end_in_cr_lf_have_the_same_places(check, site):
    text = WARNED % ("visit", "VI")
    plain = check(site(visit=text), "--json")
    assert check(site(visit=text.replace("\n", "\r\n").encode()), "--json") == plain


def test_a_team_that_is_a_link_out_of_the_site_is_refused(check, site, folder):
    path = site(visit=GOOD % ("visit", "VI"))
    other = os.path.join(folder, "other")
    os.makedirs(os.path.join(other, "teams"))
    os.symlink(os.path.join(path, "teams", "demo"), os.path.join(other, "teams", "demo"))
    found = only(check(other, "--json", code=1))
    assert found["file"].endswith("other/teams/demo") and "out of the site" in found["message"]


def test_what_is_no_site_is_said(check, folder):
    for path in (os.path.join(folder, "nowhere"), folder, "/etc/passwd"):
        check(path, code=1)


# ---- on the server ----

@pytest.fixture
def admin(make_server, folder, site):
    def prepare(server):
        os.rename(os.path.join(site(visit=GOOD % ("visit", "VI")), "teams"), server.site + "/new")
        os.rename(server.site + "/teams", server.site + "/old")
        os.rename(server.site + "/new", server.site + "/teams")
    server = make_server(os.path.join(folder, "s"), "--demo", prepare=prepare)
    with server.client("admin") as connection:
        connection.server = server
        yield connection


def write(admin, text):
    with open(os.path.join(admin.server.site, "teams/demo/workflows/visit.lua"), "w",
              encoding="utf-8") as file:
        file.write(text)


def test_the_server_checks_the_files_as_they_are_and_changes_nothing(admin, check):
    assert admin.call("workflow.check") == {"team": "demo", "taken": True, "rules": "current",
                                            "workflows": 1, "mistakes": []}
    before = admin.call("workflow.get", workflow="visit")
    write(admin, (WARNED % ("visit", "VI")).replace("key", "version = 2, key"))
    answer = admin.call("workflow.check")
    assert answer["taken"] is True
    assert [(m["id"], m["line"], m["column"]) for m in answer["mistakes"]] == [
        ("event-nobody", 2, 15)]
    printed = only(check(admin.server.site, "--json"))
    assert all(printed[key] == value for key, value in answer["mistakes"][0].items()
               if key != "file")
    assert admin.call("workflow.get", workflow="visit") == before, "nothing was put in force"


def test_the_server_says_what_a_reload_would_refuse(admin, refuses):
    write(admin, (GOOD % ("visit", "VI")).replace('to = "done"', 'to = "don"'))
    answer = admin.call("workflow.check")
    assert answer["taken"] is False and answer["mistakes"][0]["severity"] == "error"
    assert refuses("invalid", admin, "workflow.reload").data["mistakes"] == answer["mistakes"]


def test_a_reload_says_the_warnings(admin):
    write(admin, (WARNED % ("visit", "VI")).replace("key", "version = 2, key"))
    answer = admin.call("workflow.reload")
    assert answer["in_force"] is True
    assert [m["id"] for m in answer["mistakes"]] == ["event-nobody"]
    assert admin.call("workflow.get", workflow="visit")["version"] == 2


def test_only_the_teams_own_people_check_it(make_server, folder, refuses):
    server = make_server(os.path.join(folder, "demo"), "--demo")
    with server.client("li") as member, server.client("mei") as client:
        assert member.call("workflow.check")["taken"] is True
        refuses("forbidden", client, "workflow.check")
