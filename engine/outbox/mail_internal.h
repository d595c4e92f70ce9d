/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of mail share. All of it belongs to the thread of mail. */
#ifndef OUTBOX_MAIL_INTERNAL_H
#define OUTBOX_MAIL_INTERNAL_H

#include "json.h"
#include "log.h"
#include "mail.h"
#include "mime.h"
#include "notices.h"
#include "outbox.h"
#include "told.h"
#include <stdatomic.h>

#define MAIL_DIGEST_MOST 100 /* messages of one mail */
#define MAIL_ASKED_NAME  (SGN_KEY_MAX + 40)

/* What waits for one person, to go in one way. */
struct mail_box {
    struct mail_box *next;
    struct mail_team *team;
    char person[SGN_KEY_MAX + 1];
    enum lane_box kind;
    json_t *waiting;    /* [row of STORE_MESSAGE], oldest first */
    int64_t sent, kept; /* number of the last message done with; of that, what the store knows */
    bool marking;       /* the store is being told */
    int64_t mark_at;    /* monotonic: not before */
    json_t *refused;    /* rows of STORE_DELIVERY to be told with it */
    int attempts;
    int64_t next_at; /* business time */
};

struct mail_team {
    struct mail_team *next;
    struct outbox_mails *mails;
    char name[SGN_KEY_MAX + 1];
    int64_t work;       /* lane_work() when it was begun; 0: it is not ours */
    int64_t read, kept; /* message up to which all are in boxes; up to which all are done */
    bool marking, listed;
    int64_t mark_at, look_at; /* monotonic: not before */
    struct mail_box *boxes;
    json_t *asked;    /* {"mail/KEY NUMBER": its row of STORE_DELIVERY}, for by hand; or NULL */
    bool asking;      /* the store is being told of one */
    int64_t data_seq; /* entry of data up to which it was looked for them */
    int64_t ask_at;   /* monotonic: not before */
};

struct outbox_mails {
    struct outbox_mail_options options; /* its strings are owned */
    char from_name[128], from[256];
    struct mail_smtp *smtp;
    struct sgn_thread *thread;
    struct sgn_queue *offered; /* the link that is waited for */
    struct sgn_queue *marked;  /* jobs of the lane that have ended; woken by commits, too */
    struct mail_team *teams;
    int64_t teams_at; /* monotonic: when they were listed */
    atomic_bool stopping;
};

/* ---- mail_smtp.c ---- */

struct mail_smtp;
struct mail_smtp *mail_smtp_new(const struct outbox_mail_options *options);
void mail_smtp_free(struct mail_smtp *smtp);
enum mail_end {
    MAIL_SENT,
    MAIL_LATER,  /* the server was not to be reached, or asked to try again */
    MAIL_REFUSED /* for good */
};
/* Blocks. code: what the server answered last, 0: nothing. */
enum mail_end mail_smtp_send(struct mail_smtp *smtp, const char *from, const char *to,
                             const struct sgn_buf *text, int *code, char *why, size_t size);

/* ---- mail_text.c ---- */

/* Appends the mail that tells the first n of the box's messages to its person (a row).
 * SGN_NOT_FOUND: there is nothing left to tell. */
enum sgn_status mail_compose(struct mail_box *box, const json_t *person, size_t n,
                             struct sgn_buf *out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- mail_link.c ---- */

/* Where the box's person may answer what is asked of them in the case, without an account: a new
 * text, "" when nothing is asked, or the site has no public address. Waits for the lane. */
json_t *mail_link(struct mail_box *box, const char *case_key);
/* The case's page for this person (a row), once they have signed in: likewise. */
json_t *mail_page(const struct mail_box *box, const json_t *person, const char *case_key);
/* Where this person sets what comes by mail: likewise. */
json_t *mail_settings(const struct mail_box *box, const json_t *person);

/* Where a message (a row) of kind "login" leads to: a new text, "" for all others. */
json_t *mail_enter(struct mail_box *box, const json_t *row);

/* ---- mail_box.c ---- */

struct mail_box *mail_box_of(struct mail_team *team, const char *person, enum lane_box kind,
                             struct sgn_error *err);
void mail_boxes_free(struct mail_team *team);
/* Sends what is due. Returns in how many ms there may be more; -1: when it is told. *by_clock:
 * business time is waited for. */
int64_t mail_box_turn(struct mail_box *box, bool *by_clock);
/* Tells the store a reader's number (NULL: none), and what was refused or sent by hand (rows of
 * STORE_DELIVERY or NULL, taken). False: not now. */
bool mail_mark(struct mail_team *team, const char *reader, int64_t seq, json_t *rows_take);
/* Has this person (as lane_person_read gives it) an address, and may they act? */
bool mail_takes(const json_t *person);
/* How many of what waits go together: reminders that have come by then; of what its person has
 * gathered all that is there. */
size_t mail_box_together(const struct mail_box *box);
/* The first n of what waits as one mail. SGN_NOT_FOUND: nothing of it is left to be told;
 * SGN_REFUSED: not for now; SGN_UNAVAILABLE: the server is not to be reached. */
enum sgn_status mail_box_send(struct mail_box *box, const json_t *person, size_t n, int *code,
                              struct sgn_error *err) SGN_MUST_CHECK;
const char *mail_box_reader(const struct mail_box *box, char out[SGN_KEY_MAX + 16]);

/* ---- mail_asked.c ---- */

/* Looks for mails that are to be sent once more. */
enum sgn_status mail_asked_look(struct mail_team *team, struct sgn_error *err) SGN_MUST_CHECK;
/* Sends one. Returns in how many ms there may be more; -1: when it is told. */
int64_t mail_asked_turn(struct mail_team *team);
/* The store has been told of it, or was not. */
void mail_asked_told(struct mail_team *team, const json_t *row, bool fine);
void mail_asked_drop(struct mail_team *team);

#endif
