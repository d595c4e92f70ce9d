/* SPDX-License-Identifier: Apache-2.0 */
/* What a document says in its first lines: the same figures that stand below, as sentences. */
#include "report_internal.h"
#include <stdio.h>
#include <string.h>

static const struct report_count *
section_of(const struct report *report, const struct report_section *section)
{
    for (int i = 0; i < report->n_counts; i++)
        if (report->counts[i].section == section)
            return &report->counts[i];
    return NULL;
}

/* A figure of the whole; 0 where the report has no such section. */
static long long
number(const struct report *report, const struct report_section *section, const char *field)
{
    const struct report_count *count = section_of(report, section);

    return count != NULL ? (long long)json_integer_value(report_counted(count, "all", "", field))
                         : 0;
}

static const char *
text(const struct report *report, const struct report_section *section, const char *field)
{
    const struct report_count *count = section_of(report, section);

    return count != NULL ? json_string_value(report_counted(count, "all", "", field)) : NULL;
}

static void
say(struct report *report, json_t *says, json_t *sentence_take)
{
    if (json_array_append_new(says, sentence_take) != 0)
        report->nomem = true;
}

static void
say_changes(struct report *report, json_t *says)
{
    const char *language = report->language;
    const char *cost = text(report, &report_changes, "cost_agreed");
    const char *baseline = text(report, &report_changes, "baseline");
    const char *share = text(report, &report_changes, "cost_share");

    if (number(report, &report_changes, "changes_asked") == 0 && cost == NULL)
        return;
    say(report, says,
        json_sprintf(sgn_say(language, "%lld changes were asked for and %lld agreed to."),
                     number(report, &report_changes, "changes_asked"),
                     number(report, &report_changes, "changes_agreed")));
    if (cost != NULL && share != NULL)
        say(report, says,
            json_sprintf(sgn_say(language, "They cost %s %s, which is %s%% of the baseline of %s."),
                         cost, report->currency, share, baseline));
}

void
report_story(struct report *report, json_t *says)
{
    const char *language = report->language;
    long long judged = number(report, &report_deadlines, "judged");
    long long asked = number(report, &report_participation, "asked");
    long long marks = number(report, &report_satisfaction, "csat_answers");

    say(report, says,
        json_sprintf(sgn_say(language, "%lld cases were opened, %lld ended, and %lld are open."),
                     number(report, &report_throughput, "opened"),
                     number(report, &report_throughput, "ended"),
                     number(report, &report_throughput, "open")));
    say_changes(report, says);
    if (judged > 0)
        say(report, says,
            json_sprintf(sgn_say(language, "Of %lld deadlines %lld were kept."), judged,
                         number(report, &report_deadlines, "kept")));
    if (asked > 0)
        say(report, says,
            json_sprintf(sgn_say(language, "The client was asked %lld times and answered %lld."),
                         asked, number(report, &report_participation, "answers")));
    if (marks > 0)
        say(report, says,
            json_sprintf(sgn_say(language, "Of %lld marks from 1 to 5 %lld were 4 or 5."), marks,
                         number(report, &report_satisfaction, "csat_four")));
}
