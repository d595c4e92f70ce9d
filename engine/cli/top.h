/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "top": what a server does now, from two samples of its figures, and how it is drawn.
 *
 * A sample is what server.health, admin.stats, admin.teams and admin.profile say at one moment; a
 * view is the difference of two as JSON, which --json prints and the screen shows:
 *   {"at", "seconds", "status", "alarms", "server": {connections, connections_max, requests, queue,
 *    queries, parked, stuck, commands, refused, overloaded, commits, fired}, "teams": [{team,
 * rules, entries, commands, refused, wait_us, rules_share, parked, deliveries}], "rules": [{team,
 * rule, calls, mean_us, slowest_us, case}]} commands, refused, overloaded, commits, fired and
 * entries are per second; without a sample before they are null, as wait_us (of a command) and
 * rules_share (of a second, spent in functions) are.
 */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include "client.h"
#include "output.h"

enum top_order {
    TOP_BY_COMMANDS,
    TOP_BY_WAIT,
    TOP_BY_RULES,
    TOP_BY_PARKED,
    TOP_BY_NAME,
    TOP_ORDERS
};

/* Asks the server for a sample: [health, stats, teams, profile, monotonic ms]. New reference. */
enum sgn_status top_sample(struct client *client, json_t **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* before may be NULL. New reference; NULL without memory. */
json_t *top_view(const json_t *sample, const json_t *before, enum top_order order);

struct top_frame {
    const struct cli_output *output; /* its width is that of the screen; 0: as wide as need be */
    int rows;                        /* of the screen; 0: as many as there are */
    enum top_order order;
    int every;           /* seconds between two */
    const char *trouble; /* why there is nothing newer, or NULL */
    const char *end;     /* of a line */
};
/* Appends the screen; view may be NULL. */
void top_draw(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame);

#endif
