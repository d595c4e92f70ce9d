# SPDX-License-Identifier: Apache-2.0
"""Every attack of the corpus ends as its file says, in a process of its own under sanitizers;
and a corpus that says something wrong is found out."""
import concurrent.futures
import glob
import os
import shutil

import attacks
import in_process
import pytest

PROGRAM = os.environ.get("SIGNOFF_RULES_RUN", "")


def judge(found):
    """What is wrong with how these end, one line for each."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        ends = pool.map(lambda attack: in_process.ends(PROGRAM, attack), found)
        said = [attacks.wrong_end(attack, end) for attack, all_of_it in zip(found, ends)
                for end in all_of_it]
    return [line for line in said if line]


@pytest.mark.parametrize("kind", attacks.CLASSES)
def test_attacks_end_as_they_must(kind):
    found = [attack for attack in attacks.corpus() if attack.kind == kind]
    assert found
    wrong = judge(found)
    assert not wrong, "\n".join(wrong)


# ---- the test's own test ----

PLANTED = {
    "stopped instead of answering": ("rule_overrun", "return 'fine'"),
    "answers instead of being stopped": ("answer: fine", "while true do end"),
    "another answer": ("answer: fine", "return 'other'"),
    "another error": ("rule_error: elsewhere", "error 'there'"),
    "no mistake at load": ("load error: unknown name", "return 'fine'"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_attack_with_a_wrong_expectation_is_found(name, tmp_path):
    expect, body = PLANTED[name]
    folder = tmp_path / "c_loop"
    folder.mkdir()
    (folder / "planted.lua").write_text("-- planted\n-- expect: %s\n-- run:\n%s\n" % (expect, body))
    found = [attacks.Attack(str(folder / "planted.lua"), str(tmp_path))]
    assert len(judge(found)) == 1


def test_attack_that_kills_its_process_is_found(tmp_path):
    folder = tmp_path / "c_loop"
    folder.mkdir()
    (folder / "planted.lua").write_text("-- planted\n-- expect: answer: fine\n-- run:\nreturn 'fine'\n")
    found = attacks.Attack(str(folder / "planted.lua"), str(tmp_path))
    ends = in_process.ends("/bin/false", found)
    assert attacks.wrong_end(found, ends[0])


def copy_of_corpus(folder, leave_out=0):
    paths = sorted(glob.glob(os.path.join(attacks.HERE, "*", "*.lua")))
    for path in paths[leave_out:]:
        kind = os.path.basename(os.path.dirname(path))
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
        shutil.copy(path, os.path.join(folder, kind))
    return len(paths)


def test_corpus_that_is_too_small_is_refused(tmp_path):
    have = copy_of_corpus(str(tmp_path))
    for path in sorted(glob.glob(str(tmp_path / "*" / "*.lua")))[:have - attacks.AT_LEAST + 1]:
        os.remove(path)
    with pytest.raises(ValueError, match="attacks, at least"):
        attacks.corpus(str(tmp_path))


@pytest.mark.parametrize("text,why", [
    ("while true do end\n", "no line of -- run"),
    ("-- says nothing\n-- run:\nwhile true do end\n", "no line of -- expect"),
])
def test_file_without_its_header_is_refused(tmp_path, text, why):
    copy_of_corpus(str(tmp_path))
    (tmp_path / "c_loop" / "odd.lua").write_text(text)
    with pytest.raises(ValueError, match=why):
        attacks.corpus(str(tmp_path))


def test_same_attack_twice_is_refused(tmp_path):
    copy_of_corpus(str(tmp_path))
    (tmp_path / "c_loop" / "twin.lua").write_text(
        "-- the same with other numbers\n-- expect: rule_overrun\n-- run:\n"
        "local a = ('x'):rep(7) while true do a:upper() end\n")
    with pytest.raises(ValueError, match="again"):
        attacks.corpus(str(tmp_path))
