# SPDX-License-Identifier: Apache-2.0
"""Several servers on one PostgreSQL and files: a folder that all of them share, and one that is
another."""
import glob
import os

import databases as stores
import pytest
from test_files import begin, put, sha256, upload
from test_nodes import CASE, nodes  # noqa: F401

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")


def shared(nodes):
    """A node whose data folder all that are made so have."""
    server = nodes.add(start=False)
    server.arguments = ["--data", os.path.join(nodes.folder, "shared")]
    return server.start()


def test_file_that_one_node_took_the_other_gives(nodes):
    one, two = shared(nodes), shared(nodes)
    with one.client("li") as here, two.client("li") as there:
        case = here.call("case.open", workflow="change_request", **CASE)["case"]
        file = upload(here, b"taken here")
        there.call("case.attach", case=case, file=file, shared=True)
        assert there.call("file.get", file=file)["size"] == len(b"taken here")
        other = upload(there, b"taken there")
        here.call("case.attach", case=case, file=other, shared=True)
        assert len(here.call("case.get", case=case)["files"]) == 2
        # An upload under way at one of them is not the other's, also when that begins anew.
        begun = begin(here, b"half and half")["upload"]
        there.close()
        two.restart()
        assert put(here, begun, b"half and half") == len(b"half and half")
        assert here.call("file.end", upload=begun)["file"]
        with two.client("admin") as admin:
            assert admin.call("audit.verify")["files"] == 2


def test_node_with_another_folder_says_so_and_serves_the_rest(nodes, refuses):
    one = shared(nodes)
    two = nodes.add()
    assert "not that of the site's other nodes" in two.log()
    with one.client("li") as here, two.client("li") as there:
        case = there.call("case.open", workflow="change_request", **CASE)["case"]
        file = upload(here, b"taken here")
        here.call("case.attach", case=case, file=file, shared=True)
        error = refuses("unavailable", there, "file.begin", name="a.pdf", size=1,
                        sha256=sha256(b"x"), type="application/pdf")
        assert "is not that of the site's other servers" in error.message
        assert len(there.call("case.get", case=case)["files"]) == 1
    assert two.stop() == 0
    # With the others' folder it is one of them, also where it begins with a copy of its mark.
    mark = glob.glob(os.path.join(nodes.folder, "shared", "files", "site.id"))
    with open(mark[0], encoding="ascii") as f:
        assert len(f.read()) == 32
    two.arguments = one.arguments
    two.start()
    with two.client("li") as there:
        assert there.call("file.get", file=file)["size"] == len(b"taken here")


def test_node_does_not_take_an_empty_mark_for_a_number(nodes):
    """What a power cut left of site.id before it was written as a whole: any folder without a
    mark would have been the same one."""
    one = nodes.add(start=False)
    data = os.path.join(nodes.folder, "shared")
    os.makedirs(os.path.join(data, "files"))
    mark = os.path.join(data, "files", "site.id")
    with open(mark, "wb"):
        pass
    one.arguments = ["--data", data]
    with pytest.raises(RuntimeError, match="site.id: expected 32 hex digits"):
        one.start()
    one.process = None  # it has ended, and said why
    os.remove(mark)
    one.start()
    with open(mark, encoding="ascii") as f:
        assert len(f.read()) == 32
