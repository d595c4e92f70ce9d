/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving in: cases that had a life in another tool, and what was said and done there.
 *
 * What is taken over stays apart from what happened here, for ever: the entry that opens such a
 * case says from where it came, by whom and when it was begun there; each entry of its former
 * history carries its own time and author under "imported", while actor and time of the entry are
 * those of whoever imported it, and when. Nothing of it is a ballot, a transition or a deadline.
 *
 * A case may be put into the state that it had. As with a correction no condition is asked and
 * nothing of the rules' "enter" is run, and nobody is told: a thousand old cases are no news. What
 * waits in that state, owners, deadlines, approvals, begins with the import; only when the case was
 * due there is so here, see deadline_import().
 *
 * The same source and key give one case only, however often and from how many places they come,
 * and its history is numbered: that makes an import that broke off one that can be given again.
 */
#include "core_internal.h"
#include <string.h>

#define SOURCE_MAX 32
#define KEY_MAX    200
#define TEXT_MAX   2000 /* of by, url, field; from and to */

/* ---- what is said ---- */

/* The nearest is not told: there are few, and the message names them all. */
static enum sgn_status
fault(struct stage *stage, const char *member, const char *why)
{
    sgn_fail(stage->err, SGN_PARAMS, "imported.%s: %s", member, why);
    sgn_error_add(stage->err, "pointer", json_sprintf("/imported/%s", member));
    return SGN_PARAMS;
}

