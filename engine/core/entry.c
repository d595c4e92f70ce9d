/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing and checking entries, format 1. What is written here is verified for ever: a
 * change of any byte of it needs a new format number.
 *
 * The parts are hashed with 16 random bytes each and stand outside the header. So a
 * part can be redacted, or kept from somebody, while the chain of headers still proves
 * that nothing else was changed; and the random bytes keep a short value from being
 * guessed from its hash.
 */
#include "entry.h"
#include "json.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define PART_MAX     ((size_t)4 * 1024 * 1024) /* far above what a case may hold */
#define HEADER_KEYS  15
#define HEADER_USUAL 512 /* bytes, so that they need not grow */
#define PART_USUAL   1024

static enum sgn_status
canonical(const json_t *value, char **out, struct sgn_error *err)
{
    struct sgn_buf buf;
    enum sgn_status status;

    sgn_buf_init(&buf, PART_MAX);
    (void)sgn_buf_reserve(&buf, PART_USUAL);
    status = sgn_json_canonical(&buf, value, err);
    if (status == SGN_OK) {
        *out = sgn_buf_take(&buf);
        if (*out == NULL)
            status = sgn_nomem(err);
    }
    sgn_buf_deinit(&buf);
    return status;
}

/* A part with an item gets its text, its 16 bytes and its hash; one without stays null, and its
 * hash empty. */
static enum sgn_status
seal_part(const json_t *part, char **text, unsigned char salt[SGN_SALT_BYTES],
          char hash[SGN_HASH_HEX], struct sgn_error *err)
{
    enum sgn_status status;

    hash[0] = '\0';
    if (part == NULL || json_object_size(part) == 0)
        return SGN_OK;
    status = canonical(part, text, err);
    if (status != SGN_OK)
        return status;
    sgn_random(salt, SGN_SALT_BYTES);
    sgn_hash(SGN_HASH_PART, salt, *text, strlen(*text), hash);
    return SGN_OK;
}

static void
put_text(struct sgn_buf *buf, const char *name, const char *text)
{
    sgn_buf_puts(buf, name);
    (void)sgn_json_append_text(buf, text);
}

static void
put_integer(struct sgn_buf *buf, const char *name, int64_t value)
{
    sgn_buf_puts(buf, name);
    (void)sgn_buf_integer(buf, value);
}

static const char *
hash_or_null(const char hash[SGN_HASH_HEX])
{
    return hash[0] != '\0' ? hash : NULL;
}

/* Exactly the keys of the format, in the order of canonical JSON, null where there is nothing. What
 * verifies an entry writes its header from the parsed one, by the general rule, and compares. */
static enum sgn_status
write_header(const struct entry_seal *seal, const char shared[SGN_HASH_HEX],
             const char internal[SGN_HASH_HEX], char **out, struct sgn_error *err)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, PART_MAX);
    (void)sgn_buf_reserve(&buf, HEADER_USUAL);
    put_text(&buf, "{\"actor\":", seal->actor);
    put_integer(&buf, ",\"at\":", seal->at);
    put_text(&buf, ",\"case\":", seal->case_key);
    put_text(&buf, ",\"case_prev\":", seal->case_prev);
    if (seal->case_key != NULL)
        put_integer(&buf, ",\"case_seq\":", seal->case_seq);
    else
        put_text(&buf, ",\"case_seq\":", NULL);
    put_text(&buf, ",\"channel\":", seal->channel);
    put_text(&buf, ",\"internal\":", hash_or_null(internal));
    put_text(&buf, ",\"kind\":", seal->kind);
    put_text(&buf, ",\"on_behalf\":", seal->on_behalf);
    put_text(&buf, ",\"prev\":", seal->prev);
    put_text(&buf, ",\"rules\":", seal->rules);
    put_integer(&buf, ",\"seq\":", seal->seq);
    put_text(&buf, ",\"shared\":", hash_or_null(shared));
    put_text(&buf, ",\"team\":", seal->team);
    put_integer(&buf, ",\"v\":", 1);
    sgn_buf_puts(&buf, "}");
    *out = buf.failed ? NULL : sgn_buf_take(&buf);
    sgn_buf_deinit(&buf);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

/* Parts first: the header holds their hashes, and the entry's hash is the header's
 * alone. */
