/* SPDX-License-Identifier: Apache-2.0 */
/* "calendar explain", and the stretches of a deadline: what counted, what did not, and why. */
#include "clock.h"
#include "json.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 65536

/* "+ Mon 2026-01-05 09:00 to 12:00  working hours": + counted, - not. */
static void
show_stretch(const struct cli_output *o, const json_t *stretch, int indent)
{
    bool counted = sgn_json_true(stretch, "counted");
    const char *why = sgn_json_str(stretch, "why");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_time_put(&text, json_object_get(stretch, "from"));
    sgn_buf_puts(&text, sgn_say(o->language, " to "));
    cli_time_put_as(&text, json_object_get(stretch, "to"), sgn_json_str(stretch, "from"));
    sgn_buf_puts(&text, "  ");
    if (why != NULL) {
        char *said = sgn_say_text(o->language, why);
        sgn_buf_puts(&text, said != NULL ? said : why);
        free(said);
    }
    fprintf(o->out, "%*s%s%s%s ", indent, "", cli_style(o->colour, counted ? CLI_GREEN : CLI_DIM),
            counted ? "+" : "-", cli_style(o->colour, CLI_PLAIN));
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", indent + 4, indent + 2);
    sgn_buf_deinit(&text);
}

void
remote_span_put(struct sgn_buf *buf, int64_t seconds, const char *counts, const char *language)
{
    long long minutes = (seconds < 0 ? -seconds : seconds) / 60, hours = minutes / 60;

    if (counts == NULL || strcmp(counts, "working time") != 0) {
        cli_span_put(buf, seconds * SGN_SECOND_MS, language);
        return;
    }
    minutes %= 60;
    if (hours > 0 && minutes > 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld h %lld min of work"), hours, minutes);
    else if (hours > 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld h of work"), hours);
    else
        sgn_buf_printf(buf, sgn_say(language, "%lld min of work"), minutes);
}

void
remote_show_stretches(const struct cli_output *o, const json_t *stretches, int indent)
{
    const json_t *stretch;
    size_t i;

    json_array_foreach(stretches, i, stretch)
        show_stretch(o, stretch, indent);
}

void
remote_show_calendar_explain(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const char *name = sgn_json_str(result, "calendar");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, sgn_say(o->language, "from "));
    cli_time_put(&text, json_object_get(result, "from"));
    sgn_buf_puts(&text, sgn_say(o->language, " to "));
    cli_time_put(&text, json_object_get(result, "due"));
    sgn_buf_puts(&text, sgn_say(o->language, ": "));
    remote_span_put(&text, sgn_json_int(result, "counted_seconds", 0),
                    sgn_json_str(result, "counts"), o->language);
    sgn_buf_printf(&text, sgn_say(o->language, " (%s)"),
                   name != NULL ? name : sgn_say(o->language, "no calendar: round the clock"));
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", 2, 0);
    remote_show_stretches(o, json_object_get(result, "stretches"), 2);
    sgn_buf_deinit(&text);
}
