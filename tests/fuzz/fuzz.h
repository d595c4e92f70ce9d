/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target is one file with one function that libFuzzer calls with
 * bytes, any bytes: it hands them to a reader of the product and then holds what came out against
 * what must be true of it. A sanitizer finds what must not happen, FUZZ_CHECK what is merely wrong.
 *
 * The first bytes of an input may choose how the rest is given (in which pieces, by whom); each
 * target says so where it begins.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(is_so)                                                                          \
    do {                                                                                           \
        if (!(is_so)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #is_so);                    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Pieces of 1 to 16 bytes from a choice of 4 bits; 0: all at once. */
static inline size_t
fuzz_piece(unsigned choice, size_t left)
{
    size_t piece = choice % 16 == 0 ? left : choice % 16;

    return piece < left ? piece : left;
}

#endif
