/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other side of a connection, in memory: what was sent, as lines of JSON. With a fake lane.
 */
#ifndef FAKE_PEER_H
#define FAKE_PEER_H

#include "buf.h"
#include "fake_lane.h"
#include "json.h"
#include "rpc_internal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fake {
    struct lane lane;
    struct rpc *rpc;
    struct rpc_connection *connection;
    struct sgn_buf sent;
    size_t read; /* of sent */
    bool paused, closed;
    int wakes;
};

static inline void
peer_send(void *ctx, const void *bytes, size_t n)
{
    assert_int_equal(sgn_buf_append(&((struct fake *)ctx)->sent, bytes, n), SGN_OK);
}

static inline void
peer_pause(void *ctx, bool paused)
{
    ((struct fake *)ctx)->paused = paused;
}

static inline void
peer_close(void *ctx)
{
    ((struct fake *)ctx)->closed = true;
}

static inline void
fake_wake(void *ctx)
{
    ((struct fake *)ctx)->wakes++;
}

static inline void
fake_open(struct fake *fake, const struct rpc_limits *limits)
{
    struct rpc_peer peer = {
        .ctx = fake, .send = peer_send, .pause = peer_pause, .close = peer_close, .channel = "line"
    };
    struct rpc_options options = { .lane = &fake->lane, .wake = fake_wake, .ctx = fake };

    memset(fake, 0, sizeof(*fake));
    sgn_clock_init_virtual(&fake->lane.clock, 1000);
    sgn_buf_init(&fake->sent, (size_t)64 << 20);
    rpc_limits_default(&options.limits);
    if (limits != NULL)
        options.limits = *limits;
    assert_int_equal(rpc_new(&options, &fake->rpc, NULL), SGN_OK);
    fake->connection = rpc_connection_new(fake->rpc, &peer);
    assert_non_null(fake->connection);
}

static inline void
fake_close(struct fake *fake)
{
    rpc_connection_close(fake->connection);
    while (fake->lane.n > 0)
        fake_finish(&fake->lane, 0, SGN_UNAVAILABLE, NULL);
    rpc_free(fake->rpc);
    sgn_buf_deinit(&fake->sent);
}

/* Somebody is logged in, as if session.login had been answered. */
static inline void
fake_login(struct fake *fake, const char *person)
{
    struct rpc_session *session = &fake->connection->session;

    session->known = true;
    session->is_operator = person == NULL;
    if (person != NULL) {
        strcpy(session->team, "demo");
        strcpy(session->person, person);
    }
    strcpy(session->language, "en");
}

static inline void
fake_say(struct fake *fake, const char *line)
{
    rpc_connection_receive(fake->connection, line, strlen(line));
    rpc_connection_receive(fake->connection, "\n", 1);
}

/* The next line that was sent, parsed; NULL when there is none. */
static inline json_t *
fake_hear(struct fake *fake)
{
    const char *from = fake->sent.bytes + fake->read;
    const char *end = fake->sent.len > fake->read ? strchr(from, '\n') : NULL;
    json_t *value = NULL;

    if (end == NULL)
        return NULL;
    assert_int_equal(sgn_json_parse(from, (size_t)(end - from), &value, NULL), SGN_OK);
    fake->read += (size_t)(end - from) + 1;
    return value;
}

/* The next line must be this JSON. */
static inline void
fake_expect(struct fake *fake, const char *text)
{
    json_t *heard = fake_hear(fake), *wanted = NULL;
    char *said;

    assert_int_equal(sgn_json_parse(text, strlen(text), &wanted, NULL), SGN_OK);
    if (heard == NULL)
        fail_msg("nothing was answered; expected %s", text);
    if (!json_equal(heard, wanted)) {
        said = sgn_json_text(heard);
        fail_msg("answered %s; expected %s", said, text);
    }
    json_decref(heard);
    json_decref(wanted);
}

/* The next line must be an error with this id (JSON text), number, code and, if not NULL, pointer.
 */
static inline void
fake_expect_error(struct fake *fake, const char *id, int number, const char *code,
                  const char *pointer)
{
    json_t *heard = fake_hear(fake), *wanted = NULL;
    const json_t *error = json_object_get(heard, "error");
    const json_t *data = json_object_get(error, "data");

    assert_non_null(heard);
    assert_int_equal(sgn_json_parse(id, strlen(id), &wanted, NULL), SGN_OK);
    assert_true(json_equal(json_object_get(heard, "id"), wanted));
    assert_string_equal(sgn_json_str(heard, "jsonrpc"), "2.0");
    assert_int_equal(sgn_json_int(error, "code", 0), number);
    assert_string_equal(sgn_json_str(data, "code"), code);
    assert_true(strlen(sgn_json_str(error, "message")) > 0);
    if (pointer != NULL)
        assert_string_equal(sgn_json_str(data, "pointer"), pointer);
    json_decref(heard);
    json_decref(wanted);
}

static inline void
fake_expect_silence(struct fake *fake)
{
    json_t *heard = fake_hear(fake);

    if (heard != NULL)
        fail_msg("answered unasked: %s", sgn_json_text(heard));
}

#endif