enum sgn_status
entry_make(const struct entry_seal *seal, const json_t *shared, const json_t *internal,
           struct entry *out, struct sgn_error *err)
{
    char shared_hash[SGN_HASH_HEX], internal_hash[SGN_HASH_HEX];
    enum sgn_status status;

    *out = (struct entry){ 0 };
    status = seal_part(shared, &out->shared, out->shared_salt, shared_hash, err);
    if (status == SGN_OK)
        status = seal_part(internal, &out->internal, out->internal_salt, internal_hash, err);
    if (status == SGN_OK)
        status = write_header(seal, shared_hash, internal_hash, &out->header, err);
    if (status == SGN_OK)
        sgn_hash(SGN_HASH_HEADER, NULL, out->header, strlen(out->header), out->hash);
    else
        entry_deinit(out);
    return status;
}

void
entry_deinit(struct entry *entry)
{
    free(entry->header);
    free(entry->shared);
    free(entry->internal);
    *entry = (struct entry){ 0 };
}

/* ---- checking ---- */

static bool
is_hash_or_null(const json_t *value)
{
    unsigned char bytes[SGN_HASH_BYTES];

    return json_is_null(value) ||
           (json_is_string(value) && sgn_unhex(json_string_value(value), bytes, SGN_HASH_BYTES));
}

static bool
is_text_or_null(const json_t *value)
{
    return json_is_null(value) || json_is_string(value);
}

/* Exactly the keys of the format, each of its kind. */
static bool
header_shape(const json_t *header)
{
    static const char *const integers[] = { "v", "seq", "at" };
    static const char *const texts[] = { "team", "actor", "channel", "kind" };
    static const char *const maybe[] = { "case", "on_behalf" };
    static const char *const hashes[] = { "rules", "prev", "case_prev", "shared", "internal" };
    bool fine = json_object_size(header) == HEADER_KEYS;
    const json_t *key = json_object_get(header, "case");
    const json_t *case_seq = json_object_get(header, "case_seq");

    for (size_t i = 0; i < 3; i++)
        fine = fine && json_is_integer(json_object_get(header, integers[i]));
    for (size_t i = 0; i < 4; i++)
        fine = fine && json_is_string(json_object_get(header, texts[i]));
    for (size_t i = 0; i < 2; i++)
        fine = fine && is_text_or_null(json_object_get(header, maybe[i]));
    for (size_t i = 0; i < 5; i++)
        fine = fine && is_hash_or_null(json_object_get(header, hashes[i]));
    /* An entry of no case has no number in one, and the other way round. */
    return fine && sgn_json_int(header, "v", 0) == 1 &&
           (json_is_null(key) ? json_is_null(case_seq) : json_is_integer(case_seq));
}

/* Read, then written again and compared byte by byte: a header that means the same but
 * is spelled differently was not written by us. */
static enum sgn_status
read_header(const struct entry_check *check, json_t **out, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    char *again = NULL;
    json_t *header = NULL;
    enum sgn_status status = sgn_json_parse(check->header, check->header_n, &header, &why);

    if (status == SGN_NOMEM)
        goto out;
    if (status != SGN_OK || !json_is_object(header) || !header_shape(header)) {
        status = sgn_fail(err, SGN_INVALID, "entry %lld: its header is not one of format 1",
                          (long long)check->seq);
        goto out;
    }
    status = canonical(header, &again, &why);
    if (status == SGN_OK &&
        (strlen(again) != check->header_n || memcmp(again, check->header, check->header_n) != 0))
        status = sgn_fail(err, SGN_INVALID, "entry %lld: its header is not canonical",
                          (long long)check->seq);
out:
    free(again);
    sgn_error_clear(&why);
    if (status == SGN_OK)
        *out = header;
    else
        json_decref(header);
    return status == SGN_NOMEM ? sgn_nomem(err) : status;
}

