/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes of scripts that a server has found.
 */
#ifndef CLI_MISTAKES_H
#define CLI_MISTAKES_H

#include "commands.h"

/* Those of a result {"team"?, "workflows"?, "mistakes"}, and a line that sums up. */
void mistakes_print(struct cli *cli, const json_t *result);
/* Those of an error, if it has some and --json is not given; takes them out of it, so that it can
 * be printed behind them. */
void mistakes_of_error(struct cli *cli, struct sgn_error *err);

#endif
