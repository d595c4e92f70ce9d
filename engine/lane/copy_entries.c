/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of one team, page by page in the order of their numbers. Every entry of the source is
 * checked as it goes by; what the target holds already must be the beginning of the same chain.
 */
#include "copy_internal.h"
#include <stdlib.h>
#include <string.h>

#define PAGE       500
#define PAGE_BYTES (8 * 1024 * 1024) /* a page ends before its entries are more than this */

/* Entries as they were read, which belong to the page. */
struct page {
    struct store_entry_row rows[PAGE];
    bool effects[PAGE];
    int n;
    size_t bytes;
    bool full;
};

static enum sgn_status
text_copy(const char *text, size_t n, char **out)
{
    *out = text != NULL ? malloc(n + 1) : NULL;
    if (text == NULL)
        return SGN_OK;
    if (*out == NULL)
        return SGN_NOMEM;
    memcpy(*out, text, n);
    (*out)[n] = '\0';
    return SGN_OK;
}

static enum sgn_status
row_copy(const struct store_entry_row *row, struct store_entry_row *out)
{
    const struct {
        const char *from;
        char **to;
        size_t n;
    } texts[] = {
        { row->team, &out->team, 0 },
        { row->case_key, &out->case_key, 0 },
        { row->kind, &out->kind, 0 },
        { row->actor, &out->actor, 0 },
        { row->hash, &out->hash, 0 },
        { row->request, &out->request, 0 },
        { row->request_digest, &out->request_digest, 0 },
        { row->header, &out->header, row->header_n },
        { row->shared, &out->shared, row->shared_n },
        { row->internal, &out->internal, row->internal_n },
    };
    enum sgn_status st = SGN_OK;

    *out = *row;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t n = i < 7 && texts[i].from != NULL ? strlen(texts[i].from) : texts[i].n;

        if (text_copy(texts[i].from, n, texts[i].to) != SGN_OK)
            st = SGN_NOMEM;
    }
    return st;
}

static enum sgn_status
gather(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct page *page = ctx;
    size_t bytes = entry->header_n + entry->shared_n + entry->internal_n;

    page->full = page->n > 0 && page->bytes + bytes > PAGE_BYTES;
    if (page->full)
        return SGN_TOO_LARGE; /* ends the walk; the next page begins with it */
    page->bytes += bytes;
    return row_copy(entry, &page->rows[page->n++]) == SGN_OK ? SGN_OK : sgn_nomem(err);
}

/* Which of the page's entries ask for effects on cases. */
static enum sgn_status
gather_effect(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct page *page = ctx;
    int64_t first = page->rows[0].seq;

    (void)err;
    if (entry->seq >= first && entry->seq - first < page->n)
        page->effects[entry->seq - first] = true;
    /* Beyond the page: ends the walk. */
    return entry->seq - first < page->n ? SGN_OK : SGN_TOO_LARGE;
}

static void
page_clear(struct page *page)
{
    for (int i = 0; i < page->n; i++)
        store_entry_row_deinit(&page->rows[i]);
    memset(page, 0, sizeof *page);
}

/* Entries from number first on. */
static enum sgn_status
page_read(struct store_reader *reader, const char *team, int64_t first, struct page *page,
          struct sgn_error *err)
{
    struct sgn_error ignored = { 0 };
    enum sgn_status st;

    page_clear(page);
    st = store_entries(reader, team, first, PAGE, gather, page, err);
    if (st == SGN_TOO_LARGE && page->full)
        st = SGN_OK;
    if (st == SGN_OK && (page->n == 0 || page->rows[0].seq != first))
        st = sgn_fail(err, SGN_INVALID, "team %s: entry %lld is missing", team, (long long)first);
    if (st != SGN_OK)
        return st;
    st = store_effect_entries(reader, team, first, page->n, gather_effect, page, &ignored);
    if (st == SGN_TOO_LARGE)
        st = SGN_OK;
    if (st != SGN_OK)
        sgn_error_move(err, &ignored);
    sgn_error_clear(&ignored);
    return st;
}

/* ---- writing ---- */

/* case_seq: number of the entry that opened or ended a case last. Which of those before it did, no
 * store remembers. */
static void
entry_of(const struct store_entry_row *row, bool effects, int64_t case_seq, struct store_entry *out)
{
    *out = (struct store_entry){
        .team = row->team,
        .seq = row->seq,
        .case_key = row->case_key,
        .case_seq = row->case_seq,
        .previous = row->previous,
        .at = row->at,
        .kind = row->kind,
        .actor = row->actor,
        .hash = row->hash,
        .header = { row->header, row->header_n },
        .shared = { row->shared, row->shared_n },
        .internal = { row->internal, row->internal_n },
        .shared_salt = row->shared != NULL ? row->shared_salt : NULL,
        .internal_salt = row->internal != NULL ? row->internal_salt : NULL,
        .request = row->request,
        .request_digest = row->request_digest,
        .has_effects = effects,
        .opens_or_ends = row->seq == case_seq,
    };
}

static enum sgn_status
page_write(struct copying *copying, const struct page *page, const struct store_head *head,
           struct sgn_error *err)
{
    struct store_entry *entries = calloc((size_t)page->n, sizeof *entries);
    enum sgn_status st = entries != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; st == SGN_OK && i < page->n; i++)
        entry_of(&page->rows[i], page->effects[i], head->case_seq, &entries[i]);
    if (st == SGN_OK)
        st = copy_write(copying, copying->team,
                        &(struct store_unit){ .entries = entries, .n_entries = page->n }, err);
    free(entries);
    return st;
}

/* ---- comparing ---- */

