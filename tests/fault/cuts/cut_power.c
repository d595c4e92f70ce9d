/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a power cut leaves: of what was not durable, anything.
 *
 * Each file has a manner of its own in which its writes fared, so that the log may be whole while
 * nothing of the database arrived, and the other way round; and each cut has a sector size.
 */
#include "cut_disk_internal.h"

#include <assert.h>
#include <stdlib.h>

struct manner {
    int keep;     /* per cent of the writes that arrived */
    int tear;     /* of those: in part only */
    int garble;   /* of the sectors that did not: something else did */
    int swap;     /* of neighbours that arrived in the other order */
    bool orderly; /* what follows the first one that did not arrive has not, either */
    int64_t sector;
};

static struct manner
choose_manner(struct cut_random *random)
{
    static const struct manner manners[] = {
        { .keep = 0 },                               /* nothing was written out */
        { .keep = 100 },                             /* all but the sync itself */
        { .keep = 100, .tear = 100, .garble = 30 },  /* everything in shreds */
        { .keep = 90, .tear = 10, .orderly = true }, /* in order, up to somewhere */
        { .keep = 95, .tear = 50, .garble = 20, .orderly = true },
        { .keep = 50, .tear = 20, .swap = 20 }, /* in whatever order */
        { .keep = 90, .tear = 5, .garble = 10, .swap = 50 },
        { .keep = 10, .tear = 30 },
    };
    static const int64_t sectors[] = { 512, 512, 4096, 1 };
    struct manner manner =
        manners[cut_random_below(random, (int)(sizeof manners / sizeof manners[0]))];

    manner.sector = sectors[cut_random_below(random, 4)];
    return manner;
}

/* Sector by sector: a long run of those of one byte is decided as one piece, since a disk that
 * throws dice for each byte there is not. */
static void
tear(struct cut_file *file, const struct cut_write *write, const struct manner *manner,
     struct cut_random *random)
{
    size_t done = 0;

    while (done < write->n) {
        int64_t at = write->at + (int64_t)done;
        size_t n = manner->sector > 1 ? (size_t)(manner->sector - at % manner->sector)
                                      : 1 + (size_t)cut_random_below(random, (int)write->n);
        if (n > write->n - done)
            n = write->n - done;
        if (cut_random_percent(random, 50)) {
            cut_bytes_write(&file->durable, write->bytes + done, n, at);
        } else if (cut_random_percent(random, manner->garble)) {
            unsigned char byte = (unsigned char)cut_random(random);

            for (size_t i = 0; i < n; i++)
                cut_bytes_write(&file->durable, &byte, 1, at + (int64_t)i);
            file->disk->tally->garbled++;
        }
        done += n;
    }
    file->disk->tally->torn++;
}

static void
arrive(struct cut_file *file, const struct cut_write *write, const struct manner *manner,
       struct cut_random *random)
{
    if (write->resize)
        cut_bytes_resize(&file->durable, write->at);
    else if (cut_random_percent(random, manner->tear))
        tear(file, write, manner, random);
    else
        cut_bytes_write(&file->durable, write->bytes, write->n, write->at);
}

static void
count(struct cut_tally *tally, const struct cut_write *write, bool kept)
{
    if (write->resize)
        *(kept ? &tally->sizes_kept : &tally->sizes_lost) += 1;
    else
        *(kept ? &tally->kept : &tally->dropped) += 1;
}

static void
cut_file(struct cut_file *file, struct cut_random *random)
{
    struct manner manner = choose_manner(random);
    struct cut_tally *tally = file->disk->tally;
    int64_t longest = file->durable.n;
    bool over = false;

    for (int i = 0; i + 1 < file->n_writes; i++)
        if (cut_random_percent(random, manner.swap)) {
            struct cut_write write = file->writes[i];

            file->writes[i] = file->writes[i + 1];
            file->writes[i + 1] = write;
            tally->swapped++;
        }
    for (int i = 0; i < file->n_writes; i++) {
        const struct cut_write *write = &file->writes[i];
        bool kept = !over && cut_random_percent(random, manner.keep);
        int64_t end = write->at + (int64_t)write->n;

        longest = end > longest ? end : longest;
        count(tally, write, kept);
        if (kept)
            arrive(file, write, &manner, random);
        over = over || (manner.orderly && !kept);
    }
    /* A size is no more durable than what it was for: the file may have grown, to zeros. */
    if (longest > file->durable.n && cut_random_percent(random, 30)) {
        cut_bytes_resize(&file->durable, longest);
        tally->sizes_kept++;
    }
    cut_writes_drop(file, file->n_writes);
    file->late = 0;
}

