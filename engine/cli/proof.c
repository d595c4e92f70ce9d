/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a certificate proves, checked with nothing but its bytes and, where it is known, the key of
 * the site. What the certificate calls things is shown, and what is proved is what they are.
 */
#include "proof.h"

#include "buf.h"
#include "certificate.h"
#include "clock.h"
#include "json.h"
#include "say.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX ((size_t)1 << 20)

struct proof {
    struct cli *cli;
    const json_t *found, *titles;
    FILE *out;
};

/* Of the certificate's own words for what it names; the name where it has none. */
static const char *
title_of(const struct proof *p, const char *kind, const char *name)
{
    const json_t *title =
        name != NULL ? json_object_get(json_object_get(p->titles, kind), name) : NULL;

    if (json_object_get(title, "title") != NULL)
        title = json_object_get(title, "title");
    return cli_title(title, p->cli->language, name != NULL ? name : "–");
}

/* A text of the file is a stranger's: nothing in it may move the cursor. */
static void
put_line(const struct proof *p, const char *name, const char *text)
{
    const struct cli_output *o = &p->cli->output;
    int width = cli_text_width(name);

    fprintf(p->out, "  %s%s%s%*s", cli_style(o->colour, CLI_DIM), name,
            cli_style(o->colour, CLI_PLAIN), width < 14 ? 15 - width : 1, "");
    cli_text_lines(o, text, 17, 17);
}

static const char *
time_of(const json_t *object, const char *name, char out[SGN_TIME_TEXT])
{
    return sgn_time_format(sgn_json_int(object, name, 0), 0, out);
}

/* "approved (deemed): Asked, round 1" */
static void
show_rounds(const struct proof *p)
{
    const char *language = p->cli->language;
    const json_t *round;
    struct sgn_buf line;
    size_t i;

    sgn_buf_init(&line, VALUE_MAX);
    json_array_foreach(json_object_get(p->found, "rounds"), i, round) {
        const char *manner = sgn_json_str(round, "manner");
        sgn_buf_reset(&line);
        (void)sgn_buf_puts(&line, title_of(p, "outcomes", sgn_json_str(round, "outcome")));
        if (manner != NULL)
            (void)sgn_buf_printf(&line, " (%s)", title_of(p, "outcomes", manner));
        (void)sgn_buf_printf(&line, ": %s, ",
                             title_of(p, "states", sgn_json_str(round, "approval")));
        if (sgn_buf_printf(&line, sgn_say(language, "round %lld"),
                           (long long)sgn_json_int(round, "number", 0)) == SGN_OK)
            put_line(p, sgn_say(language, "decided"), line.bytes);
    }
    if (sgn_json_str(p->found, "outcome") != NULL)
        put_line(p, sgn_say(language, "outcome"),
                 title_of(p, "outcomes", sgn_json_str(p->found, "outcome")));
    sgn_buf_deinit(&line);
}

static void
show_content(const struct proof *p, const json_t *content)
{
    struct sgn_buf line;
    const char *name;
    json_t *value;

    sgn_buf_init(&line, VALUE_MAX);
    json_object_foreach(json_object_get(content, "fields"), name, value) {
        sgn_buf_reset(&line);
        (void)sgn_buf_printf(&line, "%s: ", title_of(p, "fields", name));
        cli_value_put(&line, value);
        if (!line.failed)
            put_line(p, "", line.bytes);
    }
    sgn_buf_deinit(&line);
}

