/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail: what persons are told (rows of STORE_MESSAGE), to those who have an address, by one SMTP
 * server, on a thread of its own, since talking to it blocks.
 *
 * Reminders for one person are gathered: the first one waits for a while, and what has come by
 * then goes as one mail. Everything else goes at once, each message a mail of its own, those of one
 * case as one thread; but for what its person has set otherwise (lane/notices.h), which is gathered
 * until its hour, or stays in the inbox. What was read there meanwhile is not sent.
 *
 * At least once: each person has a reader for each box, mail/KEY, digest/KEY, hourly/KEY and
 * daily/KEY, whose numbers are those of messages; the reader "mail" says up to where all are done.
 * A team's reader starts at its head. smtps:// is TLS from the first byte; over smtp:// STARTTLS
 * comes before anything is said, and a server without it is told nothing. Its certificate must be
 * of its name and of somebody trusted. An SMTP server that is not to be reached, or not to be
 * trusted, is tried again by the schedule of deliveries; a mail that it refuses for good (5xx) is
 * given up and listed by delivery.list under the name of its reader with the number of its (first)
 * message, and is sent once more by delivery.retry.
 *
 * Thread: outbox_mail_committed from any; all else from the one that made it.
 */
#ifndef OUTBOX_MAIL_H
#define OUTBOX_MAIL_H

#include "lane.h"

struct outbox_mails;

struct outbox_mail_options {
    struct lane *lane;           /* borrowed */
    struct store_reader *reader; /* borrowed; of the thread alone once it is started */
    const char *site;   /* the folder with teams/, whose mail/ may hold templates; or NULL */
    const char *server; /* smtp://HOST:PORT or smtps://HOST:PORT */
    const char *from;   /* "Name <address>" or an address */
    const char *user, *password; /* "" or NULL: no login */
    const char *ca;              /* file (PEM) of whom is trusted; NULL: whom the system trusts */
    bool insecure;               /* also where nothing is encrypted and nobody is trusted */
    bool links;                  /* the site has a public address: who is asked gets a link */
    int64_t digest_ms; /* so long reminders are gathered, business time; 0: they are not */
};

/* SGN_INVALID names the setting that is wrong. Strings are copied. */
enum sgn_status outbox_mail_new(const struct outbox_mail_options *options,
                                struct outbox_mails **out, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status outbox_mail_start(struct outbox_mails *mails, struct sgn_error *err) SGN_MUST_CHECK;
/* There are new entries. NULL is fine. */
void outbox_mail_committed(struct outbox_mails *mails);
/* Before lane_stop(), and after it. */
void outbox_mail_stop(struct outbox_mails *mails);
void outbox_mail_free(struct outbox_mails *mails);

#endif
