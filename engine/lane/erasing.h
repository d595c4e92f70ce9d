/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Erasing: parts of entries are taken out for good. Their headers stay, so that the chain still
 * proves that they were there; an entry of kind redact says what was taken and why:
 *
 *   comment   why
 *   redacted  {"parts": [{"entry", "part"}], "fields": [NAME], "files": [ID], "messages": n}
 *   earlier   [{"entry", "at", "comment", "redacted"}]: what earlier erasures of the case said,
 *             whose own parts go, since each holds the whole row of its time
 *   row       the case's row behind it, with what came from the parts emptied (case_redact); a fold
 *             takes up again there
 *   redacts   in the shared part: number of the entry whose shared part went; of several the first
 *
 * By audit.redact (redact.c), and by rules of retention (retention_case.c). Lane thread.
 */
#ifndef LANE_ERASING_H
#define LANE_ERASING_H

#include "lane_internal.h"

/* What is gathered for the entry; all but run and why its own. */
struct erasing {
    struct lane_run *run;
    json_t *taken;      /* [{"entry", "part"}] */
    json_t *earlier;    /* as above */
    json_t *row, *gone; /* as case_redact gives them; NULL: an entry of no case */
    json_t *why;        /* a text, borrowed */
    int64_t tells;      /* redacts; 0: nothing shared goes */
    int messages;       /* that went */
};

extern const char *const erasing_parts[2]; /* "shared", "internal" */

/* false: out of memory. To be ended by erasing_deinit() either way. */
bool erasing_init(struct erasing *e, struct lane_run *run);
void erasing_deinit(struct erasing *e);
/* A part of an entry goes; part is an index of erasing_parts. Parts of one entry one behind the
 * other, each once. */
enum sgn_status erasing_take(struct erasing *e, int64_t seq, int part,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* The internal part of an earlier erasure goes: what it said is kept. Of another entry: nothing. */
enum sgn_status erasing_earlier(struct erasing *e, int64_t seq, int64_t at, const json_t *internal,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Stages that the files of gone are no more, and the run's entry. The job's answer is made from it,
 * as it is when it is asked for again. case_key NULL: of no case. */
enum sgn_status erasing_write(struct erasing *e, const char *case_key,
                              struct sgn_error *err) SGN_MUST_CHECK;

#endif
