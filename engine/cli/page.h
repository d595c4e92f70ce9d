/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case's page: headings, and below them lines of a name and a text (page.c). remote_show.c puts
 * it together; remote_show_open.c has the parts about what is open, remote_file.c its files.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "commands.h"
#include "shown.h"

#define PAGE_NAMES      12 /* columns of the names */
#define PAGE_NAMES_MOST 32

struct page {
    struct cli *cli;
    const struct cli_output *o;
    int64_t now; /* the server's; -1: not known */
    int names;   /* columns of the names just now */
};

/* sgn_say() in the reader's language. */
const char *page_say(const struct page *page, const char *english) __attribute__((format_arg(2)));
void page_heading(const struct page *page, const char *text);
/* "  name        text", the text wrapped. */
void page_line(const struct page *page, const char *name, const char *text);
/* The same of a value; nothing for an empty one. */
void page_value(const struct page *page, const char *name, const json_t *value);
/* Makes room for a longer name. */
void page_widen(struct page *page, const char *name);
/* "2026-01-06 18:00 (in 1 d 3 h)" or "(late by 20 min)". */
void page_due_put(struct sgn_buf *buf, const struct page *page, const json_t *due);
/* Titles of values, from a case as case.get shows it. */
struct cli_shown page_shown(const struct cli *cli, const json_t *view);
/* A state of this case by its title. Borrowed. */
const char *page_state(const json_t *view, const char *name);

/* ---- parts of it ---- */

void page_waiting(struct page *page, const json_t *view);
void page_deadlines(struct page *page, const json_t *view);
void page_files(const struct page *page, const json_t *view);
void page_approvals(struct page *page, const json_t *view);

#endif
