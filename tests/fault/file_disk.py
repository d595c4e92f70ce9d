# SPDX-License-Identifier: Apache-2.0
"""A disk as note_files.c tells of it, and what a power cut leaves of it.

A file's bytes are durable once it was synced, a name once its folder was; nothing else is, as POSIX
promises no more. What is not durable is kept, dropped or torn by chance. One thing every file system
in use does better: a name that was moved is never in neither place."""
import collections
import os
import stat
import struct

HEAD = struct.Struct("<c3xIIIQq")
SECTOR = 512

Note = collections.namedtuple("Note", "what process number at first second")


def read_notes(path):
    with open(path, "rb") as f:
        data = f.read()
    notes, at = [], 0
    while at < len(data):
        what, first, second, process, number, place = HEAD.unpack_from(data, at)
        at += HEAD.size
        notes.append(Note(what.decode(), process, number, place,
                          data[at:at + first].decode(), data[at + first:at + first + second]))
        at += first + second
    return notes


def put(content, at, data):
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at:at + len(data)] = data


class File:
    def __init__(self, content=b""):
        self.durable, self.pending = bytearray(content), []

    def apply(self, content, change):
        at, data = change
        if data is None:
            del content[at:]
            content.extend(bytes(at - len(content)))
        else:
            put(content, at, data)

    def sync(self):
        for change in self.pending:
            self.apply(self.durable, change)
        self.pending.clear()

    def left(self, rng):
        """What a cut leaves: a manner for the file, then chance for each of its changes."""
        if not self.pending:
            return self.durable
        content, keep, torn = bytearray(self.durable), *rng.choice(
            ((0, 0), (100, 0), (100, 60), (90, 20), (50, 20), (10, 0)))
        size = len(content)
        for change in self.pending:
            size = max(size, change[0] + len(change[1] or b""))
            if rng.randrange(100) >= keep:
                continue
            if change[1] is None or rng.randrange(100) >= torn:
                self.apply(content, change)
                continue
            for at in range(0, len(change[1]), SECTOR):
                if rng.random() < 0.5:
                    put(content, change[0] + at, change[1][at:at + SECTOR])
        if rng.random() < 0.3:  # it has grown, and has not got its bytes
            content.extend(bytes(max(0, size - len(content))))
        return content


class Folder:
    """durable: {name: node}; pending: changes of names, in their order."""

    def __init__(self):
        self.durable, self.now, self.pending = {}, {}, []

    def change(self, names, after=None):
        """names: {name: node or None}; after: a change of another folder without which this one
        does not come."""
        change = Change(self, names, after)
        self.pending.append(change)
        change.apply(self.now)
        return change

    def sync(self):
        for change in self.pending:
            change.durable = True
            change.apply(self.durable)
        self.pending.clear()


class Change:
    def __init__(self, folder, names, after):
        self.folder, self.names, self.after = folder, names, after
        self.durable = False

    def apply(self, entries):
        for name, node in self.names.items():
            if node is None:
                entries.pop(name, None)
            else:
                entries[name] = node


class Disk:
    def __init__(self, root, lies=None):
        self.root, self.folder = root, Folder()
        self.lies = lies  # (kind of note, part of a path): such syncs do nothing
        self.files, self.paths = {}, {}  # by inode; a path is the one that it was made with

    def take(self, path=None, folder=None):
        """What lies there now is durable."""
        path, folder = path or self.root, folder or self.folder
        for entry in os.scandir(path):
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(info.st_mode):
                node = Folder()
                self.take(entry.path, node)
            elif stat.S_ISREG(info.st_mode):
                with open(entry.path, "rb") as f:
                    node = self.files[info.st_ino] = File(f.read())
            else:
                continue
            folder.durable[entry.name] = folder.now[entry.name] = node

    # ---- what happens ----

    def find(self, path):
        """The folder that holds it, and its name there."""
        folder = self.folder
        parts = os.path.relpath(path, self.root).split(os.sep)
        for part in parts[:-1]:
            folder = folder.now[part]
        return folder, parts[-1]

    def node(self, path):
        if path == self.root:
            return self.folder
        folder, name = self.find(path)
        return folder.now[name]

    def happen(self, note):
        path = note.first or self.paths.get(note.number, "")
        if note.what != "s" and not (self.lies and note.what == self.lies[0]
                                     and self.lies[1] in path):
            getattr(self, "happen_" + note.what)(note)

    def happen_c(self, note):
        folder, name = self.find(note.first)
        self.files[note.number], self.paths[note.number] = File(), note.first
        folder.change({name: self.files[note.number]})

    def happen_t(self, note):
        self.files[note.number].pending.append((note.at, None))

    def happen_w(self, note):
        self.files[note.number].pending.append((note.at, note.second))

    def happen_f(self, note):
        self.files[note.number].sync()

    def happen_d(self, note):
        self.node(note.first).sync()

    def happen_m(self, note):
        folder, name = self.find(note.first)
        folder.change({name: Folder()})

    def happen_u(self, note):
        folder, name = self.find(note.first)
        folder.change({name: None})

    def happen_l(self, note):
        folder, name = self.find(note.second.decode())
        folder.change({name: self.node(note.first)})

    def happen_r(self, note):
        source, old = self.find(note.first)
        target, new = self.find(note.second.decode())
        if source is target:
            source.change({new: source.now[old], old: None})
        else:
            source.change({old: None}, after=target.change({new: source.now[old]}))

    # ---- the cut ----

    def cut(self, rng):
        """What is left: {name: bytes, or the same of a folder}."""
        return self.names_left(self.folder, rng, {})

    def names_left(self, folder, rng, kept):
        entries, keep = dict(folder.durable), rng.choice((0, 100, 50, 50, 90))
        for change in folder.pending:
            if self.stays(change, rng, keep, kept):
                change.apply(entries)
        return {name: self.names_left(node, rng, kept) if isinstance(node, Folder)
                else node.left(rng) for name, node in entries.items()}

    def stays(self, change, rng, keep, kept):
        if change.durable:
            return True
        if change not in kept:
            kept[change] = rng.randrange(100) < keep and (
                change.after is None or self.stays(change.after, rng, keep, kept))
        return kept[change]


def write_out(left, path):
    """As files, for programs to look at."""
    os.mkdir(path)
    for name, what in left.items():
        if isinstance(what, dict):
            write_out(what, os.path.join(path, name))
        else:
            with open(os.path.join(path, name), "wb") as f:
                f.write(what)
            os.chmod(os.path.join(path, name), 0o600)