static void
cut_name(struct cut_disk *disk, struct cut_name *name, struct cut_random *random)
{
    int which = cut_random_below(random, name->n);

    disk->tally->names_kept += which;
    disk->tally->names_lost += name->n - 1 - which;
    cut_name_settle(name, which);
}

/* ---- other outcomes ---- */

/* The file that stands for this one in a copy: both disks have theirs in one order. */
static struct cut_file *
counterpart(const struct cut_disk *disk, const struct cut_disk *copy, const struct cut_file *file)
{
    struct cut_file *there = copy->files;

    for (const struct cut_file *here = disk->files; here != file; here = here->next)
        there = there->next;
    return there;
}

static void
copy_files(struct cut_disk *copy, const struct cut_file *from)
{
    struct cut_file *file;

    if (from == NULL)
        return;
    copy_files(copy, from->next); /* the last comes first, since each new one is put in front */
    file = cut_file_new(copy, from->kind);
    file->names = from->names;
    cut_bytes_copy(&file->durable, &from->durable);
    for (int i = 0; i < from->n_writes; i++) {
        const struct cut_write *write = &from->writes[i];

        cut_write_note(file, write->bytes, write->n, write->at, write->resize);
    }
}

static struct cut_disk *
copy_disk(const struct cut_disk *disk)
{
    struct cut_disk *copy = cut_disk_new(disk->tally);

    copy->fault = disk->fault;
    copy->n_names = disk->n_names;
    copy_files(copy, disk->files);
    for (int i = 0; i < disk->n_names; i++) {
        const struct cut_name *from = &disk->names[i];
        struct cut_name *name = &copy->names[i];

        *name = *from;
        name->was = cut_grow(NULL, (size_t)from->n * sizeof *name->was);
        for (int k = 0; k < from->n; k++)
            name->was[k] = from->was[k] != NULL ? counterpart(disk, copy, from->was[k]) : NULL;
    }
    return copy;
}

void
cut_disk_want_others(struct cut_disk *disk, int n)
{
    assert(n <= CUT_OTHERS);
    disk->want_others = n;
}

struct cut_disk *
cut_disk_take_other(struct cut_disk *disk)
{
    return disk->n_others > 0 ? disk->others[--disk->n_others] : NULL;
}

/* ---- the cut ---- */

static void
end(struct cut_disk *disk, uint64_t seed)
{
    struct cut_random random = { seed };

    disk->dead = true;
    disk->plan_nth = 0;
    for (struct cut_file *file = disk->files; file != NULL; file = file->next)
        cut_file(file, &random);
    for (int i = 0; i < disk->n_names; i++)
        cut_name(disk, &disk->names[i], &random);
}

void
cut_world_end(struct cut_disk *disk, uint64_t seed)
{
    for (int i = 0; i < disk->want_others; i++) {
        struct cut_disk *other = copy_disk(disk);

        end(other, seed + 1 + (uint64_t)i);
        cut_disk_power(other);
        disk->others[disk->n_others++] = other;
    }
    end(disk, seed);
}

void
cut_disk_cut(struct cut_disk *disk, uint64_t seed)
{
    if (disk->dead)
        return;
    disk->tally->cuts[CUT_AT_REST] += 1 + disk->want_others;
    cut_world_end(disk, seed);
}

void
cut_disk_power(struct cut_disk *disk)
{
    assert(disk->dead);
    cut_files_collect(disk);
    for (struct cut_file *file = disk->files; file != NULL; file = file->next) {
        assert(file->opened == 0);
        cut_bytes_copy(&file->now, &file->durable);
    }
    disk->dead = false;
}
