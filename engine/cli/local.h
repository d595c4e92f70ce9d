/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that work on a folder, without a server.
 */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include "commands.h"

enum sgn_status local_init(struct cli *cli, struct sgn_error *err);
enum sgn_status local_serve(struct cli *cli, struct sgn_error *err);
enum sgn_status local_graph(struct cli *cli, struct sgn_error *err);
enum sgn_status local_check(struct cli *cli, struct sgn_error *err);
enum sgn_status local_test(struct cli *cli, struct sgn_error *err);
enum sgn_status local_verify(struct cli *cli, struct sgn_error *err);

/*
 * The people a new site begins with (local_people.c): appends their rows to rows, an array of
 * {"table", "team", "row"} as init.json holds them, and writes their tokens below dir.
 */
enum sgn_status local_people(const char *dir, bool demo, json_t *rows,
                             struct sgn_error *err) SGN_MUST_CHECK;

#endif
