/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory whose power can be cut.
 *
 * Of each file it keeps what is durable and what was only written since: the writes and changes of
 * size one by one, in their order. Of each name in the one folder it keeps which file it durably
 * stands for, and all that it stood for since. A sync of a file makes that file's content durable,
 * a sync of the folder its names; nothing else does, as POSIX promises no more.
 *
 * The disk counts its events (enum cut_event), and a cut is planned for the nth event of a kind
 * from now. It ends the world there and then: of what was not durable each piece is kept, dropped,
 * torn, or swapped with a later one, by the random numbers of the cut; every call from then on
 * fails and changes nothing, until cut_disk_power() begins a new life with what was left.
 *
 * A torn write is one of which some sectors arrived: of 512 bytes, of 4096, or of one byte. What
 * lies beside a write is never harmed by it: SQLite takes that for granted of a disk
 * (SQLITE_IOCAP_POWERSAFE_OVERWRITE, its default on Unix), and so does this one.
 *
 * One thread.
 */
#ifndef CUT_DISK_H
#define CUT_DISK_H

#include "cut_random.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cut_disk;
struct cut_file; /* a file, whatever its name; kept while it has one or somebody has it open */

enum cut_kind {
    CUT_LOG, /* SQLite's write-ahead log */
    CUT_DATABASE,
    CUT_JOURNAL, /* what SQLite writes before a database has a log */
    CUT_KINDS
};

/* After each of these the world may end; before a sync, too. */
enum cut_event {
    CUT_LOG_WRITTEN,
    CUT_LOG_SYNC, /* about to be synced */
    CUT_LOG_SYNCED,
    CUT_DATABASE_WRITTEN,
    CUT_DATABASE_SYNC,
    CUT_DATABASE_SYNCED,
    CUT_JOURNAL_WRITTEN,
    CUT_JOURNAL_SYNC,
    CUT_JOURNAL_SYNCED,
    CUT_FOLDER_SYNC,
    CUT_FOLDER_SYNCED,
    CUT_RESIZED,
    CUT_NAMED,   /* a file was made */
    CUT_UNNAMED, /* a file was removed */
    CUT_ANY,     /* whichever of those comes */
    CUT_AT_REST, /* between two calls: cut_disk_cut() */
    CUT_EVENTS
};
/* In words. Static. */
const char *cut_event_name(enum cut_event event);

/* What a disk does that it must not: for finding out whether anybody notices. */
enum cut_fault {
    CUT_SOUND,
    CUT_LOG_NEVER,      /* syncs of the log do nothing */
    CUT_LOG_LATE,       /* ... are told to have ended before they do: each ends with the next one */
    CUT_DATABASE_NEVER, /* syncs of the database do nothing */
    CUT_FOLDER_NEVER,   /* syncs of the folder do nothing */
};

/* What a transaction is for. */
enum cut_transaction {
    CUT_COMMITS, /* what was asked for, or nothing is under way */
    CUT_MERGES,  /* rows that are merged into their tables */
    CUT_INDEXES, /* entries that are indexed */
    CUT_WORKS
};

/* What cuts have met and done, over a disk's life. */
struct cut_tally {
    int64_t cuts[CUT_EVENTS];                      /* by the event they came at */
    int64_t events[CUT_EVENTS];                    /* how many there were */
    int64_t works[CUT_WORKS], in_work[CUT_WORKS];  /* transactions of a kind, and cuts in them */
    int64_t kept, dropped, torn, garbled, swapped; /* writes that were not synced */
    int64_t sizes_kept, sizes_lost;                /* changes of size likewise */
    int64_t names_kept, names_lost;                /* names made or removed likewise */
};

struct cut_disk *cut_disk_new(struct cut_tally *tally);
/* What is durable there, as a disk of its own that has power. */
struct cut_disk *cut_disk_clone(const struct cut_disk *disk, struct cut_tally *tally);
void cut_disk_free(struct cut_disk *disk); /* nothing is open on it */

void cut_disk_set_fault(struct cut_disk *disk, enum cut_fault fault);
/* It takes so many bytes more than it holds now, and no write beyond; -1: any number. */
void cut_disk_set_room(struct cut_disk *disk, int64_t bytes);
/* What is left of them; INT64_MAX: any number. */
int64_t cut_disk_room(const struct cut_disk *disk);
/* A transaction begins, or has ended. */
void cut_disk_set_work(struct cut_disk *disk, enum cut_transaction work);

/* ---- cuts ---- */

/* The world ends at the nth (1: the next) event of this kind from now. */
void cut_disk_plan(struct cut_disk *disk, enum cut_event event, int nth, uint64_t seed);
void cut_disk_plan_none(struct cut_disk *disk);
/* It ends now, if it has not yet. */
void cut_disk_cut(struct cut_disk *disk, uint64_t seed);
/*
 * From now on each cut leaves n more disks beside this one: the same moment, and other chances of
 * what was not durable. They have power.
 */
void cut_disk_want_others(struct cut_disk *disk, int n);
/* One of those that the last cut has left, for the caller to free; NULL: there are no more. */
struct cut_disk *cut_disk_take_other(struct cut_disk *disk);
bool cut_disk_is_dead(const struct cut_disk *disk);
/* The machine was shut down in good order: all is durable as it is. */
void cut_disk_settle(struct cut_disk *disk);
/* Events so far: a clock that stands still while nothing reaches the disk. */
int64_t cut_disk_events(const struct cut_disk *disk);
/* What is left becomes what there is. Nothing is open any more. */
void cut_disk_power(struct cut_disk *disk);

/* ---- files; all fail, and change nothing, on a disk that is dead ---- */

/* NULL: there is none of this name, and none was to be made; or the disk is dead. */
struct cut_file *cut_file_open(struct cut_disk *disk, const char *name, enum cut_kind kind,
                               bool make);
void cut_file_close(struct cut_file *file);
bool cut_file_read(const struct cut_file *file, void *out, size_t n, int64_t at, size_t *got);
bool cut_file_write(struct cut_file *file, const void *bytes, size_t n, int64_t at);
bool cut_file_resize(struct cut_file *file, int64_t size);
bool cut_file_sync(struct cut_file *file);
int64_t cut_file_size(const struct cut_file *file);
bool cut_name_there(const struct cut_disk *disk, const char *name);
int64_t cut_name_size(const struct cut_disk *disk, const char *name); /* 0: no such file */
bool cut_name_remove(struct cut_disk *disk, const char *name);
bool cut_folder_sync(struct cut_disk *disk);
/* A place for what all who have the file open share: NULL at first, and freed by drop when nobody
 * has it open any more. */
void **cut_file_attached(struct cut_file *file, void (*drop)(void *attached));

#endif
