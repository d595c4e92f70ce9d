/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test of the test: faults that are planted into the server, each where the
 * linker shows a call of it. Without --lie all of them do what the server does.
 * One is the disk's: that it answers early, before anything is durable, is the
 * same as a server that does not sync.
 */
#include "core_internal.h"
#include "lane_internal.h"
#include "outbox_internal.h"
#include "sim_world.h"
#include "store.h"
#include <string.h>

static bool
lies(enum sim_lie lie)
{
    return sim_here()->lie == lie;
}

void
sim_lie(struct sim_world *world, enum sim_lie lie)
{
    world->lie = lie;
    cut_disk_set_fault(world->cut.disk, lie == SIM_EARLY ? CUT_LOG_NEVER : CUT_SOUND);
}

/* ---- forgets: what was asked before the server started ---- */

enum sgn_status __real_store_request_get(struct store_reader *reader, const char *team,
                                         const char *person, const char *request, int64_t since,
                                         struct store_entry_row *out, struct sgn_error *err);
enum sgn_status __wrap_store_request_get(struct store_reader *reader, const char *team,
                                         const char *person, const char *request, int64_t since,
                                         struct store_entry_row *out, struct sgn_error *err);
enum sgn_status
__wrap_store_request_get(struct store_reader *reader, const char *team, const char *person,
                         const char *request, int64_t since, struct store_entry_row *out,
                         struct sgn_error *err)
{
    if (lies(SIM_FORGETS))
        return sgn_fail(err, SGN_NOT_FOUND, "forgotten");
    return __real_store_request_get(reader, team, person, request, since, out, err);
}

/* ---- twice: every ninth rung that fires is not spent ---- */

void __real_deadline_spend(struct stage *stage, const struct model_deadline *within,
                           json_t *deadline, int rung);
void __wrap_deadline_spend(struct stage *stage, const struct model_deadline *within,
                           json_t *deadline, int rung);
void
__wrap_deadline_spend(struct stage *stage, const struct model_deadline *within, json_t *deadline,
                      int rung)
{
    if (lies(SIM_TWICE) && sim_here()->lied++ % 9 == 8)
        return;
    __real_deadline_spend(stage, within, deadline, rung);
}

/* ---- soon: what is due within five seconds fires with what is due ---- */

void __real_lane_due_turn(struct lane *lane);
void __wrap_lane_due_turn(struct lane *lane);
void
__wrap_lane_due_turn(struct lane *lane)
{
    int64_t until = lane->turn_due;

    if (lies(SIM_SOON))
        lane->turn_due += 5000;
    __real_lane_due_turn(lane);
    lane->turn_due = until;
}

/* ---- swaps: two deliveries change places ---- */

enum sgn_status __real_outbox_read_more(struct outbox_endpoint *endpoint, struct sgn_error *err);
enum sgn_status __wrap_outbox_read_more(struct outbox_endpoint *endpoint, struct sgn_error *err);
enum sgn_status
__wrap_outbox_read_more(struct outbox_endpoint *endpoint, struct sgn_error *err)
{
    enum sgn_status st = __real_outbox_read_more(endpoint, err);
    struct outbox_message *first = endpoint->first;

    if (lies(SIM_SWAPS) && first != NULL && first->next != NULL) {
        endpoint->first = first->next;
        first->next = endpoint->first->next;
        endpoint->first->next = first;
    }
    return st;
}

/* ---- hasty: a delivery is dealt with when it is sent ---- */

void
sim_lie_of_sending(struct outbox_endpoint *endpoint)
{
    if (!lies(SIM_HASTY) || endpoint->first == NULL)
        return;
    outbox_mark_seen(endpoint, endpoint->first->seq);
    outbox_mark_turn(endpoint);
}

/* ---- open-door: whoever asks has the right ---- */

enum sgn_status __real_who_has(struct stage *stage, const struct model_who *who, int at,
                               const char *person, bool *out);
enum sgn_status __wrap_who_has(struct stage *stage, const struct model_who *who, int at,
                               const char *person, bool *out);
enum sgn_status
__wrap_who_has(struct stage *stage, const struct model_who *who, int at, const char *person,
               bool *out)
{
    enum sgn_status st = __real_who_has(stage, who, at, person, out);

    if (lies(SIM_OPEN_DOOR))
        *out = true;
    return st;
}