static bool
equal(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Its place in the chain: the team's, or its case's. */
static enum sgn_status
check_place(const struct entry_check *check, const json_t *header, struct sgn_error *err)
{
    char hash[SGN_HASH_HEX];
    bool by_case = check->case_key != NULL;
    const char *prev = sgn_json_str(header, by_case ? "case_prev" : "prev");
    int64_t seq = sgn_json_int(header, by_case ? "case_seq" : "seq", -1);
    bool first = check->prev_hash == NULL || check->prev_hash[0] == '\0';

    sgn_hash(SGN_HASH_HEADER, NULL, check->header, check->header_n, hash);
    if (!equal(hash, check->hash))
        return sgn_fail(err, SGN_INVALID, "entry %lld: its hash is not that of its header",
                        (long long)check->seq);
    if (!equal(sgn_json_str(header, "team"), check->team))
        return sgn_fail(err, SGN_INVALID, "entry %lld: it belongs to another team",
                        (long long)check->seq);
    if (by_case && !equal(sgn_json_str(header, "case"), check->case_key))
        return sgn_fail(err, SGN_INVALID, "entry %lld: it belongs to another case",
                        (long long)check->seq);
    if (seq != check->seq)
        return sgn_fail(err, SGN_INVALID, "entry %lld: its header says number %lld",
                        (long long)check->seq, (long long)seq);
    if (first ? prev != NULL : !equal(prev, check->prev_hash))
        return sgn_fail(err, SGN_INVALID, "entry %lld: it does not follow on the one before it",
                        (long long)check->seq);
    return SGN_OK;
}

/* A redacted part is counted, not refused; one that nobody sealed is. */
static enum sgn_status
check_part(const struct entry_check *check, const char *name, const char *expected,
           const char *text, size_t n, const unsigned char *salt, int *redacted,
           struct sgn_error *err)
{
    char hash[SGN_HASH_HEX];

    if (expected == NULL && text == NULL)
        return SGN_OK;
    if (expected == NULL)
        return sgn_fail(err, SGN_INVALID, "entry %lld: a %s part that its header does not name",
                        (long long)check->seq, name);
    if (text == NULL) {
        *redacted += 1;
        return SGN_OK;
    }
    if (salt == NULL)
        return sgn_fail(err, SGN_INVALID, "entry %lld: its %s part lacks its random bytes",
                        (long long)check->seq, name);
    sgn_hash(SGN_HASH_PART, salt, text, n, hash);
    if (strcmp(hash, expected) != 0)
        return sgn_fail(err, SGN_INVALID, "entry %lld: its %s part is not what was sealed",
                        (long long)check->seq, name);
    return SGN_OK;
}

/* One entry by itself and in its place. Whether the entries of a case fold to its row
 * is asked elsewhere: that needs them all. */
enum sgn_status
entry_verify(const struct entry_check *check, int *redacted, json_t **header_out,
             struct sgn_error *err)
{
    json_t *header = NULL;
    int missing = 0;
    enum sgn_status status = read_header(check, &header, err);

    if (status == SGN_OK)
        status = check_place(check, header, err);
    if (status == SGN_OK)
        status = check_part(check, "shared", sgn_json_str(header, "shared"), check->shared,
                            check->shared_n, check->shared_salt, &missing, err);
    if (status == SGN_OK && check->case_key == NULL)
        status = check_part(check, "internal", sgn_json_str(header, "internal"), check->internal,
                            check->internal_n, check->internal_salt, &missing, err);
    if (status == SGN_OK && redacted != NULL)
        *redacted = missing;
    if (status == SGN_OK && header_out != NULL)
        *header_out = json_incref(header);
    json_decref(header);
    return status;
}

/* ---- in words ---- */

const char *
entry_said(const char *kind)
{
    static const struct {
        const char *kind, *said;
    } all[] = {
        { "open", "opened the case" },
        { "edit", "changed fields" },
        { "comment", "wrote" },
        { "assign", "assigned the case" },
        { "attach", "attached a file" },
        { "link", "changed links" },
        { "vote", "voted" },
        { "withdraw", "withdrew the vote" },
        { "task", "ticked off a task" },
        { "effect", "carried out what was asked for" },
        { "correct", "corrected the case" },
        { "retry", "tried again" },
        { "redact", "removed content" },
        { "hold", "put a hold on the case" },
        { "release", "ended the hold" },
        { "send", "a timer fired" },
        { "schedule", "started what is on the schedule" },
        { "sweep", "looked at the case anew" },
        { "migrate", "brought the case to another version" },
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].kind, kind) == 0)
            return all[i].said;
    return kind;
}
