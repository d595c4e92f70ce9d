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

/*
 * They are kept in the site's folder, beside the key and not among the data: a server signs them
 * when it starts, every hour of business time, when it stops, and whenever audit.heads asks. So a
 * database that lost its end, or was put back to an older one, is found. Heads that the database
 * contradicts stay as they are, and the server says so in its log: a site that was put back on
 * purpose goes on with a new file when this one is moved away. A copy of it that lies elsewhere is
 * good against whoever can write here.
 */
#define LANE_HEADS_FILE "heads.json"
#define LANE_HEADS_MAX  ((size_t)16 << 20)
/* Such a file: [HEAD] as lane_heads() makes them. SGN_NOT_FOUND, SGN_UNAVAILABLE, SGN_INVALID. */
enum sgn_status lane_heads_read(const char *path, json_t **out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* The site's own; an empty list when it has none yet. */
enum sgn_status lane_heads_of_site(const char *site, json_t **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* Those of them that are this team's, as lane_heads_check(). Into found, which may be NULL:
 * "signed", the number of the last entry that one of them covers; 0: none. */
enum sgn_status lane_verify_signed(struct store_reader *reader, const json_t *heads,
                                   const unsigned char *key, const char *team, json_t *found,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* lane_verify() with the site's heads, for a server that serves: found also has "signed". */
enum sgn_status lane_verify_whole(struct store_reader *reader, const struct lane *lane,
                                  const char *team, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Signs and keeps them now. SGN_INVALID: what was signed before is not there any more. */
enum sgn_status lane_heads_keep(struct store_reader *reader, const struct lane *lane,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* In a turn: when it is time. */
void lane_heads_turn(struct lane *lane);
/* After lane_stop(): the last ones. */
void lane_heads_last(struct lane *lane);

#endif
