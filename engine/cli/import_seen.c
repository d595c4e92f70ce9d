/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a row is known by: its digest, and the request_id made from it. A table of digests, open
 * addressing: which rows a file has had, in memory that does not grow with how long they are. Two
 * texts are one where 64 bits of their SHA-256 agree.
 */
#include "import.h"

#include "hash.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 1024
#define TEXT_MAX   (4 * 1024 * 1024)
#define ID_DIGITS  40

void
import_seen_reset(struct import_seen *seen)
{
    if (seen->room > 0)
        memset(seen->keys, 0, seen->room * sizeof(*seen->keys));
    seen->n = 0;
}

void
import_seen_deinit(struct import_seen *seen)
{
    free(seen->keys);
    free(seen->values);
    *seen = (struct import_seen){ 0 };
}

static size_t
place_of(const struct import_seen *seen, uint64_t key)
{
    size_t at = (size_t)key & (seen->room - 1);

    while (seen->keys[at] != 0 && seen->keys[at] != key)
        at = (at + 1) & (seen->room - 1);
    return at;
}

static bool
grow(struct import_seen *seen)
{
    size_t room = seen->room > 0 ? 2 * seen->room : ROOM_FIRST;
    struct import_seen larger = { .keys = calloc(room, sizeof(*larger.keys)),
                                  .values = calloc(room, sizeof(*larger.values)),
                                  .room = room,
                                  .n = seen->n };

    if (larger.keys == NULL || larger.values == NULL) {
        import_seen_deinit(&larger);
        return false;
    }
    for (size_t i = 0; i < seen->room; i++) {
        size_t at;
        if (seen->keys[i] == 0)
            continue;
        at = place_of(&larger, seen->keys[i]);
        larger.keys[at] = seen->keys[i];
        larger.values[at] = seen->values[i];
    }
    import_seen_deinit(seen);
    *seen = larger;
    return true;
}

int64_t *
import_seen_at(struct import_seen *seen, const char *digest)
{
    char head[17];
    uint64_t key;
    size_t at;

    memcpy(head, digest, 16);
    head[16] = '\0';
    key = strtoull(head, NULL, 16) | 1; /* never 0, which is free */
    if (2 * (seen->n + 1) > seen->room && !grow(seen))
        return NULL;
    at = place_of(seen, key);
    if (seen->keys[at] == 0) {
        seen->keys[at] = key;
        seen->values[at] = 0;
        seen->n++;
    }
    return &seen->values[at];
}

/* ---- digests ---- */

enum sgn_status
import_digest(const json_t *value, int64_t number, char digest[SGN_HASH_HEX], struct sgn_error *err)
{
    struct sgn_buf text;
    enum sgn_status st;

    sgn_buf_init(&text, TEXT_MAX);
    st = sgn_json_canonical(&text, value, err);
    if (st == SGN_OK && sgn_buf_printf(&text, " %lld", (long long)number) != SGN_OK)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        sgn_hash(SGN_HASH_REQUEST, NULL, text.bytes, text.len, digest);
    sgn_buf_deinit(&text);
    return st;
}

enum sgn_status
import_name_request(json_t *params, const char *digest, struct sgn_error *err)
{
    char id[16 + ID_DIGITS];

    snprintf(id, sizeof(id), "import-%.*s", ID_DIGITS, digest);
    return json_object_set_new(params, "request_id", json_string(id)) == 0 ? SGN_OK
                                                                           : sgn_nomem(err);
}
