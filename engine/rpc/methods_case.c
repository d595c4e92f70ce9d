/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.*: commands on cases, and reads of one case as it is now. Lists and histories are in
 * methods_case_list.c.
 */
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"

/* clang-format off */
/* The commands differ in their kind alone: what they mean is decided in core. */
#define COMMAND(name, kind) \
    static enum sgn_status name(struct lane_run *run, struct lane_job *job, struct sgn_error *err) \
    { \
        return lane_command(run, job, kind, err); \
    }

COMMAND(run_edit, CORE_EDIT)
COMMAND(run_comment, CORE_COMMENT)
COMMAND(run_attach, CORE_ATTACH)
COMMAND(run_assign, CORE_ASSIGN)
COMMAND(run_link, CORE_LINK)
COMMAND(run_retry, CORE_RETRY)
COMMAND(run_correct, CORE_CORRECT)

#define LINKED_MOST 1000 /* cases that link to one, as it is shown */

/* Those that have a link to this one: what it has opened, say. For whoever sees its own links. */
static enum sgn_status
add_linked_from(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "other", job->case_key), *from = json_array(), *rows = NULL,
           *row;
    const struct lane_rows which = { STORE_CASE_LINK, match, LINKED_MOST };
    enum sgn_status status = SGN_OK;
    bool more = false;
    size_t i;

    if (match == NULL || from == NULL)
        status = sgn_nomem(err);
    else if (json_object_get(job->result, "links") != NULL) {
        status = lane_row_some(run, &which, &rows, &more, err);
        json_array_foreach(rows, i, row)
            (void)json_array_append_new(from, json_pack("{s:O, s:O}", "case",
                                                        json_object_get(row, "case"), "kind",
                                                        json_object_get(row, "kind")));
        (void)json_object_set(job->result, "linked_from", from);
        (void)json_object_set_new(job->result, "linked_more", json_boolean(more));
    }
    json_decref(rows);
    json_decref(match);
    json_decref(from);
    return status;
}

static enum sgn_status
run_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct rpc_names_from from = { .run = run, .language = job->language };
    enum sgn_status status = lane_case_view(run, job, err);

    if (status == SGN_OK)
        status = add_linked_from(run, job, err);
    return status == SGN_OK ? rpc_names_add(&from, job, err) : status;
}

/*
 * The engine's one list as an object that can grow: events, and apart from them what else the
 * caller may do.
 */
