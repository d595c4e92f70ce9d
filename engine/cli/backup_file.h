/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a backup, format 1: a tar archive (archive.h) whose members lie as in a site's
 * folder.
 *
 *   manifest.json           what follows, see below
 *   signoff.ini, site.key, operator.token, admin.token, teams/..., demo/..., editors' files
 *   data/signoff.db         the copy of the database
 *   data/files/ab/ab34...   attached files, under their SHA-256
 *
 * manifest.json: {"format": "signoff-backup", "v": 1, "at": when the copy was begun (ms since 1970,
 * by the site's clock), "version": of the server, "public_key": the site's, hex, "heads": signed,
 * as lane/backup.h has them, "parts": [{"name", "size", "sha256", "mode"}]}: the other members in
 * their order, and nothing else.
 *
 * What the folder of the site holds is there only where the backup was made beside it: no server
 * gives out its key.
 */
#ifndef CLI_BACKUP_FILE_H
#define CLI_BACKUP_FILE_H

#include "commands.h"
#include <jansson.h>

#define BACKUP_FORMAT   "signoff-backup"
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_DATABASE "data/signoff.db"
#define BACKUP_FILES    "data/files"
#define BACKUP_PIECE    ((size_t)512 * 1024)

/* "backup FILE", "restore FILE DIR", and of "verify FILE" the case that it is a backup. */
enum sgn_status remote_backup(struct cli *cli, struct sgn_error *err);
enum sgn_status local_restore(struct cli *cli, struct sgn_error *err);
enum sgn_status backup_verify(struct cli *cli, const char *path, struct sgn_error *err);
/* Does the file begin as one does? */
bool backup_is(const char *path);

/* ---- backup_site.c: what lies in the site's folder ---- */

/* Appends its parts, as a manifest has them. */
enum sgn_status backup_site_parts(const char *dir, json_t *parts,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Names of files that settings of the site name and no backup holds: ["tls_key: /etc/..."]. */
enum sgn_status backup_site_elsewhere(const char *dir, json_t **out,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* May a backup bring a file of this name? */
bool backup_name_valid(const char *name);
/* A path of an attached file: "data/files/ab/ab34...". */
void backup_file_name(const char *sha256, char *out, size_t n);

/* ---- backup_unpack.c ---- */

/* Unpacks it below dir, which is there and empty: every member checked against the manifest, which
 * is given. SGN_INVALID: which file, where, and what is wrong. */
enum sgn_status backup_unpack(struct cli *cli, const char *path, const char *dir, json_t **manifest,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Removes a folder and all in it, as far as that can be done. */
void backup_remove(const char *dir);

/* ---- remote_backup.c ---- */

/* One line that is written over, on a terminal: what, and how much of it. done < 0: it ends. */
struct backup_progress {
    const struct cli_output *output;
    const char *what; /* as sgn_say knows it */
    int64_t all, told;
};
void backup_tell(struct backup_progress *progress, int64_t done);

#endif
