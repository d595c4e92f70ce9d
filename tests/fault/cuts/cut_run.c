/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_run.h. */
#include "cut_run.h"

#include "hash.h"
#include <stdio.h>
#include <string.h>

#define CUTS_OF_LINE 40 /* at ten moments */
#define OTHERS       3  /* outcomes of a cut that are looked at beside the one that goes on */
#define STARTS_MAX   50 /* one after another, each cut: enough for any plan */
#define MORE         4  /* steps that are to bring a planned event about */

/* ---- a line ---- */

/* What else the cut could have left: started and looked at, and no more. */
static void
look_at_others(struct cut_run *run)
{
    struct cut_disk *disk = run->cut.disk, *other;

    while ((other = cut_disk_take_other(disk)) != NULL) {
        struct sgn_error err = { 0 };

        run->cut.disk = other;
        run->cuts++;
        if (cut_site_start(&run->site, &err) == SGN_OK) {
            cut_judge_glance(&run->judge);
            cut_site_stop(&run->site);
        } else {
            cut_judge_say(&run->judge, CUT_BROKEN, "the server does not start: %s", err.message);
        }
        run->site.lives--; /* to those who ask it never was */
        sgn_error_clear(&err);
        cut_disk_free(other);
    }
    run->cut.disk = disk;
}

/* Starts until it stays alive; false: it does not. Each cut meanwhile is one in recovery. */
static bool
start(struct cut_run *run)
{
    int64_t first = run->site.lives;

    for (int i = 0; i < STARTS_MAX; i++) {
        struct sgn_error err = { 0 };
        enum sgn_status st = cut_site_start(&run->site, &err);
        bool dead = cut_disk_is_dead(run->cut.disk);

        if (st != SGN_OK && !dead)
            cut_judge_say(&run->judge, CUT_BROKEN, "the server does not start: %s", err.message);
        sgn_error_clear(&err);
        if (st == SGN_OK && !dead)
            cut_judge_look(&run->judge);
        if (st != SGN_OK && !dead)
            return false;
        if (!cut_disk_is_dead(run->cut.disk))
            return run->judge.n_found == 0;
        if (st == SGN_OK)
            cut_site_stop(&run->site);
        run->cuts++;
        run->in_recovery += 1 + OTHERS;
        run->again_in_recovery += i > 0 ? 1 + OTHERS : 0;
        look_at_others(run);
        cut_disk_power(run->cut.disk);
        if (run->site.lives - first < STARTS_MAX / 2 && json_array_size(run->judge.hashes) == 0)
            cut_plan_first(run->cut.disk, &run->random);
        else if (cut_random_percent(&run->random, 40))
            cut_plan_recovery(run->cut.disk, &run->random);
    }
    return false;
}

/* A life: work until the plan is met, or until there has been enough of it. */
static void
live_and_die(struct cut_run *run)
{
    struct cut_life life = cut_plan_life(run->cut.disk, &run->random, run->long_lives);

    while (life.steps-- > 0 && !cut_disk_is_dead(run->cut.disk))
        cut_load_step(&run->load);
    for (int i = 0; life.then != CUT_NOTHING && i < MORE && !cut_disk_is_dead(run->cut.disk); i++) {
        cut_load_step(&run->load);
        if (life.then == CUT_IDLE && !cut_disk_is_dead(run->cut.disk))
            cut_load_idle(&run->load);
        if (life.then == CUT_RESTART && !cut_disk_is_dead(run->cut.disk))
            cut_load_restart(&run->load);
    }
    cut_disk_cut(run->cut.disk, cut_random(&run->random));
    run->cuts++;
    cut_site_stop(&run->site);
    look_at_others(run);
    cut_disk_power(run->cut.disk);
    if (cut_random_percent(&run->random, 25))
        cut_plan_recovery(run->cut.disk, &run->random);
}

