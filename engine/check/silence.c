/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Silences: "-- signoff: allow ID, ID: reason" at the line of a finding, or alone on the line
 * above it.
 *
 * A silence that does not do its work is a finding, so that none outlives what it was written
 * for.
 */
#include "load.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define ID_MAX      64
#define REMARKS_MAX 1000 /* of one file; an answer may be a stranger's */

struct silence {
    struct loading *loading;
    const char *file;
    int line, column; /* of the comment */
    int at;           /* the line that it speaks about */
    bool judged;      /* was the file looked at, so that nothing found means nothing there? */
};

static void
complain(const struct silence *s, enum check_id id, const char *message, const char *hint)
{
    load_add(s->loading, s->file, s->line, s->column, check_id_of(id), message, hint);
}

/* Takes every finding of this kind out of the line. */
static bool
take_out(const struct silence *s, const char *id)
{
    json_t *mistakes = s->loading->mistakes;
    bool any = false;

    for (size_t i = json_array_size(mistakes); i > 0; i--) {
        const json_t *one = json_array_get(mistakes, i - 1);
        const char *its = sgn_json_str(one, "id"), *severity = sgn_json_str(one, "severity");

        if (its == NULL || strcmp(its, id) != 0 || sgn_json_int(one, "line", 0) != s->at ||
            severity == NULL || strcmp(severity, "warning") != 0 ||
            strcmp(sgn_json_str(one, "file"), s->file) != 0)
            continue;
        any = true;
        (void)json_array_remove(mistakes, i - 1);
    }
    return any;
}

static void
apply(const struct silence *s, const char *id)
{
    const char *near = check_kind_nearest(id);
    char message[256];

    if (check_kind_find(id) == NULL) {
        snprintf(message, sizeof message,
                 near != NULL ? "no finding is called \"%s\" (did you mean "
                                "\"%s\"?)"
                              : "no finding is called \"%s\"",
                 id, near);
        complain(s, CHECK_SILENCE_UNKNOWN, message, "signoff check --list shows the ids");
    } else if (!take_out(s, id) && s->judged) {
        snprintf(message, sizeof message, "nothing of \"%s\" was found in line %d", id, s->at);
        complain(s, CHECK_SILENCE_UNUSED, message,
                 "take the silence out, or move it to the line of the finding");
    }
}

static const char *
skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* "a, b" up to the colon or the end; each id is applied. */
static void
apply_ids(const struct silence *s, const char *text)
{
    while (*text != '\0' && *text != ':') {
        char id[ID_MAX];
        size_t n;

        text = skip_blanks(text);
        n = strcspn(text, ",: \t");
        snprintf(id, sizeof id, "%.*s", (int)(n < ID_MAX ? n : ID_MAX - 1), text);
        if (n > 0)
            apply(s, id);
        text = skip_blanks(text + n);
        /* Whatever else stands there is no id: the next word is tried as one. */
        if (*text == ',')
            text++;
    }
}

static void
judge(const struct silence *s, const char *text)
{
    static const char allow[] = "allow ";
    const char *reason = strchr(text, ':');

    if (strncmp(text, allow, sizeof allow - 1) != 0) {
        complain(s, CHECK_SILENCE_UNKNOWN, "expected -- signoff: allow ID: reason", NULL);
        return;
    }
    if (reason == NULL || *skip_blanks(reason + 1) == '\0') {
        complain(s, CHECK_SILENCE_REASON, "the silence gives no reason and silences nothing",
                 "write -- signoff: allow ID: why");
        return;
    }
    apply_ids(s, text + sizeof allow - 1);
}

/* Where a remark that stands alone speaks about: below all that stand there like it. Remarks come
 * in the order of their lines. */
static int
below(const json_t *remarks, size_t i, int line)
{
    for (; i < json_array_size(remarks); i++) {
        const json_t *one = json_array_get(remarks, i);

        if (!sgn_json_true(one, "alone") || sgn_json_int(one, "line", 0) != line)
            break;
        line++;
    }
    return line;
}

void
silences_apply(struct loading *loading, const char *file, const json_t *remarks, bool judged)
{
    const json_t *one;
    size_t i;

    json_array_foreach(remarks, i, one) {
        const char *text = sgn_json_str(one, "text");
        struct silence s = {
            loading, file,  (int)sgn_json_int(one, "line", 1), (int)sgn_json_int(one, "column", 1),
            0,       judged
        };

        if (i >= REMARKS_MAX)
            break;
        s.at = sgn_json_true(one, "alone") ? below(remarks, i, s.line) : s.line;
        judge(&s, text != NULL ? text : "");
    }
}
