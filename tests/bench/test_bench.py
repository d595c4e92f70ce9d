# SPDX-License-Identifier: Apache-2.0
"""The benchmark's own checks: it fails when it measured nothing. Nothing here looks at how fast
anything is."""
import json
import os
import socketserver
import subprocess
import sys
import threading
import types
from xml.etree import ElementTree

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import curves  # noqa: E402
import judge  # noqa: E402
import plot  # noqa: E402
import sheet  # noqa: E402
from loaded import Form, Loaded, figures, together  # noqa: E402
from prepared import Prepared, find  # noqa: E402

BUILD = os.environ["SIGNOFF_BUILD"]
GOOD = {"answers": 1000, "all": 1200, "errors": 0, "entries": 990, "commits": 20, "flushes": 30,
        "written": 2000000, "checkpoints": 2, "merges": 3, "p50": 1.0, "p99": 2.0, "p999": 3.0,
        "max": 4.0, "seconds": 1.0, "cpu_us": 5000, "memory": 1, "asked": 0}


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


def test_window_in_which_all_was_done_is_taken():
    assert judge.window(GOOD) == []


def test_window_of_a_server_that_has_no_merges_is_taken():
    assert judge.window(without("merges")) == []


@pytest.mark.parametrize("name, value, said", [
    ("answers", 0, "nothing was answered"),
    ("errors", 1, "1 answers were errors"),
    ("entries", 0, "1000 answers, but only 0 entries"),
    ("entries", 899, "only 899 entries"),
    ("commits", 0, "nothing was committed"),
    ("written", 0, "0 bytes for a transition"),
    ("flushes", 2, "told to keep something only 2 times"),
    ("checkpoints", 0, "no checkpoint"),
    ("merges", 0, "no merge"),
])
def test_window_is_refused_for(name, value, said):
    wrong = judge.window(dict(GOOD, **{name: value}))
    assert len(wrong) == 1 and said in wrong[0], wrong


def test_one_client_who_is_answered_before_a_sync_can_end_is_refused():
    assert judge.alone(dict(GOOD, p50=0.2), 0.3) == []
    assert "answers come after 0.10 ms" in judge.alone(dict(GOOD, p50=0.1), 0.3)[0]


def test_deadlines_that_did_not_all_fire_or_left_no_entry_are_refused():
    assert judge.drained(10, 12, 10) == []
    assert "9 of 10" in judge.drained(9, 12, 10)[0]
    assert "only 3 entries" in judge.drained(10, 3, 10)[0]


def test_slices_are_one_window_with_the_worst_latency():
    whole = together([dict(GOOD), dict(GOOD, p99=9.0, checkpoints=0)])
    assert whole["answers"] == 2000 and whole["seconds"] == 2.0 and whole["rate"] == 1000
    assert whole["p99"] == 9.0 and whole["us"] == 5 and whole["refused"] == []


# ---- the table ----

def line(page, key):
    return next(one for one in page.lines() if one["key"] == key)


def test_sheet_says_of_each_target_whether_it_is_met():
    page = sheet.Sheet([])
    page.put("unpipelined", 35000)
    page.put("pipelined", 74999)
    page.put("alone", 0.05)
    assert line(page, "unpipelined")["met"] and not line(page, "unpipelined")["reached"]
    assert line(page, "pipelined")["met"] is False
    assert line(page, "alone")["reached"] is True
    assert page.summary().startswith("2 of ") and " met, 1 of " in page.summary()
    assert line(page, "bytes")["value"] is None and line(page, "bytes")["met"] is None


def test_sheet_shows_no_value_that_was_refused(capsys):
    page = sheet.Sheet(["a head"])
    page.put("unpipelined", 99999)
    page.refuse(("unpipelined", "unpipelined_us"), ["no checkpoint"])
    page.refuse(("pipelined",), [])
    page.print()
    said = capsys.readouterr().out
    assert "99,999" not in said and "refused: unpipelined, unpipelined_us: no checkpoint" in said
    assert line(page, "unpipelined")["met"] is None


# ---- the picture ----

SIZES = (10000, 100000, 1000000)


def row_of(rate, **more):
    return {"rate": rate, "us": 20.0, "bytes": 1500, "memory": 100.0, "refused": [], **more}


def picture(kept):
    said = plot.svg("A title & more", "how it was measured", list(curves.charts(SIZES, kept)))
    return ElementTree.fromstring(said), "{http://www.w3.org/2000/svg}"


def test_picture_shows_all_points_within_itself():
    kept = {size: {"working set": row_of(30000 - i, start=0.5, recovery=0.7),
                   "all cases alike": row_of(20000)} for i, size in enumerate(SIZES)}
    root, space = picture(kept)
    circles = root.findall(space + "circle")
    assert len(circles) == len(SIZES) * (4 * 2 + 2)
    width, height = float(root.get("width")), float(root.get("height"))
    assert all(0 < float(c.get("cx")) < width and 0 < float(c.get("cy")) < height for c in circles)
    said = [one.text for one in root.findall(space + "text")]
    assert {"A title & more", "working set", "10k", "100k", "1M", "30k"} <= set(said)


