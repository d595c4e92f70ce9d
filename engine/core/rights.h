/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: the one place. Methods name classes; workflows name roles.
 */
#ifndef CORE_RIGHTS_H
#define CORE_RIGHTS_H

#include "model.h"

/*
 * Classes a method row may hold, as a set; a row that holds none serves nobody.
 * person contains member contains lead; operator stands apart: it may call rows that
 * hold anyone or operator.
 */
enum core_access {
    CORE_ANYONE = 1,   /* nobody needs to be logged in */
    CORE_PERSON = 2,   /* anyone logged in as a person */
    CORE_MEMBER = 4,   /* of the team itself, not of a client */
    CORE_LEAD = 8,     /* whose person row says lead */
    CORE_OPERATOR = 16 /* an operator's token */
};

struct core_caller {
    const char *team;   /* NULL for nobody, and for an operator who named none */
    const char *person; /* NULL for nobody and operators */
    const json_t *row;  /* the person's row (see store_tables.h; "client_ended": the team works for
                           their client no more), NULL likewise */
    bool is_operator;
};

/* May this person (a row as above) act at all? SGN_UNAUTHENTICATED says why not: they have left, or
 * the team works for their client no more; then data.reason is "client_ended". */
enum sgn_status core_person_check(const json_t *row, const char *person,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* SGN_OK; SGN_UNAUTHENTICATED (nobody, or one who may not act); SGN_FORBIDDEN naming who may. */
enum sgn_status core_access_check(unsigned access, const struct core_caller *caller,
                                  const char *method, struct sgn_error *err) SGN_MUST_CHECK;

/* Is the row of a token still good at that time? SGN_UNAUTHENTICATED: none (NULL), revoked, or
 * expired. */
enum sgn_status core_token_check(const json_t *token, int64_t now,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/*
 * What a method does, by which a token's scope is held against it; each word of a scope holds
 * those before it. A scope is an array of such words and of names of methods; a token without one
 * may do all that its person may. It never gives more than that.
 */
enum core_scope {
    CORE_READS = 1,   /* "read": changes nothing */
    CORE_DECIDES,     /* "decide": answers what waits for the person */
    CORE_WRITES,      /* "write": what persons and members change */
    CORE_ADMINISTERS, /* "admin": what leads and the operator alone change */
};
/* 0: no such word. */
enum core_scope core_scope_word(const char *word);
/* SGN_FORBIDDEN naming the word that the token would need. token may be NULL: nobody is bound. */
enum sgn_status core_scope_check(const json_t *token, enum core_scope needs, const char *method,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* What a person may see of a case. */
enum core_sight {
    CORE_SEES_NOTHING, /* answer as if it were not there */
    CORE_SEES_SHARED,  /* a person of the client */
    CORE_SEES_ALL,     /* a person of the team */
};

/*
 * person: the person's row. project: the project's fact (see core.h). row: the case, or NULL to
 * ask what the person may see of cases of this workflow in this project at all. delegations: the
 * person's fact "delegation:KEY", looked at of a client's person only, NULL: none; of them count
 * those that hold at now. A stand-in sees what the giver is asked in, no more, while it holds.
 */
enum core_sight core_sight(const struct model *model, const json_t *person, const json_t *project,
                           const json_t *row, const json_t *delegations, int64_t now);

/* May they know of this workflow at all; of this other person; of this project (its row)? The
 * team's own know of all. person NULL: the operator, or the engine. */
bool core_knows_workflow(const json_t *person, const struct model *model);
bool core_knows_person(const json_t *person, const json_t *other);
bool core_knows_project(const json_t *person, const json_t *project);

/* A delegation (its row): may they know of it; may they end it? May they name a stand-in for that
 * person? */
bool core_knows_delegation(const json_t *person, const json_t *delegation);
bool core_ends_delegation(const json_t *person, const json_t *delegation);
bool core_delegates_for(const json_t *person, const char *other);
/* May they read a file (its row)? sight: of the case that it is attached to, NOTHING without one.
 */
bool core_sees_file(const json_t *person, const json_t *file, enum core_sight sight);

/* A delegation (a row of that fact): when it ends, as agreed or before that by hand; is it in its
 * period; does its scope hold that workflow and that project (NULL: none)? */
int64_t core_delegation_end(const json_t *delegation);
bool core_delegation_holds(const json_t *delegation, int64_t now);
bool core_delegation_covers(const json_t *delegation, const char *workflow, const char *project);

#endif
