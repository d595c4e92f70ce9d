#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays a project of three months with a difficult client through Signoff, on virtual time.

    play.py [--signoff PATH] [--out DIR] [--lang en|zh] [--weeks N]

--out DIR gets the site (DIR/site) and the diary (DIR/diary): what everybody's inbox says on each Monday,
the project on each Friday as the manager and as the client see it, and at the end what is left to keep.
Without it a folder is made and said.
"""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import stage  # noqa: E402
import story  # noqa: E402


def play(folder, program, language="en", weeks=len(story.WEEKS), say=lambda text: None):
    """Gives the stage with everything on it; its server still runs."""
    played = stage.Stage(folder, program, language, say)
    try:
        played.set_up()
        for week in story.WEEKS[:weeks]:
            say("  " + week.__doc__.split("\n")[0])
            week(played)
        if weeks == len(story.WEEKS):
            played.the_end()
    except BaseException:
        played.close()
        raise
    return played


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signoff", default="signoff", help="the program (signoff)")
    parser.add_argument("--out", help="an empty folder for site and diary")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the diary")
    parser.add_argument("--weeks", type=int, default=len(story.WEEKS), help="play only the first weeks")
    options = parser.parse_args()
    folder = options.out or tempfile.mkdtemp(prefix="signoff-project-")
    if os.path.isdir(folder) and os.listdir(folder):
        parser.error("%s is not empty" % folder)
    played = play(folder, options.signoff, options.lang, options.weeks, print)
    played.close()
    print("\n%d cases, %d pages of the diary in %s" % (len(played.cases), played.pages, played.diary))
    print("To look around: %s serve %s" % (options.signoff, played.site))


if __name__ == "__main__":
    main()
