/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rules process that can be anything but good. Runs as "hostile_worker rules-worker TEAM".
 *
 * A call's input tells it what to do: {"do": WORD, "mark"?: PATH}, see deeds below; the team's
 * name how it is as a whole:
 *   mute      never begins          liar      writes nonsense on the progress page
 *   free      is not confined       early     answers before it has begun
 *   modest    begins twice             rude      says why in no UTF-8
 * Every other team has a worker that says HELLO, answers "echo" with its input and a load with
 * nothing loaded, and keeps its answers back until it has nothing to do, as the real one does.
 */
#include "json.h"
#include "rules_frame.h"
#include "rules_value.h"
#include "worker.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FLOOD_BYTES ((size_t)100 << 20)

struct hostile {
    const char *team;
    struct rules_progress *progress;
    bool loading; /* it was asked to load */
    struct sgn_buf in, out;
};

static bool
is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void
write_all(const void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t some = write(DSL_WORKER_SOCKET, (const char *)bytes + done, n - done);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            _exit(7);
        done += (size_t)some;
    }
}

static void
flush(struct hostile *h)
{
    write_all(h->out.bytes, h->out.len);
    sgn_buf_reset(&h->out);
}

static void
answer(struct hostile *h, uint64_t id, unsigned detail, const void *body, size_t n)
{
    struct rules_frame head = {
        .kind = RULES_FRAME_ANSWER, .id = id, .detail = (uint8_t)detail, .size = (uint32_t)n
    };

    sgn_buf_append(&h->out, &head, sizeof head);
    sgn_buf_append(&h->out, body, n);
}

static void
text(struct hostile *h, uint64_t id, unsigned detail, const char *body)
{
    answer(h, id, detail, body, strlen(body));
}

/* ---- what it does ---- */

static void
echo(struct hostile *h, uint64_t id, const json_t *input)
{
    struct sgn_buf body;

    sgn_buf_init(&body, RULES_FRAME_MAX);
    if (h->loading ? sgn_json_append(&body, input) != SGN_OK
                   : rules_put_json(&body, input, NULL) != SGN_OK)
        _exit(8);
    answer(h, id, SGN_OK, body.bytes, body.len);
    sgn_buf_deinit(&body);
}

static void
die(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)h;
    (void)id;
    (void)input;
    _exit(3);
}

/* In the middle of a batch: what it has answered so far is heard. */
static void
answer_and_die(struct hostile *h, uint64_t id, const json_t *input)
{
    flush(h);
    die(h, id, input);
}

static void
die_once(struct hostile *h, uint64_t id, const json_t *input)
{
    int fd = open(sgn_json_str(input, "mark"), O_CREAT | O_EXCL | O_WRONLY, 0600);

    if (fd >= 0)
        raise(SIGKILL);
    echo(h, id, input);
}

/* With its answers in its pocket. */
static void
hang(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)id;
    (void)input;
    for (uint64_t n = 0;; n++)
        if (is(h->team, "liar"))
            atomic_store(&h->progress->id, n % 2 == 0 ? 0 : UINT64_MAX);
        else
            pause();
}

