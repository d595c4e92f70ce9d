/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands that speak to a server share, and their functions.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "client.h"
#include "commands.h"

/* ---- connect.c: which server, and who ---- */

/*
 * Where to go and with which token: --server, --token-file, --as, --operator and --site; then
 * SIGNOFF_SERVER and SIGNOFF_TOKEN; then what "signoff login" kept; then the current folder's
 * socket and admin.token. Both are malloc'ed; token may come back NULL. tls, for a server of
 * tls://, are --ca, --cert and --key, or what is kept with the login.
 */
enum sgn_status cli_whereto(const struct cli *cli, char **server, char **token,
                            struct client_tls *tls, struct sgn_error *err) SGN_MUST_CHECK;
/* Connects and logs in; from then on cli->language is the person's. */
enum sgn_status cli_connect(struct cli *cli, struct client **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* The site whose store may be looked at when no server answers: --site, SIGNOFF_SITE, or the
 * current folder when it is one; NULL: none, or the command line names a server. Borrowed. */
const char *cli_site_here(const struct cli *cli);
/* The file in which "signoff login" keeps server and token; malloc'ed. */
char *cli_login_file(void);

/* ---- remote.c: commands that are one call ---- */

/* The method's parameters from words and options; new reference. A mistake is one of usage. */
enum sgn_status cli_params(struct cli *cli, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* Where a text is written in the server: the language, when the command line names one. params may
 * be NULL. */
void cli_params_language(const struct cli *cli, json_t *params);
/* Calls the command's method once and shows the result. */
enum sgn_status remote_call(struct cli *cli, struct sgn_error *err);
/* The same for a list: follows its pages up to --limit, prints a table of the row's columns. */
enum sgn_status remote_list(struct cli *cli, struct sgn_error *err);
/* A count given by option name; 0 is no bound (INT64_MAX). A mistake is one of usage. */
enum sgn_status remote_limit(struct cli *cli, const char *name, int64_t or_else, int64_t *out,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* A writing call has a request_id, so that it can be repeated when its answer was lost: sets a new
 * one where there is none. */
enum sgn_status remote_name_request(json_t *params, struct sgn_error *err) SGN_MUST_CHECK;
/* As client_call. What is refused for load (nothing was done) is asked again some times, after as
 * long as the server says; err is not NULL. */
enum sgn_status remote_call_patiently(struct client *client, const char *method,
                                      const json_t *params, json_t **result,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/*
 * "--field days=5" is sent as text, for only the workflow knows the field's type. Where the server
 * wants another type it says at which field; then the text there is read as JSON, and what was
 * refused may be sent again, for it has changed nothing. false: it is no such text.
 */
bool remote_retype(json_t *params, const struct sgn_error *err);
/* The items of a page, whatever the method calls them: the result's array. Borrowed. */
const json_t *remote_items(const json_t *result);
/* The server's time; -1 when it cannot be had. */
int64_t remote_now(struct client *client);
/* Prints {name: value} line by line, names dimmed and aligned. */
void remote_show_members(struct cli *cli, const json_t *object);

/* Of a case as case.get shows it: how many rounds are open, and the open one in state (NULL: the
 * only open one), borrowed, or NULL. */
int remote_open_rounds(const json_t *view);
const json_t *remote_open_round(const json_t *view, const char *state);

/* ---- single commands ---- */

enum sgn_status remote_any(struct cli *cli, struct sgn_error *err); /* call METHOD JSON */
enum sgn_status remote_top(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_rehearse(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_migrate(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_migrations(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_sweep_show(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_login(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_logout(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_watch(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_case_diagram(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_case_show(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_case_vote(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_file_put(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_file_get(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_history(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_endpoint_test(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_hook_try(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_advance(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_inbox_read(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_export(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_report(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_import(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_project_new(struct cli *cli, struct sgn_error *err);
enum sgn_status remote_mcp(struct cli *cli, struct sgn_error *err); /* mcp.c */

/* show functions of rows */
void remote_show_change(struct cli *cli, const json_t *result); /* {case, rev, states, ...} */
void remote_show_allowed(struct cli *cli, const json_t *result);
/* What case.allowed answered: the possible with command lines, and with all the rest with
 * reasons. Returns how many are not possible. */
int remote_list_allowed(struct cli *cli, const json_t *allowed, bool all);
void remote_show_endpoint(struct cli *cli, const json_t *result);
void remote_show_hook(struct cli *cli, const json_t *result);
void remote_show_token(struct cli *cli, const json_t *result);      /* a token shown once */
void remote_show_feed(struct cli *cli, const json_t *result);       /* likewise */
void remote_show_login_link(struct cli *cli, const json_t *result); /* likewise */
void remote_show_link(struct cli *cli, const json_t *result);       /* its address, likewise */
/* For results that hold objects within objects: indented JSON. */
void remote_show_nested(struct cli *cli, const json_t *result);
/* Its alarms in words, then all of it. */
void remote_show_health(struct cli *cli, const json_t *result);
void remote_show_stats(struct cli *cli, const json_t *result);
void remote_show_profile(struct cli *cli, const json_t *result);
void remote_show_reports(struct cli *cli, const json_t *result);
void remote_show_counted(struct cli *cli, const json_t *result); /* of cases */
void remote_show_count(struct cli *cli, const json_t *result);   /* {count, overdue} */
void remote_show_explain(struct cli *cli, const json_t *result);
void remote_show_calendar_explain(struct cli *cli, const json_t *result);
/* A span; of working time in hours, because a working day is not 24 of them. */
void remote_span_put(struct sgn_buf *buf, int64_t seconds, const char *counts,
                     const char *language);
/* What counted of a clock and what did not, line by line. */
void remote_show_stretches(const struct cli_output *o, const json_t *stretches, int indent);
void remote_show_preview(struct cli *cli, const json_t *result);
void remote_show_workflow(struct cli *cli, const json_t *result);
void remote_show_with_members(struct cli *cli, const json_t *result); /* a group */
void remote_show_own(struct cli *cli, const json_t *result);          /* of whoever asks */
void remote_show_client(struct cli *cli, const json_t *result);       /* its file */
void remote_show_overview(struct cli *cli, const json_t *view);       /* a project */
void remote_show_templates(struct cli *cli, const json_t *result);
void remote_show_advance(struct cli *cli, const json_t *result);
/* audit due: cases, or why there is none. */
void remote_show_due(struct cli *cli, const json_t *result);
void remote_show_held(struct cli *cli, const json_t *result);
void remote_show_released(struct cli *cli, const json_t *result);
void remote_show_redacted(struct cli *cli, const json_t *result);
void remote_show_rehearsal(struct cli *cli, const json_t *result); /* sets the exit code */
void remote_show_migration(struct cli *cli, const json_t *migration);
void remote_show_reload(struct cli *cli, const json_t *result);
void remote_show_check(struct cli *cli, const json_t *result);
/* prepare functions of rows */
void remote_prepare_cases(struct cli *cli, struct client *client,
                          json_t *rows); /* names by titles */
void remote_prepare_projects(struct cli *cli, struct client *client, json_t *rows);
void remote_prepare_load(struct cli *cli, struct client *client, json_t *rows);
void remote_prepare_sweeps(struct cli *cli, struct client *client, json_t *rows);
/* Of communication.list: noted and told alike. */
void remote_prepare_record(struct cli *cli, struct client *client, json_t *rows);
void remote_prepare_inbox(struct cli *cli, struct client *client, json_t *rows);

#endif
