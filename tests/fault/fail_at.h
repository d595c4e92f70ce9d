/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fail_io.c and starved.c share with who makes a server's calls fail: a file of FAIL_AT_CELLS
 * integers of eight bytes and then FAIL_AT_NAME bytes of text, named by SIGNOFF_FAIL_AT and mapped
 * by both.
 *
 * To make calls fail: write KINDS, HOW, ERROR and then, last, LEFT = n. The n-th call of such a
 * kind fails, and with HOW 1 all after it do. LEFT 0: none. fail_rounds.py has the same numbers.
 */
#ifndef FAULT_FAIL_AT_H
#define FAULT_FAIL_AT_H

#define FAIL_AT_NAME 256

enum fail_at_cell {
    FAIL_AT_KINDS, /* set of 1 << enum fail_at_kind */
    FAIL_AT_LEFT,
    FAIL_AT_HOW,    /* 0: once, 1: for good */
    FAIL_AT_ERROR,  /* an errno; 0: the write is short */
    FAIL_AT_STRUCK, /* how many have failed */
    FAIL_AT_KIND,   /* of the first that has */
    FAIL_AT_COUNTS, /* calls of each of these kinds, one cell for each kind there is */
    FAIL_AT_CELLS = FAIL_AT_COUNTS + 9
};

enum fail_at_kind {
    FAIL_AT_WRITE,
    FAIL_AT_SYNC,
    FAIL_AT_TRUNCATE,
    FAIL_AT_OPEN,
    FAIL_AT_RENAME,
    FAIL_AT_UNLINK,
    FAIL_AT_MAP,
    FAIL_AT_READ,
    FAIL_AT_MEMORY
};

#endif