/* Who agreed, and to what: told once for all who agreed to the same. */
static void
show_ballots(const struct proof *p)
{
    const char *language = p->cli->language;
    const json_t *ballot, *shown = NULL;
    struct sgn_buf line;
    char at[SGN_TIME_TEXT];
    size_t i;

    sgn_buf_init(&line, VALUE_MAX);
    json_array_foreach(json_object_get(p->found, "ballots"), i, ballot) {
        const char *behalf = sgn_json_str(ballot, "on_behalf");
        const json_t *content = json_object_get(ballot, "content");
        sgn_buf_reset(&line);
        (void)sgn_buf_printf(&line, "%s, %s",
                             title_of(p, "choices", sgn_json_str(ballot, "choice")),
                             time_of(ballot, "at", at));
        if (behalf != NULL)
            (void)sgn_buf_printf(&line, ", %s %s", sgn_say(language, "on behalf of"),
                                 title_of(p, "people", behalf));
        if (!line.failed)
            put_line(p, title_of(p, "people", sgn_json_str(ballot, "person")), line.bytes);
        if (content != NULL && content != shown)
            show_content(p, content);
        else if (content == NULL)
            put_line(p, "",
                     sgn_say(language, "what was agreed to holds values that are not shown"));
        shown = content;
    }
    sgn_buf_deinit(&line);
}

static void
show(struct cli *cli, const json_t *found, bool known)
{
    struct proof p = { .cli = cli,
                       .found = found,
                       .titles = json_object_get(json_object_get(found, "said"), "titles"),
                       .out = cli->output.out };
    const json_t *title = json_object_get(json_object_get(found, "said"), "title");
    char at[SGN_TIME_TEXT], count[32];

    fprintf(p.out, sgn_say(cli->language, "%s of the team %s: the certificate is whole\n"),
            sgn_json_str(found, "case"), sgn_json_str(found, "team"));
    if (json_is_string(title))
        put_line(&p, sgn_say(cli->language, "about"), json_string_value(title));
    show_rounds(&p);
    put_line(&p, sgn_say(cli->language, "at"), time_of(found, "decided_at", at));
    show_ballots(&p);
    snprintf(count, sizeof count, "%lld", (long long)sgn_json_int(found, "entries", 0));
    put_line(&p, sgn_say(cli->language, "entries"), count);
    if (sgn_json_int(found, "redacted", 0) > 0) {
        snprintf(count, sizeof count, "%lld", (long long)sgn_json_int(found, "redacted", 0));
        put_line(&p, sgn_say(cli->language, "redacted"), count);
    }
    put_line(&p, sgn_say(cli->language, "signed"), time_of(found, "at", at));
    put_line(&p, sgn_say(cli->language, "by the key"), sgn_json_str(found, "key"));
    if (!known)
        put_line(&p, "",
                 sgn_say(cli->language, "whether that is the site's key is not checked: compare it "
                                        "with public_key of signoff info, or give it as --key"));
}

enum sgn_status
proof_check(struct cli *cli, const char *name, const char *bytes, size_t n, const char *key,
            struct sgn_error *err)
{
    unsigned char known[SGN_SIGN_PUBLIC];
    json_t *found = NULL;
    char at[SGN_TIME_TEXT];
    enum sgn_status st = SGN_OK;

    if (key != NULL && !sgn_unhex(key, known, sizeof known)) {
        cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID, "--key is the site's public key: 64 hex digits");
    }
    st = certificate_verify(bytes, n, key != NULL ? known : NULL, &found, err);
    if (st != SGN_OK) {
        sgn_error_add(err, "file", json_string(name));
        return st;
    }
    if (cli->output.json) {
        (void)json_object_set_new(found, "signed_at", json_string(time_of(found, "at", at)));
        (void)json_object_set_new(found, "key_known", json_boolean(key != NULL));
        cli_print_json(&cli->output, found);
    } else {
        show(cli, found, key != NULL);
    }
    json_decref(found);
    return SGN_OK;
}

enum sgn_status
proof_verify(struct cli *cli, const char *path, struct sgn_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum sgn_status st = site_read(path, CERTIFICATE_MAX, &bytes, &n, err);

    if (st == SGN_OK)
        st = proof_check(cli, path, bytes, n, cli_option(&cli->args, "key"), err);
    free(bytes);
    return st;
}
