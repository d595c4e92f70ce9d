/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be so after a call has failed: what was acknowledged is there, what was refused has
 * changed nothing, what was neither is there whole or not at all; a repeated request is answered
 * as if nothing had been; the chain holds; watchers missed nothing; nothing has leaked.
 */
#include "point_play.h"

#include "json.h"
#include <stdio.h>
#include <string.h>

#define MORE 2 /* requests after the one that failed that are still made */

static const char *
code_of(const char *answer)
{
    const char *at = strstr(answer, "\"error\":");

    return at == NULL ? NULL : at;
}

/* Is it one of the refusals that say "not now, and not for what you asked"? */
bool
play_is_passing(const char *answer)
{
    static const char *const codes[] = { "\"code\":\"internal\"", "\"code\":\"unavailable\"",
                                         "\"code\":\"overloaded\"",
                                         "\"code\":\"unknown_outcome\"" };

    for (size_t i = 0; code_of(answer) != NULL && i < sizeof codes / sizeof codes[0]; i++)
        if (strstr(answer, codes[i]) != NULL)
            return true;
    return false;
}

static bool
is_unknown(const char *answer)
{
    return strstr(answer, "\"code\":\"unknown_outcome\"") != NULL;
}

/* Two texts that must be one: tells the first line that differs. */
void
play_differ(const char *what, const char *is, const char *want)
{
    const char *a = is, *b = want;

    while (*a != '\0' && *a == *b)
        a++, b++;
    if (*a == *b)
        return;
    while (a > is && a[-1] != '\n')
        a--, b--;
    points_bad("%s:\n  is        %.*s\n  should be %.*s\n", what, (int)strcspn(a, "\n"), a,
               (int)strcspn(b, "\n"), b);
}

/* The members of an answer that is read back may stand in another order. */
static void
same_answer(const char *what, const char *is, const char *want)
{
    json_t *a = json_loads(is, 0, NULL), *b = json_loads(want, 0, NULL);
    bool same = a != NULL && b != NULL && json_equal(a, b);

    json_decref(a);
    json_decref(b);
    if (!same)
        play_differ(what, is, want);
}

static const char *
before(const struct play *play, int n)
{
    return n == 0 ? play->first : play->steps[n - 1].dump;
}

/* As the server does: it ends, is started again, and reads what became of it. */
static void
restart(struct play *play)
{
    struct sgn_error err = { 0 };

    play->restarted = true;
    play->watcher = NULL;
    point_site_stop(&play->site);
    if (point_site_start(&play->site, &err) != SGN_OK)
        points_bad("it does not start again: %s", err.message);
    point_site_settle(&play->site);
}

/* The clock may have gone on before an advance is refused, and what was due in part: it is done to
 * its end when it is tried again, but not at the same times. Rules that could not be loaded and
 * then can have changed, which tries again what was stuck. */
static bool
is_loose(const struct step *step)
{
    return strcmp(step->method, "clock.advance") == 0 ||
           strcmp(step->method, "workflow.reload") == 0;
}

/* A step without a fault: the answer and the store as they were learned. */
static void
play_well(struct play *play, int n, const char *when)
{
    char what[160], *answer, *dump;
    bool closed, loose = is_loose(&play->steps[n]);

    answer = play_ask(play, n, false, &closed);
    /* A checkpoint that failed while all rested is told to whoever writes next. */
    if (answer != NULL && is_unknown(answer) && play->site.server.failed && !play->restarted) {
        points_free(answer);
        restart(play);
        answer = play_ask(play, n, false, &closed);
    }
    if (answer == NULL && closed) /* of before: what it was to be told could not be */
        answer = play_ask(play, n, false, &closed);
    snprintf(what, sizeof what, "%s of %s, %s", play->steps[n].method, play->steps[n].who, when);
    if (answer == NULL)
        points_bad("%s: not answered%s", what, closed ? ", closed" : "");
    if (!loose) {
        same_answer(what, answer, play->steps[n].answer);
        dump = point_site_dump(&play->site);
        play_differ(what, dump, play->steps[n].dump);
        points_free(dump);
    } else if (strstr(answer, "\"result\":") == NULL) {
        points_bad("%s: %s", what, answer);
    }
    points_free(answer);
}

void
play_check_chain(struct play *play)
{
    struct sgn_error err = { 0 };
    json_t *found = NULL;

    if (lane_verify(store_own_reader(play->site.server.store), NULL, SITE_TEAM, &found, &err) !=
        SGN_OK)
        points_bad("verify: %s", err.message);
    json_decref(found);
}

/* The watcher was told of every entry once, in its order, or its connection has ended. */
static void
check_watch(struct play *play)
{
    struct store_head head;

    if (play->watcher == NULL)
        return;
    play_hear(play);
    if (store_head_get(store_own_reader(play->site.server.store), SITE_TEAM, &head, NULL) != SGN_OK)
        points_bad("no head");
    if (play->watcher != NULL && !play->watcher->closing && play->told != head.seq)
        points_bad("the watcher was told up to %lld of %lld", (long long)play->told,
                   (long long)head.seq);
}

/* What was answered to the step that failed, and what the store holds, must be one. */
static void
judge_answer(struct play *play, int n, const char *answer, bool closed)
{
    const struct step *step = &play->steps[n];
    char what[120], *dump = point_site_dump(&play->site);
    bool stands = strcmp(dump, step->dump) == 0, nothing = strcmp(dump, before(play, n)) == 0;
    bool loose = is_loose(step);

    snprintf(what, sizeof what, "%s of %s", step->method, step->who);
    if (answer == NULL && !closed)
        points_bad("%s: never answered", what);
    if (answer != NULL && !play_is_passing(answer))
        same_answer(what, answer, step->answer);
    if (play->site.server.failed) {
        /* What was committed waits for the restart to reach its tables. */
    } else if (answer != NULL && !play_is_passing(answer)) {
        play_differ(what, dump, step->dump); /* acknowledged: it is there */
    } else if (answer != NULL && !loose && !is_unknown(answer) && !nothing) {
        char refused[300];

        snprintf(refused, sizeof refused, "refused, but not nothing was changed: %.200s", answer);
        play_differ(refused, dump, before(play, n));
    } else if (!stands && !nothing && !loose) {
        play_differ("neither all nor nothing", dump, step->dump);
    }
    points_free(dump);
}

/* The rest of a child's life. */
_Noreturn void
play_judge(struct play *play, int n, char *answer, bool closed)
{
    bool again = play->site.server.failed;
    bool watches = play->watcher != NULL && strcmp(play->steps[n].method, "watch.start") == 0;

    judge_answer(play, n, answer, closed);
    points_free(answer);
    if (again)
        restart(play);
    if (!watches) /* or there are two */
        play_well(play, n, again ? "after a restart" : "repeated");
    for (int i = n + 1; i <= n + MORE && i < play->n_steps && !is_loose(&play->steps[n]); i++)
        play_well(play, i, "later");
    play_check_chain(play);
    check_watch(play);
    point_site_stop(&play->site);
    points_good();
}
