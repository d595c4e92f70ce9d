/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be told of a workflow before anybody opens a case with it.
 *
 * A pure function over models: it reads no file, no store and no clock, and runs no script, so that
 * the command line and the server find the same. What the engine cannot run is refused by
 * model_parse() and by the loader, as errors; what is found here can be run and is most likely not
 * meant: warnings, which "signoff check --strict" takes for errors.
 *
 * Every kind of finding has an id that stays (check_kinds). A finding is silenced at its line, or
 * from a line of its own right above, by a comment that says why:
 *     on "ping" { to = "two" },  -- signoff: allow event-nobody: fired by the monitoring
 * Several ids are separated by commas. A silence without a reason, of an unknown id, or at a place
 * where nothing of that kind was found is a finding itself. Errors cannot be silenced.
 *
 * How sure a finding is. Each kind says something that holds in every run, or shows one run in
 * which it goes wrong; what depends on data that the model does not have (who holds a role, what a
 * function returns) is taken for possible. Conditions are compared as far as one field's values
 * decide it. Nothing here tries combinations: the work grows with the states times the
 * transitions of one state or one event, so that a workflow of a thousand states takes well below
 * a second. What this means where it is not plain stands at the kind's own file.
 */
#ifndef CHECK_H
#define CHECK_H

#include "model.h"

struct check_kind {
    const char *id;
    const char *says;    /* one line: what is found */
    const char *because; /* why it matters */
    const char *instead; /* what would be right */
};

/* All of them, ordered as they are printed. */
const struct check_kind *check_kinds(size_t *n);
/* The kind of an id, or NULL. */
const struct check_kind *check_kind_find(const char *id);
/* The nearest id, for "did you mean", or NULL. */
const char *check_kind_nearest(const char *id);
/* The reference page of all kinds, in Markdown and in a language. Caller frees; NULL when out of
 * memory. */
char *check_kinds_page(const char *language);

/* What other workflows and schedules of the team do; everything may be missing: then only the
 * workflow itself is known. */
struct check_team {
    const json_t *opened;    /* array: names of the workflows that something of the team opens */
    const json_t *fired;     /* array: events that rules of the team fire, at whatever case */
    const json_t *workflows; /* object: those in use, each with the names of its fields */
    const json_t *channels;  /* array: names */
    const json_t *awaited;   /* array: what transitions and deadlines of the team listen to */
    const json_t *carried;   /* array: names that rules may give events along; NULL: any */
    const json_t *previous;  /* object: VERSIONs as in rules.h by their names, in force until now */
};

/*
 * Looks at one workflow. functions as for model_parse(), says as in rules.h, what its functions
 * say; either NULL for none; team may be NULL. Appends
 * {"id", "message", "pointer", "hint"?} to findings, pointer into the model's JSON, or with "line"
 * and "column" in a function's source and "function", its number.
 */
enum sgn_status check_model(const struct model *model, const json_t *functions, const json_t *says,
                            const struct check_team *team, json_t *findings,
                            struct sgn_error *err) SGN_MUST_CHECK;

/*
 * All there is to say of a load: its own mistakes, and of every workflow that was made what
 * check_model() finds, as warnings at their places, but for what is silenced; by file, line and
 * column. answer is as in rules.h and may be a stranger's: a model that cannot be parsed adds
 * nothing here; "previous" may be put beside its members, see check_team. *out is a new array of
 * MISTAKEs.
 */
enum sgn_status check_load(const json_t *answer, json_t **out,
                           struct sgn_error *err) SGN_MUST_CHECK;

#endif
