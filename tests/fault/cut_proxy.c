/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cutting proxy as a program, for servers that are processes of their own: it prints its port,
 * takes one word a line, and ends with its input.
 *
 *   cut_proxy TO_PORT
 *
 *   before within after    the next COMMIT that passes is cut there
 *   none                   it is not
 *   hold go                nothing is passed on; it is passed on again
 *   cuts                   prints how often it has cut
 */
#include "cutting_proxy.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
obey(struct cutting_proxy *proxy, const char *word)
{
    if (strcmp(word, "before") == 0)
        cutting_proxy_cut(proxy, CUT_BEFORE, 0);
    else if (strcmp(word, "within") == 0)
        cutting_proxy_cut(proxy, CUT_WITHIN, 0);
    else if (strcmp(word, "after") == 0)
        cutting_proxy_cut(proxy, CUT_AFTER, 0);
    else if (strcmp(word, "none") == 0)
        cutting_proxy_cut(proxy, CUT_NOTHING, 0);
    else if (strcmp(word, "hold") == 0 || strcmp(word, "go") == 0)
        cutting_proxy_hold(proxy, word[0] == 'h');
    else if (strcmp(word, "cuts") == 0)
        printf("%d\n", cutting_proxy_cuts(proxy));
    else
        return 0;
    return 1;
}

int
main(int argc, char **argv)
{
    struct cutting_proxy *proxy;
    char line[64];
    int obeyed = 1;

    if (argc != 2) {
        fputs("usage: cut_proxy TO_PORT\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    proxy = cutting_proxy_start((int)strtol(argv[1], NULL, 10), "COMMIT");
    printf("%d\n", cutting_proxy_port(proxy));
    while (obeyed && fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        obeyed = obey(proxy, line);
    }
    cutting_proxy_stop(proxy);
    return obeyed ? 0 : 2;
}