static void
garbage(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)id;
    (void)input;
    sgn_buf_puts(&h->out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

static void
zeros(struct hostile *h, uint64_t id, const json_t *input)
{
    static const char none[64];

    (void)id;
    (void)input;
    sgn_buf_append(&h->out, none, sizeof none);
}

static void
twice(struct hostile *h, uint64_t id, const json_t *input)
{
    echo(h, id, input);
    echo(h, id, input);
}

static void
unknown_id(struct hostile *h, uint64_t id, const json_t *input)
{
    echo(h, id + 1000000, input);
}

/* Another's answer first. */
static void
next_id(struct hostile *h, uint64_t id, const json_t *input)
{
    echo(h, id + 1, input);
    echo(h, id, input);
}

static void
no_value(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    text(h, id, SGN_OK, "{\"a\": nil}");
}

static void
nothing(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    text(h, id, SGN_OK, "");
}

static void
no_utf8(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    answer(h, id, SGN_OK, "s\2\0\0\0\xff\xfe", 7);
}

static void
deep(struct hostile *h, uint64_t id, const json_t *input)
{
    enum {
        DEPTH = 100000
    };
    struct sgn_buf body;

    (void)input;
    sgn_buf_init(&body, RULES_FRAME_MAX);
    for (int i = 0; i < DEPTH; i++)
        rules_put_open(&body, RULES_VALUE_LIST);
    for (size_t i = 0; i < DEPTH; i++)
        rules_put_close(&body, 5 * i);
    answer(h, id, SGN_OK, body.bytes, body.len);
    sgn_buf_deinit(&body);
}

static void
bad_status(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    text(h, id, SGN_UNKNOWN_OUTCOME, "the disk is full");
}

static void
bad_message(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    text(h, id, SGN_RULE_ERROR, "\xc3(");
}

static void
long_message(struct hostile *h, uint64_t id, const json_t *input)
{
    char body[5000];

    (void)input;
    memset(body, 'x', sizeof body);
    answer(h, id, SGN_RULE_ERROR, body, sizeof body);
}

static void
long_answer(struct hostile *h, uint64_t id, const json_t *input)
{
    char *text_of_it = malloc(RULES_ANSWER_MAX);
    json_t *value;

    (void)input;
    memset(text_of_it, 'x', RULES_ANSWER_MAX);
    value = json_stringn(text_of_it, RULES_ANSWER_MAX);
    echo(h, id, value);
    json_decref(value);
    free(text_of_it);
}

/* ---- of a guard with a function behind it ---- */

static void
echo_text(struct hostile *h, uint64_t id, const char *json)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

    echo(h, id, value);
    json_decref(value);
}

