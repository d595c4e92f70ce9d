/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "check": says everything that is wrong with scripts, or most likely not meant; and what kinds of
 * findings there are.
 */
#include "local_check.h"

#include "check.h"
#include "say.h"
#include <stdlib.h>

/* ---- what there is to find ---- */

static enum sgn_status
explain(const struct cli_output *o, const char *id, struct sgn_error *err)
{
    const struct check_kind *kind = check_kind_find(id);
    const char *near = check_kind_nearest(id);

    if (kind == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "no finding is called '%s'%s%s%s", id,
                        near != NULL ? "; did you mean '" : "; see signoff check --list",
                        near != NULL ? near : "", near != NULL ? "'?" : "");
    fprintf(o->out, "%s%s%s%s%s\n\n", cli_style(o->colour, CLI_BOLD), kind->id,
            cli_style(o->colour, CLI_PLAIN), sgn_say(o->language, ": "),
            sgn_say(o->language, kind->says));
    cli_text_lines(o, sgn_say(o->language, kind->because), 0, 0);
    cli_text_lines(o, sgn_say(o->language, kind->instead), 0, 0);
    fprintf(o->out,
            sgn_say(o->language, "\nTo allow it at one place:  -- signoff: allow %s: why\n"),
            kind->id);
    return SGN_OK;
}

static enum sgn_status
list(const struct cli_output *o, struct sgn_error *err)
{
    json_t *rows = json_array();
    size_t n;
    const struct check_kind *kinds = check_kinds(&n);
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(
            rows, json_pack("{s:s, s:s}", "id", kinds[i].id, "finds",
                            o->json ? kinds[i].says : sgn_say(o->language, kinds[i].says)));
    if (rows == NULL)
        return sgn_nomem(err);
    if (o->json)
        for (size_t i = 0; i < n; i++)
            cli_print_json(o, json_array_get(rows, i));
    else
        st = cli_table_print(o, sgn_say(o->language, "id finds"), rows, err);
    json_decref(rows);
    return st;
}

static enum sgn_status
page(const struct cli_output *o, struct sgn_error *err)
{
    char *text = check_kinds_page(o->language);

    if (text == NULL)
        return sgn_nomem(err);
    fputs(text, o->out);
    free(text);
    return SGN_OK;
}

static enum sgn_status
print(struct cli *cli, const struct findings *findings, struct sgn_error *err)
{
    if (cli_given(&cli->args, "sarif"))
        return findings_sarif(&cli->output, findings, err);
    if (cli->output.json)
        findings_json(&cli->output, findings);
    else
        findings_text(&cli->output, findings);
    return SGN_OK;
}

/* Every path is looked at, also behind one that is none: a mistyped word does not hide what the
 * others have. */
static enum sgn_status
gather(struct cli *cli, struct findings *findings, struct sgn_error *err)
{
    static const char *const here[] = { "." };
    size_t n = json_array_size(cli->args.words);
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < (n > 0 ? n : 1); i++) {
        struct sgn_error why = { 0 };
        const char *path = n > 0 ? cli_word(&cli->args, i) : here[0];

        st = findings_add(findings, cli, path, &why);
        if (st == SGN_NOMEM || st == SGN_INTERNAL) {
            sgn_error_move(err, &why);
        } else if (st != SGN_OK) {
            cli_print_error(&cli->output, &why);
            cli->exit_code = CLI_FAILED;
            st = json_array_append_new(findings->refusals, json_string(why.message)) == 0
                     ? SGN_OK
                     : sgn_nomem(err);
        }
        sgn_error_clear(&why);
    }
    return st;
}

static enum sgn_status
check_all(struct cli *cli, struct sgn_error *err)
{
    struct findings findings = { .mistakes = json_array(),
                                 .sources = json_object(),
                                 .refusals = json_array() };
    size_t n = json_array_size(cli->args.words);
    enum sgn_status st =
        findings.mistakes != NULL && findings.sources != NULL && findings.refusals != NULL
            ? gather(cli, &findings, err)
            : sgn_nomem(err);

    /* Where nothing could be looked at there is no sum; a document in a format is whole even so. */
    if (st == SGN_OK &&
        (cli_given(&cli->args, "sarif") || json_array_size(findings.refusals) < (n > 0 ? n : 1)))
        st = print(cli, &findings, err);
    if (findings.errors > 0 || (cli_given(&cli->args, "strict") && findings.warnings > 0))
        cli->exit_code = CLI_FAILED;
    json_decref(findings.mistakes);
    json_decref(findings.sources);
    json_decref(findings.refusals);
    return st;
}

enum sgn_status
local_check(struct cli *cli, struct sgn_error *err)
{
    const char *id = cli_option(&cli->args, "explain");

    if (id != NULL)
        return explain(&cli->output, id, err);
    if (cli_given(&cli->args, "list"))
        return list(&cli->output, err);
    if (cli_given(&cli->args, "reference"))
        return page(&cli->output, err);
    return check_all(cli, err);
}