/* A text without control characters: it stands in one line of a page. */
static bool
is_line(const char *text, size_t most)
{
    size_t n = text != NULL ? strlen(text) : 0;

    if (n == 0 || n > most)
        return false;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        if (*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

/* Members and their types: 's' a line; 'l' one that may be empty or have several lines; 't' a time;
 * 'd' a date or a time; 'n' a number; 'w' names of states. */
struct member {
    const char *name;
    char type;
};
static const struct member of_case[] = {
    { "source", 's' }, { "key", 's' },      { "url", 's' },   { "at", 't' },
    { "by", 's' },     { "due", 'd' },      { "state", 'w' }, { "opener", 's' },
    { "owner", 's' },  { "priority", 's' }, { NULL, 0 },
};
static const struct member of_entry[] = {
    { "n", 'n' },    { "at", 't' }, { "by", 's' }, { "field", 's' },
    { "from", 'l' }, { "to", 'l' }, { NULL, 0 },
};

/* Checks a member and puts it into out, times as milliseconds. */
static enum sgn_status
take_member(struct stage *stage, const struct member *member, json_t *value, json_t *out)
{
    const char *text = json_string_value(value);
    int year, month, day;
    int64_t at;

    switch (member->type) {
    case 't':
        if (text == NULL || sgn_time_parse(text, &at, NULL) != SGN_OK)
            return fault(stage, member->name, "expected a time such as 2026-01-05T09:00:00+08:00");
        stage_put(stage, out, member->name, json_integer(at));
        return SGN_OK;
    case 'd':
        if (text == NULL || (!sgn_date_parse(text, &year, &month, &day) &&
                             sgn_time_parse(text, &at, NULL) != SGN_OK))
            return fault(stage, member->name,
                         "expected a date such as 2026-01-05, or a time such as "
                         "2026-01-05T09:00:00+08:00");
        break;
    case 'n':
        if (!json_is_integer(value) || json_integer_value(value) < 1)
            return fault(stage, member->name, "expected a number from 1 on");
        break;
    case 'w':
        if (text == NULL && !json_is_array(value))
            return fault(stage, member->name, "expected the name of a state, or several");
        break;
    case 'l':
        if (text == NULL || strlen(text) > TEXT_MAX)
            return fault(stage, member->name, "expected a text of at most 2000 bytes");
        break;
    default:
        if (!is_line(text, strcmp(member->name, "key") == 0 ? KEY_MAX : TEXT_MAX))
            return fault(stage, member->name,
                         "expected a text without line ends, of at most 2000 bytes (key: 200)");
    }
    stage_put(stage, out, member->name, json_incref(value));
    return SGN_OK;
}

/* params.imported as out, a new object: only with members that there are. */
static enum sgn_status
take_members(struct stage *stage, const struct member *members, json_t **out)
{
    const json_t *said = NULL;
    const char *name;
    json_t *value;
    enum sgn_status status = decide_object(stage, "imported", &said);

    *out = json_object();
    if (*out == NULL)
        return sgn_nomem(stage->err);
    json_object_foreach((json_t *)said, name, value) {
        const struct member *member = members;
        while (member->name != NULL && strcmp(member->name, name) != 0)
            member++;
        if (status == SGN_OK && member->name == NULL)
            status = fault(stage, name,
                           members == of_case ? "expected source, key, url, at, by, due, state, "
                                                "opener, owner or priority"
                                              : "expected n, at, by, field, from or to");
        if (status == SGN_OK && !json_is_null(value))
            status = take_member(stage, member, value, *out);
    }
    return status;
}

static enum sgn_status
check_lead(struct stage *stage)
{
    return stage->is_lead ? SGN_OK
                          : sgn_fail(stage->err, SGN_FORBIDDEN,
                                     "importing from another tool is for the team's leads");
}

/* ---- a case ---- */

/* One case for one source and key. */
static enum sgn_status
check_new(struct stage *stage, const char *source, const char *key)
{
    const json_t *there = NULL;
    char name[SOURCE_MAX + KEY_MAX + 2];
    enum sgn_status status;

    if (!sgn_name_valid(source) || strlen(source) > SOURCE_MAX)
        return fault(stage, "source",
                     "expected a name of a-z, 0-9, _ and ., of at most 32 characters");
    snprintf(name, sizeof name, "%s:%s", source, key);
    status = known_fact_of(stage, "imported", name, &there);
    if (status != SGN_OK || json_is_null(there))
        return status;
    sgn_fail(stage->err, SGN_CONFLICT, "%s of %s is here already: %s", key, source,
             sgn_json_str(there, "case"));
    sgn_error_add(stage->err, "imported", json_incref((json_t *)there));
    sgn_error_add(stage->err, "pointer", json_string("/imported/key"));
    return SGN_CONFLICT;
}

static enum sgn_status
take_person(struct stage *stage, const char *member, const char *person)
{
    if (person == NULL || json_object_get(who_members(stage), person) != NULL)
        return SGN_OK;
    sgn_fail(stage->err, SGN_INVALID, "%.40s is no member of the project", person);
    sgn_error_add(stage->err, "pointer", json_sprintf("/imported/%s", member));
    return SGN_INVALID;
}

static enum sgn_status
take_priority(struct stage *stage, const char *priority)
{
    static const char *const levels[] = { "low", "normal", "high", "urgent" };

    if (priority == NULL)
        return SGN_OK;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (strcmp(levels[i], priority) == 0) {
            stage_put(stage, stage->row, "priority", json_string(levels[i]));
            return SGN_OK;
        }
    return fault(stage, "priority", "expected low, normal, high or urgent");
}

/* What the row keeps of it. */
static void
keep(struct stage *stage, const json_t *said)
{
    static const char *const members[] = { "source", "key", "url", "at", "by", "due" };
    json_t *kept = json_pack("{s:i}", "n", 0);

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (json_object_get(said, members[i]) != NULL)
            stage_put(stage, kept, members[i], json_incref(json_object_get(said, members[i])));
    stage_put(stage, stage->row, "imported", kept);
}

enum sgn_status
import_begin(struct stage *stage)
{
    const char *source, *key, *opener;
    json_t *said = NULL;
    enum sgn_status status = check_lead(stage);

    if (status == SGN_OK)
        status = take_members(stage, of_case, &said);
    source = sgn_json_str(said, "source");
    key = sgn_json_str(said, "key");
    opener = sgn_json_str(said, "opener");
    if (status == SGN_OK && (source == NULL || key == NULL))
        status = fault(stage, source == NULL ? "source" : "key", "is needed");
    if (status == SGN_OK)
        status = check_new(stage, source, key);
    if (status == SGN_OK)
        status = take_person(stage, "opener", opener);
    if (status == SGN_OK)
        status = take_person(stage, "owner", sgn_json_str(said, "owner"));
    if (status == SGN_OK)
        status = take_priority(stage, sgn_json_str(said, "priority"));
    if (status == SGN_OK)
        keep(stage, said);
    if (status == SGN_OK && opener != NULL)
        stage_put(stage, stage->row, "opener", json_string(opener));
    stage->imports = true;
    json_decref(said);
    return status;
}

bool
import_is_placed(const struct stage *stage)
{
    const json_t *said = json_object_get(stage->command->params, "imported");

    return stage->imports && !json_is_null(json_object_get(said, "state")) &&
           json_object_get(said, "state") != NULL;
}

/* Who had it has it, wherever the case now stands and somebody owns it. */
static void
hand_over(struct stage *stage, const char *owner)
{
    json_t *owners = stage_member(stage, "owners"), *now;
    const char *state;
    void *next;

    json_object_foreach_safe(owners, next, state, now)
        stage_put(stage, owners, state, json_string(owner));
}

enum sgn_status
import_place(struct stage *stage)
{
    const json_t *said = json_object_get(stage->command->params, "imported");
    const char *owner = sgn_json_str(said, "owner");
    enum sgn_status status = SGN_OK;

    if (import_is_placed(stage))
        status = correct_place(stage, json_object_get(said, "state"), "/imported/state");
    if (status == SGN_OK && owner != NULL)
        hand_over(stage, owner);
    if (status == SGN_OK)
        deadline_import(stage);
    return status;
}

/* ---- its former history ---- */

/* In order and without a gap, so that what is there is known by one number. */
static enum sgn_status
check_number(struct stage *stage, int64_t n)
{
    const json_t *kept = stage_member(stage, "imported");
    int64_t last = sgn_json_int(kept, "n", 0);

    if (kept == NULL)
        return sgn_fail(stage->err, SGN_INVALID, "%s did not come from another tool",
                        stage_key(stage));
    if (n == last + 1)
        return SGN_OK;
    sgn_fail(stage->err, SGN_CONFLICT,
             "%s has %lld entries of its former history: the next is %lld", stage_key(stage),
             (long long)last, (long long)last + 1);
    sgn_error_add(stage->err, "n", json_integer(last));
    sgn_error_add(stage->err, "pointer", json_string("/imported/n"));
    return SGN_CONFLICT;
}

/* What stands beside an entry of the former history: its number, time and author there. */
static enum sgn_status
take_entry(struct stage *stage, json_t **said)
{
    enum sgn_status status = check_lead(stage);
    int64_t n = 0;

    if (status == SGN_OK)
        status = take_members(stage, of_entry, said);
    if (status == SGN_OK) {
        n = sgn_json_int(*said, "n", 0);
        status = n != 0 ? check_number(stage, n) : fault(stage, "n", "is needed");
    }
    return status;
}

/* Takes said. */
static void
keep_entry(struct stage *stage, json_t *said_take)
{
    json_t *kept = stage_member(stage, "imported");

    stage_put(stage, kept, "n", json_integer(sgn_json_int(said_take, "n", 0)));
    stage_put(stage, said_take, "source", json_incref(json_object_get(kept, "source")));
    stage->comment_shared = sgn_json_true(stage->command->params, "shared");
    stage->import_part = said_take;
}

enum sgn_status
import_history(struct stage *stage)
{
    json_t *said = NULL;
    enum sgn_status status = take_entry(stage, &said);

    if (status == SGN_OK && sgn_json_str(stage->command->params, "text") == NULL &&
        json_object_get(said, "field") == NULL)
        status = fault(stage, "field", "is needed where there is no text");
    if (status == SGN_OK)
        status = decide_comment(stage, "text");
    if (status == SGN_OK)
        keep_entry(stage, said);
    else
        json_decref(said);
    return status;
}

enum sgn_status
import_file(struct stage *stage)
{
    json_t *said = NULL;
    enum sgn_status status = take_entry(stage, &said);

    if (status == SGN_OK && sgn_json_str(stage->command->params, "field") != NULL) {
        status =
            sgn_fail(stage->err, SGN_PARAMS, "what was attached in another tool is in no field");
        sgn_error_add(stage->err, "pointer", json_string("/field"));
    }
    if (status == SGN_OK)
        keep_entry(stage, said);
    else
        json_decref(said);
    return status;
}
