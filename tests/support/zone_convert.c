/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers questions about zones, one per line, for comparing them with another program:
 *
 *     Asia/Shanghai offset 1767574800000     -> 28800
 *     Asia/Shanghai instant 1767603600000    -> 1767574800000
 *
 * A zone that does not exist, or a line that is no question, is answered with "none".
 */
#include "zone.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
answer(const char *line)
{
    char name[80];
    char what[16];
    int64_t at;
    const struct calendar_zone *zone = NULL;

    if (sscanf(line, "%79s %15s %" SCNd64, name, what, &at) == 3)
        zone = calendar_zone_get(name);
    if (zone == NULL)
        puts("none");
    else if (strcmp(what, "offset") == 0)
        printf("%d\n", calendar_zone_offset(zone, at));
    else
        printf("%" PRId64 "\n", calendar_zone_instant(zone, at));
}

int
main(void)
{
    char line[160];

    while (fgets(line, sizeof(line), stdin) != NULL)
        answer(line);
    calendar_zones_free();
    return 0;
}
