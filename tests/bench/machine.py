# SPDX-License-Identifier: Apache-2.0
"""What the system tells of a process, of a disk, and of itself."""
import os
import platform
import re
import signal

TICK = os.sysconf("SC_CLK_TCK")


def end_cleanly():
    """Whoever is told to end ends his servers and removes his folder, as after Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def read(path, or_else=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return or_else


def stat(pid):
    """Parent, CPU seconds of the process, and of its children that have ended."""
    text = read("/proc/%d/stat" % pid)
    if not text:
        return 0, 0.0, 0.0
    after = text.rsplit(")", 1)[1].split()  # the name before may hold anything
    return (int(after[1]), (int(after[11]) + int(after[12])) / TICK,
            (int(after[13]) + int(after[14])) / TICK)


def written(pid):
    """Bytes that the process has given to the disk, or will when its pages are written."""
    found = re.search(r"^write_bytes: (\d+)", read("/proc/%d/io" % pid), re.M)
    return int(found.group(1)) if found else 0


def device(folder):
    """What the disk under the folder was given by all processes: bytes, and how often it was told
    to keep them (syncs of a file that is written again and again are at least as many). (0, 0)
    where it does not tell, as with tmpfs; no flushes where it has no cache of its own."""
    at = os.stat(folder).st_dev
    fields = read("/sys/dev/block/%d:%d/stat" % (os.major(at), os.minor(at))).split()
    return (int(fields[6]) * 512 if len(fields) > 6 else 0,
            int(fields[15]) if len(fields) > 15 else 0)


def memory(pid):
    """Bytes that are the process's own: no files, nothing shared."""
    found = re.search(r"^RssAnon:\s+(\d+) kB", read("/proc/%d/status" % pid), re.M)
    return int(found.group(1)) * 1024 if found else 0


def file_system(folder):
    """Its type, by the longest mount point above the folder."""
    best = ("", "")
    folder = os.path.realpath(folder) + "/"
    for line in read("/proc/mounts").splitlines():
        _, place, kind = line.split()[:3]
        if folder.startswith(place.rstrip("/") + "/") and len(place) > len(best[0]):
            best = (place, kind)
    return best[1] or "?"


def describe(folder):
    """One line to put beside figures."""
    model = re.search(r"^model name\s*: (.*)", read("/proc/cpuinfo"), re.M)
    return "%d cores, %s, Linux %s, %s, load average %.1f" % (
        os.cpu_count() or 0, model.group(1) if model else platform.machine(),
        platform.release(), file_system(folder), os.getloadavg()[0])
