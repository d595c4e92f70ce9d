/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff test": the parts of a run, from the files to the reports.
 *
 *   kit_team.c    what is tested: a team's folder and its test files
 *   kit_rules.c   its rules, loaded once for all engines
 *   kit_engine.c  one engine: store in memory, lane, rpc, a virtual clock; turned by hand
 *   kit_rows.c    the people and the project that it begins with
 *   kit_host.c    a test's calls on it, and the rows of its people
 *   kit_cover.c   what of the workflows was reached
 *   kit_text.c, kit_junit.c, kit_html.c   reports
 *
 * Everything runs on one thread.
 */
#ifndef CLI_KIT_H
#define CLI_KIT_H

#include "commands.h"
#include "lane.h"
#include "testkit.h"

/* ---- what is tested ---- */

struct kit_file {
    char *path;   /* as the user can open it */
    char *name;   /* of the workflow it is about */
    char *source; /* NUL-terminated */
};

/* A team's folder, or a folder of workflows without a team.lua, for which a team "test" is made. */
struct kit_team {
    char name[SGN_KEY_MAX + 1];
    char *dir;        /* as given */
    json_t *answer;   /* of rules.h's load: team, workflows, mistakes */
    json_t *holidays; /* the shipped ones */
    char *site;       /* a temporary site whose only team this is; removed by kit_teams_free */
    char *files;      /* the folder of what tests upload, in it */
    struct kit_file *tests;
    int n_tests;
};

/*
 * The teams of a word of the command line: a site, a team's folder, a folder of workflows, or one
 * test file. Appends nothing and fails with SGN_NOT_FOUND (what to do instead) where there is
 * nothing to test. *out is an array of *n teams, freed by kit_teams_free.
 */
enum sgn_status kit_teams_find(const char *word, struct kit_team **out, int *n,
                               struct sgn_error *err) SGN_MUST_CHECK;
void kit_teams_free(struct kit_team *teams, int n);

/* An implementation of rules.h whose loads are answered with this answer (borrowed). */
enum sgn_status kit_rules_new(const json_t *answer, struct rules **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

/* ---- coverage ---- */

struct kit_cover;

/* Of the workflows that lie in the team's folder. Borrows team. */
enum sgn_status kit_cover_new(const struct kit_team *team, struct kit_cover **out,
                              struct sgn_error *err) SGN_MUST_CHECK;
void kit_cover_free(struct kit_cover *cover);
/* What a decision went through, as core_question traces it. cover may be NULL. */
void kit_cover_note(struct kit_cover *cover, const struct model *model, const json_t *trace);
/*
 * [ {"workflow", "file", "line", "kind": "state"|"transition"|"rung"|"outcome", "what", "times"} ]
 * of everything there is, in the order of the workflow's file. Borrowed.
 */
const json_t *kit_cover_items(const struct kit_cover *cover);
/* [NAME] of shipped workflows that the team uses, which are not counted. Borrowed. */
const json_t *kit_cover_shipped(const struct kit_cover *cover);
/* {file: source} of the workflows in it. Borrowed. */
const json_t *kit_cover_sources(const struct kit_cover *cover);
/* Share of the items that were reached, in percent rounded down, of one kind (NULL: all) and one
 * workflow (NULL: all); 100 when there are none. */
int kit_cover_percent(const json_t *items, const char *workflow, const char *kind, int *reached,
                      int *all);

/* ---- an engine ---- */

struct kit_engine;

struct kit_engine_options {
    const struct kit_team *team; /* borrowed */
    const json_t *declared;      /* people and project, see dsl_test_read; borrowed */
    int64_t start;               /* its virtual clock begins there */
    struct kit_cover *cover;
};
enum sgn_status kit_engine_new(const struct kit_engine_options *options, struct kit_engine **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
void kit_engine_free(struct kit_engine *engine);
/* What its store begins with, as init.json has it: whom the test declares, with tokens sgn_KEY. */
enum sgn_status kit_rows(const struct kit_engine_options *options, json_t **out,
                         struct sgn_error *err) SGN_MUST_CHECK;
int64_t kit_engine_now(struct kit_engine *engine);
/* The rows of a person's messages, oldest first; text is the JSON that the rules had said. */
enum sgn_status kit_engine_messages(struct kit_engine *engine, const char *who, json_t **out,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Calls a method as a person (NULL: the operator of the team) and settles. As dsl_test_host. */
enum sgn_status kit_engine_call(struct kit_engine *engine, const char *who, const char *method,
                                const json_t *params, json_t **result,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* ---- a test ---- */

struct kit_host {
    struct kit_engine_options options;
    struct kit_engine *engine; /* from test.begin on */
    char last_case[48];        /* that a call was about */
};
/* As dsl_test_host's; ctx is a struct kit_host. */
enum sgn_status kit_host_call(void *ctx, const char *who, const char *method, const json_t *params,
                              json_t **result, struct sgn_error *err);

/* ---- results ---- */

/* The "test" that has failed where a file cannot be read. */
#define KIT_FILE_ITSELF "the file itself"

/*
 * { "file", "line", "name", "passed": bool, "ms", "failure"?: as dsl_test_run's, "source"?: the
 * line, "case"?, "history"?: [ENTRY], "titles"?, "language"? } of one test; kit_text.c prints a
 * failed one.
 */
void kit_print_failure(struct cli *cli, const json_t *result);
void kit_print_coverage(struct cli *cli, const json_t *items);
/* The minutes of a result's case as text; malloc'ed, NULL without a history. */
char *kit_minutes(const struct cli *cli, const json_t *result);

enum sgn_status kit_junit_write(const char *path, struct cli *cli, const json_t *results,
                                struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status kit_html_write(const char *path, struct cli *cli, const json_t *results,
                               const json_t *items, const json_t *sources,
                               struct sgn_error *err) SGN_MUST_CHECK;

#endif
