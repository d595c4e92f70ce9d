/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a site may be told: one row per setting, with its type, default and help.
 *
 * A setting is taken from the option of "signoff serve", else from the environment
 * (SIGNOFF_NET_LISTEN for listen of [net]), else from signoff.ini, else from its default; where it
 * was taken from is kept. An unknown section or name is a mistake, answered with the nearest known
 * one.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "buf.h"
#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTING_TEXT  512
#define SETTING_PLACE 512
#define SETTINGS_MAX  96

enum setting_source {
    SETTING_DEFAULT,
    SETTING_FILE,
    SETTING_ENVIRONMENT,
    SETTING_OPTION
};

struct setting_origin {
    enum setting_source source;
    int line; /* of the file, from 1 */
};

struct settings {
    char listen[SETTING_TEXT];                                 /* "" or "off": no TCP */
    char http[SETTING_TEXT];                                   /* likewise, of HTTP and WebSocket */
    char tls_certificate[SETTING_TEXT], tls_key[SETTING_TEXT]; /* "": no TLS */
    char tls_client_ca[SETTING_TEXT];
    char public_url[SETTING_TEXT]; /* where people reach it; "": not told */
    bool insecure;                 /* listens beyond loopback without TLS */
    int64_t connections;
    int64_t connections_per_address;
    int64_t login_ms, line_ms, read_ms, idle_ms, beat_ms, pong_ms; /* deadlines, see net.h */
    int64_t head_bytes, head_fields;                               /* of an HTTP request */
    char data[SETTING_TEXT];      /* folder of the store; relative ones lie in the site */
    char store_url[SETTING_TEXT]; /* "": the database lies in data */
    int64_t reserve_bytes;        /* room on the disk below which nothing is written */
    int64_t unmerged_bytes;       /* of cases that changed, in memory only */
    bool upgrade_copy;            /* the database is copied before its schema is changed */
    int64_t store_connections;    /* teams written at the same time */
    int64_t frame_bytes;
    int64_t in_flight;
    int64_t batch_requests;
    int64_t write_bytes;           /* queued answers of one connection */
    int64_t buffer_bytes;          /* of all connections together */
    int64_t login_failures;        /* of one connection */
    int64_t address_failures;      /* of one address */
    int64_t queue, team_queue;     /* requests that wait for the engine, in all and of one team */
    int64_t queries, team_queries; /* the same of lists and reports */
    int64_t report_entries, report_ms;
    int64_t batch, batch_ms; /* of one commit */
    int64_t query_ms;        /* of one list or report */
    int64_t parked_per_team;
    int64_t team_file_bytes; /* of a team's files together */
    int64_t rule_memory;
    int64_t rule_instructions;
    int64_t rule_ms; /* of one call, by the clock on the wall */
    int64_t rule_processes;
    bool rules_unconfined;
    int64_t slow_rule_ms, slow_request_ms; /* of one call, which is logged then; 0: none */
    char log_access[SETTING_TEXT], log_admin[SETTING_TEXT];      /* "": none */
    char outbox_allow[SETTING_TEXT], outbox_ports[SETTING_TEXT]; /* where deliveries may go */
    bool outbox_insecure;
    char mail_server[SETTING_TEXT], mail_from[SETTING_TEXT]; /* server "": no mail */
    char mail_user[SETTING_TEXT], mail_password_file[SETTING_TEXT];
    char mail_ca[SETTING_TEXT];
    bool mail_insecure;
    int64_t mail_digest_minutes;
    int64_t alarm_disk, alarm_log, alarm_certificate_days, alarm_backup_days; /* 0: none */
    struct setting_origin origins[SETTINGS_MAX]; /* of the rows of settings_table() */
};

enum setting_type {
    SETTING_IS_TEXT,
    SETTING_IS_BOOL,
    SETTING_IS_INTEGER,
    SETTING_IS_BYTES
};

struct setting {
    const char *section, *name;
    enum setting_type type;
    size_t offset;       /* in struct settings */
    const char *or_else; /* the default, as it would be written in the file */
    int64_t min, max;    /* of integers and bytes */
    const char *help;    /* one line */
};

/* All settings, in the order in which signoff.ini shows them. */
const struct setting *settings_table(int *n);

/* The row of a setting; NULL: there is none. */
const struct setting *settings_find(const char *section, const char *name);

/*
 * Defaults, then the file (which may be missing), then the environment. The first mistake is
 * SGN_INVALID, which names file and line, or the variable.
 */
enum sgn_status settings_read(struct settings *settings, const char *file,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* The same, and every mistake: each is appended to mistakes as {"place", "message"}, and the
 * setting keeps what it had. Fails only when out of memory. */
enum sgn_status settings_gather(struct settings *settings, const char *file, json_t *mistakes,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* A message that names its place is told without it. */
enum sgn_status settings_mistake(json_t *mistakes, const char *place, const char *message,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Fails with the first of them: "place: message". SGN_OK: there are none. */
enum sgn_status settings_refuse(const json_t *mistakes, struct sgn_error *err) SGN_MUST_CHECK;
/* Sets one by its text, which came from there. */
enum sgn_status settings_set(struct settings *settings, const char *section, const char *name,
                             const char *text, struct setting_origin origin,
                             struct sgn_error *err) SGN_MUST_CHECK;

/* Where it was taken from: "site/signoff.ini:12" (file is the file's name), "SIGNOFF_NET_LISTEN",
 * "--listen", "default". */
void settings_place(const struct settings *settings, const struct setting *setting,
                    const char *file, char out[SETTING_PLACE]);
/* Its value as it would be written in the file; the password of an address is "***". */
void settings_value(const struct settings *settings, const struct setting *setting,
                    struct sgn_buf *out);
/* The variable of the environment that sets it. Returns out. */
#define SETTING_VARIABLE 64
const char *settings_variable(const struct setting *setting, char out[SETTING_VARIABLE]);

/* What it takes: "a whole number, 1 to 1000". */
void settings_kind(const struct setting *setting, const char *language, char *out, size_t n);

/* ---- settings_file.c ---- */

/* Called for each setting of a file; name NULL: the line is none. */
typedef void settings_line(void *ctx, int line, const char *section, const char *name,
                           const char *value);
/*
 * Reads NAME = VALUE, [SECTION], and comments: a line that begins with ; or #, and what follows a
 * blank and a semicolon. Blanks at the ends of lines, names and values do not count.
 * SGN_NOT_FOUND: there is no such file.
 */
enum sgn_status settings_lines(const char *path, settings_line *take, void *ctx,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* The text of a fresh signoff.ini: every setting with its help, commented out. malloc'ed. */
char *settings_sample(void);

#endif
