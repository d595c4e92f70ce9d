/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff mcp": the Model Context Protocol on standard input and output, for assistants that work
 * for one person.
 *
 * mcp.c speaks the protocol, mcp_tools.c has the table of tools, mcp_run.c what a tool does that
 * is more than one call. Whatever a tool does it asks the server for, with that person's token:
 * there are no rights here.
 */
#ifndef CLI_MCP_H
#define CLI_MCP_H

#include "remote.h"

struct mcp {
    struct cli *cli;
    struct client *client; /* NULL: not connected, or not any more */
    bool initialized;      /* by a client of the older revision */
    bool read_only;        /* --read-only: tools that change something are not there */
};

/* An argument of a tool: a row of its input's JSON Schema. */
struct mcp_argument {
    const char *name; /* NULL ends */
    char type;        /* 's' string, 'i' integer from 1 on, 'b' boolean */
    bool required;
    const char *help;
};

struct mcp_tool {
    const char *name;
    const char *title;
    const char *help;
    const char *method; /* the call it is, or NULL: run */
    const struct mcp_argument *arguments;
    /* arguments: checked, owned by the caller. *out: an object, a new reference. */
    enum sgn_status (*run)(struct mcp *mcp, json_t *arguments, json_t **out, struct sgn_error *err);
    bool writes;      /* changes something: not there with --read-only */
    bool destructive; /* speaks for the person and cannot be taken back by them alone */
};

/* Ended by a row without name. */
extern const struct mcp_tool mcp_tools[];

/* The tools as tools/list has them, an array; new reference, NULL when out of memory. */
json_t *mcp_tools_list(const struct mcp *mcp);
/* NULL: there is no such tool (any more). */
const struct mcp_tool *mcp_tool_find(const struct mcp *mcp, const char *name);
/* The nearest name, or NULL. */
const char *mcp_tool_nearest(const char *name);
/* Are these the tool's arguments? SGN_PARAMS says which is not, and what would be right. */
enum sgn_status mcp_arguments_check(const struct mcp_tool *tool, const json_t *arguments,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* One call of the server as the person, who is logged in first where that has not been done. */
enum sgn_status mcp_call(struct mcp *mcp, const char *method, const json_t *params, json_t **out,
                         struct sgn_error *err) SGN_MUST_CHECK;

/* run functions of rows */
enum sgn_status mcp_decide(struct mcp *mcp, json_t *arguments, json_t **out, struct sgn_error *err);
enum sgn_status mcp_report(struct mcp *mcp, json_t *arguments, json_t **out, struct sgn_error *err);

#endif