def test_picture_leaves_out_what_was_refused():
    kept = {size: {"working set": row_of(30000), "all cases alike": row_of(20000)}
            for size in SIZES}
    kept[1000000]["all cases alike"]["refused"] = ["no merge"]
    root, space = picture(kept)
    assert len(root.findall(space + "circle")) == 4 * (3 + 2)


def test_axes_end_above_the_highest_value_at_round_numbers():
    for most in (0.003, 0.9, 1, 7.3, 99, 36000, 1e7):
        ticks = plot.Chart("", "", {"a": {10: most}}).ticks()
        assert ticks[0] == 0 and ticks[-1] >= most and 3 <= len(ticks) <= 7
        assert all(len(plot.short(tick).strip("kM")) <= 6 for tick in ticks)


# ---- on servers ----

class Liar(socketserver.StreamRequestHandler):
    """Answers everything at once and keeps nothing."""

    def handle(self):
        figures_of_nothing = {"store": {"entries": 7, "commits": 7, "checkpoints": 1, "cases": 4},
                              "engine": {"batches": 7, "fired": 0}}
        for request in self.rfile:
            asked = json.loads(request)
            self.wfile.write(json.dumps({
                "jsonrpc": "2.0", "id": asked["id"],
                "result": figures_of_nothing if asked["method"] == "admin.stats" else {},
            }).encode() + b"\n")


class LiarServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


def test_server_that_answers_without_a_commit_is_refused(tmp_path):
    with LiarServer(("127.0.0.1", 0), Liar) as liar:
        threading.Thread(target=liar.serve_forever, daemon=True).start()
        loaded = Loaded.__new__(Loaded)
        loaded.folder = str(tmp_path)
        loaded.prepared = types.SimpleNamespace(
            generator=find(BUILD, "signoff-load"), names=["one", "two"], teams=2, set=4, of_team=2,
            tokens={"one": "x", "two": "y"})
        loaded.server = types.SimpleNamespace(port=liar.server_address[1],
                                              process=types.SimpleNamespace(pid=os.getpid()))
        from prepared import signoff
        loaded.operator = signoff.Connection(liar.server_address[1])
        row = figures(loaded.window(Form(2, 4), 1, 0))
        loaded.operator.close()
        liar.shutdown()
    assert row["answers"] > 0
    assert any("only 0 entries" in wrong for wrong in row["refused"]), row["refused"]
    assert any("nothing was committed" in wrong for wrong in row["refused"]), row["refused"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return Prepared(BUILD, str(tmp_path_factory.mktemp("sites")), 200, 2).ready(lambda text: None)


def revisions(loaded, team):
    with loaded.server.connect(loaded.prepared.tokens[team]) as desk:
        return [item["rev"] for item in desk.call("case.list", workflow="flip", limit=200)["items"]]


def test_window_of_a_server_counts_what_it_wrote(prepared, tmp_path):
    prepared.set = 20  # all cases were at work while they were prepared
    loaded = Loaded(prepared, str(tmp_path)).start()
    try:
        before = {team: revisions(loaded, team) for team in prepared.names}
        row = figures(loaded.window(Form(4, 4), 1, 0))
        changed = sum(a != b for team in prepared.names
                      for a, b in zip(before[team], revisions(loaded, team)))
        loaded.stop()
    finally:
        loaded.kill()
    assert row["answers"] > 0 and row["entries"] >= 0.9 * row["answers"]
    # So short a window may have had neither, and is refused for nothing else.
    assert all("no checkpoint" in wrong or "no merge" in wrong for wrong in row["refused"])
    # Requests fell on the working set: 20 cases, and one that may have taken another's place.
    assert 10 <= changed <= 21


def test_prepared_site_tells_how_long_its_rows_are(prepared):
    lengths = prepared.lengths()
    assert lengths["entry"] > judge.LEAST_BYTES and lengths["case"] > lengths["document"] > 100


@pytest.mark.parametrize("mode", ["append", "update"])
def test_bare_program_writes_as_many_rows_as_it_says(tmp_path, mode):
    import sqlite3
    said = subprocess.run([find(BUILD, "signoff-sqlite-bare"), str(tmp_path), mode, "800", "900",
                           "50", "10", "0.2"], stdout=subprocess.PIPE, check=True).stdout
    n = json.loads(said)["transitions"]
    with sqlite3.connect(tmp_path / ("bare-%s.db" % mode)) as db:
        assert n > 0 and db.execute("SELECT count(*), min(length(bytes)) FROM entry").fetchone() == (
            n, 800)
        if mode == "update":
            assert db.execute("SELECT count(*), sum(rev), min(length(bytes)) FROM case_"
                              ).fetchone() == (50, n, 900)
            assert db.execute("SELECT sum(seq) FROM delivery").fetchone() == (n,)
