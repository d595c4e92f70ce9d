/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_plan.h: plans as texts. */
#include "sim_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "# signoff simulation, plan 1"

static const char *const does[SIM_DOES] = {
    "ask",  "again", "send", "read",     "connect", "drop", "lane", "rpc",  "post",
    "idle", "rest",  "time", "receiver", "room",    "cut",  "kill", "stop", "start",
};

static const char *const whats[SIM_WHATS] = {
    "open",     "spin", "propose", "amend", "comment", "vote",
    "withdraw", "look", "title",   "join",  "leave",   "inbox",
};

const char *
sim_what_name(enum sim_what what)
{
    return whats[what];
}

static int
find(const char *const *names, int n, const char *name)
{
    int i = 0;

    while (i < n && strcmp(names[i], name) != 0)
        i++;
    return i < n ? i : -1;
}

static bool
has_client(enum sim_do what)
{
    return what <= SIM_DROP || what == SIM_RECEIVER;
}

void
sim_step_print(const struct sim_step *step, char *out, size_t n)
{
    int at = snprintf(out, n, "%s", does[step->what]);

    if (has_client(step->what))
        at += snprintf(out + at, n - (size_t)at, " client=%d", step->client);
    if (step->id != 0)
        at += snprintf(out + at, n - (size_t)at, " id=%d", step->id);
    if (step->what == SIM_ASK)
        at += snprintf(out + at, n - (size_t)at, " what=%s", whats[step->asks]);
    if (step->of != 0)
        at += snprintf(out + at, n - (size_t)at, " of=%d", step->of);
    if (step->word[0] != '\0')
        at += snprintf(out + at, n - (size_t)at, " word=%s", step->word);
    if (step->what == SIM_CUT)
        at +=
            snprintf(out + at, n - (size_t)at, " event=%d seed=%" PRIu64, step->event, step->seed);
    if (step->n != 0)
        (void)snprintf(out + at, n - (size_t)at, " n=%" PRId64, step->n);
}

bool
sim_plan_save(const struct sim_plan *plan, const char *path)
{
    FILE *file = fopen(path, "w");
    char line[160];
    bool good;

    if (file == NULL)
        return false;
    fprintf(file, FIRST_LINE ", seed %" PRIu64 "\n", plan->seed);
    for (int i = 0; i < plan->n; i++) {
        sim_step_print(&plan->steps[i], line, sizeof line);
        fprintf(file, "%s\n", line);
    }
    good = ferror(file) == 0;
    return fclose(file) == 0 && good;
}

/* "name=value" */
static bool
take_value(struct sim_step *step, char *text)
{
    char *value = strchr(text, '='), *end = text;
    long long number;

    if (value == NULL)
        return false;
    *value++ = '\0';
    if (strcmp(text, "what") == 0) {
        int what = find(whats, SIM_WHATS, value);

        step->asks = what >= 0 ? (enum sim_what)what : SIM_OPEN;
        return what >= 0;
    }
    if (strcmp(text, "word") == 0)
        return snprintf(step->word, sizeof step->word, "%s", value) < (int)sizeof step->word;
    if (strcmp(text, "seed") == 0) {
        step->seed = strtoull(value, &end, 10);
        return *end == '\0';
    }
    number = strtoll(value, &end, 10);
    if (*end != '\0' || end == value)
        return false;
    if (strcmp(text, "n") == 0)
        step->n = number;
    else if (strcmp(text, "client") == 0 && number >= 0 && number < 64)
        step->client = (int)number;
    else if (strcmp(text, "id") == 0 && number > 0 && number <= SIM_STEPS_MAX)
        step->id = (int)number;
    else if (strcmp(text, "of") == 0 && number > 0 && number <= SIM_STEPS_MAX)
        step->of = (int)number;
    else if (strcmp(text, "event") == 0 && number >= 0 && number < 64)
        step->event = (int)number;
    else
        return false;
    return true;
}

static bool
take_line(struct sim_step *step, char *line)
{
    char *rest = NULL, *word = strtok_r(line, " \n", &rest);
    int what = word != NULL ? find(does, SIM_DOES, word) : -1;

    *step = (struct sim_step){ 0 };
    if (what < 0)
        return false;
    step->what = (enum sim_do)what;
    while ((word = strtok_r(NULL, " \n", &rest)) != NULL)
        if (!take_value(step, word))
            return false;
    return step->id != 0 || (step->what != SIM_ASK && step->what != SIM_AGAIN);
}

bool
sim_plan_load(struct sim_plan *plan, const char *path, char *why, size_t n)
{
    FILE *file = fopen(path, "r");
    char line[256];
    int number = 0;
    bool good = file != NULL;

    *plan = (struct sim_plan){ 0 };
    (void)snprintf(why, n, "%s: cannot be read", path);
    while (good && fgets(line, sizeof line, file) != NULL) {
        number++;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        good = plan->n < SIM_STEPS_MAX && take_line(&plan->steps[plan->n], line);
        if (good)
            plan->n++;
        else
            (void)snprintf(why, n, "%s:%d: no step", path, number);
    }
    if (file != NULL)
        (void)fclose(file);
    return good;
}
