/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ordered index of due times: a d-ary heap (Johnson, "Priority queues with update and finding
 * minimum spanning trees", 1975) with d = 4, whose places an open-addressed table knows. See the
 * header.
 *
 * Nothing here allocates but store_heap_reserve(): what was committed is noted without failing.
 */
#include "store_heap.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CHILDREN  4
#define SLOTS_MIN 64

static bool
before(const struct store_heap_item *a, const struct store_heap_item *b)
{
    return a->at != b->at ? a->at < b->at : a->id < b->id;
}

/* ---- the table ---- */

/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): numbers follow each other. */
static size_t
home_of(const struct store_heap *due, int64_t id)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (due->n_slots - 1);
}

/* The slot of a case, or the free one in which the search for it ends. */
static size_t
slot_of(const struct store_heap *due, int64_t id)
{
    size_t slot = home_of(due, id);

    while (due->slots[slot] != 0 && due->heap[due->slots[slot] - 1].id != id)
        slot = (slot + 1) & (due->n_slots - 1);
    return slot;
}

/* Frees a slot and closes the gap, so that searches which passed it still find what lies behind. */
static void
slot_free(struct store_heap *due, size_t gap)
{
    size_t mask = due->n_slots - 1;

    due->slots[gap] = 0;
    for (size_t at = (gap + 1) & mask; due->slots[at] != 0; at = (at + 1) & mask) {
        size_t home = home_of(due, due->heap[due->slots[at] - 1].id);

        /* Only one whose search begins at the gap or before it may move there. */
        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        due->slots[gap] = due->slots[at];
        due->slots[at] = 0;
        gap = at;
    }
}

/* ---- the heap ---- */

static void
set_place(struct store_heap *due, size_t place, struct store_heap_item item, size_t slot)
{
    due->heap[place] = item;
    due->slots[slot] = (uint32_t)place + 1;
}

/* Moves one towards the root, whose slot is known, as far as it is earlier than what is there. */
static void
sift_up(struct store_heap *due, size_t place, size_t slot)
{
    struct store_heap_item item = due->heap[place];

    while (place > 0) {
        size_t parent = (place - 1) / CHILDREN;

        if (!before(&item, &due->heap[parent]))
            break;
        set_place(due, place, due->heap[parent], slot_of(due, due->heap[parent].id));
        place = parent;
    }
    set_place(due, place, item, slot);
}

static size_t
first_child(const struct store_heap *due, size_t place)
{
    size_t child = place * CHILDREN + 1, first = child;

    for (size_t i = child + 1; i < child + CHILDREN && i < due->n; i++)
        if (before(&due->heap[i], &due->heap[first]))
            first = i;
    return first;
}

static void
sift_down(struct store_heap *due, size_t place, size_t slot)
{
    struct store_heap_item item = due->heap[place];

    while (place * CHILDREN + 1 < due->n) {
        size_t child = first_child(due, place);

        if (!before(&due->heap[child], &item))
            break;
        set_place(due, place, due->heap[child], slot_of(due, due->heap[child].id));
        place = child;
    }
    set_place(due, place, item, slot);
}

/* What stands at this place may be earlier or later than what stood there. */
static void
settle(struct store_heap *due, size_t place)
{
    size_t slot = slot_of(due, due->heap[place].id);

    if (place > 0 && before(&due->heap[place], &due->heap[(place - 1) / CHILDREN]))
        sift_up(due, place, slot);
    else
        sift_down(due, place, slot);
}

static void
take_out(struct store_heap *due, size_t slot)
{
    size_t place = due->slots[slot] - 1, last = --due->n;

    slot_free(due, slot);
    if (place == last)
        return;
    set_place(due, place, due->heap[last], slot_of(due, due->heap[last].id));
    settle(due, place);
}

/* ---- the interface ---- */

void
store_heap_deinit(struct store_heap *due)
{
    free(due->heap);
    free(due->slots);
    *due = (struct store_heap){ 0 };
}

static enum sgn_status
grow_slots(struct store_heap *due, size_t n_slots, struct sgn_error *err)
{
    uint32_t *slots = calloc(n_slots, sizeof *slots);

    if (slots == NULL)
        return sgn_nomem(err);
    free(due->slots);
    due->slots = slots;
    due->n_slots = n_slots;
    for (size_t i = 0; i < due->n; i++)
        due->slots[slot_of(due, due->heap[i].id)] = (uint32_t)i + 1;
    return SGN_OK;
}

static enum sgn_status
reserve_items(struct store_heap *due, size_t want, struct sgn_error *err)
{
    size_t cap = want + want / 8 + 16;
    struct store_heap_item *heap;

    assert(want < UINT32_MAX);
    if (want <= due->cap)
        return SGN_OK;
    heap = realloc(due->heap, cap * sizeof *heap);
    if (heap == NULL)
        return sgn_nomem(err);
    due->heap = heap;
    due->cap = cap;
    return SGN_OK;
}