static bool
same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_part(const char *a, size_t a_n, const char *b, size_t b_n)
{
    return a == NULL || b == NULL ? a == b : a_n == b_n && memcmp(a, b, a_n) == 0;
}

static bool
same_entry(const struct store_entry_row *a, const struct store_entry_row *b)
{
    return a->seq == b->seq && a->case_seq == b->case_seq && a->previous == b->previous &&
           a->at == b->at && same(a->team, b->team) && same(a->case_key, b->case_key) &&
           same(a->kind, b->kind) && same(a->actor, b->actor) && same(a->hash, b->hash) &&
           same(a->request, b->request) && same(a->request_digest, b->request_digest) &&
           same_part(a->header, a->header_n, b->header, b->header_n) &&
           same_part(a->shared, a->shared_n, b->shared, b->shared_n) &&
           same_part(a->internal, a->internal_n, b->internal, b->internal_n) &&
           memcmp(a->shared_salt, b->shared_salt, sizeof a->shared_salt) == 0 &&
           memcmp(a->internal_salt, b->internal_salt, sizeof a->internal_salt) == 0;
}

/* The target's entries of the same numbers. Its pages may end elsewhere. */
static enum sgn_status
page_compare(struct copying *copying, const struct page *page, struct page *other,
             struct sgn_error *err)
{
    int at = 0;

    for (int i = 0; i < page->n; i++) {
        if (i == 0 || at == other->n) {
            enum sgn_status st =
                page_read(copying->to, copying->team, page->rows[i].seq, other, err);

            if (st != SGN_OK) {
                sgn_error_prefix(err, "the copy: ");
                return st;
            }
            at = 0;
        }
        if (!same_entry(&page->rows[i], &other->rows[at]) || page->effects[i] != other->effects[at])
            return sgn_fail(err, SGN_INVALID, "team %s, entry %lld: the copy says something else",
                            copying->team, (long long)page->rows[i].seq);
        at++;
    }
    return SGN_OK;
}

/* ---- a team ---- */

static bool
same_head(const struct store_head *a, const struct store_head *b)
{
    return a->seq == b->seq && strcmp(a->hash, b->hash) == 0 && a->at == b->at &&
           a->data_seq == b->data_seq && a->case_seq == b->case_seq;
}

/* Keeps the hash of the one entry that is walked. */
static enum sgn_status
take_hash(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    (void)err;
    sgn_text_copy(ctx, sizeof((struct store_head *)NULL)->hash, entry->hash);
    return SGN_OK;
}

enum sgn_status
copy_entries_fit(struct copying *copying, const char *team, struct sgn_error *err)
{
    char hash[sizeof((struct store_head *)NULL)->hash] = "";
    struct store_head to;
    enum sgn_status st = store_head_get(copying->to, team, &to, err);

    if (st == SGN_OK && to.seq > 0)
        st = store_entries(copying->from, team, to.seq, 1, take_hash, hash, err);
    if (st == SGN_OK && strcmp(hash, to.hash) != 0)
        st = sgn_fail(err, SGN_CONFLICT,
                      "the target holds an unfinished copy of another site: its team %s has other "
                      "entries; empty it first",
                      team);
    return st;
}

/* Behind what an earlier try has left. */
static enum sgn_status
begin_at(struct copying *copying, struct lane_chain *chain, struct sgn_error *err)
{
    struct store_head to;
    enum sgn_status st = store_head_get(copying->to, copying->team, &to, err);

    if (st != SGN_OK)
        return st;
    chain->seq = to.seq;
    sgn_text_copy(chain->hash, sizeof chain->hash, to.hash);
    return SGN_OK;
}

static enum sgn_status
check_page(const struct page *page, struct lane_chain *chain, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < page->n; i++)
        st = lane_chain_next(chain, &page->rows[i], NULL, err);
    return st;
}

/* The source's end, and the target's. */
static enum sgn_status
check_heads(const struct copying *copying, const struct store_head *from,
            const struct lane_chain *chain, struct sgn_error *err)
{
    struct store_head to;
    enum sgn_status st = SGN_OK;

    if (strcmp(chain->hash, from->hash) != 0)
        return sgn_fail(err, SGN_INVALID, "team %s: the head's hash is not that of its last entry",
                        copying->team);
    st = store_head_get(copying->to, copying->team, &to, err);
    if (st == SGN_OK && copying->reading_back && !same_head(from, &to))
        st = sgn_fail(err, SGN_INVALID, "team %s: the copy's head says something else",
                      copying->team);
    return st;
}

enum sgn_status
copy_entries(struct copying *copying, struct sgn_error *err)
{
    struct lane_chain chain = { .team = copying->team };
    struct page *page = calloc(1, sizeof *page), *other = calloc(1, sizeof *other);
    struct store_head head;
    enum sgn_status st = page != NULL && other != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = store_head_get(copying->from, copying->team, &head, err);
    if (st == SGN_OK && !copying->reading_back)
        st = begin_at(copying, &chain, err);
    while (st == SGN_OK && chain.seq < head.seq) {
        st = page_read(copying->from, copying->team, chain.seq + 1, page, err);
        if (st == SGN_OK)
            st = check_page(page, &chain, err);
        if (st == SGN_OK)
            st = copying->reading_back ? page_compare(copying, page, other, err)
                                       : page_write(copying, page, &head, err);
        copy_tell(copying, LANE_COPY_ENTRIES, chain.seq, head.seq);
    }
    if (st == SGN_OK)
        st = check_heads(copying, &head, &chain, err);
    if (st == SGN_OK && copying->reading_back) {
        copying->entries += head.seq;
        copying->redacted += chain.redacted;
    }
    if (page != NULL)
        page_clear(page);
    if (other != NULL)
        page_clear(other);
    free(page);
    free(other);
    return st;
}
