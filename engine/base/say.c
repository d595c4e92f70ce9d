/* SPDX-License-Identifier: Apache-2.0 */
/* Looks English up, and finds the format that a finished text was made with. */
#include "say.h"

#include "buf.h"
#include "memory.h"
#include "say_internal.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 4000000 /* of one text: a second at most, whoever wrote it */
#define DEPTH_MAX 8       /* texts within texts */
#define TEXT_MAX  262144
#define PIECE_MAX 256

bool
sgn_say_is_zh(const char *language)
{
    return language != NULL && strncmp(language, "zh", 2) == 0;
}

bool
sgn_say_row(size_t i, const char **english, const char **chinese)
{
    if (i >= say_zh_count)
        return false;
    *english = say_zh[i].en;
    *chinese = say_zh[i].zh;
    return true;
}

static int
row_compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct say_row *)row)->en);
}

static const struct say_row *
row_of(const char *english)
{
    return bsearch(english, say_zh, say_zh_count, sizeof(say_zh[0]), row_compare);
}

const char *
sgn_say(const char *language, const char *english)
{
    const struct say_row *row = sgn_say_is_zh(language) ? row_of(english) : NULL;

    return row != NULL ? row->zh : english;
}

/* ---- formats ---- */

/* One conversion of a format: "%s", "%2$lld", "%.*s". */
struct conversion {
    int place; /* of its argument, from 0 */
    char kind;
    const char *end;
};

/* at: the '%'. next: the place of the next argument that is not numbered. */
static struct conversion
conversion_at(const char *at, int *next)
{
    struct conversion c = { 0 };
    char *end;
    long place = strtol(at + 1, &end, 10);
    bool numbered = end > at + 1 && *end == '$';

    at = numbered ? end + 1 : at + 1;
    for (; *at != '\0' && strchr("-+ #0123456789.*$", *at) != NULL; at++)
        *next += *at == '*';
    at += strspn(at, "hlzjt");
    c.kind = *at;
    c.end = *at != '\0' ? at + 1 : at;
    c.place = numbered ? (int)place - 1 : (*next)++;
    if (c.place < 0 || c.place >= SGN_SAY_ARGUMENTS)
        c.place = SGN_SAY_ARGUMENTS - 1;
    return c;
}

/* Bytes of a format that are its own, and how many of them are letters. */
static size_t
own_bytes(const char *format, size_t *letters)
{
    size_t n = 0;
    int next = 0;

    *letters = 0;
    while (*format != '\0') {
        if (format[0] == '%' && format[1] != '%') {
            format = conversion_at(format, &next).end;
            continue;
        }
        format += format[0] == '%';
        *letters += isalpha((unsigned char)*format) != 0;
        n++;
        format++;
    }
    return n;
}

/* ---- matching ---- */

/* What is looked for in one text; steps are shared by all texts within it. */
struct seek {
    const char *text;
    const struct say_row *row;
    long *steps;
    int depth;
    struct sgn_say_argument arguments[SGN_SAY_ARGUMENTS];
    const char *rest;    /* behind a format that ends in ": "; NULL: all of the text is matched */
    unsigned neighbours; /* bit: this argument follows another with nothing in between */
};

static const struct say_row *find(const char *text, size_t n, int depth, long *steps,
                                  struct seek *out);

static bool
is_prefix(const char *format)
{
    size_t n = strlen(format);

    return n > 2 && strcmp(format + n - 2, ": ") == 0;
}

/* Between arguments that touch, only this tells where one ends: the second is nothing or a text of
 * ours, such as " (did you mean ...)". */
static bool
neighbours_known(const struct seek *seek)
{
    struct seek inner;

    for (int i = 0; i < SGN_SAY_ARGUMENTS; i++) {
        const struct sgn_say_argument *a = &seek->arguments[i];
        const struct say_row *row;
        size_t letters = 0;

        if ((seek->neighbours & 1u << i) == 0 || a->n == 0)
            continue;
        row = find(seek->text + a->start, a->n, seek->depth + 1, seek->steps, &inner);
        if (row != NULL)
            (void)own_bytes(row->en, &letters);
        if (letters < SGN_SAY_LETTERS)
            return false;
    }
    return true;
}

