/* SPDX-License-Identifier: Apache-2.0 */
/* "reference": the rule language, for people and for editors. */
#include "local.h"

#include "reference.h"
#include <stdlib.h>
#include <string.h>

enum sgn_status
local_reference(struct cli *cli, struct sgn_error *err)
{
    static const char *const forms[] = { "page", "lua", "luacheck", "luarc" };
    const char *word = cli_word(&cli->args, 0);
    const char *form = cli_option(&cli->args, "format");
    bool known = form == NULL;
    char *text = NULL;
    enum sgn_status st;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        known = known || strcmp(forms[i], form) == 0;
    if (!known || (word != NULL && form != NULL && strcmp(form, "page") != 0)) {
        cli->exit_code = CLI_USAGE;
        return known ? sgn_fail(err, SGN_INVALID, "--format %s is of all words, not of one", form)
                     : sgn_fail(err, SGN_INVALID,
                                "--format %s: expected page, lua, luacheck or luarc", form);
    }
    st = dsl_reference(form != NULL ? form : "page", word, &text, err);
    if (st == SGN_OK && fputs(text, cli->output.out) == EOF)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the reference cannot be written");
    free(text);
    return st;
}
