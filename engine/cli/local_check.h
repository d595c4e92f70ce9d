/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What "check" has found, and the ways to print it.
 */
#ifndef CLI_LOCAL_CHECK_H
#define CLI_LOCAL_CHECK_H

#include "local.h"

struct findings {
    json_t *mistakes; /* as in rules.h; "file" is where the reader finds it */
    json_t *sources;  /* {file: text} */
    json_t *refusals; /* what of the words given could not be looked at, as text */
    int teams, workflows, tests, errors, warnings;
};

/* Adds what is found at a path: a site, teams, a team, a folder of workflows, a script, a test.
 * An error is about the path itself. */
enum sgn_status findings_add(struct findings *findings, struct cli *cli, const char *path,
                             struct sgn_error *err) SGN_MUST_CHECK;

/* As compilers do, with the source line and a caret, and a line that sums up. */
void findings_text(const struct cli_output *output, const struct findings *findings);
/* A JSON object for each, one a line. */
void findings_json(const struct cli_output *output, const struct findings *findings);
/* One SARIF 2.1.0 document (OASIS, 27 March 2020), for build servers and editors. */
enum sgn_status findings_sarif(const struct cli_output *output, const struct findings *findings,
                               struct sgn_error *err) SGN_MUST_CHECK;

#endif
