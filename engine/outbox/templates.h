/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of mails, as templates (base/template.h). A team's own lie in its folder:
 *
 *     mail/NAME.LANGUAGE.KIND     message (of one message) or digest; en or zh; subject, txt, html
 *
 * Names in them: team, person, case, title, text, at, link (where the person may answer without an
 * account), page (where the case is shown to them once they have signed in), enter (where a message
 * leads that signs somebody in, which is always a shipped one), settings (where the person sets
 * what comes by mail); count, notices (there when a digest is of what the person has gathered, and
 * not of reminders alone), and items (case, title, text, at, link, page of each). What a team does
 * not have is shipped. Any thread.
 */
#ifndef OUTBOX_TEMPLATES_H
#define OUTBOX_TEMPLATES_H

#include "buf.h"
#include <jansson.h>
#include <stdbool.h>

enum outbox_text {
    OUTBOX_SUBJECT,
    OUTBOX_TXT,
    OUTBOX_HTML,
    OUTBOX_TEXTS
};

/* Fills the team's own template, or, where it has none or a wrong one, which is logged, the shipped
 * one. dir: the team's folder, or NULL. */
enum sgn_status outbox_template_put(const char *dir, bool digest, bool zh, enum outbox_text text,
                                    const json_t *values, struct sgn_buf *out,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* Adds what is wrong with those of a team's folder to mistakes, as of scripts: {severity, file,
 * line, message}. */
enum sgn_status outbox_templates_check(const char *dir, json_t *mistakes,
                                       struct sgn_error *err) SGN_MUST_CHECK;

#endif
