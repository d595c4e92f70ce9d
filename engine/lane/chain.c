/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's chain, entry by entry, and a case folded from its own entries alone.
 *
 * Whoever verifies a team or copies it walks the chain with lane_chain_next(), from the first entry
 * or from one whose hash is known.
 */
#include "chain.h"
#include "core.h"
#include "entry.h"
#include "json.h"
#include "text.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool
same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The columns beside an entry repeat what its header says, and no hash is over them. */
static const char *
odd_column(const struct store_entry_row *entry, const json_t *header)
{
    if (!same(entry->case_key, sgn_json_str(header, "case")))
        return "case_key";
    if (entry->case_seq != sgn_json_int(header, "case_seq", 0))
        return "case_seq";
    if (!same(entry->kind, sgn_json_str(header, "kind")))
        return "kind";
    if (!same(entry->actor, sgn_json_str(header, "actor")))
        return "actor";
    return entry->at != sgn_json_int(header, "at", 0) ? "at" : NULL;
}

enum sgn_status
lane_chain_next(struct lane_chain *chain, const struct store_entry_row *entry, json_t **header,
                struct sgn_error *err)
{
    struct entry_check check = {
        .header = entry->header,
        .shared = entry->shared,
        .internal = entry->internal,
        .hash = entry->hash,
        .header_n = entry->header_n,
        .shared_n = entry->shared_n,
        .internal_n = entry->internal_n,
        .shared_salt = entry->shared_salt,
        .internal_salt = entry->internal_salt,
        .team = chain->team,
        .prev_hash = chain->hash,
        .seq = chain->seq + 1,
    };
    json_t *said = NULL;
    const char *odd;
    int redacted = 0;
    enum sgn_status st;

    if (entry->seq > chain->seq + 1)
        return sgn_fail(err, SGN_INVALID, "team %s: entry %lld is missing (the next one is %lld)",
                        chain->team, (long long)chain->seq + 1, (long long)entry->seq);
    st = entry_verify(&check, &redacted, &said, err);
    odd = st == SGN_OK ? odd_column(entry, said) : NULL;
    if (odd != NULL)
        st = sgn_fail(err, SGN_INVALID, "entry %lld: its column \"%s\" is not what its header says",
                      (long long)check.seq, odd);
    if (st == SGN_OK) {
        chain->seq = entry->seq;
        sgn_text_copy(chain->hash, sizeof chain->hash, entry->hash);
        chain->redacted += redacted;
    } else {
        sgn_error_prefix(err, "team %s, entry %lld: ", chain->team, (long long)check.seq);
    }
    if (st == SGN_OK && header != NULL)
        *header = json_incref(said);
    json_decref(said);
    return st;
}

enum sgn_status
lane_chain_fold(const json_t *row, const struct store_entry_row *entry, const json_t *header,
                json_t **out, struct sgn_error *err)
{
    json_t *shared = NULL, *internal = NULL;
    enum sgn_status st = SGN_OK;

    if (entry->shared != NULL)
        st = sgn_json_parse(entry->shared, entry->shared_n, &shared, err);
    if (st == SGN_OK && entry->internal != NULL)
        st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st == SGN_OK)
        st = case_fold(row, header, shared, internal, out, err);
    json_decref(shared);
    json_decref(internal);
    return st;
}

const char *
lane_chain_difference(const json_t *a, const json_t *b)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)a, name, value)
        if (!json_equal(value, json_object_get(b, name)))
            return name;
    json_object_foreach((json_t *)b, name, value)
        if (json_object_get(a, name) == NULL)
            return name;
    return "?";
}

/* ---- one case ---- */

/* Its entries, newest first, as far as they were read. */
struct of_case {
    const char *key;
    struct store_entry_row *entries; /* of each: the parts and the header, moved here */
    size_t n, room;
    int64_t next; /* the number within the case that comes next; 0: any */
};

static char *
bytes_copy(const char *bytes, size_t n)
{
    char *copy = bytes != NULL ? malloc(n + 1) : NULL;

    if (copy != NULL) {
        memcpy(copy, bytes, n);
        copy[n] = '\0';
    }
    return copy;
}

static enum sgn_status
take_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct of_case *of = ctx;
    struct store_entry_row *one;

    if (entry->case_key == NULL || strcmp(entry->case_key, of->key) != 0 ||
        (of->next != 0 && entry->case_seq != of->next))
        return sgn_fail(err, SGN_INVALID,
                        "entry %lld is named as one of its entries, and is another's",
                        (long long)entry->seq);
    of->next = entry->case_seq - 1;
    if (of->n == of->room) {
        size_t room = of->room == 0 ? 32 : of->room * 2;
        struct store_entry_row *more = realloc(of->entries, room * sizeof *more);

        if (more == NULL)
            return sgn_nomem(err);
        of->entries = more;
        of->room = room;
    }
    one = &of->entries[of->n++];
    *one = (struct store_entry_row){
        .header = bytes_copy(entry->header, entry->header_n),
        .shared = bytes_copy(entry->shared, entry->shared_n),
        .internal = bytes_copy(entry->internal, entry->internal_n),
        .header_n = entry->header_n,
        .shared_n = entry->shared_n,
        .internal_n = entry->internal_n,
    };
    if (one->header == NULL || (entry->shared != NULL && one->shared == NULL) ||
        (entry->internal != NULL && one->internal == NULL))
        return sgn_nomem(err);
    return SGN_OK;
}

enum sgn_status
lane_chain_case(struct store_reader *reader, const char *team, const char *key, json_t **out,
                struct sgn_error *err)
{
    struct of_case of = { .key = key };
    json_t *row = NULL;
    enum sgn_status st = store_case_entries(reader, team, key, 0, INT_MAX, take_entry, &of, err);

    *out = NULL;
    if (st == SGN_OK && (of.n == 0 || of.next != 0))
        st = sgn_fail(err, SGN_INVALID, "its first entry is missing");
    for (size_t i = of.n; st == SGN_OK && i > 0; i--) {
        json_t *header = NULL, *next = NULL;

        st = sgn_json_parse(of.entries[i - 1].header, of.entries[i - 1].header_n, &header, err);
        if (st == SGN_OK)
            st = lane_chain_fold(row, &of.entries[i - 1], header, &next, err);
        json_decref(header);
        json_decref(row);
        row = next;
    }
    for (size_t i = 0; i < of.n; i++)
        store_entry_row_deinit(&of.entries[i]);
    free(of.entries);
    if (st == SGN_OK)
        *out = row;
    else
        json_decref(row);
    if (st != SGN_OK)
        sgn_error_prefix(err, "team %s, case %s: ", team, key);
    return st;
}