static size_t
number_length(const char *text, char kind)
{
    static const char *const of[] = { "0123456789", "0123456789.e+-", "0123456789abcdefABCDEF" };
    size_t sign = *text == '-', n;

    n = strspn(text + sign, of[strchr("gfe", kind) != NULL  ? 1
                               : strchr("xX", kind) != NULL ? 2
                                                            : 0]);
    return n > 0 ? sign + n : 0;
}

static bool match(struct seek *seek, const char *format, const char *text, int next);

/* A string, the shortest first: whatever stands before the rest of the format. */
static bool
match_string(struct seek *seek, const struct conversion *c, const char *text, int next)
{
    struct sgn_say_argument *a = &seek->arguments[c->place];
    const char *end = text;
    char stop = *c->end == '%' && c->end[1] != '%' ? '\0' : *c->end;

    if (c->end[0] == '%' && c->end[1] != '%') {
        int behind = next;
        seek->neighbours |= 1u << conversion_at(c->end, &behind).place;
    }
    if (*c->end == '\0')
        end += strlen(end);
    for (;; end++) {
        if (stop != '\0')
            end += strcspn(end, (const char[]){ stop, '\0' });
        a->start = text - seek->text;
        a->n = (size_t)(end - text);
        if (match(seek, c->end, end, next))
            return true;
        if (*end == '\0' || *seek->steps <= 0)
            return false;
    }
}

static bool
match(struct seek *seek, const char *format, const char *text, int next)
{
    while (*format != '\0') {
        struct conversion c;
        size_t n;

        if (--*seek->steps <= 0)
            return false;
        if (format[0] != '%' || format[1] == '%') {
            format += format[0] == '%';
            if (*format++ != *text++)
                return false;
            continue;
        }
        c = conversion_at(format, &next);
        if (c.kind == 's')
            return match_string(seek, &c, text, next);
        n = c.kind == 'c' ? *text != '\0' : number_length(text, c.kind);
        if (n == 0)
            return false;
        seek->arguments[c.place] = (struct sgn_say_argument){ text - seek->text, n };
        text += n;
        format = c.end;
    }
    seek->rest = *text != '\0' && is_prefix(seek->row->en) ? text : NULL;
    return (*text == '\0' || seek->rest != NULL) && neighbours_known(seek);
}

/* Do the format's own pieces stand in the text, one behind the other? Nearly all rows fail here,
 * before anything is tried. */
static bool
has_pieces(const char *format, const char *text)
{
    char piece[PIECE_MAX];
    int next = 0;

    while (*format != '\0') {
        size_t n = 0;

        if (format[0] == '%' && format[1] != '%') {
            format = conversion_at(format, &next).end;
            continue;
        }
        while (*format != '\0' && (*format != '%' || format[1] == '%') && n < sizeof(piece) - 1) {
            format += *format == '%';
            piece[n++] = *format++;
        }
        piece[n] = '\0';
        text = strstr(text, piece);
        if (text == NULL)
            return false;
        text += n;
    }
    return true;
}

/* The row that made all of text, n bytes of it; out->text is a copy then, that the caller frees. */
static const struct say_row *
find_in(const char *text, int depth, long *steps, struct seek *out)
{
    const struct say_row *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i<say_zh_count && * steps> 0; i++) {
        struct seek seek = { .text = text, .row = &say_zh[i], .steps = steps, .depth = depth };
        const char *format = say_zh[i].en;
        size_t letters, n;

        /* Most rows differ in their first byte. */
        if (format[0] != '%' && format[0] != text[0])
            continue;
        if (!has_pieces(format, text))
            continue;
        n = own_bytes(format, &letters);
        if (n <= most || (depth == 0 && letters < SGN_SAY_LETTERS))
            continue;
        for (int k = 0; k < SGN_SAY_ARGUMENTS; k++)
            seek.arguments[k].start = -1;
        if (match(&seek, format, text, 0)) {
            best = &say_zh[i];
            most = n;
            *out = seek;
        }
    }
    return best;
}

static const struct say_row *
find(const char *text, size_t n, int depth, long *steps, struct seek *out)
{
    char *copy = depth <= DEPTH_MAX ? sgn_strndup(text, n) : NULL;
    const struct say_row *row = copy != NULL ? find_in(copy, depth, steps, out) : NULL;

    free(copy);
    return row;
}

