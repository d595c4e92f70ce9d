/* SPDX-License-Identifier: Apache-2.0 */
/* The table of settings, and what is printed from it. */
#include "settings.h"

#include "store.h"
#include <stddef.h>
#include <string.h>

#define KIB        INT64_C(1024)
#define MIB        (1024 * KIB)
#define SAMPLE_MAX 65536
#define AT(member) offsetof(struct settings, member)

/* clang-format off */
static const struct setting table[] = {
    { "net", "listen", SETTING_IS_TEXT, AT(listen), "127.0.0.1:7480", 0, 0,
      "address and port of the line protocol; off: only the socket in this folder" },
    { "net", "http", SETTING_IS_TEXT, AT(http), "127.0.0.1:7481", 0, 0,
      "address and port of HTTP and WebSocket; off: none, which is what serve --listen means without --http" },
    { "net", "tls_certificate", SETTING_IS_TEXT, AT(tls_certificate), "", 0, 0,
      "file (PEM) of the certificate and its chain for TLS 1.2 and 1.3, of lines and HTTP alike; read again at SIGHUP" },
    { "net", "tls_key", SETTING_IS_TEXT, AT(tls_key), "", 0, 0,
      "file (PEM) of its key, which not everybody may read" },
    { "net", "tls_client_ca", SETTING_IS_TEXT, AT(tls_client_ca), "", 0, 0,
      "file (PEM) of those who sign the certificates that clients must have; without it they need none" },
    { "net", "public_url", SETTING_IS_TEXT, AT(public_url), "", 0, 0,
      "where people reach HTTP from outside, such as https://signoff.example: what links in messages begin with" },
    { "net", "insecure", SETTING_IS_BOOL, AT(insecure), "no", 0, 0,
      "allow an address that is not loopback although nothing is encrypted" },
    { "net", "connections", SETTING_IS_INTEGER, AT(connections), "16384", 1, 1000000,
      "connections at a time; fewer when the system allows fewer open files" },
    { "net", "connections_per_address", SETTING_IS_INTEGER, AT(connections_per_address), "1024", 1, 1000000,
      "of them, from one IPv4 address or IPv6 network of 64 bits; not those of the socket in this folder" },
    { "net", "login_ms", SETTING_IS_INTEGER, AT(login_ms), "30000", 100, 86400000,
      "milliseconds that a connection may stay without a login and without a request" },
    { "net", "line_ms", SETTING_IS_INTEGER, AT(line_ms), "60000", 100, 86400000,
      "milliseconds from the first byte of a request to its end" },
    { "net", "idle_ms", SETTING_IS_INTEGER, AT(idle_ms), "75000", 100, 86400000,
      "milliseconds that an HTTP connection may stay without a request" },
    { "net", "beat_ms", SETTING_IS_INTEGER, AT(beat_ms), "15000", 100, 86400000,
      "milliseconds of silence after which a stream of /events gets a sign of life, and a WebSocket a ping" },
    { "net", "pong_ms", SETTING_IS_INTEGER, AT(pong_ms), "30000", 100, 86400000,
      "milliseconds until a WebSocket has answered a ping; one that has not is closed" },
    { "net", "read_ms", SETTING_IS_INTEGER, AT(read_ms), "60000", 100, 86400000,
      "milliseconds until answers that wait to be read are read" },
    { "store", "data", SETTING_IS_TEXT, AT(data), "data", 0, 0,
      "folder of the database and the files, from here" },
    { "store", "url", SETTING_IS_TEXT, AT(store_url), "", 0, 0,
      "postgres://USER@HOST/DATABASE, when the database does not lie in the folder data; the password is read "
      "from PGPASSWORD or from the file that PGPASSFILE names (~/.pgpass)" },
    { "store", "reserve", SETTING_IS_BYTES, AT(reserve_bytes), "16M", MIB, INT64_MAX,
      "room on the disk below which nothing is written any more" },
    { "store", "unmerged", SETTING_IS_BYTES, AT(unmerged_bytes), "128M", 4 * KIB, 1024 * 1024 * MIB,
      "memory for cases that have changed and wait to be written to their tables: more is written less "
      "often, and read again at a start after a crash" },
    { "store", "upgrade_copy", SETTING_IS_BOOL, AT(upgrade_copy), "yes", 0, 0,
      "SQLite: before a newer Signoff changes the database it is copied to signoff.schema-N.db beside it, as "
      "the way back" },
    { "store", "connections", SETTING_IS_INTEGER, AT(store_connections), "4", 1, STORE_CONNECTIONS_MAX,
      "PostgreSQL: teams that are written at the same time, each on a connection, opened when there is "
      "work for it; those for reading come on top" },
    { "limits", "frame", SETTING_IS_BYTES, AT(frame_bytes), "1M", KIB, 64 * MIB,
      "size of one request" },
    { "limits", "head", SETTING_IS_BYTES, AT(head_bytes), "16K", KIB, MIB,
      "size of the head of an HTTP request" },
    { "limits", "head_fields", SETTING_IS_INTEGER, AT(head_fields), "100", 10, 10000,
      "fields in the head of an HTTP request" },
    { "limits", "in_flight", SETTING_IS_INTEGER, AT(in_flight), "256", 1, 100000,
      "unanswered requests of one connection" },
    { "limits", "batch_requests", SETTING_IS_INTEGER, AT(batch_requests), "256", 1, 100000,
      "requests in one JSON-RPC batch" },
    { "limits", "write_queue", SETTING_IS_BYTES, AT(write_bytes), "4M", 64 * KIB, 1024 * MIB,
      "answers that wait for one connection, above which nothing more is read from it" },
    { "limits", "buffers", SETTING_IS_BYTES, AT(buffer_bytes), "256M", MIB, INT64_MAX,
      "unfinished requests and waiting answers of all connections together, above which each gets 64K" },
    { "limits", "login_failures", SETTING_IS_INTEGER, AT(login_failures), "5", 1, 1000,
      "failed logins after which a connection is closed" },
    { "limits", "address_login_failures", SETTING_IS_INTEGER, AT(address_failures), "20", 1, 1000000,
      "failed logins of one address, after which one more is looked at every 6 seconds" },
    { "limits", "queue", SETTING_IS_INTEGER, AT(queue), "16384", 1, 10000000,
      "requests that wait for the engine, above which more are refused" },
    { "limits", "team_queue", SETTING_IS_INTEGER, AT(team_queue), "8192", 1, 10000000,
      "of them, of one team" },
    { "limits", "queries", SETTING_IS_INTEGER, AT(queries), "4096", 1, 10000000,
      "lists and reports that wait, above which more are refused" },
    { "limits", "team_queries", SETTING_IS_INTEGER, AT(team_queries), "1024", 1, 10000000,
      "of them, of one team" },
    { "limits", "report_entries", SETTING_IS_INTEGER, AT(report_entries), "1000000", 10, INT64_MAX,
      "entries that one report may read" },
    { "limits", "report_ms", SETTING_IS_INTEGER, AT(report_ms), "60000", 1, 86400000,
      "milliseconds that one report may work; between its slices others have their turn" },
    { "limits", "batch", SETTING_IS_INTEGER, AT(batch), "4096", 1, 100000,
      "requests that one commit carries" },
    { "limits", "batch_ms", SETTING_IS_INTEGER, AT(batch_ms), "20", 1, 1000,
      "milliseconds that deciding them should take: who comes meanwhile waits for its end" },
    { "limits", "query_ms", SETTING_IS_INTEGER, AT(query_ms), "2000", 1, 60000,
      "milliseconds that a list or a report may read" },
    { "limits", "parked", SETTING_IS_INTEGER, AT(parked_per_team), "1000", 1, 1000000,
      "requests of a team that wait for its rules" },
    { "limits", "team_files", SETTING_IS_BYTES, AT(team_file_bytes), "10G", MIB, INT64_MAX,
      "bytes of a team's files together; the same bytes count once" },
    { "limits", "rule_memory", SETTING_IS_BYTES, AT(rule_memory), "64M", MIB, 4096 * MIB,
      "memory of a team's rules" },
    { "limits", "rule_instructions", SETTING_IS_INTEGER, AT(rule_instructions), "10000000", 1000,
      INT64_MAX, "instructions of one call of a rule" },
    { "limits", "rule_ms", SETTING_IS_INTEGER, AT(rule_ms), "1000", 10, 600000,
      "milliseconds of one call of a rule, after which its process is ended: only the net, "
      "rule_instructions is what decides" },
    { "log", "access", SETTING_IS_TEXT, AT(log_access), "", 0, 0,
      "file of the access log, from here: every request as one JSON object a line, who, what, from where, how it "
      "ended; SIGHUP opens it anew, so that it may be renamed before" },
    { "log", "admin", SETTING_IS_TEXT, AT(log_admin), "admin.log", 0, 0,
      "the same of what changes rights, people and tokens, and of logins that failed; empty: none" },
    { "log", "slow_request_ms", SETTING_IS_INTEGER, AT(slow_request_ms), "2000", 0, 600000,
      "milliseconds from which the server's log tells of a request: its id, connection, method and person; twenty lines in a "
      "minute; 0: never" },
    { "log", "slow_rule_ms", SETTING_IS_INTEGER, AT(slow_rule_ms), "100", 0, 600000,
      "milliseconds of one call of a rule from which the server's log tells of it: workflow, place, case, steps; "
      "five lines of a team in a minute; 0: never" },
    { "rules", "processes", SETTING_IS_INTEGER, AT(rule_processes), "32", 1, 10000,
      "processes that run teams' scripts at a time; the one idle longest makes way" },
    { "rules", "unconfined", SETTING_IS_BOOL, AT(rules_unconfined), "no", 0, 0,
      "run scripts even where the system cannot take files, network and processes from them" },
    { "outbox", "allow", SETTING_IS_TEXT, AT(outbox_allow), "", 0, 0,
      "networks that deliveries may reach although they are not of the public internet, such as 10.1.0.0/16, ::1" },
    { "outbox", "ports", SETTING_IS_TEXT, AT(outbox_ports), "443, 8443", 0, 0,
      "ports that deliveries may go to; any: all" },
    { "outbox", "insecure", SETTING_IS_BOOL, AT(outbox_insecure), "no", 0, 0,
      "deliver to http://, too, where nothing is encrypted and nobody proves who they are" },
    { "mail", "server", SETTING_IS_TEXT, AT(mail_server), "", 0, 0,
      "smtp://HOST:PORT or smtps://HOST:PORT, by which persons get what they are told; without it they get no mail" },
    { "mail", "from", SETTING_IS_TEXT, AT(mail_from), "", 0, 0,
      "who sends it, an address or Name <address>" },
    { "mail", "user", SETTING_IS_TEXT, AT(mail_user), "", 0, 0, "who logs in at the server; none: nobody does" },
    { "mail", "password_file", SETTING_IS_TEXT, AT(mail_password_file), "", 0, 0,
      "file with the password, which not everybody may read" },
    { "mail", "ca", SETTING_IS_TEXT, AT(mail_ca), "", 0, 0,
      "file (PEM) of those who sign the server's certificate; the system's when not said" },
    { "mail", "insecure", SETTING_IS_BOOL, AT(mail_insecure), "no", 0, 0,
      "send also where nothing is encrypted and nobody proves who they are" },
    { "mail", "digest_minutes", SETTING_IS_INTEGER, AT(mail_digest_minutes), "30", 0, 10080,
      "so long reminders for one person are gathered for one mail; 0: each goes at once" },
    { "alarms", "disk", SETTING_IS_BYTES, AT(alarm_disk), "1G", 0, INT64_MAX,
      "signoff health has an alarm when the disk of the data has less room; 0: never" },
    { "alarms", "log", SETTING_IS_BYTES, AT(alarm_log), "256M", 0, INT64_MAX,
      "likewise when the log of the database is larger" },
    { "alarms", "certificate_days", SETTING_IS_INTEGER, AT(alarm_certificate_days), "21", 0, 3650,
      "likewise when the certificate of TLS ends so soon" },
    { "alarms", "backup_days", SETTING_IS_INTEGER, AT(alarm_backup_days), "7", 0, 3650,
      "likewise when the last backup is older, or none was made since the server began; not on virtual time, nor on PostgreSQL" },
};
/* clang-format on */

#define TABLE_N ((int)(sizeof(table) / sizeof(table[0])))

_Static_assert(TABLE_N <= SETTINGS_MAX, "each has an origin");

const struct setting *
settings_table(int *n)
{
    *n = TABLE_N;
    return table;
}

const struct setting *
settings_find(const char *section, const char *name)
{
    for (int i = 0; i < TABLE_N; i++) {
        if (strcmp(table[i].section, section) == 0 && strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return NULL;
}

char *
settings_sample(void)
{
    struct sgn_buf buf;
    const char *section = "";

    sgn_buf_init(&buf, SAMPLE_MAX);
    sgn_buf_puts(&buf, "; Settings of this site. What stands behind a semicolon is the default.\n"
                       "; The environment goes first: SIGNOFF_NET_LISTEN is listen of [net].\n");
    for (int i = 0; i < TABLE_N; i++) {
        if (strcmp(section, table[i].section) != 0)
            sgn_buf_printf(&buf, "\n[%s]\n", table[i].section);
        section = table[i].section;
        sgn_buf_printf(&buf, "; %s\n;%s = %s\n", table[i].help, table[i].name, table[i].or_else);
    }
    return sgn_buf_take(&buf);
}
