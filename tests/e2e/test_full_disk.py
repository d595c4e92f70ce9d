# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up: writing is refused before it is full, reading goes on, and writing too when
there is room again; and where it is full all of a sudden, nothing acknowledged is lost."""
import base64
import glob
import os
import random
import re
import shutil
import subprocess
import sys

import pytest
import signoff

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}
MIB = 1 << 20


@pytest.fixture
def small_disk(folder):
    """small_disk(MiB): a file system of its own, where we may mount one."""
    disks = []

    def make(size):
        disk = os.path.join(folder, "disk")
        os.mkdir(disk)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % size, "tmpfs", disk],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False) \
            if os.geteuid() == 0 and shutil.which("mount") else None
        if done is None or done.returncode != 0:
            pytest.skip("NOT TRIED: a full disk needs a small file system, which may not be mounted "
                        "here: %s" % (done.stdout.strip() if done else "not root"))
        disks.append(disk)
        return disk
    yield make
    for disk in disks:
        subprocess.run(["umount", "-l", disk], check=False)


def free(disk):
    at = os.statvfs(disk)
    return at.f_bavail * at.f_frsize


def fill(disk, leave):
    """Ballast, so that so many bytes are left."""
    ballast = os.path.join(disk, "ballast")
    with open(ballast, "ab") as f:
        f.write(b"x" * max(0, free(disk) - leave))
    return ballast


@pytest.mark.skipif(os.geteuid() == 0, reason="root mounts without a namespace")
def test_full_disk_in_a_namespace_of_its_own():
    """Who is not root may mount in a namespace, where the system allows that: all of it again."""
    inside = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], check=False).returncode:
        pytest.skip("NOT TRIED: neither root nor a namespace of one's own")
    subprocess.run([*inside, sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                    __file__], check=True)


def open_until_refused(connection, most=20000):
    """The keys of cases that were opened, and the first refusal."""
    told = []
    for _ in range(most):
        try:
            told.append(connection.call("case.open", workflow="change_request", project="demo",
                                        fields=dict(FIELDS, reason="r" * 4000))["case"])
        except signoff.RpcError as error:
            return told, error
    raise AssertionError("never refused")


def test_full_disk_is_refused_before_it_is_full(sqlite_only, make_server, folder, small_disk):
    disk = small_disk(40)
    server = make_server(os.path.join(folder, "site"),
                         arguments=["--data", os.path.join(disk, "data")])
    ballast = fill(disk, 20 * MIB)  # the server keeps 16 MiB free
    with server.client("admin") as admin:
        told, refused = open_until_refused(admin)
        assert refused.code == "unavailable" and "disk" in refused.message, refused
        left, kept = map(int, re.search(r"\((\d+) MiB left, (\d+) MiB are kept free\)",
                                        refused.message).groups())
        assert kept == 16 and 0 < left < kept and free(disk) // MIB == left
        # Reading goes on, all of it; what writes is refused, whoever does it.
        assert admin.call("case.get", case=told[-1])["case"] == told[-1]
        assert admin.call("case.list", limit=1)["items"] and admin.call("case.history", case=told[0])
        assert admin.call("server.health")["status"]
        for method, params in (("case.comment", {"case": told[0], "text": "more"}),
                               ("clock.advance", {"by": "1 day"})):
            with pytest.raises(signoff.RpcError) as caught:
                admin.call(method, **params)
            assert caught.value.code == "unavailable", caught.value
        # And by itself writing does when there is room again.
        os.unlink(ballast)
        told.append(admin.call("case.open", workflow="change_request", project="demo",
                            fields=FIELDS)["case"])
        assert admin.call("clock.advance", by="1 day")["now"]
    server.kill()
    server.start()
    with server.client("admin") as admin:
        assert admin.call("audit.verify")
        for key in told:
            admin.call("case.get", case=key)


def set_reserve(server):
    """As little as may be set, so that one commit can be more than what is left."""
    path, = glob.glob(os.path.join(server.site, "signoff.ini"))
    with open(path, "a", encoding="utf-8") as ini:
        ini.write("\n[store]\nreserve = 1M\n")


def large(i):
    """A change request that takes some 8,000 bytes, which nothing makes fewer."""
    return dict(workflow="change_request", project="demo", request_id="full-%d" % i,
                fields=dict(FIELDS, reason=base64.b64encode(random.Random(i).randbytes(6000)).decode()))


def test_full_disk_in_the_midst_of_a_commit_loses_nothing(sqlite_only, make_server, folder,
                                                          small_disk):
    disk = small_disk(24)
    server = make_server(os.path.join(folder, "site"), prepare=set_reserve,
                         arguments=["--data", os.path.join(disk, "data")])
    ballast = fill(disk, MIB + MIB // 4)
    answers = {}
    admin = server.client("admin")
    requests = {admin.send("case.open", large(i)): i for i in range(200)}
    try:
        admin.flush()
        for _ in requests:
            answer = admin.receive()
            answers[requests[answer["id"]]] = answer
    except OSError:
        pass  # it has ended
    admin.close()
    codes = {answer["error"]["data"]["code"] for answer in answers.values() if "error" in answer}
    assert codes or len(answers) < len(requests), "the disk was large enough for all"
    assert codes <= {"unavailable", "unknown_outcome"}, codes
    os.unlink(ballast)
    if "unknown_outcome" in codes or len(answers) < len(requests):
        assert server.process.wait(60) > 0
        assert "signoff.db" in server.log() and "full" in server.log(), server.log()
        server.start()
    with server.client("admin") as admin:
        for i in range(200):
            result = admin.call("case.open", **large(i))
            if "result" in answers.get(i, {}):
                assert result == answers[i]["result"]
    with server.client("admin") as admin:
        opened = admin.call("audit.verify")
        assert opened["cases"] == 200, opened  # each once
