/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a person is told: at once by mail, gathered, or in the inbox alone, each kind of message as
 * its person has set it (own.update).
 *
 *     kind          which messages
 *     asked         offered, voided: something is asked of the person, or asked again
 *     reminders     remind
 *     news          notify, decided, delegated and whatever is no other kind
 *     escalations   notify by a deadline, stuck, failed and what else leads are called for
 *
 * The way of a message is fixed in the commit that makes it, so a setting holds for what comes
 * after it and nothing that waits is lost or sent twice. Whatever is set, a message about a case
 * in which an approval with a deadline waits for its person goes as if nothing were: silence would
 * be taken as their answer. So does the mail that signs somebody in.
 */
#ifndef LANE_NOTICES_H
#define LANE_NOTICES_H

#include "store.h"
#include <stdbool.h>

#define LANE_NOTICE_DAILY_AT "09:00" /* when daily mail goes, unless its person says otherwise */

enum lane_notice {
    LANE_NOTICE_ASKED,
    LANE_NOTICE_REMINDERS,
    LANE_NOTICE_NEWS,
    LANE_NOTICE_ESCALATIONS,
    LANE_NOTICES
};
/* "asked", ... */
const char *lane_notice_name(enum lane_notice notice);

/* mail (at once), hourly (at the full hour), daily (at a time of working days), console (not by
 * mail): a way that a person may choose? */
bool lane_notice_is_way(const char *way);
/* "HH:MM", 00:00 to 23:59: minutes since midnight; -1: it is no such text. */
int lane_notice_time(const char *text);

/* What a person's row says, in full: {asked, reminders, news, escalations: a way, or null: as
 * usual, daily_at}. New reference. */
json_t *lane_notices_view(const json_t *person);

/* ---- boxes: where messages wait until they go by mail ---- */

/* Each is a reader of the store, PREFIX and the person's key, whose number is that of the last
 * message that is done with. */
enum lane_box {
    LANE_BOX_AT_ONCE,
    LANE_BOX_REMINDERS, /* gathered as the site is set */
    LANE_BOX_HOURLY,
    LANE_BOX_DAILY,
    LANE_BOXES
};
/* "mail/", "digest/", "hourly/", "daily/". */
const char *lane_box_prefix(enum lane_box box);
/* The box of a message (a row); LANE_BOXES: it does not go by mail. gathers: does the site gather
 * reminders? */
enum lane_box lane_box_of(const json_t *message, bool gathers);

#endif
