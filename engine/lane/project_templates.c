/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project templates as files. A link leads nowhere, and what is too large is not read: the folder
 * is the team's, the server is not.
 */
#include "project_templates.h"

#include "json.h"
#include "lane_internal.h"
#include "project_template.h"
#include "scripts.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".ini"

struct reading {
    const json_t *workflows;
    json_t *mistakes, *out;
};

static enum sgn_status
refuse(const struct reading *r, const char *file, const char *message, struct sgn_error *err)
{
    return json_array_append_new(r->mistakes,
                                 json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error", "file",
                                           file, "line", 1, "column", 1, "message", message)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* file: as mistakes name it. */
static enum sgn_status
take_text(const struct reading *r, const char *name, const char *file, const char *text,
          bool shipped, struct sgn_error *err)
{
    size_t before = json_array_size(r->mistakes);
    json_t *read = NULL;
    enum sgn_status st = model_template_read(file, text, r->mistakes, &read, err);

    if (st == SGN_OK)
        st = model_template_check(read, r->workflows, shipped, file, r->mistakes, err);
    if (st == SGN_OK && json_array_size(r->mistakes) == before &&
        (json_object_set_new(read, "shipped", json_boolean(shipped)) != 0 ||
         json_object_set(r->out, name, read) != 0))
        st = sgn_nomem(err);
    json_decref(read);
    return st;
}

/* The whole file; NULL: it cannot be read, or is none of at most so many bytes. */
static char *
read_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    char *text = NULL;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= MODEL_TEMPLATE_BYTES)
        text = calloc(1, (size_t)info.st_size + 1);
    if (text != NULL && read(fd, text, (size_t)info.st_size) != info.st_size) {
        free(text);
        text = NULL;
    }
    close(fd);
    return text;
}

/* entry: "small.ini". One that cannot be read still replaces the shipped one: it was meant to. */
static enum sgn_status
take_file(const struct reading *r, const char *dir, const char *entry, json_t *own,
          struct sgn_error *err)
{
    char *path = sgn_format("%s/templates/%s", dir, entry);
    char *file = sgn_format("templates/%s", entry);
    char *name = strndup(entry, strlen(entry) - strlen(ENDING));
    char *text = NULL;
    enum sgn_status st = SGN_OK;

    if (path == NULL || file == NULL || name == NULL ||
        json_object_set_new(own, name, json_true()) != 0) {
        st = sgn_nomem(err);
        goto out;
    }
    text = read_file(path);
    if (!sgn_key_valid(name))
        st = refuse(r, file, "a template's name has small letters, digits and -", err);
    else if (text == NULL)
        st = refuse(r, file, "the template cannot be read: expected a file of at most 32 KiB", err);
    else
        st = take_text(r, name, file, text, false, err);
out:
    free(path);
    free(file);
    free(name);
    free(text);
    return st;
}

/* A team without such a folder has the shipped ones. */
static enum sgn_status
take_folder(const struct reading *r, const char *dir, json_t *own, struct sgn_error *err)
{
    char *path = sgn_format("%s/templates", dir);
    struct dirent **names = NULL;
    int n = path != NULL ? check_scan(path, &names) : -1;
    enum sgn_status st = path != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; i < n; i++) {
        if (st == SGN_OK && sgn_text_ends(names[i]->d_name, ENDING))
            st = take_file(r, dir, names[i]->d_name, own, err);
        free(names[i]);
    }
    free(names);
    free(path);
    return st;
}

enum sgn_status
lane_templates_read(const char *dir, const json_t *shipped, const json_t *workflows,
                    json_t *mistakes, json_t **out, struct sgn_error *err)
{
    struct reading r = { workflows, mistakes, json_object() };
    json_t *own = json_object(), *text;
    const char *name;
    enum sgn_status st = r.out != NULL && own != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && dir != NULL)
        st = take_folder(&r, dir, own, err);
    json_object_foreach((json_t *)shipped, name, text) {
        char *file =
            json_object_get(own, name) == NULL ? sgn_format("shipped/%s" ENDING, name) : NULL;

        if (st == SGN_OK && file != NULL)
            st = take_text(&r, name, file, json_string_value(text), true, err);
        free(file);
    }
    json_decref(own);
    if (st == SGN_OK)
        *out = r.out;
    else
        json_decref(r.out);
    return st;
}

enum sgn_status
lane_templates_of(struct lane *lane, const char *team, json_t *mistakes, json_t **out,
                  struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *found = lane_site_team(site, team);
    json_t *workflows = json_object();
    char *dir =
        lane->options.site != NULL ? sgn_format("%s/teams/%s", lane->options.site, team) : NULL;
    enum sgn_status st =
        workflows != NULL && (lane->options.site == NULL || dir != NULL) ? SGN_OK : sgn_nomem(err);

    for (int i = 0; st == SGN_OK && found != NULL && i < found->n_workflows; i++)
        if (json_object_set(workflows, found->workflows[i]->name,
                            (json_t *)found->workflows[i]->json) != 0)
            st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_templates_read(dir, lane->options.templates, workflows, mistakes, out, err);
    free(dir);
    json_decref(workflows);
    lane_site_free(lane, site);
    return st;
}
