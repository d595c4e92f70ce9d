/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a profile, for those who count (profile.c) and those who tell (profile_tell.c). */
#ifndef LANE_PROFILE_INTERNAL_H
#define LANE_PROFILE_INTERNAL_H

#include "profile.h"

#define LANE_PROFILE_CHAINS 512 /* a power of two */

/* What functions took. */
struct profile_calls {
    int64_t calls, errors, steps, ns, slowest_ns;
};

/* What commands took. */
struct profile_commands {
    int64_t commands, refused, decide_ns, wait_ns;
};

struct profile_rule {
    struct profile_calls sum;
    int line;
    int64_t slowest_steps, slowest_at; /* business time */
    char slowest_case[48];             /* "": of none */
};

struct profile_event {
    struct profile_commands sum;
    enum core_kind kind;
    char
        name[SGN_KEY_MAX + 1]; /* of what is fired; "": of another kind, or of none that is known */
};

struct profile_team {
    struct profile_team *next;
    char name[SGN_KEY_MAX + 1];
    struct profile_calls calls;
    struct profile_commands commands;
    int64_t lines_from; /* the minute of its lines about slow rules, monotonic */
    int lines, left_out;
};

struct profile_version {
    struct profile_version *next; /* in its chain */
    struct profile_team *team;
    char digest[65];
    char workflow[SGN_KEY_MAX + 1]; /* "": hooks */
    char file[96];
    int64_t number;
    struct profile_rule *rules; /* by number, up to n_rules; [0]: all others */
    int n_rules;
    struct profile_event *events;
    int n_events, max_events;
    int at; /* its place */
    uint32_t born;
    int64_t used; /* the count of uses when it was used last */
};

struct lane_profile {
    int64_t slow_ns; /* 0: nothing is slow */
    int64_t began;   /* business time; 0: nothing was counted yet */
    struct profile_team *teams;
    struct profile_version *places[LANE_PROFILE_VERSIONS];
    struct profile_version *chains[LANE_PROFILE_CHAINS];
    int n_rows;
    uint32_t born;
    int64_t uses;
    /* the job under way */
    int64_t mark; /* monotonic, in ns: counted up to here */
    struct lane_profile_place place;
    int event; /* of that version, which is charged next; -1: none */
};

#define LANE_PROFILE_RULE 128
/* "workflows/x.lua:12", or the file alone. */
const char *lane_profile_rule(const struct profile_version *version,
                              const struct profile_rule *rule, char out[LANE_PROFILE_RULE]);

#endif
