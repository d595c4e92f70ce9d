/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of all methods, by their C names, in the order of their names in the protocol.
 * A row lives in the file of its family: rpc_m_case_open in methods_case.c.
 */
#ifndef RPC_METHODS_H
#define RPC_METHODS_H

#include "rpc.h"

/* clang-format off */
#define RPC_METHODS(X) \
    X(admin_backup) X(admin_backup_end) X(admin_backup_files) X(admin_backup_read) X(admin_nodes) X(admin_profile) X(admin_stats) X(admin_sweeps) X(admin_teams) \
    X(approval_preview) X(approval_vote) X(approval_withdraw) \
    X(audit_due) X(audit_export) X(audit_heads) X(audit_hold) X(audit_redact) X(audit_release) X(audit_verify) \
    X(calendar_exception_add) X(calendar_exception_list) X(calendar_exception_remove) \
    X(calendar_explain) X(calendar_feed_create) X(calendar_feed_list) X(calendar_feed_revoke) X(calendar_get) X(calendar_list) \
    X(case_allowed) X(case_assign) X(case_attach) X(case_comment) X(case_correct) X(case_count) X(case_diagram) X(case_edit) X(case_explain) X(case_fire) \
    X(case_get) X(case_history) X(case_link) X(case_list) X(case_open) X(case_retry) \
    X(certificate_get) \
    X(client_create) X(client_file) X(client_get) X(client_list) X(client_update) \
    X(clock_advance) X(clock_now) \
    X(communication_add) X(communication_list) X(communication_plan) \
    X(data_import) \
    X(delegation_end) X(delegation_list) X(delegation_people) X(delegation_set) \
    X(delivery_list) X(delivery_retry) \
    X(endpoint_add) X(endpoint_disable) X(endpoint_enable) X(endpoint_get) X(endpoint_list) \
    X(endpoint_remove) X(endpoint_rewind) X(endpoint_rotate) X(endpoint_test) X(endpoint_update) \
    X(file_begin) X(file_end) X(file_get) X(file_put) \
    X(group_create) X(group_get) X(group_list) X(group_member_add) X(group_member_remove) \
    X(group_update) \
    X(hook_list) X(hook_revoke) X(hook_secret) X(hook_try) \
    X(inbox_count) X(inbox_list) X(inbox_messages) X(inbox_read) \
    X(link_create) X(link_list) X(link_login) X(link_revoke) \
    X(own_get) X(own_token_list) X(own_token_revoke) X(own_update) \
    X(person_create) X(person_get) X(person_list) X(person_load) X(person_update) \
    X(project_create) X(project_get) X(project_list) X(project_member_add) \
    X(project_member_remove) X(project_mine) X(project_overview) X(project_templates) X(project_update) \
    X(report_get) X(report_list) \
    X(rpc_discover) \
    X(schedule_list) \
    X(server_health) X(server_info) X(server_ping) \
    X(session_end) X(session_enter) X(session_link) X(session_login) X(session_logout) X(session_whoami) \
    X(task_done) X(task_undo) \
    X(token_create) X(token_list) X(token_revoke) \
    X(watch_start) X(watch_stop) \
    X(workflow_check) X(workflow_get) X(workflow_graph) X(workflow_list) X(workflow_migrate) X(workflow_migrations) \
    X(workflow_rehearse) X(workflow_reload)
/* clang-format on */

#define X(name) extern const struct rpc_method rpc_m_##name;
RPC_METHODS(X)
#undef X

/* Parameters that many rows have. */
#define RPC_PARAM_END                                                                              \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define RPC_PARAM_CASE                                                                             \
    {                                                                                              \
        "case", RPC_STRING, true, 32, "Key of the case, such as CR-1042."                          \
    }
#define RPC_PARAM_ON_BEHALF                                                                        \
    {                                                                                              \
        "on_behalf", RPC_STRING, false, 32, "Whom you stand in for: by that person's rights."      \
    }
#define RPC_PARAM_NAMES                                                                            \
    {                                                                                              \
        "names", RPC_BOOLEAN, false, 0,                                                            \
            "Adds names: {people, projects, clients: {KEY: title}}, of those that it names."       \
    }
#define RPC_PARAM_CURSOR                                                                           \
    {                                                                                              \
        "cursor", RPC_STRING, false, 512, "From the page before; without it, the first page."      \
    }
#define RPC_PARAM_LIMIT                                                                            \
    {                                                                                              \
        "limit", RPC_INTEGER, false, 500, "Items of a page; 50 when not said."                     \
    }

/* clang-format off */
/* Which cases it is about, see case_filter.h. */
#define RPC_CASE_FILTERS \
    { "workflow", RPC_STRINGS, false, 0, "Name of a workflow, or several." }, \
    { "state", RPC_STRING, false, 64, "An active leaf state." }, \
    { "project", RPC_STRING, false, 32, "Key of the project." }, \
    { "client", RPC_STRING, false, 32, "Key of the project's client." }, \
    { "group", RPC_STRING, false, 32, "Key of the group that owns the workflow." }, \
    { "owner", RPC_STRING, false, 32, "Who owns it now." }, \
    { "opener", RPC_STRING, false, 32, "Who opened it." }, \
    { "waiting_for", RPC_STRING, false, 64, "A person or a role that it waits for, the person also as a stand-in." }, \
    { "priority", RPC_STRING, false, 16, "low, normal, high or urgent." }, \
    { "outcome", RPC_STRING, false, 64, "How it ended." }, \
    { "open", RPC_BOOLEAN, false, 0, "Only cases that have not ended." }, \
    { "ended", RPC_BOOLEAN, false, 0, "Only cases that have ended." }, \
    { "overdue", RPC_BOOLEAN, false, 0, "Only open cases that are past their due time." }, \
    { "stuck", RPC_BOOLEAN, false, 0, "Only cases that the engine could not move." }, \
    { "version", RPC_INTEGER, false, 0, "Only cases of this version of their workflow." }, \
    { "text", RPC_STRING, false, 256, "Text that occurs in the case." }, \
    { "fields", RPC_OBJECT, false, 0, "Values of indexed fields by name." }, \
    { "imported", RPC_STRING, false, 256, "The one that came from there: \"jira:ACME-12\"." }, \
    { "opened_from", RPC_TIME, false, 0, "Opened at or after." }, \
    { "opened_to", RPC_TIME, false, 0, "Opened before." }, \
    { "closed_from", RPC_TIME, false, 0, "Ended at or after." }, \
    { "closed_to", RPC_TIME, false, 0, "Ended before." }
/* clang-format on */

#endif
