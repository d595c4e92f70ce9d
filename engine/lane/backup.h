/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup of the site as it is served: a copy of the database (store_copy_begin) and the attached
 * files that its rows name. What it gives out is bytes; whoever asked keeps them, see
 * engine/cli/backup_file.h for the file that is made of them.
 *
 *     begin    copies, in slices that give way to others; one backup at a time
 *     files    which attached files belong to it
 *     read     a piece of the copy, or of one of the files
 *     end      it is let go; kept: the caller has it for good, and the site notes when
 *
 * The copy has no name on the disk and goes with the server. One that nobody has asked for in
 * LANE_BACKUP_STILL_MS gives way to the next. As long as there is one, no bytes of files are swept.
 *
 * Begin, files and read are queries, end runs on the lane; params and results are the methods'.
 */
#ifndef LANE_BACKUP_H
#define LANE_BACKUP_H

#include "lane.h"

#define LANE_BACKUP_STILL_MS (10 * SGN_MINUTE_MS)
#define LANE_BACKUP_FILES    1000 /* told at once */

enum sgn_status lane_backup_begin(struct store_reader *reader, struct lane *lane,
                                  struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_backup_files(struct store_reader *reader, struct lane *lane,
                                  struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_backup_read(struct store_reader *reader, struct lane *lane,
                                 struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_backup_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err);

/* ---- for the lane itself ---- */

struct lane_backups;
/* now: business time. NULL: no memory. */
struct lane_backups *lane_backups_new(struct store_reader *reader, int64_t now);
void lane_backups_free(struct lane_backups *backups);
/* Is one under way, so that no bytes may go? */
bool lane_backups_busy(struct lane_backups *backups);

/* ---- after a restore ---- */

/*
 * What a restored site must not go on with, in a store that nobody else has open. Sign-in links and
 * what they were exchanged for end, since one that was used after the backup would be good again.
 * Unless resend: every delivery begins behind the team's head, as that of a new channel, and what
 * waited to be tried again is dropped: it may have arrived since the backup. Tokens, sign-off
 * links and calendar feeds stay as the backup has them. *out: {deliveries_dropped, logins_ended}.
 */
enum sgn_status lane_restored(struct store *store, bool resend, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

/* ---- signed heads ---- */

/*
 * The heads of all teams that have entries, signed by the site: [{"team", "seq", "hash", "at" (of
 * that entry, ms), "signature" (hex, over 0x04 and the canonical JSON of {v: 1, team, seq, hash,
 * at}; null without a key)}]. Whoever keeps them elsewhere finds out whether a history was cut
 * or written anew since.
 */
enum sgn_status lane_heads(struct store_reader *reader, const unsigned char *secret, json_t **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* Is each of these heads signed by this key (SGN_SIGN_PUBLIC bytes; NULL: not looked at), and is
 * its entry there, with its hash? SGN_INVALID names the team and what is wrong. */
enum sgn_status lane_heads_check(struct store_reader *reader, const json_t *heads,
                                 const unsigned char *key, struct sgn_error *err) SGN_MUST_CHECK;

#endif
