# SPDX-License-Identifier: Apache-2.0
"""The manual's pages and what shells complete by: printed from the tables that --help is printed from."""
import os
import re
import subprocess

import pytest

from commands import rows, run  # noqa: F401
from test_chinese import commands, sentences

PAGES = ["signoff", "signoff.ini"]


def shown(page, folder):
    """The page as man shows it, on a line as long as it likes; man has nothing to complain of."""
    path = os.path.join(folder, "page.roff")
    with open(path, "w", encoding="utf-8") as out:
        out.write(page)
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-P", "cat", "-l", path], text=True, input="",
                          capture_output=True, timeout=60, check=True,
                          env={**os.environ, "MANWIDTH": "2000", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""})
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_warning(run, folder, page, language):
    text = shown(run("reference", "man", page, "--lang", language).stdout, folder)
    assert re.match(rf"{re.escape(page)}\([15]\) ", text)


def test_the_page_has_every_command_as_help_has_it(run, folder):
    text = shown(run("reference", "man").stdout, folder)
    plain = re.sub(r"\s+", " ", text)
    names = commands(run)
    assert len(names) > 100
    for name in names[::7] + ["serve", "case open", "reference completion"]:
        told = run(*name.split(), "--help").stdout
        usage, summary = told.splitlines()[0], told.splitlines()[2]
        heading = usage.removeprefix("usage: ").removesuffix(" [OPTIONS]")
        assert re.search(rf"^ +{re.escape(heading)}$", text, re.MULTILINE), name
        assert re.sub(r"\s+", " ", summary) in plain, name
        # Code is copied from a page: each character must be the one that is typed.
        for line in re.findall(r"^  signoff .*$", told.split("Options")[0], re.MULTILINE):
            assert re.sub(r"\s+", " ", line).strip() in plain, line
    for name in names:
        assert re.search(rf"^ +signoff {name}( |$)", text, re.MULTILINE), name


def test_the_page_of_settings_has_each_of_them(run, folder):
    text = shown(run("reference", "man", "signoff.ini").stdout, folder)
    for setting in rows(run("reference", "settings", "--json")):
        assert re.search(rf"^\[{setting['section']}\]$", text, re.MULTILINE)
        assert f"{setting['name']} = {setting['default']}".rstrip() in text
        assert setting["help"] in text and setting["variable"] in text
    chinese = shown(run("reference", "man", "signoff.ini", "--lang", "zh").stdout, folder)
    assert [line for line in sentences(chinese) if "signoff" not in line and "PGPASS" not in line] == []


def test_the_chinese_page_has_no_blank_where_its_source_ends_a_line(run, folder):
    text = shown(run("reference", "man", "--lang", "zh").stdout, folder)
    prose = "\n".join(line for line in text.splitlines() if "signoff" not in line and not line.startswith(" " * 11))
    assert re.findall(r"[\u4e00-\u9fff，。；：、] [\u4e00-\u9fff].*", prose) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_of_a_page_is_broken_at_the_end_of_a_line(run, folder, language):
    path = os.path.join(folder, "narrow.roff")
    with open(path, "w", encoding="utf-8") as out:
        out.write(run("reference", "man", "--lang", language).stdout)
    done = subprocess.run(["man", "-E", "UTF-8", "-P", "cat", "-l", path], text=True, input="", capture_output=True,
                          timeout=60, check=True, env={**os.environ, "MANWIDTH": "60", "LC_ALL": "C.UTF-8"})
    assert "\u2010\n" not in done.stdout


def test_what_is_not_there_is_refused(run):
    assert "signoff and signoff.ini" in run("reference", "man", "signof", code=2).stderr
    assert "bash or zsh" in run("reference", "completion", "tcsh", code=2).stderr


# ---- completion, by the shells themselves ----

BASH = r"""
source /dev/stdin <<<"$SCRIPT"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_signoff
printf '%s\n' "${COMPREPLY[@]}"
"""
# What zsh's own functions would put on the terminal.
ZSH = r"""
_describe() { shift; for each in ${(P)1}; do print -r -- "${each%%:*}"; done }
compadd() { shift; print -rl -- "$@" }
_files() { print -r -- "FILES$1" }
words=("$@") CURRENT=$#
eval "complete_it() { $SCRIPT
}"
complete_it
"""


@pytest.fixture(params=["bash", "zsh"])
def complete(run, folder, request):
    """complete("case", "op"): what it offers, sorted."""
    script = run("reference", "completion", request.param).stdout

    def ask(*words):
        frame = BASH if request.param == "bash" else ZSH
        done = subprocess.run([request.param, "-c", frame, request.param, "signoff", *words], text=True, cwd=folder,
                              env={"PATH": os.environ["PATH"], "SCRIPT": script, "LC_ALL": "C.UTF-8"},
                              capture_output=True, timeout=60)
        assert done.stderr == "" and done.returncode == 0, done
        found = [line for line in done.stdout.split("\n") if line]
        # zsh leaves out by itself what does not begin so.
        return sorted({word for word in found if word.startswith(words[-1]) or word.startswith("FILES")})
    ask.shell = request.param
    return ask


def test_shells_offer_words_and_options(run, folder, complete):
    os.mkdir(os.path.join(folder, "site"))
    names = commands(run)
    assert complete("") == sorted({name.split()[0] for name in names})
    assert complete("serv") == ["serve"]
    assert complete("case", "") == sorted({name.split()[1] for name in names if name.startswith("case ")})
    assert complete("case", "op") == ["open"]
    # Options before and between the words are no words, and neither are their values.
    assert complete("--lang", "zh", "case", "--site", "serve", "op") == ["open"]
    assert complete("--color", "") == ["always", "auto", "never"]
    assert complete("case", "list", "--lang", "") == ["en", "zh"]
    offered = complete("serve", "site", "--")
    told = set(re.findall(r"--[a-z-]+", run("serve", "--help").stdout.split("Options", 1)[1]))
    assert {"--check-config", "--listen", "--json"} <= set(offered) <= told
    assert "--server" in complete("case", "list", "--se") and "--server" not in offered
    assert complete("case", "list", "--limit", "") == []
    assert complete("serve", "si") == (["site"] if complete.shell == "bash" else ["FILES-/"])


def test_bash_knows_an_option_with_its_value_behind_an_equals_sign(complete):
    if complete.shell == "bash":  # which makes three words of it
        assert complete("case", "list", "--lang", "=", "z") == ["zh"]
        assert complete("--lang", "=", "zh", "case", "op") == ["open"]
