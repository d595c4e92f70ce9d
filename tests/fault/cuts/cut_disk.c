/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_disk.h: the disk as it works. */
#include "cut_disk_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- bytes ---- */

void *
cut_grow(void *at, size_t n)
{
    void *grown = realloc(at, n);

    if (grown == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    return grown;
}

void
cut_bytes_resize(struct cut_bytes *bytes, int64_t n)
{
    if (n > bytes->cap) {
        bytes->cap = n + n / 2 + 65536;
        bytes->bytes = cut_grow(bytes->bytes, (size_t)bytes->cap);
    }
    if (n > bytes->n)
        memset(bytes->bytes + bytes->n, 0, (size_t)(n - bytes->n));
    bytes->n = n;
}

void
cut_bytes_write(struct cut_bytes *bytes, const void *from, size_t n, int64_t at)
{
    if (at > bytes->n || at + (int64_t)n > bytes->cap)
        cut_bytes_resize(bytes, at + (int64_t)n);
    if (at + (int64_t)n > bytes->n)
        bytes->n = at + (int64_t)n;
    if (n > 0)
        memcpy(bytes->bytes + at, from, n);
}

void
cut_bytes_copy(struct cut_bytes *to, const struct cut_bytes *from)
{
    to->n = 0;
    cut_bytes_write(to, from->bytes, (size_t)from->n, 0);
}

/* ---- files ---- */

struct cut_file *
cut_file_new(struct cut_disk *disk, enum cut_kind kind)
{
    struct cut_file *file = cut_grow(NULL, sizeof *file);

    *file = (struct cut_file){ .disk = disk, .kind = kind, .next = disk->files };
    disk->files = file;
    return file;
}

static void
file_free(struct cut_file *file)
{
    cut_writes_drop(file, file->n_writes);
    if (file->attached != NULL)
        file->drop(file->attached);
    free(file->writes);
    free(file->now.bytes);
    free(file->durable.bytes);
    free(file);
}

/* Files that have no name any more, not even one that a cut could bring back, and no user. */
void
cut_files_collect(struct cut_disk *disk)
{
    struct cut_file **link = &disk->files, *file;

    while ((file = *link) != NULL) {
        if (file->names > 0 || file->opened > 0) {
            link = &file->next;
            continue;
        }
        *link = file->next;
        file_free(file);
    }
}

void
cut_writes_drop(struct cut_file *file, int n)
{
    for (int i = 0; i < n; i++)
        free(file->writes[i].bytes);
    file->n_writes -= n;
    if (file->n_writes > 0)
        memmove(file->writes, file->writes + n, (size_t)file->n_writes * sizeof *file->writes);
}

void
cut_write_note(struct cut_file *file, const void *bytes, size_t n, int64_t at, bool resize)
{
    struct cut_write *write;

    if (file->n_writes == file->cap_writes) {
        file->cap_writes = file->cap_writes * 2 + 64;
        file->writes = cut_grow(file->writes, (size_t)file->cap_writes * sizeof *file->writes);
    }
    write = &file->writes[file->n_writes++];
    *write = (struct cut_write){ .at = at, .n = n, .resize = resize };
    if (n > 0)
        write->bytes = memcpy(cut_grow(NULL, n), bytes, n);
}

/* ---- events ---- */

const char *
cut_event_name(enum cut_event event)
{
    static const char *const names[CUT_EVENTS] = {
        "the log is written",
        "before a sync of the log",
        "after a sync of the log",
        "the database is written",
        "before a sync of the database",
        "after a sync of the database",
        "a journal is written",
        "before a sync of a journal",
        "after a sync of a journal",
        "before a sync of the folder",
        "after a sync of the folder",
        "a file changes its size",
        "a file is made",
        "a file is removed",
        "any of them",
        "between two calls",
    };

    return names[event];
}

/* Counts it; true when the world has ended with it. */
static bool
happens(struct cut_disk *disk, enum cut_event event)
{
    disk->events++;
    disk->tally->events[event]++;
    if (disk->plan_nth == 0 || (disk->plan != event && disk->plan != CUT_ANY))
        return false;
    if (--disk->plan_nth > 0)
        return false;
    disk->tally->cuts[event] += 1 + disk->want_others;
    disk->tally->in_work[disk->work] += 1 + disk->want_others;
    cut_world_end(disk, disk->plan_seed);
    return true;
}

void
cut_disk_plan(struct cut_disk *disk, enum cut_event event, int nth, uint64_t seed)
{
    disk->plan = event;
    disk->plan_nth = nth;
    disk->plan_seed = seed;
}

void
cut_disk_plan_none(struct cut_disk *disk)
{
    disk->plan_nth = 0;
}

bool
cut_disk_is_dead(const struct cut_disk *disk)
{
    return disk->dead;
}

int64_t
cut_disk_events(const struct cut_disk *disk)
{
    return disk->events;
}

/* ---- names ---- */

static struct cut_name *
name_find(const struct cut_disk *disk, const char *name)
{
    for (int i = 0; i < disk->n_names; i++)
        if (strcmp(disk->names[i].name, name) == 0)
            return (struct cut_name *)&disk->names[i];
    return NULL;
}

static struct cut_file *
name_file(const struct cut_disk *disk, const char *name)
{
    const struct cut_name *found = name_find(disk, name);

    return found != NULL ? found->was[found->n - 1] : NULL;
}

/* From now on the name stands for this file, or for none. */
static void
name_put(struct cut_disk *disk, const char *name, struct cut_file *file)
{
    struct cut_name *found = name_find(disk, name);

    if (found == NULL) {
        assert(disk->n_names < CUT_NAMES && strlen(name) < CUT_NAME_MAX);
        found = &disk->names[disk->n_names++];
        *found = (struct cut_name){ .n = 1, .was = cut_grow(NULL, sizeof *found->was) };
        found->was[0] = NULL;
        snprintf(found->name, sizeof found->name, "%s", name);
    }
    found->was = cut_grow(found->was, (size_t)(found->n + 1) * sizeof *found->was);
    found->was[found->n++] = file;
    if (file != NULL)
        file->names++;
}

void
cut_name_settle(struct cut_name *name, int which)
{
    struct cut_file *file = name->was[which];

    for (int i = 0; i < name->n; i++)
        if (i != which && name->was[i] != NULL)
            name->was[i]->names--;
    name->was[0] = file;
    name->n = 1;
}

bool
cut_folder_sync(struct cut_disk *disk)
{
    if (disk->dead || happens(disk, CUT_FOLDER_SYNC))
        return false;
    for (int i = 0; disk->fault != CUT_FOLDER_NEVER && i < disk->n_names; i++)
        cut_name_settle(&disk->names[i], disk->names[i].n - 1);
    cut_files_collect(disk);
    return !happens(disk, CUT_FOLDER_SYNCED);
}

bool
cut_name_there(const struct cut_disk *disk, const char *name)
{
    return name_file(disk, name) != NULL;
}

int64_t
cut_name_size(const struct cut_disk *disk, const char *name)
{
    const struct cut_file *file = name_file(disk, name);

    return file != NULL ? file->now.n : 0;
}

bool
cut_name_remove(struct cut_disk *disk, const char *name)
{
    if (disk->dead)
        return false;
    name_put(disk, name, NULL);
    return !happens(disk, CUT_UNNAMED);
}

/* ---- a file in use ---- */

struct cut_file *
cut_file_open(struct cut_disk *disk, const char *name, enum cut_kind kind, bool make)
{
    struct cut_file *file = disk->dead ? NULL : name_file(disk, name);

    if (disk->dead || (file == NULL && !make))
        return NULL;
    if (file == NULL) {
        file = cut_file_new(disk, kind);
        name_put(disk, name, file);
        if (happens(disk, CUT_NAMED))
            return NULL;
    }
    file->opened++;
    return file;
}

void **
cut_file_attached(struct cut_file *file, void (*drop)(void *attached))
{
    file->drop = drop;
    return &file->attached;
}

void
cut_file_close(struct cut_file *file)
{
    if (--file->opened == 0 && file->attached != NULL) {
        file->drop(file->attached);
        file->attached = NULL;
    }
}

bool
cut_file_read(const struct cut_file *file, void *out, size_t n, int64_t at, size_t *got)
{
    int64_t left = file->now.n - at;

    *got = left <= 0 ? 0 : left < (int64_t)n ? (size_t)left : n;
    if (file->disk->dead)
        return false;
    if (*got > 0)
        memcpy(out, file->now.bytes + at, *got);
    return true;
}

static int64_t
held(const struct cut_disk *disk)
{
    int64_t n = 0;

    for (const struct cut_file *file = disk->files; file != NULL; file = file->next)
        n += file->now.n;
    return n;
}

void
cut_disk_set_room(struct cut_disk *disk, int64_t bytes)
{
    disk->bounded = bytes >= 0;
    disk->bound = disk->bounded ? held(disk) + bytes : 0;
}

int64_t
cut_disk_room(const struct cut_disk *disk)
{
    int64_t left = disk->bound - held(disk);

    if (!disk->bounded)
        return INT64_MAX;
    return left > 0 ? left : 0;
}

/* For a file that grows to this size? */
static bool
has_room(const struct cut_file *file, int64_t size)
{
    return size <= file->now.n || size - file->now.n <= cut_disk_room(file->disk);
}

bool
cut_file_write(struct cut_file *file, const void *bytes, size_t n, int64_t at)
{
    static const enum cut_event events[CUT_KINDS] = { CUT_LOG_WRITTEN, CUT_DATABASE_WRITTEN,
                                                      CUT_JOURNAL_WRITTEN };

    if (file->disk->dead || !has_room(file, at + (int64_t)n))
        return false;
    cut_bytes_write(&file->now, bytes, n, at);
    cut_write_note(file, bytes, n, at, false);
    return !happens(file->disk, events[file->kind]);
}

bool
cut_file_resize(struct cut_file *file, int64_t size)
{
    if (file->disk->dead || !has_room(file, size))
        return false;
    cut_bytes_resize(&file->now, size);
    cut_write_note(file, NULL, 0, size, true);
    return !happens(file->disk, CUT_RESIZED);
}

/* Their order is kept, so that the later of two writes to one place counts. */
static void
make_durable(struct cut_file *file, int n)
{
    for (int i = 0; i < n; i++) {
        const struct cut_write *write = &file->writes[i];

        if (write->resize)
            cut_bytes_resize(&file->durable, write->at);
        else
            cut_bytes_write(&file->durable, write->bytes, write->n, write->at);
    }
    cut_writes_drop(file, n);
}

bool
cut_file_sync(struct cut_file *file)
{
    struct cut_disk *disk = file->disk;
    enum cut_event before = CUT_LOG_SYNC + file->kind * (CUT_DATABASE_SYNC - CUT_LOG_SYNC);
    int n = file->n_writes;

    if (disk->dead || happens(disk, before))
        return false;
    if ((disk->fault == CUT_LOG_NEVER && file->kind == CUT_LOG) ||
        (disk->fault == CUT_DATABASE_NEVER && file->kind == CUT_DATABASE))
        n = 0;
    if (disk->fault == CUT_LOG_LATE && file->kind == CUT_LOG) {
        n = file->late;
        file->late = file->n_writes - n;
    }
    make_durable(file, n);
    return !happens(disk, before + 1);
}

void
cut_disk_settle(struct cut_disk *disk)
{
    for (struct cut_file *file = disk->files; file != NULL; file = file->next)
        make_durable(file, file->n_writes);
    for (int i = 0; i < disk->n_names; i++)
        cut_name_settle(&disk->names[i], disk->names[i].n - 1);
    cut_files_collect(disk);
}

int64_t
cut_file_size(const struct cut_file *file)
{
    return file->now.n;
}

/* ---- a disk's life ---- */

struct cut_disk *
cut_disk_new(struct cut_tally *tally)
{
    struct cut_disk *disk = cut_grow(NULL, sizeof *disk);

    *disk = (struct cut_disk){ .tally = tally };
    return disk;
}

struct cut_disk *
cut_disk_clone(const struct cut_disk *disk, struct cut_tally *tally)
{
    struct cut_disk *clone = cut_disk_new(tally);

    for (int i = 0; i < disk->n_names; i++) {
        const struct cut_file *from = disk->names[i].was[0];
        struct cut_file *file;

        if (from == NULL)
            continue;
        file = cut_file_new(clone, from->kind);
        cut_bytes_copy(&file->durable, &from->durable);
        cut_bytes_copy(&file->now, &from->durable);
        name_put(clone, disk->names[i].name, file);
        cut_name_settle(name_find(clone, disk->names[i].name), 1);
    }
    return clone;
}

void
cut_disk_free(struct cut_disk *disk)
{
    if (disk == NULL)
        return;
    while (disk->n_others > 0)
        cut_disk_free(cut_disk_take_other(disk));
    for (struct cut_file *file = disk->files, *next; file != NULL; file = next) {
        next = file->next;
        file_free(file);
    }
    for (int i = 0; i < disk->n_names; i++)
        free(disk->names[i].was);
    free(disk);
}

void
cut_disk_set_fault(struct cut_disk *disk, enum cut_fault fault)
{
    disk->fault = fault;
}

void
cut_disk_set_work(struct cut_disk *disk, enum cut_transaction work)
{
    disk->work = work;
    disk->tally->works[work]++;
}
