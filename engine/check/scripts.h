/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a team's folder: the one answer to which files are its scripts, so that the server and
 * the workshop never differ on it. What keeps a file from being read is said as a mistake of
 * rules.h, so that all of them are said at once.
 */
#ifndef CHECK_SCRIPTS_H
#define CHECK_SCRIPTS_H

#include "status.h"
#include <jansson.h>
#include <stddef.h>

/*
 * {PATH: SOURCE} of every .lua of the folder and of the folders in it, not of tests, not of hidden
 * files and not through links, which would lead out of it. A file that cannot be taken is there,
 * empty, and has a mistake in the array mistakes. SGN_NOT_FOUND, SGN_UNAVAILABLE: the folder itself
 * cannot be read.
 */
enum sgn_status check_scripts_read(const char *dir, json_t *mistakes, json_t **files,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/* Takes the text of one script into files, or says in mistakes what keeps it from being text. */
enum sgn_status check_script_take(json_t *files, json_t *mistakes, const char *name,
                                  const char *text, size_t n, struct sgn_error *err) SGN_MUST_CHECK;

/* The mistake of a script that cannot be read; it is there, empty. message is a constant, or ends
 * in the system's own words. */
enum sgn_status check_script_refuse(json_t *files, json_t *mistakes, const char *name,
                                    const char *message, struct sgn_error *err) SGN_MUST_CHECK;

/* The names in a folder, sorted by their bytes, without hidden ones; as scandir() gives them, -1
 * with errno. The caller frees each and the array. */
struct dirent;
int check_scan(const char *dir, struct dirent ***names);

#endif
