/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status table, and errors that carry a sentence and data.
 *
 * Never allocates for the message: an error can be told when memory is gone.
 */
#include "status.h"
#include "base_internal.h"
#include "memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    int number;
    const char *code;
};

/* From the one table in the header: a status without a number and a word cannot be added. */
static const struct status_row status_rows[] = {
#define X(name, number, code) [SGN_##name] = { number, code },
    SGN_STATUS_MAP(X)
#undef X
};

#define STATUS_COUNT (sizeof(status_rows) / sizeof(status_rows[0]))

/*
 * A message may quote what a stranger sent and may have been cut at its end; it goes into
 * JSON later, so whatever is not UTF-8 in it becomes a question mark.
 */
static void
message_clean(char *message)
{
    size_t n = strlen(message);
    size_t at = 0;

    while (at < n) {
        size_t step = sgn_utf8_step((const unsigned char *)message + at, n - at);
        if (step == 0) {
            message[at] = '?';
            step = 1;
        }
        at += step;
    }
}

enum sgn_status
sgn_fail(struct sgn_error *err, enum sgn_status status, const char *fmt, ...)
{
    char message[sizeof(err->message)];
    va_list args;

    if (err == NULL)
        return status;
    /* By way of a copy: the arguments may point into err itself. */
    va_start(args, fmt);
    vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    message_clean(message);
    sgn_error_clear(err);
    err->status = status;
    memcpy(err->message, message, sizeof(message));
    return status;
}

/* Formats nothing that could fail again. */
enum sgn_status
sgn_nomem(struct sgn_error *err)
{
    sgn_memory_failed();
    return sgn_fail(err, SGN_NOMEM, "out of memory");
}

void
sgn_error_add(struct sgn_error *err, const char *name, json_t *value_take)
{
    if (err == NULL || value_take == NULL) {
        json_decref(value_take);
        return;
    }
    if (err->data == NULL)
        err->data = json_object();
    /* Out of memory loses a detail, never the error; set_new takes value in any case. */
    (void)json_object_set_new(err->data, name, value_take);
}

/* Cut at the end, where the detail is: the place that is put in front must stay readable. */
void
sgn_error_prefix(struct sgn_error *err, const char *fmt, ...)
{
    char message[2 * sizeof(err->message)];
    va_list args;
    int n;

    if (err == NULL)
        return;
    va_start(args, fmt);
    n = vsnprintf(message, sizeof(err->message), fmt, args);
    va_end(args);
    if (n < 0)
        return;
    n = (int)strlen(message);
    memcpy(message + n, err->message, strlen(err->message) + 1);
    message[sizeof(err->message) - 1] = '\0';
    message_clean(message);
    memcpy(err->message, message, sizeof(err->message));
}

void
sgn_error_clear(struct sgn_error *err)
{
    if (err == NULL)
        return;
    json_decref(err->data);
    err->data = NULL;
    err->status = SGN_OK;
    err->message[0] = '\0';
}

enum sgn_status
sgn_if_any(enum sgn_status status, struct sgn_error *err)
{
    if (status != SGN_NOT_FOUND)
        return status;
    sgn_error_clear(err);
    return SGN_OK;
}

/* Clears from, so that one error is never freed by two. */
void
sgn_error_move(struct sgn_error *to, struct sgn_error *from)
{
    if (to == from)
        return;
    if (to == NULL) {
        sgn_error_clear(from);
        return;
    }
    sgn_error_clear(to);
    if (from == NULL)
        return;
    to->status = from->status;
    memcpy(to->message, from->message, strlen(from->message) + 1);
    to->data = from->data;
    from->data = NULL;
    sgn_error_clear(from);
}

/* A status out of range is a fault of ours and says so, instead of reading past the table. */
int
sgn_status_number(enum sgn_status status)
{
    if ((size_t)status >= STATUS_COUNT)
        status = SGN_INTERNAL;
    return status_rows[status].number;
}

const char *
sgn_status_code(enum sgn_status status)
{
    if ((size_t)status >= STATUS_COUNT)
        status = SGN_INTERNAL;
    return status_rows[status].code;
}

enum sgn_status
sgn_status_of_code(const char *code)
{
    if (code == NULL)
        return SGN_INTERNAL;
    /* Words that several statuses share belong to the first of them in the table. */
    for (size_t i = 0; i < STATUS_COUNT; i++)
        if (strcmp(status_rows[i].code, code) == 0)
            return (enum sgn_status)i;
    return SGN_INTERNAL;
}
