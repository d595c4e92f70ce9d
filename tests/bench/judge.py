# SPDX-License-Identifier: Apache-2.0
"""Which measurements are refused: those of a server that did not do its work meanwhile.

A server that answers without committing, one that puts its merges and checkpoints off until
nobody looks, and a disk that keeps nothing are all fast."""

LEAST_BYTES = 300  # an entry's header alone is longer


def window(row):
    """What speaks against a window of the load; an empty list when nothing does."""
    wrong = []
    if row["answers"] <= 0:
        return ["nothing was answered"]
    if row["errors"]:
        wrong.append("%d answers were errors" % row["errors"])
    # Answers and entries are counted at moments a little apart.
    if row["entries"] < 0.9 * row["answers"]:
        wrong.append("%d answers, but only %d entries were written" % (
            row["answers"], row["entries"]))
    if row["commits"] <= 0:
        wrong.append("nothing was committed")
    if row["written"] < LEAST_BYTES * row["answers"]:
        wrong.append("%d bytes for a transition reached the disk, which is less than its entry" %
                     (row["written"] // row["answers"]))
    # Other programs' syncs are counted too, so this finds it on a machine that is left alone.
    if 0 < row["flushes"] < 0.9 * row["commits"]:
        wrong.append("%d commits, but the disk was told to keep something only %d times" % (
            row["commits"], row["flushes"]))
    if row["checkpoints"] <= 0:
        wrong.append("no checkpoint fell into it: longer, please")
    if row.get("merges", 1) <= 0:
        wrong.append("no merge fell into it: longer, please")
    return wrong


def alone(row, sync_ms):
    """The same of one client alone, who cannot be answered before the disk has been waited for."""
    wrong = window(row)
    if row["answers"] > 0 and row["p50"] < 0.5 * sync_ms:
        wrong.append("answers come after %.2f ms, while a sync alone takes %.2f" % (
            row["p50"], sync_ms))
    return wrong


def drained(fired, entries, wanted):
    """Deadlines that fell due at once."""
    wrong = []
    if fired < wanted:
        wrong.append("%d of %d deadlines fired" % (fired, wanted))
    if entries < fired:
        wrong.append("%d fired, but only %d entries were written" % (fired, entries))
    return wrong
