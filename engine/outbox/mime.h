/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail as it goes over the wire (RFC 5322, RFC 2045, RFC 2047): text and HTML beside each other,
 * both in base64, so that no line is too long and none begins with a dot.
 *
 * Nothing that somebody wrote becomes a header: control characters are spaces, what is not plain
 * ASCII is encoded, and an address is only taken as sgn_mail_valid() wants it. Pure; any thread.
 */
#ifndef OUTBOX_MIME_H
#define OUTBOX_MIME_H

#include "buf.h"
#include <stdint.h>

#define OUTBOX_MAIL_MAX ((size_t)1 << 20)

struct outbox_mail {
    const char *from_name, *from; /* name may be "" */
    const char *to_name, *to;
    const char *subject;
    const char *language; /* "en", "zh" */
    const char *id;       /* of the mail, the same at every attempt: what stands before "@" */
    const char *thread;   /* of all mails that belong together, or "" */
    int64_t at;           /* ms; its Date, in UTC */
    const char *text, *html;
};

/* SGN_INVALID: an address is none. */
enum sgn_status outbox_mime(const struct outbox_mail *mail, struct sgn_buf *out,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
