# SPDX-License-Identifier: Apache-2.0
"""Every attack of the corpus against the real server, under sanitizers: each ends as its file
says, while another team works on the same server and is answered all the time."""
import os
import statistics
import tempfile
import time

import attacks
import on_server
import pytest

WAIT_SECONDS = 60
STALLED_SECONDS = 30  # generous: sanitizers, and a machine that others use too


@pytest.fixture(scope="module")
def site():
    with tempfile.TemporaryDirectory(prefix="sgn-") as folder:
        made = on_server.Site(folder, os.path.abspath(os.environ["SIGNOFF_BINARY"]))
        try:
            yield made
            assert made.server.stop() == 0, made.server.log()
            said = made.server.log()
            assert "Sanitizer" not in said and "runtime error" not in said, said
        finally:
            made.server.kill()


@pytest.fixture(scope="module")
def neighbour(site):
    working = on_server.Worker(site.neighbour)
    working.start()
    yield working
    wrong = working.stop()
    assert wrong is None, wrong


def one_more_answer(neighbour):
    """Waits until the neighbour has had an answer from now on."""
    before, give_up = len(neighbour.took), time.monotonic() + WAIT_SECONDS
    while len(neighbour.took) == before:
        assert neighbour.wrong is None, neighbour.wrong
        assert time.monotonic() < give_up, "the neighbour is not answered"
        time.sleep(0.001)


@pytest.mark.parametrize("kind", attacks.CLASSES)
def test_attacks_end_on_the_server_as_they_must(site, neighbour, kind):
    wrong = []
    for attack in attacks.corpus():
        if attack.kind != kind:
            continue
        for end in site.run(attack):
            wrong.append(on_server.wrong_end(attack, end))
        one_more_answer(neighbour)
    assert not any(wrong), "\n".join(filter(None, wrong))
    took = neighbour.took
    print("%s: the neighbour was answered %d times, median %.1f ms, longest %.0f ms" % (
        kind, len(took), statistics.median(took) * 1000, max(took) * 1000))
    assert max(took) < STALLED_SECONDS


# ---- the test's own test ----

@pytest.mark.parametrize("expect,body", [
    ("rule_overrun", "return 'fine'"), ("answer: fine", "while true do end"),
    ("load error: unknown name", "return 'fine'"), ("rule_error: here", "return 'fine'"),
])
def test_attack_with_a_wrong_expectation_is_found_on_the_server(site, tmp_path, expect, body):
    folder = tmp_path / "c_loop"
    folder.mkdir()
    (folder / "planted.lua").write_text("-- planted\n-- expect: %s\n-- run:\n%s\n" % (expect, body))
    planted = attacks.Attack(str(folder / "planted.lua"), str(tmp_path))
    assert on_server.wrong_end(planted, site.run(planted)[0])


def test_neighbour_who_is_not_answered_is_found():
    class Silent:
        took, wrong = [], "ConnectionError"
    with pytest.raises(AssertionError):
        one_more_answer(Silent)
