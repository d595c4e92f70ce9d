# SPDX-License-Identifier: Apache-2.0
"""What signoff check says of a site that has been served: what a reload would say, whether its
server runs or not, and without being in its way."""
import os
import shutil

import pytest

from commands import run, site  # noqa: F401

VISIT = """return workflow "visit" { key = "VI", version = %d, roles = { "pm" },%s
  start = "%s",
  state "%s" { on "end" { by = "pm", to = "over" } },
  final "over",
}
"""
FIRST = VISIT % (1, "", "asked", "asked")


def write(server, text):
    team = os.path.join(server.site, "teams", "demo")
    with open(os.path.join(team, "workflows", "visit.lua"), "w", encoding="utf-8") as file:
        file.write(text)
    path = os.path.join(team, "team.lua")
    with open(path, encoding="utf-8") as file:
        team = file.read()
    if 'use "visit"' not in team:
        with open(path, "w", encoding="utf-8") as file:
            file.write(team.replace('use "issue",', 'use "issue",\n  use "visit",'))


@pytest.fixture
def visited(make_server, folder, run):  # noqa: F811
    """A site with a case of version 1 of its own workflow."""
    server = make_server(os.path.join(folder, "site"), "--demo",
                         prepare=lambda server: write(server, FIRST))
    run("case", "open", "visit", "--project", "acme-erp", "--site", server.site, "--as", "li")
    return server


@pytest.fixture(params=["running", "stopped"])
def said(request, visited, run):  # noqa: F811
    """said(text, code): what check says of the site once the workflow reads so."""
    if request.param == "stopped":
        assert visited.stop() == 0

    def check(text, *words, code=0):
        write(visited, text)
        done = run("check", visited.site, *words, code=code)
        assert done.stderr == ""
        if request.param == "running":  # and nobody was locked out
            assert "VI-1" in run("case", "list", "--site", visited.site, "--as", "li").stdout
        return done.stdout
    return check


def test_check_of_a_site_knows_the_numbers_that_cases_have(said):
    assert "no findings" in said(FIRST)
    text = said(FIRST.replace('"end"', '"finish"'), code=1)
    assert "workflows/visit.lua:1:49: error: version 1 of visit is used by cases and its rules " \
           "have changed: give it version = 2" in text
    assert text.count("error:") == 1
    assert "no findings" in said(VISIT % (2, "", "asked", "asked"))


def test_check_of_a_site_compares_with_the_version_in_force(said):
    second = VISIT % (2, "\n  migrate { from = 1 },", "wanted", "wanted")
    text = said(second)
    assert "workflows/visit.lua:2:3: warning: the state \"asked\" of version 1 has no counterpart " \
           "here: cases in it stay at that version" in text
    said(second, "--strict", code=1)
    # A silence is judged by the same knowledge.
    quiet = second.replace("from = 1 },", "from = 1 },  -- signoff: allow migrate-state: they end as they are")
    assert "no findings" in said(quiet, "--strict")
    assert "no findings" in said(second.replace("from = 1", 'from = 1, states = { asked = "wanted" }'), "--strict")


def test_check_of_one_team_asks_the_site_around_it(visited, run):  # noqa: F811
    write(visited, FIRST.replace('"end"', '"finish"'))
    team = os.path.join(visited.site, "teams", "demo")
    assert "is used by cases" in run("check", cwd=team, code=1).stdout
    assert "is used by cases" in run("check", "--lang", "en", os.path.join(team, "workflows"), code=1).stdout
    assert "已有事项使用" in run("check", team, "--lang", "zh", code=1).stdout


def test_check_knows_a_team_that_the_server_does_not(visited, run):  # noqa: F811
    team = os.path.join(visited.site, "teams", "delivery")
    shutil.copytree(os.path.join(visited.site, "teams", "demo"), team)
    path = os.path.join(team, "team.lua")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('team "demo"', 'team "delivery"'))
    done = run("check", visited.site)
    assert done.stderr == f"signoff: {team} is new to the server, and is a team of it when that has been started anew\n"
    assert done.stdout.startswith("2 teams, ") and "no findings" in done.stdout


def test_check_does_without_a_site_that_cannot_be_asked(visited, run):  # noqa: F811
    write(visited, FIRST.replace('"end"', '"finish"'))
    token = os.path.join(visited.site, "operator.token")
    os.rename(token, token + ".away")
    done = run("check", visited.site)
    assert done.stderr.startswith("signoff: without the site's store: ") and "operator.token" in done.stderr
    assert "no findings" in done.stdout
    os.rename(token + ".away", token)


def test_check_of_a_site_that_was_never_served_makes_nothing(run, folder):  # noqa: F811
    run("init", "site", "--demo")
    before = sorted(os.listdir(os.path.join(folder, "site")))
    done = run("check", "site")
    assert done.stderr == "" and "no findings" in done.stdout
    assert sorted(os.listdir(os.path.join(folder, "site"))) == before
