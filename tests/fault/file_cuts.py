#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a power cut leaves of the files that Signoff writes outside its database: attached files,
the site's key, tokens, what a login keeps.

    file_cuts.py [--seed N] [--cuts N] [--starts N] [--planted]

Programs run with note_files.so preloaded; then the power is cut after each of their steps, many
times, in a model of the disk (file_disk.py), and what is left is judged. Of the server's life only
some cuts are looked at, the seed says which; of these, some by starting a server on them. --planted
lets syncs of files or folders count for nothing, and succeeds only when that is found."""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile

import file_scenes
from file_disk import Disk, read_notes

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build")


def newest_build():
    found = [os.path.join(BUILD, name, "tests", "fault", "note_files.so")
             for name in ("dev", "release")]
    found = [path for path in found if os.path.exists(path)]
    if not found:
        sys.exit("file_cuts: note_files.so was not built; --preload names its folder")
    return os.path.dirname(max(found, key=os.path.getmtime))


class Run:
    """One scene: what was noted, and how often which cut was judged."""

    def __init__(self, options, folder, scene):
        self.options, self.scene = options, scene
        self.folder = os.path.join(folder, scene.__name__)
        self.root, self.notes = os.path.join(self.folder, "root"), os.path.join(self.folder, "notes")
        os.makedirs(self.root)
        self.cuts, self.starts, self.said = 0, 0, []

    def environment(self):
        preload = os.path.join(self.options.preload, "note_files.so")
        return {"LD_PRELOAD": preload, "SIGNOFF_NOTES": self.notes, "SIGNOFF_NOTES_ROOT": self.root,
                "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}

    def command(self, *words, noted=True, **more):
        env = dict(os.environ, **(self.environment() if noted else {}), **more)
        return subprocess.run([self.options.signoff, *words], env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)

    def say(self, index, what):
        self.said.append("%s, cut after step %d: %s" % (self.scene.__name__, index, what))

    def judge(self, lies):
        scene = self.scene(self)
        scene.prepare()
        disk = Disk(self.root, lies)
        disk.take()
        scene.act()
        rng = random.Random("%s %d" % (self.scene.__name__, self.options.seed))
        notes = read_notes(self.notes)
        if not notes:
            raise RuntimeError("%s: nothing was noted" % self.scene.__name__)
        scene.begin(notes, rng)
        for index, note in enumerate(notes, 1):
            disk.happen(note)
            scene.happened(index, note)
            for _ in range(scene.how_often(index)):
                scene.look(index, disk.cut(rng), rng)
                self.cuts += 1
                if lies and self.said:
                    return


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=600, help="of the server's life")
    parser.add_argument("--starts", type=int, default=8, help="of these, by starting a server")
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--signoff", default=os.environ.get("SIGNOFF_BINARY"))
    parser.add_argument("--preload")
    parser.add_argument("--only", help="of the scenes: init, login, upload")
    options = parser.parse_args()
    options.preload = options.preload or newest_build()
    options.signoff = options.signoff or os.path.join(options.preload, "..", "..", "signoff")
    return options


def run_scene(options, scene, lies=None):
    # In memory: nobody cuts this power.
    folder = tempfile.mkdtemp(prefix="sgn-files-", dir="/dev/shm" if os.path.isdir("/dev/shm")
                              else None)
    try:
        run = Run(options, os.path.realpath(folder), scene)
        run.judge(lies)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return run


def planted(options, scenes):
    """Every scene, with syncs that do nothing: of files, and of folders."""
    good = True
    for scene in scenes:
        for kind, what in (("f", "files"), ("d", "folders")):
            run = run_scene(options, scene, (kind, scene.PLACE))
            print("without syncs of %-8s %s" % (what + ":", run.said[0] if run.said else
                                                "%s: NOT FOUND" % scene.__name__))
            good = good and bool(run.said)
    return good


def main():
    options = parse()
    scenes = [scene for scene in file_scenes.SCENES if options.only in (None, scene.__name__)]
    if options.planted:
        return 0 if planted(options, scenes) else 1
    good = True
    for scene in scenes:
        run = run_scene(options, scene)
        good = good and not run.said and run.cuts > 0
        print("%-7s %5d cuts, %d servers started on what they left: %s"
              % (scene.__name__, run.cuts, run.starts, "nothing found" if not run.said else
                 "%d findings, seed %d" % (len(run.said), options.seed)))
        for text in run.said[:8]:
            print("  " + text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
