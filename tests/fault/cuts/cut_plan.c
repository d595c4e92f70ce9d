/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_plan.h. */
#include "cut_plan.h"

#include <stdio.h>
#include <string.h>

/* Rare events have more of the cuts than of the events: a checkpoint is one in thirty commits, and
 * half of what there is to go wrong. */
static const struct {
    enum cut_event event;
    int share;
    int most; /* of them passed by, in the mean */
    enum cut_work then;
} shares[] = {
    { CUT_LOG_SYNC, 22, 6, CUT_MORE },      { CUT_LOG_SYNCED, 14, 6, CUT_MORE },
    { CUT_LOG_WRITTEN, 14, 100, CUT_MORE }, { CUT_DATABASE_WRITTEN, 10, 20, CUT_IDLE },
    { CUT_DATABASE_SYNC, 8, 1, CUT_IDLE },  { CUT_DATABASE_SYNCED, 8, 1, CUT_IDLE },
    { CUT_FOLDER_SYNC, 3, 0, CUT_RESTART }, { CUT_FOLDER_SYNCED, 3, 0, CUT_RESTART },
    { CUT_RESIZED, 3, 0, CUT_RESTART },     { CUT_NAMED, 2, 0, CUT_RESTART },
    { CUT_UNNAMED, 3, 0, CUT_RESTART },     { CUT_ANY, 7, 150, CUT_MORE },
    { CUT_AT_REST, 3, 0, CUT_NOTHING },
};

struct cut_life
cut_plan_life(struct cut_disk *disk, struct cut_random *random, bool is_long)
{
    int at = cut_random_below(random, 100);
    size_t i = 0;

    while (i + 1 < sizeof shares / sizeof shares[0] && at >= shares[i].share)
        at -= shares[i++].share;
    cut_disk_plan(disk, shares[i].event, 1 + cut_random_below(random, 2 * shares[i].most + 1),
                  cut_random(random));
    return (struct cut_life){ .steps = is_long ? 30 + cut_random_below(random, 60)
                                               : 1 + cut_random_below(random, 9),
                              .then = shares[i].then };
}

void
cut_plan_recovery(struct cut_disk *disk, struct cut_random *random)
{
    bool soon = cut_random_percent(random, 60);

    cut_disk_plan(disk, CUT_ANY, 1 + cut_random_below(random, soon ? 30 : 400), cut_random(random));
}

void
cut_plan_first(struct cut_disk *disk, struct cut_random *random)
{
    enum cut_event event = CUT_ANY;
    int most = cut_random_percent(random, 50) ? 16 : 150;

    if (cut_random_percent(random, 40)) { /* the only journal of a store's life */
        event = (enum cut_event)(CUT_JOURNAL_WRITTEN + cut_random_below(random, 3));
        most = 2;
    }
    cut_disk_plan(disk, event, 1 + cut_random_below(random, most), cut_random(random));
}

static const struct cut_planted planted[] = {
    { "none", CUT_SOUND, CUT_HONEST, NULL },
    { "normal", CUT_SOUND, CUT_NORMAL, "with synchronous=NORMAL a cut loses commits" },
    { "log-never", CUT_LOG_NEVER, CUT_HONEST, "syncs of the log that do nothing lose commits" },
    { "log-late", CUT_LOG_LATE, CUT_HONEST,
      "what is acknowledged before its sync has ended is lost" },
    { "database-never", CUT_DATABASE_NEVER, CUT_HONEST,
      "a log that is begun anew before the database is synced loses both" },
    { "folder-never", CUT_FOLDER_NEVER, CUT_HONEST, "a log without a name loses commits" },
    { "forgets", CUT_SOUND, CUT_FORGETS, "requests that are repeated are done twice" },
    { "unmerged", CUT_SOUND, CUT_UNMERGED,
      "rows are gone whose log was deleted before they were written" },
    { "unindexed", CUT_SOUND, CUT_UNINDEXED,
      "entries are found no more that were taken for indexed before they were" },
    { "early", CUT_SOUND, CUT_EARLY, "what is acknowledged before it is committed is lost" },
};

const struct cut_planted *
cut_planted_at(int n)
{
    return n < (int)(sizeof planted / sizeof planted[0]) ? &planted[n] : NULL;
}

const struct cut_planted *
cut_planted_find(const char *name)
{
    const struct cut_planted *one;

    for (int i = 0; (one = cut_planted_at(i)) != NULL; i++)
        if (strcmp(one->name, name) == 0)
            return one;
    fprintf(stderr, "there is no fault \"%s\"; there are:\n", name);
    for (int i = 0; (one = cut_planted_at(i)) != NULL; i++)
        fprintf(stderr, "  %s\n", one->name);
    return NULL;
}
