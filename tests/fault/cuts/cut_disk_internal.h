/* SPDX-License-Identifier: Apache-2.0 */
/* What cut_disk.c (a disk that works) and cut_power.c (one that is cut) share. */
#ifndef CUT_DISK_INTERNAL_H
#define CUT_DISK_INTERNAL_H

#include "cut_disk.h"

#define CUT_NAMES    8
#define CUT_NAME_MAX 128
#define CUT_OTHERS   8

struct cut_bytes {
    unsigned char *bytes;
    int64_t n, cap; /* what lies between is zero */
};

/* A write that was not synced, or a change of size (n is 0). */
struct cut_write {
    int64_t at; /* a change of size: to this one */
    size_t n;
    bool resize;
    unsigned char *bytes;
};

struct cut_file {
    struct cut_disk *disk;
    struct cut_file *next;
    enum cut_kind kind;
    int opened; /* handles on it */
    int names;  /* how often it stands in a name's history */
    struct cut_bytes now, durable;
    struct cut_write *writes; /* since the last sync, in their order */
    int n_writes, cap_writes;
    int late; /* CUT_LOG_LATE: how many of them the last sync was for */
    void *attached;
    void (*drop)(void *attached);
};

/* A name and what it stood for: first what it durably stands for, last what it does now; NULL:
 * for nothing. */
struct cut_name {
    char name[CUT_NAME_MAX];
    struct cut_file **was;
    int n;
};

struct cut_disk {
    struct cut_tally *tally;
    struct cut_file *files;
    struct cut_name names[CUT_NAMES];
    int n_names;
    enum cut_fault fault;
    bool bounded; /* it holds so many bytes and no more: */
    int64_t bound;
    bool dead;
    enum cut_transaction work; /* the transaction under way */
    enum cut_event plan;
    int plan_nth; /* 0: none */
    uint64_t plan_seed;
    int64_t events;
    struct cut_disk *others[CUT_OTHERS];
    int want_others, n_others;
};

/* Allocation that a test's program does not go on without. */
void *cut_grow(void *at, size_t n);
void cut_bytes_resize(struct cut_bytes *bytes, int64_t n);
void cut_bytes_write(struct cut_bytes *bytes, const void *from, size_t n, int64_t at);
void cut_bytes_copy(struct cut_bytes *to, const struct cut_bytes *from);
/* Forgets the first n of a file's writes. */
void cut_writes_drop(struct cut_file *file, int n);
struct cut_file *cut_file_new(struct cut_disk *disk, enum cut_kind kind);
void cut_write_note(struct cut_file *file, const void *bytes, size_t n, int64_t at, bool resize);
/* Makes was[which] all that the name stands for, and stood for. */
void cut_name_settle(struct cut_name *name, int which);
void cut_files_collect(struct cut_disk *disk);
/* The cut itself. */
void cut_world_end(struct cut_disk *disk, uint64_t seed);

#endif
