# SPDX-License-Identifier: Apache-2.0
"""A stranger's first hour: what init prints can be typed as it stands, every command's help has an
example, and the server's word on scripts reads as check's does."""
import json
import os
import re
import subprocess

import pytest

from commands import run  # noqa: F401


def printed_steps(text):
    """The command lines that init prints, a continued one as one line."""
    return re.findall(r"^  ((?:signoff|cd) .*)$", text.replace("\\\n    ", ""), re.MULTILINE)


@pytest.mark.parametrize("demo", [[], ["--demo"]])
def test_what_init_prints_can_be_typed_as_it_stands(make_server, binary, folder, demo):
    tools = os.path.join(folder, "bin")
    os.mkdir(tools)
    os.symlink(binary, os.path.join(tools, "signoff"))
    said = {}
    clean = {"PATH": tools + ":" + os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}

    def prepare(server):
        # what was printed for another folder is read for this one
        said["text"] = subprocess.run([binary, "init", os.path.join(folder, "other"), *demo], text=True, env=clean,
                                      capture_output=True, check=True).stdout.replace(os.path.join(folder, "other"), server.site)
    server = make_server(os.path.join(folder, "site"), *demo, prepare=prepare)
    steps = printed_steps(said["text"])
    assert steps[0] == f"signoff serve {server.site}" and steps[1] == f"cd {server.site}" and len(steps) > 9
    script = "set -e\n" + "\n".join(steps[1:])
    done = subprocess.run(["sh", "-c", script], env=clean, text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CR-1 is in screening" in done.stdout and "1 passed, 0 failed" in done.stdout


def commands(run):
    listed = run("--help").stdout
    for name in re.findall(r"^  (\w[\w -]*?) {1,}[A-Z]", listed, re.MULTILINE):
        yield name.strip()


def test_every_commands_help_has_an_example_of_it(run):
    names = list(commands(run))
    assert len(names) > 60
    for name in names:
        text = run(*name.split(), "--help").stdout
        assert re.search(r"^  signoff %s\b" % name, text, re.MULTILINE) or re.search(
            r"^ +.*\bsignoff %s\b" % name, text, re.MULTILINE), name
        assert text.startswith(f"usage: signoff {name} ") or text.startswith(f"usage: signoff {name}\n")


def test_mistyped_words_are_answered_with_what_is_near(run):
    for words, said in (
            (["chek"], "did you mean signoff check?"), (["workflow", "relod"], "did you mean signoff workflow reload?"),
            (["case"], "case open"), (["check", "--stric"], "did you mean --strict?"),
            (["reference", "aproval"], "did you mean approval?")):
        done = run(*words, code=1 if words[0] == "reference" else 2)
        assert said in done.stderr and done.stdout == ""


# ---- the server's word on scripts ----

def broken(server, text):
    path = os.path.join(server.site, "teams", "demo", "workflows", "visit.lua")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    team = os.path.join(server.site, "teams", "demo", "team.lua")
    with open(team, encoding="utf-8") as file:
        source = file.read()
    if '"visit"' not in source:
        with open(team, "w", encoding="utf-8") as file:
            file.write(source.replace('use "issue"', 'use "issue", use "visit"'))
    return path


def test_a_refused_reload_reads_as_check_does(run, server):
    path = broken(server, 'return workflow "visit" { key = "VI",\n  state "a" { on "go" { by = "pn", to = "b" } },\n'
                          '  final "done"， \n}\n')
    here = ["--site", server.site]
    told = run("check", path, code=1).stdout.splitlines()[:-2]
    assert any("full-width comma" in line for line in told)
    for words in (["workflow", "reload"], ["rehearse"], ["rehearse", os.path.join(server.site, "teams", "demo")]):
        done = run(*words, *here, code=1)
        assert done.stdout.splitlines()[:len(told)] == told
        assert "full-width" not in done.stderr and len(done.stderr.splitlines()) == 1
    # a path as the reader can open it, and what programs read stays as it is
    done = run("workflow", "reload", code=1, cwd=server.site)
    assert done.stdout.startswith("teams/demo/workflows/visit.lua:")
    raw = json.loads(run("workflow", "reload", "--json", *here, code=1).stderr)["error"]
    assert raw["code"] == "invalid" and raw["data"]["mistakes"][0]["file"] == "workflows/visit.lua"
    done = run("workflow", "check", *here, code=1)
    assert done.stdout.splitlines()[:len(told)] == told


def test_a_reload_tells_warnings_with_their_lines_and_says_what_is_in_force(run, server):
    broken(server, 'return workflow "visit" { key = "VI",\n  state "a" { on "go" { to = "b" } },\n  final "b",\n}\n')
    done = run("workflow", "reload", "--site", server.site)
    assert '     2 |   state "a" { on "go" { to = "b" } },' in done.stdout and "[event-nobody]" in done.stdout
    assert re.search("1 team, [0-9]+ workflows: 0 errors, 1 warning", done.stdout) and "In force" in done.stdout


def test_times_without_a_team_are_the_only_teams(run, server):
    """The operator names no team; the site has one, which works in Shanghai."""
    here = ["--site", server.site, "--operator"]
    assert json.loads(run("clock", "now", "--json", *here).stdout)["now"].endswith("+08:00")
    assert "It is 2026-01-05 10:30" in run("clock", "advance", "90 minutes", *here).stdout
    done = run("clock", "advance", "5 parsecs", *here, code=1)
    assert "is not a unit of time" in done.stderr and "/by" not in done.stderr