long
sgn_say_find(const char *text, struct sgn_say_argument arguments[SGN_SAY_ARGUMENTS])
{
    long steps = STEPS_MAX;
    struct seek seek;
    const struct say_row *row = find_in(text, 0, &steps, &seek);

    if (row == NULL)
        return -1;
    memcpy(arguments, seek.arguments, sizeof(seek.arguments));
    return row - say_zh;
}

/* ---- saying ---- */

static void put(struct sgn_buf *buf, const char *text, int depth, long *steps);

/* "/fields/price: must be text": a place that no format of ours made, and what is said of it. */
static bool
put_behind_place(struct sgn_buf *buf, const char *text, int depth, long *steps)
{
    size_t n = strcspn(text, " ");
    struct seek seek;

    if (n < 2 || text[n - 1] != ':' || text[n] == '\0' ||
        find_in(text + n + 1, depth, steps, &seek) == NULL)
        return false;
    (void)sgn_buf_append(buf, text, n - 1);
    (void)sgn_buf_puts(buf, sgn_say("zh", ": "));
    put(buf, text + n + 1, depth, steps);
    return true;
}

/* "unknown key "on" in state "x" (did you mean "owner"?)": a suggestion that was added to a text.
 */
static bool
put_before_suggestion(struct sgn_buf *buf, const char *text, int depth, long *steps)
{
    static const char begins[] = " (did you mean \"";
    const char *at = strstr(text, begins), *next;
    struct seek seek;
    char *before;
    bool ours;

    while (at != NULL && (next = strstr(at + 1, begins)) != NULL)
        at = next;
    if (at == NULL || depth > DEPTH_MAX || strcmp(text + strlen(text) - 2, "?)") != 0)
        return false;
    before = sgn_strndup(text, (size_t)(at - text));
    ours = before != NULL && find_in(before, depth, steps, &seek) != NULL;
    if (ours) {
        put(buf, before, depth, steps);
        put(buf, at, depth + 1, steps);
    }
    free(before);
    return ours;
}

static void
put(struct sgn_buf *buf, const char *text, int depth, long *steps)
{
    struct seek seek;
    const struct say_row *row = depth <= DEPTH_MAX ? find_in(text, depth, steps, &seek) : NULL;
    int next = 0;

    if (put_before_suggestion(buf, text, depth, steps))
        return;
    /* "%s must be text" has taken "/fields/price:" for its argument. */
    if (row != NULL && row->en[0] == '%' && seek.arguments[0].start == 0 &&
        seek.arguments[0].n > 1 && text[seek.arguments[0].n - 1] == ':' &&
        put_behind_place(buf, text, depth, steps))
        return;
    if (row == NULL) {
        if (!put_behind_place(buf, text, depth, steps))
            (void)sgn_buf_puts(buf, text);
        return;
    }
    for (const char *at = row->zh; *at != '\0';) {
        struct conversion c;
        const struct sgn_say_argument *a;
        char *inner;

        if (at[0] != '%' || at[1] == '%') {
            at += at[0] == '%';
            (void)sgn_buf_append(buf, at++, 1);
            continue;
        }
        c = conversion_at(at, &next);
        a = &seek.arguments[c.place];
        at = c.end;
        inner = a->start >= 0 ? sgn_strndup(text + a->start, a->n) : NULL;
        if (inner == NULL)
            continue;
        /* What touches another argument is a text of ours, or it would not have been taken. */
        if (((row->said | seek.neighbours) & 1u << c.place) != 0)
            put(buf, inner, depth + 1, steps);
        else
            (void)sgn_buf_puts(buf, inner);
        free(inner);
    }
    /* A message behind a place is a message: what holds for texts within others does not for it. */
    if (seek.rest != NULL)
        put(buf, seek.rest, depth, steps);
}

char *
sgn_say_text(const char *language, const char *text)
{
    struct sgn_buf buf;
    long steps = STEPS_MAX;
    char *said;

    if (!sgn_say_is_zh(language))
        return sgn_strdup(text);
    sgn_buf_init(&buf, TEXT_MAX);
    put(&buf, text, 0, &steps);
    /* Too long is none of ours. */
    said = buf.failed ? sgn_strdup(text) : sgn_buf_take(&buf);
    sgn_buf_deinit(&buf);
    return said;
}
