/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that work on a folder, without a server.
 */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include "commands.h"

enum sgn_status local_init(struct cli *cli, struct sgn_error *err);
enum sgn_status local_serve(struct cli *cli, struct sgn_error *err);
/* serve --check-config, --print-config (local_config.c). */
enum sgn_status local_config(struct cli *cli, const struct cli_serve *asked, struct sgn_error *err);
enum sgn_status local_settings(struct cli *cli, struct sgn_error *err);
enum sgn_status local_man(struct cli *cli, struct sgn_error *err);
enum sgn_status local_completion(struct cli *cli, struct sgn_error *err);
enum sgn_status local_graph(struct cli *cli, struct sgn_error *err);
enum sgn_status local_check(struct cli *cli, struct sgn_error *err);
enum sgn_status local_test(struct cli *cli, struct sgn_error *err);
enum sgn_status local_reference(struct cli *cli, struct sgn_error *err);
/* A first test of a team, as a new site gets it: of the workflow change_request. */
#define LOCAL_FIRST_TEST                                                                           \
    "people { li = \"pm\", mei = { \"client\", of = \"acme\" } }\n"                                \
    "\n"                                                                                           \
    "test \"a client's change waits for the project manager to screen it\" (function(t)\n"         \
    "  local c = t:open(\"change_request\", { by = \"mei\",\n"                                     \
    "    fields = { summary = \"Add export\", reason = \"Auditors ask for it\" } })\n"             \
    "  c:fire(\"submit\", { by = \"mei\" })\n"                                                     \
    "  c:expect { state = \"screening\", owner = \"li\" }\n"                                       \
    "end)\n"
enum sgn_status local_verify(struct cli *cli, struct sgn_error *err);
enum sgn_status local_replay(struct cli *cli, struct sgn_error *err);
enum sgn_status local_copy(struct cli *cli, struct sgn_error *err);

struct store;
struct client;
/* The store of a stopped site, with --data, and the folder of its files (local_verify.c). It is
 * for looking at, see store_options. SGN_CONFLICT: a server runs on it; SGN_NOT_FOUND: there is
 * none yet. */
enum sgn_status local_store_open(struct cli *cli, const char *dir, struct store **out, char **files,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* A connection to the server that runs on the site, as its operator (local_verify.c). *out may be
 * given on failure, too. */
enum sgn_status local_operator(const char *dir, struct client **out,
                               struct sgn_error *err) SGN_MUST_CHECK;

/*
 * The people a new site begins with (local_people.c): appends their rows to rows, an array of
 * {"table", "team", "row"} as init.json holds them, and writes their tokens below dir.
 */
enum sgn_status local_people(const char *dir, bool demo, json_t *rows,
                             struct sgn_error *err) SGN_MUST_CHECK;

#endif
