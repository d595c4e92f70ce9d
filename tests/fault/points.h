/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points at which a call may fail: each allocation, and each call of SQLite's to its files.
 *
 * While points are open every call is counted. At a chosen one the process forks: in the child
 * the call fails, and only this one or all that follow; the parent waits for the child, notes
 * what became of it, and goes on as if nothing had been. So every point is tried from exactly the
 * state that it has in the course of things, and costs no more than what the child still does.
 *
 * One thread only. The linker sends malloc and its like here (--wrap); SQLite is told of it.
 */
#ifndef FAULT_POINTS_H
#define FAULT_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum point_kind {
    POINT_MEMORY,
    POINT_READ,
    POINT_WRITE,
    POINT_SYNC,
    POINT_OTHER, /* to open, to truncate, to remove a file */
    POINT_KINDS
};

enum point_how {
    POINT_ONCE,
    POINT_FOR_GOOD,
    POINT_HOWS
};

struct points_options {
    unsigned kinds;   /* set of 1 << enum point_kind that are tried */
    int64_t seconds;  /* so long in all: a sample then; 0: all points */
    int64_t expected; /* points there will be, as an earlier pass counted them */
    int64_t only;     /* this one alone; 0: all */
    int part, parts;  /* every parts-th point, from part on */
    bool verbose;
    bool find; /* after the first finding nothing more is tried */
    uint64_t seed;
};

/* What has been counted and tried, by kind. */
struct points_report {
    int64_t counted[POINT_KINDS], tried[POINT_KINDS];
    int64_t findings;
};

/* Before anything is allocated that is to be watched. */
void points_init(void);
/* From here on points are counted, and with options (borrowed) tried. */
void points_begin(const struct points_options *options);
void points_end(struct points_report *out);

/* Between these two calls may fail. */
void points_open(void);
void points_close(void);
/* In a child: has this process's call failed? */
bool points_struck(void);
enum point_how points_how(void);
/* Counts a call of this kind; true when it has to fail. */
bool points_fails(enum point_kind kind);

/* In a child: ends it as good, unless there is a leak; or with a finding. */
_Noreturn void points_good(void);
_Noreturn void points_bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What is allocated from here on has to be freed by points_good(). */
void points_mark(void);

/* Memory of the harness's own: neither counted nor watched. */
void *points_realloc(void *old, size_t n);
void points_free(void *old);
char *points_strdup(const char *text);

#endif
