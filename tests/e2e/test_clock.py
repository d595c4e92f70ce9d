# SPDX-License-Identifier: Apache-2.0
"""Whose calendar and zone an operator's clock commands count in."""
import os

import pytest

from commands import run  # noqa: F401

TEAM = """return team "%s" { timezone = "%s",
  calendar "office" { monday_to_friday = { "09:00-17:00" } } }
"""


@pytest.fixture
def operator(make_server, folder, run):  # noqa: F811
    """operator("clock", "now"): on a site of two teams, eight hours apart; Monday, 01:00 in UTC."""
    def teams(server):
        for name, zone in (("east", "Asia/Shanghai"), ("west", "UTC")):
            os.makedirs(os.path.join(server.site, "teams", name))
            with open(os.path.join(server.site, "teams", name, "team.lua"), "w", encoding="utf-8") as file:
                file.write(TEAM % (name, zone))
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=teams)
    return lambda *words, **options: run(*words, "--operator", "--site", server.site, **options)


def test_clock_is_read_in_the_zone_of_the_team_that_is_named(operator):
    assert "2026-01-05T01:00:00Z" in operator("clock", "now").stdout
    assert "2026-01-05T09:00:00+08:00" in operator("clock", "now", "--team", "east").stdout
    assert "2026-01-05T01:00:00Z" in operator("clock", "now", "--team", "west").stdout
    said = operator("clock", "now", "--team", "est", code=1).stderr
    assert "there is no team 'est'; did you mean 'east'?" in said and "started anew" in said


@pytest.mark.parametrize("team, now", [("east", "2026-01-06 17:00"), ("west", "2026-01-06 17:00")])
def test_clock_advances_by_the_working_days_of_the_team_that_is_named(operator, team, now):
    assert operator("clock", "advance", "1 workday", "--team", team).stdout.startswith(f"It is {now}; ")
    hour = {"east": "09:00:00Z", "west": "17:00:00Z"}[team]
    assert f"2026-01-06T{hour}" in operator("clock", "now").stdout


def test_clock_of_a_person_is_their_teams(operator, run, folder):  # noqa: F811
    done = run("clock", "now", "--site", os.path.join(folder, "site"), "--as", "li", "--team", "east", code=1)
    assert "only an operator names a team; yours is known" in done.stderr