static void
then_good(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[true, {\"value\": [{\"emit\": \"y\"}]}]");
}

static void
then_failed(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[true, {\"error\": {\"code\": \"rule_overrun\", \"message\": \"m\"}}]");
}

static void
then_alone(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "true");
}

static void
then_three(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[false, null, null]");
}

static void
then_uncalled(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[true, null]");
}

static void
then_unasked(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[[false, null], {\"value\": []}]");
}

static void
then_neither(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[true, {\"answer\": []}]");
}

static void
then_bad_code(struct hostile *h, uint64_t id, const json_t *input)
{
    (void)input;
    echo_text(h, id, "[true, {\"error\": {\"code\": \"not_found\", \"message\": \"m\"}}]");
}

/* A head that promises 100 MB, and a worker that sends them. */
static void
flood(struct hostile *h, uint64_t id, const json_t *input)
{
    static const char piece[1 << 16];
    struct rules_frame head = { .kind = RULES_FRAME_ANSWER, .id = id, .size = FLOOD_BYTES };

    (void)input;
    flush(h);
    write_all(&head, sizeof head);
    for (size_t sent = 0; sent < FLOOD_BYTES; sent += sizeof piece)
        write_all(piece, sizeof piece);
}

static void
servers_word(struct hostile *h, uint64_t id, const json_t *input)
{
    struct rules_frame head = { .kind = RULES_FRAME_LOAD, .id = id };

    rules_frame_put_json(&h->out, head, input);
}

static void
hello_again(struct hostile *h, uint64_t id, const json_t *input)
{
    struct rules_frame head = { .kind = RULES_FRAME_HELLO, .detail = 1 };

    (void)id;
    (void)input;
    rules_frame_put(&h->out, head, "", 0);
}

/* Half a frame, then silence. */
static void
half(struct hostile *h, uint64_t id, const json_t *input)
{
    echo(h, id, input);
    write_all(h->out.bytes, h->out.len - 1);
    hang(h, id, input);
}

static void
slam(struct hostile *h, uint64_t id, const json_t *input)
{
    close(DSL_WORKER_SOCKET);
    hang(h, id, input);
}

static const struct {
    const char *word;
    void (*fn)(struct hostile *h, uint64_t id, const json_t *input);
} deeds[] = {
    { "echo", echo },
    { "die", die },
    { "answer_and_die", answer_and_die },
    { "die_once", die_once },
    { "hang", hang },
    { "garbage", garbage },
    { "zeros", zeros },
    { "twice", twice },
    { "unknown_id", unknown_id },
    { "next_id", next_id },
    { "no_value", no_value },
    { "nothing", nothing },
    { "no_utf8", no_utf8 },
    { "deep", deep },
    { "bad_status", bad_status },
    { "bad_message", bad_message },
    { "long_message", long_message },
    { "long_answer", long_answer },
    { "then_good", then_good },
    { "then_failed", then_failed },
    { "then_alone", then_alone },
    { "then_three", then_three },
    { "then_uncalled", then_uncalled },
    { "then_unasked", then_unasked },
    { "then_neither", then_neither },
    { "then_bad_code", then_bad_code },
    { "flood", flood },
    { "servers_word", servers_word },
    { "hello_again", hello_again },
    { "half", half },
    { "slam", slam },
};

static void
on_frame(struct hostile *h, const struct rules_frame *head, const char *bytes)
{
    json_t *body = NULL;
    const char *word;

    if ((head->kind == RULES_FRAME_CALL ? rules_value_parse
                                        : sgn_json_parse)(bytes, head->size, &body, NULL) != SGN_OK)
        _exit(8);
    if (head->then != 0) {
        json_t *first = json_incref(json_array_get(body, 0));

        json_decref(body);
        body = first;
    }
    word = sgn_json_str(body, "do");
    h->loading = head->kind == RULES_FRAME_LOAD;
    if (!is(h->team, "liar"))
        atomic_store(&h->progress->id, head->id);
    if (head->kind == RULES_FRAME_START && is(h->team, "mute"))
        hang(h, 0, NULL);
    if (head->kind == RULES_FRAME_START && is(h->team, "early"))
        text(h, 1, SGN_OK, "{}");
    if (head->kind == RULES_FRAME_START) {
        struct rules_frame hello = { .kind = RULES_FRAME_HELLO,
                                     .detail = !is(h->team, "free") && !is(h->team, "rude") };

        for (int n = is(h->team, "modest") ? 2 : 1; n > 0; n--)
            rules_frame_put(&h->out, hello, is(h->team, "rude") ? "\xff" : "no seccomp",
                            hello.detail == 1     ? 0
                            : is(h->team, "rude") ? 1
                                                  : 10);
    }
    for (size_t i = 0; word != NULL && i < sizeof deeds / sizeof deeds[0]; i++)
        if (is(deeds[i].word, word))
            deeds[i].fn(h, head->id, body);
    if (head->kind == RULES_FRAME_LOAD && word == NULL)
        text(h, head->id, SGN_OK, "{\"team\":null,\"workflows\":{},\"mistakes\":[]}");
    json_decref(body);
}

int
main(int argc, char **argv)
{
    struct hostile h = { .team = argc > 2 ? argv[2] : "" };
    char bytes[1 << 16];
    ssize_t n;

    h.progress =
        mmap(NULL, sizeof *h.progress, PROT_READ | PROT_WRITE, MAP_SHARED, DSL_WORKER_PROGRESS, 0);
    if (h.progress == MAP_FAILED)
        return 9;
    sgn_buf_init(&h.in, 4 * (size_t)RULES_FRAME_MAX);
    sgn_buf_init(&h.out, 4 * (size_t)RULES_FRAME_MAX);
    while ((n = read(DSL_WORKER_SOCKET, bytes, sizeof bytes)) > 0) {
        struct rules_frame head;
        const char *body;
        size_t at = 0;

        sgn_buf_append(&h.in, bytes, (size_t)n);
        while (rules_frame_get(h.in.bytes + at, h.in.len - at, &head, &body, NULL) == SGN_OK) {
            on_frame(&h, &head, body);
            at += sizeof head + head.size;
        }
        sgn_buf_consume(&h.in, at);
        flush(&h);
    }
    _exit(0);
}
