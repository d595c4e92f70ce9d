/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of rows that go in and out, and their columns. See exchange.h. */
#include "exchange.h"

#include "json.h"
#include "say.h"
#include <string.h>

/* clang-format off */
#define TITLE_COLUMNS { "title", 't', false }, { "title.en", 't', false }, { "title.zh", 't', false }

static const struct exchange_column clients[] = {
    { "client", 't', false }, TITLE_COLUMNS, { "calendar", 't', false }, { "active", 'b', false },
    { "attributes", 'j', false }, { "since", 't', true }, { 0 },
};
static const struct exchange_column people[] = {
    { "person", 't', false }, { "title", 't', false }, { "client", 't', false }, { "lead", 'b', false },
    { "language", 't', false }, { "mail", 't', false }, { "channel", 't', false }, { "active", 'b', false },
    { "since", 't', true }, { 0 },
};
static const struct exchange_column projects[] = {
    { "project", 't', false }, TITLE_COLUMNS, { "client", 't', false }, { "calendar", 't', false },
    { "currency", 't', false }, { "state", 'w', false }, { "attributes", 'j', false }, { "since", 't', true }, { 0 },
};
static const struct exchange_column members[] = {
    { "project", 't', false }, { "person", 't', false }, { "role", 't', false }, { "share", 'i', false }, { 0 },
};
/* Fields come after these, each a column of its own. */
static const struct exchange_column cases[] = {
    { "case", 't', true }, { "workflow", 'w', false }, { "project", 'w', false }, { "comment", 'w', false },
    { "version", 'i', true }, { "client", 't', true }, { "states", 'l', true },
    { "outcome", 't', true }, { "opener", 't', true }, { "owner", 't', true }, { "group", 't', true },
    { "priority", 't', true }, { "opened_at", 't', true }, { "due_at", 't', true }, { "closed_at", 't', true },
    { "updated_at", 't', true }, { "rev", 'i', true }, { "fields", 'j', false }, { 0 },
};

static const struct exchange_kind kinds[] = {
    { "clients", "client", "client.list", clients },
    { "people", "person", "person.list", people },
    { "projects", "project", "project.list", projects },
    { "members", "member", "project.list", members },
    { "cases", NULL, "case.list", cases },
};

/* The headings in Chinese; how a column is called is part of the file's form, no message. */
static const struct {
    const char *name, *chinese;
} headings[] = {
    { "client", "客户" }, { "person", "人员" }, { "project", "项目" }, { "case", "事项" },
    { "title", "名称" }, { "title.en", "名称(英文)" }, { "title.zh", "名称(中文)" },
    { "calendar", "工作日历" }, { "active", "在用" }, { "attributes", "属性" }, { "since", "起始时间" },
    { "lead", "负责团队" }, { "language", "语言" }, { "mail", "邮箱" }, { "channel", "首选沟通方式" }, { "currency", "币种" },
    { "state", "状态" }, { "role", "角色" }, { "share", "占比" }, { "workflow", "流程" },
    { "comment", "备注" }, { "version", "版本" }, { "states", "当前状态" }, { "outcome", "结果" },
    { "opener", "发起人" }, { "owner", "负责人" }, { "group", "组" }, { "priority", "优先级" },
    { "opened_at", "发起时间" }, { "due_at", "到期时间" }, { "closed_at", "结束时间" },
    { "updated_at", "更新时间" }, { "rev", "修订" }, { "fields", "字段" },
};
/* clang-format on */

const struct exchange_kind *
exchange_kind(const char *word, struct sgn_error *err)
{
    const char *words[sizeof(kinds) / sizeof(kinds[0])];
    const char *near;
    size_t n = sizeof(kinds) / sizeof(kinds[0]);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
        words[i] = kinds[i].word;
    }
    near = sgn_nearest(word, words, n);
    sgn_fail(err, SGN_INVALID, "'%.40s' is none of clients, people, projects, members, cases%s%s%s",
             word, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    return NULL;
}

const char *
exchange_heading(const char *column, const char *language)
{
    for (size_t i = 0; sgn_say_is_zh(language) && i < sizeof(headings) / sizeof(headings[0]); i++)
        if (strcmp(headings[i].name, column) == 0)
            return headings[i].chinese;
    return column;
}

/* "title" of a row whose title is in two languages is empty, and so are "title.en" and "title.zh"
 * of one whose title is in none. */
static const json_t *
value_of(const struct exchange_column *column, const json_t *row)
{
    const char *dot = strchr(column->name, '.');
    const json_t *value;
    char head[64];

    if (dot == NULL) {
        value = json_object_get(row, column->name);
        return strchr("tw", column->type) != NULL && !json_is_string(value) ? NULL : value;
    }
    snprintf(head, sizeof(head), "%.*s", (int)(dot - column->name), column->name);
    return json_object_get(json_object_get(row, head), dot + 1);
}

enum sgn_status
exchange_cell(struct sgn_buf *buf, const struct exchange_column *column, const json_t *row)
{
    const json_t *value = value_of(column, row), *word;
    size_t i;

    sgn_buf_reset(buf);
    if (value == NULL || json_is_null(value))
        return SGN_OK;
    if (json_is_string(value))
        return sgn_buf_puts(buf, json_string_value(value));
    if (column->type != 'l')
        return sgn_json_append(buf, value);
    json_array_foreach(value, i, word)
        (void)sgn_buf_printf(buf, "%s%s", i > 0 ? " " : "", json_string_value(word));
    return buf->failed ? SGN_NOMEM : SGN_OK;
}

enum sgn_status
exchange_format(const char *format, const char *path, enum exchange_format *out,
                struct sgn_error *err)
{
    size_t n = path != NULL ? strlen(path) : 0;

    *out = EXCHANGE_CSV;
    if (format == NULL)
        format =
            n > 5 && (strcmp(path + n - 5, ".json") == 0 || strcmp(path + n - 5, "jsonl") == 0 ||
                      strcmp(path + n - 6, "ndjson") == 0)
                ? "json"
                : "csv";
    if (strcmp(format, "json") == 0)
        *out = EXCHANGE_JSON;
    else if (strcmp(format, "csv") != 0)
        return sgn_fail(err, SGN_INVALID, "--format %s: expected csv or json", format);
    return SGN_OK;
}