static enum sgn_status
run_allowed(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = lane_case_allowed(run, job, err);
    json_t *events, *also, *item;
    size_t i;

    if (status != SGN_OK || !json_is_array(job->result))
        return status;
    /* The run function may be called again: it begins from what the lane gives, each time. */
    events = json_array();
    also = json_array();
    json_array_foreach(job->result, i, item)
        (void)json_array_append(sgn_json_str(item, "event") != NULL ? events : also, item);
    json_decref(job->result);
    job->result = json_pack("{s:s, s:o, s:o}", "case", job->case_key, "events", events, "also", also);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

#define RESULT "case, rev, states (active leaves in document order), outcome, entry (its number)."
#define PARAM_COMMENT \
    { "comment", RPC_STRING, false, CORE_COMMENT_MAX, "Why; kept with the entry." }
#define PARAM_SHARED \
    { "shared", RPC_BOOLEAN, false, 0, "May the client read the comment? Theirs always is." }
#define PARAM_EXPECT \
    { "expect", RPC_INTEGER, false, 0, "The revision you saw; another one is a conflict." }

static const struct rpc_param open_params[] = {
    { "workflow", RPC_STRING, true, 64, "Name of the workflow." },
    { "project", RPC_STRING, false, SGN_KEY_MAX,
      "Key of the project; may be left out when the team has exactly one." },
    { "fields", RPC_OBJECT, false, 0, "Values of fields by name." },
    PARAM_COMMENT, PARAM_SHARED,
    { "on_behalf", RPC_STRING, false, 32,
      "Whom you stand in for: the case is theirs, and you are its hand." },
    { "imported", RPC_OBJECT, false, 0,
      "Of a case that had a life in another tool, by a lead: source (its name) and key, which together give one case "
      "only, however often they come; url, at, by: when and by whom it was begun there; due: a date or time there, which "
      "while it is to come is when the outermost deadline of its state is due; state: where it stands, with "
      "nothing of \"enter\" run and nobody told; opener, owner: members of the project; priority." },
    { "dry_run", RPC_BOOLEAN, false, 0, "Says what it would come to, and opens nothing: case and entry are null, takes lists the fields that you may give; so does the data of needs_fields." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_case_open = {
    .name = "case.open",
    .summary = "Opens a case of a workflow in a project.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = open_params, .result = RESULT,
    .run = lane_case_open,
};

static const struct rpc_param fire_params[] = {
    RPC_PARAM_CASE,
    { "event", RPC_STRING, true, 64, "What happens; case.allowed lists what may." },
    { "data", RPC_OBJECT, false, 0, "Values of the fields that the event carries." },
    PARAM_COMMENT, PARAM_SHARED, PARAM_EXPECT, RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_fire = {
    .name = "case.fire",
    .summary = "Lets an event happen to a case and answers once it is committed.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = fire_params, .result = RESULT,
    .run = lane_case_fire,
};

static const struct rpc_param edit_params[] = {
    RPC_PARAM_CASE,
    { "fields", RPC_OBJECT, true, 0, "New values by name; null empties a field." },
    PARAM_EXPECT, RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_edit = {
    .name = "case.edit",
    .summary = "Changes fields of a case, where its state admits it.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = edit_params, .result = RESULT,
    .run = run_edit,
};

static const struct rpc_param comment_params[] = {
    RPC_PARAM_CASE,
    { "text", RPC_STRING, false, CORE_COMMENT_MAX, "The comment; needed, except of what says field." },
    PARAM_SHARED,
    { "imported", RPC_OBJECT, false, 0,
      "Of the former history of a case that was imported, by a lead: n (1, 2, ...; one that is there is a conflict), "
      "at, by: when and by whom it was said there; field, from, to: what was changed there." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_case_comment = {
    .name = "case.comment",
    .summary = "Writes a comment into a case's history; the revision stays.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = comment_params, .result = RESULT,
    .run = run_comment,
};

static const struct rpc_param attach_params[] = {
    RPC_PARAM_CASE,
    { "file", RPC_STRING, true, 128, "The file, as file.end named it." },
    { "field", RPC_STRING, false, 64, "A field of files that shall hold it too." },
    { "comment", RPC_STRING, false, CORE_COMMENT_MAX, "What it is about." },
    { "shared", RPC_BOOLEAN, false, 0, "May the client see file and comment? Theirs always are." },
    { "imported", RPC_OBJECT, false, 0,
      "Of a file that was attached in the tool that the case comes from, by a lead: n, as with case.comment; at, by." },
    PARAM_EXPECT, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_attach = {
    .name = "case.attach",
    .summary = "Attaches a file that you uploaded to a case, or shares one it has.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = attach_params, .result = RESULT,
    .run = run_attach,
};

static const struct rpc_param assign_params[] = {
    RPC_PARAM_CASE,
    { "to", RPC_STRING, true, SGN_KEY_MAX, "Key of the person who shall own it." },
    { "state", RPC_STRING, false, 64, "Which active state's owner, when several have one." },
    RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_assign = {
    .name = "case.assign",
    .summary = "Makes a person the owner of a case, or takes it.",
    .access = CORE_MEMBER, .where = RPC_WRITE, .params = assign_params, .result = RESULT,
    .run = run_assign,
};

static const struct rpc_param link_params[] = {
    RPC_PARAM_CASE,
    { "other", RPC_STRING, true, 32, "Key of the other case." },
    { "kind", RPC_STRING, false, 32, "What the link means." },
    { "remove", RPC_BOOLEAN, false, 0, "Take the link away." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_case_link = {
    .name = "case.link",
    .summary = "Links a case to another one, or takes a link away.",
    .access = CORE_MEMBER, .where = RPC_WRITE, .params = link_params, .result = RESULT,
    .run = run_link,
};

static const struct rpc_param case_params[] = { RPC_PARAM_CASE, RPC_PARAM_END };
static const struct rpc_param allowed_params[] = {
    RPC_PARAM_CASE, RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_retry = {
    .name = "case.retry",
    .summary = "Tries again what left a case stuck.",
    .access = CORE_LEAD, .where = RPC_WRITE, .params = case_params, .result = RESULT,
    .run = run_retry,
};

static const struct rpc_param correct_params[] = {
    RPC_PARAM_CASE,
    { "reason", RPC_STRING, true, CORE_COMMENT_MAX, "Why; kept with the entry." },
    { "to", RPC_STRINGS, false, 0,
      "The state it shall be in, or several of different regions; may be left out with fields." },
    { "fields", RPC_OBJECT, false, 0, "New values of any fields by name; null empties a field." },
    { "shared", RPC_BOOLEAN, false, 0, "May the client read the reason?" },
    PARAM_EXPECT, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_correct = {
    .name = "case.correct",
    .summary = "Moves a case as no rule would, an ended one too: no condition is asked, nothing of "
               "\"leave\", \"run\" and \"enter\" happens. Never by an approver of an open round.",
    .access = CORE_LEAD, .where = RPC_WRITE, .params = correct_params, .result = RESULT,
    .run = run_correct,
};

static const struct rpc_param get_params[] = {
    RPC_PARAM_CASE,
    { "approval", RPC_STRING, false, 64,
      "Tell of this open round too where each choice leads, until when there is time, and what "
      "happens when nobody answers." },
    { "seen", RPC_STRING, false, 64,
      "With approval: a digest that you saw; changed lists what is different now." },
    RPC_PARAM_NAMES, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_get = {
    .name = "case.get",
    .summary = "Shows a case as it is now, as far as you may see it.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = "The case: case, rev, states, outcome, fields, owners, deadlines, approvals: open "
              "rounds with the digest a ballot must carry, then those that have ended, with who "
              "was not needed any more; tasks, links, linked_from: cases that have a link "
              "to it, a thousand at the most (linked_more: there are others), files, and who it waits for.",
    .run = run_get,
};

const struct rpc_method rpc_m_case_allowed = {
    .name = "case.allowed",
    .summary = "Lists every event of a case: allowed for you now, or why not.",
    .access = CORE_PERSON, .where = RPC_READ, .params = allowed_params,
    .result = "case, events: each with allowed true and what it needs and takes, or allowed "
              "false and the reason; also: what else you may do. on_behalf: only for that person.",
    .run = run_allowed,
};

const struct rpc_method rpc_m_case_explain = {
    .name = "case.explain",
    .summary = "Explains a case's deadlines and approvals: what counted, who is asked, and why.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .params = case_params,
    .result = "Deadlines with the stretches that counted; open rounds with who would have to agree, "
              "ended ones with the ballots they rest on and who was not needed any more.",
    .run = lane_case_explain,
};
/* clang-format on */