/* The end of a line: in good order, and what is there then is looked at once more. */
static void
finish(struct cut_run *run)
{
    cut_disk_plan_none(run->cut.disk);
    cut_site_stop(&run->site);
    cut_disk_settle(run->cut.disk);
    if (start(run))
        cut_site_stop(&run->site);
}

void
cut_run_line(struct cut_run *run, uint64_t seed)
{
    int64_t before = run->cuts;
    bool alive, fresh;

    run->random = (struct cut_random){ seed * UINT64_C(0x9e3779b97f4a7c15) };
    run->cut.random = (struct cut_random){ cut_random(&run->random) };
    sqlite3_randomness(0, NULL); /* it draws its own from ours, anew */
    fresh = cut_random_percent(&run->random, 10);
    run->cut.disk = fresh ? cut_disk_new(&run->tally) : cut_disk_clone(run->base, &run->tally);
    cut_disk_set_fault(run->cut.disk, run->planted->disk);
    cut_disk_want_others(run->cut.disk, OTHERS);
    run->long_lives = cut_random_percent(&run->random, 8);
    /* So few that merges come all the time; in some sites only in idle moments. */
    run->site.unmerged = cut_random_percent(&run->random, 80)
                             ? INT64_C(4096) << cut_random_below(&run->random, 6)
                             : 0;
    run->cut.log_cut = cut_random_percent(&run->random, 20);
    cut_judge_begin(&run->judge);
    snprintf(run->judge.where, sizeof run->judge.where, "seed %llu", (unsigned long long)seed);
    if (fresh)
        cut_plan_first(run->cut.disk, &run->random);
    else if (cut_random_percent(&run->random, 50))
        cut_plan_recovery(run->cut.disk, &run->random);
    alive = start(run);
    while (alive && run->cuts - before < CUTS_OF_LINE) {
        live_and_die(run);
        alive = start(run);
    }
    if (alive)
        finish(run);
    else if (run->site.server.store != NULL)
        cut_site_stop(&run->site);
    cut_site_forget(&run->site);
    cut_disk_free(run->cut.disk);
    run->lines++;
    run->bad += run->judge.n_found > 0;
}

/* ---- a run ---- */

/* What every line but a tenth begins with. */
static bool
make_base(struct cut_run *run)
{
    struct sgn_error err = { 0 };
    bool good;

    run->base = run->cut.disk = cut_disk_new(&run->tally);
    good = cut_site_start(&run->site, &err) == SGN_OK;
    if (good) {
        cut_site_settle(&run->site);
        cut_site_stop(&run->site);
    } else {
        fprintf(stderr, "power_cuts: %s\n", err.message);
    }
    cut_disk_settle(run->base);
    memset(&run->tally, 0, sizeof run->tally);
    sgn_error_clear(&err);
    return good;
}

bool
cut_run_init(struct cut_run *run)
{
    struct sgn_error err = { 0 };
    bool good = sgn_hash_init(&err) == SGN_OK;

    *run = (struct cut_run){ .planted = cut_planted_find("none") };
    run->judge = (struct cut_judge){ .site = &run->site, .random = &run->random };
    run->load = (struct cut_load){ .site = &run->site, .random = &run->random };
    cut_vfs_register(&run->cut);
    good = good && cut_site_init(&run->site, &run->cut, &err) && make_base(run);
    if (err.status != SGN_OK)
        fprintf(stderr, "power_cuts: %s\n", err.message);
    sgn_error_clear(&err);
    return good;
}

void
cut_run_deinit(struct cut_run *run)
{
    cut_site_deinit(&run->site);
    cut_disk_free(run->base);
    cut_judge_deinit(&run->judge);
    cut_vfs_unregister(&run->cut);
}

void
cut_run_plant(struct cut_run *run, const struct cut_planted *planted)
{
    run->planted = run->cut.planted = planted;
    run->judge.quiet = planted->expects != NULL;
    run->cuts = run->lines = run->bad = 0;
    memset(run->judge.found, 0, sizeof run->judge.found);
}
