/* SPDX-License-Identifier: Apache-2.0 */
/* The teams of a site and their scripts, as files. */
#include "site.h"

#include "json.h"
#include "scripts.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define SOURCE_MAX (256 * 1024) /* the loader says what is too much; this only bounds reading */

/* The first of them, for whom nothing but the files will do; path is that of its file. */
static enum sgn_status
refuse(const json_t *mistake, char *path_take, struct sgn_error *err)
{
    enum sgn_status st = path_take == NULL ? sgn_nomem(err)
                                           : sgn_fail(err, SGN_INVALID, "%s:%d:%d: %s", path_take,
                                                      (int)sgn_json_int(mistake, "line", 1),
                                                      (int)sgn_json_int(mistake, "column", 1),
                                                      sgn_json_str(mistake, "message"));

    free(path_take);
    return st;
}

enum sgn_status
site_team_files(const char *dir, json_t **out, struct sgn_error *err)
{
    json_t *mistakes = json_array(), *files = NULL, *first;
    enum sgn_status st =
        mistakes != NULL ? check_scripts_read(dir, mistakes, &files, err) : sgn_nomem(err);

    first = json_array_get(mistakes, 0);
    if (st == SGN_OK && first != NULL)
        st = refuse(first, site_shown(dir, sgn_json_str(first, "file")), err);
    if (st == SGN_OK)
        *out = files;
    else
        json_decref(files);
    json_decref(mistakes);
    return st;
}

/* Whoever names one file may name a link or a pipe. */
static enum sgn_status
read_script(const char *path, const char *name, json_t *files, json_t *mistakes,
            struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    char *text = NULL;
    size_t n = 0;
    enum sgn_status st = site_read(path, SOURCE_MAX, &text, &n, &why);

    if (st == SGN_OK)
        st = check_script_take(files, mistakes, name, text, n, err);
    else if (st != SGN_NOMEM)
        st = check_script_refuse(files, mistakes, name, why.message + strlen(path) + 2, err);
    else
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    free(text);
    return st;
}

enum sgn_status
site_script_read(const char *path, const char *name, json_t *problems, json_t **out,
                 struct sgn_error *err)
{
    json_t *mistakes = problems != NULL ? json_incref(problems) : json_array();
    json_t *files = json_object();
    enum sgn_status st = mistakes != NULL && files != NULL
                             ? read_script(path, name, files, mistakes, err)
                             : sgn_nomem(err);

    if (st == SGN_OK && problems == NULL && json_array_size(mistakes) > 0)
        st = refuse(json_array_get(mistakes, 0), strdup(path), err);
    if (st == SGN_OK)
        *out = files;
    else
        json_decref(files);
    json_decref(mistakes);
    return st;
}
