/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tools of "signoff mcp", as a table, and what can be read off it: the list with its schemas,
 * and the check of arguments. Arguments have the names of the method's parameters.
 */
#include "json.h"
#include "mcp.h"
#include "say.h"
#include <string.h>

#define TOOLS_MAX     16
#define ARGUMENTS_MAX 16

/* clang-format off */
#define CASE_ARGUMENT { "case", 's', true, "Key of the case, such as CR-1042." }
#define PAGE_ARGUMENTS \
    { "limit", 'i', false, "Items of a page: 50 when not said, 500 at most." }, \
    { "cursor", 's', false, "From the page before; without it, the first page." }

static const struct mcp_argument page[] = { PAGE_ARGUMENTS, { 0 } };

static const struct mcp_argument search[] = {
    { "text", 's', false, "Text that occurs in the case." },
    { "workflow", 's', false, "Name of a workflow, such as change_request." },
    { "state", 's', false, "A state it is in." },
    { "project", 's', false, "Key of the project." },
    { "client", 's', false, "Key of the project's client." },
    { "owner", 's', false, "Who owns it now." },
    { "waiting_for", 's', false, "A person or a role that it waits for." },
    { "open", 'b', false, "Only cases that have not ended." },
    { "overdue", 'b', false, "Only open cases that are past their due time." },
    PAGE_ARGUMENTS, { 0 },
};

static const struct mcp_argument one_case[] = { CASE_ARGUMENT, { 0 } };
static const struct mcp_argument history[] = { CASE_ARGUMENT, PAGE_ARGUMENTS, { 0 } };

static const struct mcp_argument comment[] = {
    CASE_ARGUMENT,
    { "text", 's', true, "The comment." },
    { "shared", 'b', false, "May the client read it? Theirs always is." },
    { 0 },
};

static const struct mcp_argument decide[] = {
    CASE_ARGUMENT,
    { "choice", 's', true, "approve, reject, abstain, defer or changes; case_show lists those of the case." },
    { "approval", 's', false, "Which approval, when several are open." },
    { "comment", 's', false, "Why; needed to defer and to ask for changes." },
    { "confirm", 's', false, "The whole digest that this tool showed, once the person has agreed to what was shown with it." },
    { 0 },
};

static const struct mcp_argument report[] = {
    { "workflow", 's', false, "Name of a workflow, such as change_request." },
    { "project", 's', false, "Key of the project." },
    { "client", 's', false, "Key of the project's client." },
    { 0 },
};

const struct mcp_tool mcp_tools[] = {
    {
        .name = "inbox", .title = "My inbox", .method = "inbox.list", .arguments = page,
        .help = "Lists what waits for the person, most urgent first: the case, what is asked of them, "
                "until when, and how it can be answered.",
    },
    {
        .name = "case_search", .title = "Search cases", .method = "case.list", .arguments = search,
        .help = "Lists cases that the person may see, filtered, in pages.",
    },
    {
        .name = "case_show", .title = "Show a case", .method = "case.get", .arguments = one_case,
        .help = "Shows a case: its fields, states, owners, deadlines, approvals and files.",
    },
    {
        .name = "case_history", .title = "History of a case", .method = "case.history", .arguments = history,
        .help = "Shows what happened to a case, newest first: who did what, when, with which comment.",
    },
    {
        .name = "case_allowed", .title = "What I may do", .method = "case.allowed", .arguments = one_case,
        .help = "Lists the events of a case that the person may fire now, and of the others why not.",
    },
    {
        .name = "case_comment", .title = "Comment on a case", .method = "case.comment", .arguments = comment,
        .writes = true,
        .help = "Writes a comment into a case's history, in the person's name. It stays there.",
    },
    {
        .name = "case_decide", .title = "Decide", .run = mcp_decide, .arguments = decide,
        .writes = true, .destructive = true,
        .help = "Votes in an approval in the person's name. Without confirm it decides nothing and shows "
                "what would be agreed to, and its digest. Show that to the person; only when they have "
                "agreed to exactly this, call again with confirm, which is that digest. When the content has "
                "changed meanwhile the decision is refused.",
    },
    {
        .name = "report", .title = "Report of open work", .run = mcp_report, .arguments = report,
        .help = "Counts the open cases that the person may see: all, overdue ones, and by workflow, state, "
                "project, owner and priority.",
    },
    { 0 },
};
/* clang-format on */

/* ---- the list ---- */

