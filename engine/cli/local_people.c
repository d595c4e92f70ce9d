/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a new site begins with: rows of init.json, and tokens in files.
 *
 * Rows are those of store_tables.h without the times (since, created), which are the clock's
 * at the first serve.
 */
#include "local.h"

#include "hash.h"
#include "site.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TEAM "demo"

struct starter {
    const char *person, *title, *client;
    bool lead;
    const char *language; /* NULL: that of their terminal, or the team's */
    const char *project;  /* in which the roles are held */
    const char *roles;    /* separated by spaces */
    const char *token;    /* file */
};

/* clang-format off */
static const struct starter everybody[] = {
    { "admin", "Administrator", NULL, true, NULL, "demo", "pm engineer ccb sponsor", SITE_ADMIN },
    { 0 },
};
static const struct starter players[] = {
    { "li", "Li Ting (project manager)", NULL, true, NULL, "acme-erp", "pm", "demo/li.token" },
    { "wang", "Wang Lei (engineer, change board)", NULL, false, NULL, "acme-erp", "engineer ccb", "demo/wang.token" },
    { "chen", "Chen Yu (change board)", NULL, false, NULL, "acme-erp", "ccb", "demo/chen.token" },
    { "zhao", "Zhao Min (sponsor)", NULL, false, "zh", "acme-erp", "sponsor", "demo/zhao.token" },
    { "sun", "Sun Hao (engineer)", NULL, false, NULL, "acme-erp", "engineer", "demo/sun.token" },
    { "mei", "Mei Lin (client)", "acme", false, "en", "acme-erp", "client", "demo/mei.token" },
    { "tom", "Tom Baker (client)", "acme", false, NULL, "acme-erp", "client", "demo/tom.token" },
    { 0 },
};
/* clang-format on */

/* row is taken; NULL is out of memory. */
static enum sgn_status
add(json_t *rows, const char *table, const char *team, json_t *row_take, struct sgn_error *err)
{
    json_t *item = row_take != NULL
                       ? json_pack("{s:s, s:s, s:o}", "table", table, "team", team, "row", row_take)
                       : NULL;

    return item != NULL && json_array_append_new(rows, item) == 0 ? SGN_OK : sgn_nomem(err);
}

/* Makes a token, writes it to its file and its hash to the rows. */
static enum sgn_status
add_token(const char *dir, const char *file, const char *person, json_t *rows,
          struct sgn_error *err)
{
    char token[SGN_TOKEN_TEXT], hash[SGN_HASH_HEX];
    char *path = site_path(dir, file);
    char *line, *id;
    enum sgn_status st;

    sgn_token_new(token);
    sgn_sha256(token, strlen(token), hash);
    line = sgn_format("%s\n", token);
    id = sgn_format("%.8s", hash);
    if (path == NULL || line == NULL || id == NULL)
        st = sgn_nomem(err);
    else
        st = site_write(path, line, 0600, err);
    if (st == SGN_OK)
        st = add(rows, "token", "",
                 json_pack("{s:s, s:s, s:s, s:s*, s:b, s:s}", "hash", hash, "id", id, "team",
                           person != NULL ? TEAM : "", "person", person, "operator", person == NULL,
                           "name", file),
                 err);
    free(id);
    free(line);
    free(path);
    return st;
}

static enum sgn_status
add_roles(const struct starter *who, json_t *rows, struct sgn_error *err)
{
    const char *role = who->roles;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && *role != '\0') {
        int n = (int)strcspn(role, " ");
        st = add(rows, "membership", TEAM,
                 json_pack("{s:s, s:s, s:s#}", "project", who->project, "person", who->person,
                           "role", role, n),
                 err);
        role += n + (int)strspn(role + n, " ");
    }
    return st;
}

static enum sgn_status
add_starters(const char *dir, const struct starter *starters, json_t *rows, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (const struct starter *s = starters; st == SGN_OK && s->person != NULL; s++) {
        st = add(rows, "person", TEAM,
                 json_pack("{s:s, s:s, s:s*, s:b, s:s*, s:b}", "person", s->person, "title",
                           s->title, "client", s->client, "lead", s->lead, "language", s->language,
                           "active", 1),
                 err);
        if (st == SGN_OK)
            st = add_roles(s, rows, err);
        if (st == SGN_OK)
            st = add_token(dir, s->token, s->person, rows, err);
    }
    return st;
}

static enum sgn_status
add_demo(const char *dir, json_t *rows, struct sgn_error *err)
{
    enum sgn_status st = add(rows, "client", TEAM,
                             json_pack("{s:s, s:{s:s, s:s}, s:b}", "client", "acme", "title", "en",
                                       "Acme Trading", "zh", "顶点贸易", "active", 1),
                             err);

    if (st == SGN_OK)
        st =
            add(rows, "project", TEAM,
                json_pack("{s:s, s:{s:s, s:s}, s:s, s:s}", "project", "acme-erp", "title", "en",
                          "ERP for Acme", "zh", "顶点 ERP 项目", "client", "acme", "state", "open"),
                err);
    return st == SGN_OK ? add_starters(dir, players, rows, err) : st;
}

enum sgn_status
local_people(const char *dir, bool demo, json_t *rows, struct sgn_error *err)
{
    enum sgn_status st = add(rows, "project", TEAM,
                             json_pack("{s:s, s:{s:s, s:s}, s:s}", "project", "demo", "title", "en",
                                       "Demonstration", "zh", "演示项目", "state", "open"),
                             err);

    if (st == SGN_OK)
        st = add_starters(dir, everybody, rows, err);
    if (st == SGN_OK)
        st = add_token(dir, SITE_OPERATOR, NULL, rows, err);
    return st == SGN_OK && demo ? add_demo(dir, rows, err) : st;
}
