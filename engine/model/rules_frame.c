/* SPDX-License-Identifier: Apache-2.0 */
/* Makes frames and takes them apart. Knows nothing of sockets, nor of what the bodies say. */
#include "rules_frame.h"

#include "json.h"
#include <string.h>

_Static_assert(sizeof(struct rules_frame) == 56, "the head is sent as it lies in memory");

uint32_t
rules_frame_limit(unsigned kind)
{
    /* A load's input holds a team's files and the shipped ones, in JSON's quoting. */
    static const uint32_t limits[RULES_FRAME_KINDS] = {
        [RULES_FRAME_START] = 4096,           [RULES_FRAME_LOAD] = RULES_FRAME_MAX,
        [RULES_FRAME_OPEN] = RULES_FRAME_MAX, [RULES_FRAME_CALL] = RULES_FRAME_MAX,
        [RULES_FRAME_HELLO] = 4096,           [RULES_FRAME_ANSWER] = RULES_FRAME_MAX,
    };

    return kind < RULES_FRAME_KINDS ? limits[kind] : 0;
}

void
rules_frame_put(struct sgn_buf *out, struct rules_frame head, const void *body, size_t n)
{
    if (n > rules_frame_limit(head.kind)) {
        out->failed = true;
        return;
    }
    head.size = (uint32_t)n;
    sgn_buf_append(out, &head, sizeof head);
    sgn_buf_append(out, body, n);
}

size_t
rules_frame_open(struct sgn_buf *out, struct rules_frame head)
{
    size_t place = out->len;

    sgn_buf_append(out, &head, sizeof head);
    return place;
}

/* The size is written when it is known: a copy of every body less. */
void
rules_frame_close(struct sgn_buf *out, size_t place)
{
    struct rules_frame head;
    size_t size;

    if (out->failed)
        return;
    memcpy(&head, out->bytes + place, sizeof head);
    size = out->len - place - sizeof head;
    if (size > rules_frame_limit(head.kind)) {
        out->failed = true;
        return;
    }
    head.size = (uint32_t)size;
    memcpy(out->bytes + place, &head, sizeof head);
}

void
rules_frame_cost(struct sgn_buf *out, size_t place, const struct rules_cost cost[2])
{
    if (!out->failed)
        memcpy(out->bytes + place + offsetof(struct rules_frame, cost), cost, 2 * sizeof *cost);
}

void
rules_frame_put_json(struct sgn_buf *out, struct rules_frame head, const json_t *value)
{
    size_t place = rules_frame_open(out, head);

    if (sgn_json_append(out, value) != SGN_OK)
        out->failed = true;
    rules_frame_close(out, place);
}

/* Members that a kind does not use are zero: whoever fills them means something else. */
static bool
is_clean(const struct rules_frame *head)
{
    bool call = head->kind == RULES_FRAME_CALL;
    bool has_id = call || head->kind == RULES_FRAME_LOAD || head->kind == RULES_FRAME_ANSWER;
    bool has_detail = call || head->kind == RULES_FRAME_HELLO || head->kind == RULES_FRAME_ANSWER;
    const struct rules_cost *cost = head->cost;

    return (call || (head->function == 0 && head->then == 0)) &&
           (call || head->kind == RULES_FRAME_OPEN || head->version == 0) &&
           has_id == (head->id != 0) && (has_detail || head->detail == 0) &&
           (head->kind == RULES_FRAME_ANSWER ||
            (cost[0].steps | cost[0].ns | cost[1].steps | cost[1].ns) == 0);
}

enum sgn_status
rules_frame_get(const char *bytes, size_t n, struct rules_frame *head, const char **body,
                struct sgn_error *err)
{
    if (n < sizeof *head)
        return SGN_NEEDS;
    memcpy(head, bytes, sizeof *head);
    if (head->kind == RULES_FRAME_NONE || head->kind >= RULES_FRAME_KINDS || !is_clean(head))
        return sgn_fail(err, SGN_INVALID, "bytes that are no message");
    if (head->size > rules_frame_limit(head->kind))
        return sgn_fail(err, SGN_INVALID, "a message of %lu bytes, where %lu are allowed",
                        (unsigned long)head->size, (unsigned long)rules_frame_limit(head->kind));
    if (n - sizeof *head < head->size)
        return SGN_NEEDS;
    *body = bytes + sizeof *head;
    return SGN_OK;
}
