/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proxy between a program and its server, in a thread, that cuts a connection at the worst
 * moment: the next time that the program sends something on a connection that was watched.
 */
#ifndef CUTTING_PROXY_H
#define CUTTING_PROXY_H

enum cut {
    CUT_NOTHING,
    CUT_BEFORE, /* what the program sends next is dropped, and its connection */
    CUT_WITHIN, /* the first half of the text that is looked for (or of all) is passed on */
    CUT_AFTER   /* it is passed on; when the server answers, the answer is dropped, and the
                   connection */
};

struct cutting_proxy;

/* Listens on a free port of the loopback and passes on to another one. With a text (borrowed) only
 * what contains it is cut, such as "COMMIT"; NULL: whatever comes next. */
struct cutting_proxy *cutting_proxy_start(int to_port, const char *text);
int cutting_proxy_port(const struct cutting_proxy *proxy);
/* Cuts once; with deaf, no connection is taken afterwards. */
void cutting_proxy_cut(struct cutting_proxy *proxy, enum cut cut, int deaf);
/* While it holds, nothing is passed on in either direction, and no connection is lost. */
void cutting_proxy_hold(struct cutting_proxy *proxy, int hold);
/* How often it has cut. */
int cutting_proxy_cuts(const struct cutting_proxy *proxy);
void cutting_proxy_stop(struct cutting_proxy *proxy);

#endif
