/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kinds of commands have in common: the checks before anything is done. Each
 * fails with the one status and the data that the protocol promises for it, so that a
 * client meets the same answer whatever it called.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* What exists but is not yours is not found. The message is the one that a case which
 * does not exist gives, to the letter: otherwise it would tell that it exists. */
enum sgn_status
decide_sight(struct stage *stage)
{
    const json_t *row = stage->question->row;
    enum core_sight sight;
    enum sgn_status status;

    if (stage->is_system)
        return SGN_OK;
    if (stage->project == NULL || json_is_null(stage->project))
        return sgn_fail(stage->err, SGN_NOT_FOUND, "there is no such project");
    status = delegation_sight(stage, stage->person, row, &sight);
    if (status != SGN_OK || sight != CORE_SEES_NOTHING)
        return status;
    if (row == NULL)
        return sgn_fail(stage->err, SGN_NOT_FOUND, "there is no workflow \"%s\" for you here",
                        stage->model->name);
    return sgn_fail(stage->err, SGN_NOT_FOUND, "there is no case %.40s", stage_key(stage));
}

/* Ended cases take comments and links, but nothing that would change them. */
enum sgn_status
decide_open_case(struct stage *stage)
{
    if (case_is_open(stage->row))
        return SGN_OK;
    return sgn_fail(stage->err, SGN_NOT_NOW, "%s has ended: %s", stage_key(stage),
                    json_string_value(stage_member(stage, "outcome")));
}

/* The revision that the caller looked at. It counts only what changes states, fields,
 * ballots or tasks: a comment in between is no conflict. */
enum sgn_status
decide_expect(struct stage *stage)
{
    const json_t *expect = json_object_get(stage->command->params, "expect");
    int64_t rev = sgn_json_int(stage->row, "rev", 0);

    if (expect == NULL || json_is_null(expect) ||
        (json_is_integer(expect) && json_integer_value(expect) == rev))
        return SGN_OK;
    sgn_fail(stage->err, SGN_CONFLICT, "%s has changed meanwhile: it is at revision %lld",
             stage_key(stage), (long long)rev);
    sgn_error_add(stage->err, "rev", json_integer(rev));
    return SGN_CONFLICT;
}

enum sgn_status
decide_room(struct stage *stage)
{
    if (sgn_json_int(stage->row, "case_seq", 0) < CORE_HISTORY_MAX)
        return SGN_OK;
    return sgn_fail(stage->err, SGN_TOO_LARGE, "%s has %d entries: no more comments and edits",
                    stage_key(stage), CORE_HISTORY_MAX);
}

enum sgn_status
decide_object(struct stage *stage, const char *name, const json_t **out)
{
    const json_t *value = json_object_get(stage->command->params, name);

    *out = json_is_object(value) ? value : NULL;
    if (value == NULL || json_is_null(value) || json_is_object(value))
        return SGN_OK;
    sgn_fail(stage->err, SGN_PARAMS, "%s must be an object", name);
    sgn_error_add(stage->err, "pointer", json_sprintf("/%s", name));
    return SGN_PARAMS;
}

/* The command's comment: into e for functions, and into the entry. Comments are
 * internal unless given with shared = true; those of the client always are shared,
 * being its own words. */
enum sgn_status
decide_comment(struct stage *stage, const char *member)
{
    const char *text = sgn_json_str(stage->command->params, member);

    stage->comment = text;
    if (text == NULL || text[0] == '\0')
        return SGN_OK;
    if (strlen(text) > CORE_COMMENT_MAX)
        return sgn_fail(stage->err, SGN_TOO_LARGE, "a comment has at most %d bytes",
                        CORE_COMMENT_MAX);
    stage->comment_part = json_string(text);
    stage->nomem = stage->nomem || stage->comment_part == NULL;
    /* What the client says it may read again. */
    stage->comment_shared = stage->is_client || sgn_json_true(stage->command->params, "shared");
    return SGN_OK;
}

/* Names the roles and who holds them: the reader shall know whom to ask. Holders of
 * roles are no secret inside the project, to either side. */
enum sgn_status
decide_forbid(struct stage *stage, const char *what, const struct model_who *who, int at)
{
    json_t *roles = json_array();
    json_t *holders = json_object();
    char *words = who != NULL ? who_words(who) : NULL;
    enum sgn_status status = SGN_OK;

    who_roles(stage, who, roles);
    if (who != NULL)
        status = who_holders_of(stage, who, at, holders);
    if (status != SGN_OK) {
        json_decref(roles);
        json_decref(holders);
        free(words);
        return status;
    }
    sgn_fail(stage->err, SGN_FORBIDDEN, "%s is for %s", what,
             words != NULL ? words : "members of the project");
    sgn_error_add(stage->err, "roles", roles);
    sgn_error_add(stage->err, "holders", holders);
    free(words);
    return SGN_FORBIDDEN;
}