static const char *
type_name(char type)
{
    return type == 'b' ? "boolean" : type == 'i' ? "integer" : "string";
}

/* Others than these are refused, so the schema says so. */
static json_t *
schema_of(const struct mcp_tool *tool, const char *language)
{
    json_t *properties = json_object(), *required = json_array();

    for (const struct mcp_argument *a = tool->arguments; a->name != NULL; a++) {
        json_t *row = json_pack("{s:s, s:s}", "type", type_name(a->type), "description",
                                sgn_say(language, a->help));
        if (a->type == 'i')
            (void)json_object_set_new(row, "minimum", json_integer(1));
        (void)json_object_set_new(properties, a->name, row);
        if (a->required)
            (void)json_array_append_new(required, json_string(a->name));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required",
                     required, "additionalProperties", 0);
}

static json_t *
describe(const struct mcp_tool *tool, const char *language)
{
    const char *title = sgn_say(language, tool->title);

    /* openWorldHint: it reaches the team's server and nothing beyond it. */
    return json_pack("{s:s, s:s, s:s, s:o, s:{s:s, s:b, s:b, s:b, s:b}}", "name", tool->name,
                     "title", title, "description", sgn_say(language, tool->help), "inputSchema",
                     schema_of(tool, language), "annotations", "title", title, "readOnlyHint",
                     !tool->writes, "destructiveHint", tool->destructive, "idempotentHint",
                     !tool->writes, "openWorldHint", 0);
}

static bool
is_there(const struct mcp *mcp, const struct mcp_tool *tool)
{
    return !(mcp->read_only && tool->writes);
}

json_t *
mcp_tools_list(const struct mcp *mcp)
{
    json_t *list = json_array();

    for (const struct mcp_tool *tool = mcp_tools; list != NULL && tool->name != NULL; tool++) {
        if (is_there(mcp, tool) &&
            json_array_append_new(list, describe(tool, mcp->cli->language))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

const struct mcp_tool *
mcp_tool_find(const struct mcp *mcp, const char *name)
{
    for (const struct mcp_tool *tool = mcp_tools; tool->name != NULL; tool++)
        if (strcmp(tool->name, name) == 0 && is_there(mcp, tool))
            return tool;
    return NULL;
}

const char *
mcp_tool_nearest(const char *name)
{
    const char *names[TOOLS_MAX];
    size_t n = 0;

    for (const struct mcp_tool *tool = mcp_tools; tool->name != NULL && n < TOOLS_MAX; tool++)
        names[n++] = tool->name;
    return sgn_nearest(name, names, n);
}

/* ---- arguments ---- */

static const struct mcp_argument *
argument_of(const struct mcp_tool *tool, const char *name)
{
    for (const struct mcp_argument *a = tool->arguments; a->name != NULL; a++)
        if (strcmp(a->name, name) == 0)
            return a;
    return NULL;
}

static enum sgn_status
unknown_argument(const struct mcp_tool *tool, const char *name, struct sgn_error *err)
{
    const char *names[ARGUMENTS_MAX];
    const char *near;
    size_t n = 0;

    for (const struct mcp_argument *a = tool->arguments; a->name != NULL && n < ARGUMENTS_MAX; a++)
        names[n++] = a->name;
    near = sgn_nearest(name, names, n);
    return sgn_fail(err, SGN_PARAMS, "%s has no argument '%.80s'%s%s%s", tool->name, name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                    near != NULL ? "'?" : "");
}

static bool
fits(const struct mcp_argument *argument, const json_t *value)
{
    if (argument->type == 'b')
        return json_is_boolean(value);
    if (argument->type == 'i')
        return json_is_integer(value) && json_integer_value(value) >= 1;
    return json_is_string(value);
}

/* Also keeps out what only the command line may say: team, request_id. */
enum sgn_status
mcp_arguments_check(const struct mcp_tool *tool, const json_t *arguments, struct sgn_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)arguments, name, value) {
        const struct mcp_argument *a = argument_of(tool, name);
        if (a == NULL)
            return unknown_argument(tool, name, err);
        if (!fits(a, value))
            return sgn_fail(err, SGN_PARAMS, "%s must be of type %s", name, type_name(a->type));
    }
    for (const struct mcp_argument *a = tool->arguments; a->name != NULL; a++)
        if (a->required && json_object_get(arguments, a->name) == NULL)
            return sgn_fail(err, SGN_PARAMS, "%s needs the argument %s", tool->name, a->name);
    return SGN_OK;
}
