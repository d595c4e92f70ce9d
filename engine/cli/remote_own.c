/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of whoever asks: a line for each value, and how they are told.
 */
#include "commands.h"
#include "json.h"
#include "page.h"
#include "remote.h"
#include "say.h"
#include <string.h>

/* A way in words; NULL: none is set. */
static const char *
way_said(const struct page *page, const char *way, const char *usual)
{
    static const struct {
        const char *way, *said;
    } ways[] = {
        { "mail", "by mail, at once" },
        { "hourly", "by mail, gathered hour by hour" },
        { "daily", "by mail, gathered day by day" },
        { "console", "in the inbox alone" },
    };

    if (way == NULL)
        return page_say(page, usual);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (strcmp(way, ways[i].way) == 0)
            return page_say(page, ways[i].said);
    return way;
}

void
remote_show_own(struct cli *cli, const json_t *result)
{
    static const struct {
        const char *name, *said, *usual;
    } kinds[] = {
        { "asked", "what is asked", "as usual: by mail, at once" },
        { "reminders", "reminders", "as usual: by mail, gathered" },
        { "news", "news", "as usual: by mail, at once" },
        { "escalations", "escalations", "as usual: by mail, at once" },
    };
    struct page page = { .cli = cli, .o = &cli->output, .now = -1, .names = PAGE_NAMES };
    const json_t *notices = json_object_get(result, "notices");
    json_t *rest = json_copy((json_t *)result);

    (void)json_object_del(rest, "notices");
    remote_show_members(cli, rest);
    json_decref(rest);
    if (!json_is_object(notices))
        return;
    page_heading(&page, page_say(&page, "How you are told"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        page_widen(&page, page_say(&page, kinds[i].said));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        page_line(&page, page_say(&page, kinds[i].said),
                  way_said(&page, sgn_json_str(notices, kinds[i].name), kinds[i].usual));
    page_line(&page, page_say(&page, "daily mail"), sgn_json_str(notices, "daily_at"));
}
