/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of copying share: random histories in a world of the lane's tests, a dump of all
 * that an SQLite store's file holds, and a place to copy to on another backend.
 */
#ifndef COPY_WORLD_H
#define COPY_WORLD_H

#include "contract.h"
#include "copy.h"
#include "support/world.h"

/* A world on disk, stopped, after n random things were asked for; two other teams have entries of
 * their own or nothing but rows. */
struct world *copy_world(uint64_t seed, int n);
/* Does n more random things; stopped before and after. */
void copy_world_go_on(struct world *w, uint64_t seed, int n);

/* Every row of every table of a stopped store's file, as text, but for numbers that SQLite gives
 * by itself. */
char *copy_dump(const char *url);
/* Fails and prints the first line in which two dumps differ. Frees both. */
void assert_same_dump(char *a_take, char *b_take);
/* Runs SQL on a stopped store's file; it must change so many rows. */
void copy_sql(const char *url, const char *sql, int changes);

/* Entries of a stopped store's file as older programs wrote them, each part in its own column. */
void copy_unpack(const char *url);

/* Opens both, copies, closes both. Frees *out unless it is NULL. */
enum sgn_status copy_run(const char *from, const char *to, json_t **out, struct sgn_error *err);
/* Opens the store as a server would. */
enum sgn_status copy_opens(const char *url, struct sgn_error *err);

#endif