/* At most three quarters of them are taken. */
static size_t
slots_for(const struct store_heap *due, size_t want)
{
    size_t n_slots = due->n_slots == 0 ? SLOTS_MIN : due->n_slots;

    while (want > n_slots / 4 * 3)
        n_slots *= 2;
    return n_slots;
}

enum sgn_status
store_heap_reserve(struct store_heap *due, size_t more, struct sgn_error *err)
{
    size_t n_slots = slots_for(due, due->n + more);
    enum sgn_status st = reserve_items(due, due->n + more, err);

    return st != SGN_OK || n_slots == due->n_slots ? st : grow_slots(due, n_slots, err);
}

void
store_heap_put(struct store_heap *due, int64_t id, int64_t at)
{
    size_t slot = due->n_slots == 0 ? 0 : slot_of(due, id);
    bool known = due->n_slots != 0 && due->slots[slot] != 0;

    if (known && at == 0) {
        take_out(due, slot);
    } else if (known) {
        size_t place = due->slots[slot] - 1;

        due->heap[place].at = at;
        settle(due, place);
    } else if (at != 0) {
        assert(due->n < due->cap);
        set_place(due, due->n, (struct store_heap_item){ at, id }, slot);
        sift_up(due, due->n++, slot);
    }
}

enum sgn_status
store_heap_add(struct store_heap *due, int64_t id, int64_t at, struct sgn_error *err)
{
    enum sgn_status st = reserve_items(due, due->n + 1, err);

    if (st == SGN_OK)
        due->heap[due->n++] = (struct store_heap_item){ at, id };
    return st;
}

/* From the last parent to the root each is moved down (Floyd, "Algorithm 245: Treesort 3", 1964);
 * the table is made when all stand where they stay. */
static void
order_items(struct store_heap *due)
{
    for (size_t parent = due->n / CHILDREN + 1; parent-- > 0;) {
        size_t place = parent;
        struct store_heap_item item;

        if (place * CHILDREN + 1 >= due->n)
            continue;
        item = due->heap[place];
        while (place * CHILDREN + 1 < due->n) {
            size_t child = first_child(due, place);

            if (!before(&due->heap[child], &item))
                break;
            due->heap[place] = due->heap[child];
            place = child;
        }
        due->heap[place] = item;
    }
}

/* Of what stands there twice the later one is left out. Each goes to a place that was read before.
 */
static void
put_again(struct store_heap *due)
{
    size_t n = due->n;

    memset(due->slots, 0, due->n_slots * sizeof *due->slots);
    due->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct store_heap_item item = due->heap[i];

        store_heap_put(due, item.id, item.at);
    }
}

enum sgn_status
store_heap_order(struct store_heap *due, struct sgn_error *err)
{
    size_t n_slots = slots_for(due, due->n);
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    bool twice = false;

    if (slots == NULL)
        return sgn_nomem(err);
    free(due->slots);
    due->slots = slots;
    due->n_slots = n_slots;
    order_items(due);
    for (size_t i = 0; i < due->n && !twice; i++) {
        size_t slot = slot_of(due, due->heap[i].id);

        twice = slots[slot] != 0;
        slots[slot] = (uint32_t)i + 1;
    }
    if (twice)
        put_again(due);
    return SGN_OK;
}

/* Puts a place into a sorted row of them (as the id of an item), of which no more than max are
 * wanted; returns how many there are. */
static size_t
row_insert(const struct store_heap *due, struct store_heap_item *row, size_t n, size_t max,
           size_t place)
{
    size_t i;

    if (n == max && (n == 0 || !before(&due->heap[place], &due->heap[row[n - 1].id])))
        return n;
    n = n == max ? n - 1 : n;
    for (i = n; i > 0 && before(&due->heap[place], &due->heap[row[i - 1].id]); i--)
        row[i] = row[i - 1];
    row[i].id = (int64_t)place;
    return n + 1;
}

/* The earliest is the root; of those behind it only children of what was found come next, so a row
 * of as many as are wanted is all that has to be looked at. */
size_t
store_heap_first(const struct store_heap *due, int64_t until, struct store_heap_item *out,
                 size_t max)
{
    size_t n = 0, found = 0;

    if (due->n > 0 && max > 0 && due->heap[0].at <= until)
        n = row_insert(due, out, 0, max, 0);
    for (; found < n; found++) {
        size_t child = (size_t)out[found].id * CHILDREN + 1;

        for (size_t i = child; i < child + CHILDREN && i < due->n; i++)
            if (due->heap[i].at <= until)
                n = found + 1 + row_insert(due, out + found + 1, n - found - 1, max - found - 1, i);
    }
    for (size_t i = 0; i < n; i++)
        out[i] = due->heap[out[i].id];
    return n;
}
