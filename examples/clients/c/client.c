/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small client of Signoff: inbox, open, decide, watch. See README.md beside it.
 *
 *     cc client.c -ljansson -o client
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

struct signoff {
    FILE *in, *out; /* the two directions of one socket */
    json_int_t last_id;
};

static void
fail(const char *text)
{
    fprintf(stderr, "%s\n", text);
    exit(EXIT_FAILURE);
}

static void
dial(struct signoff *signoff, const char *server)
{
    char host[256] = "";
    const char *colon = strrchr(server, ':');
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    int fd;

    if (colon == NULL || (size_t)(colon - server) >= sizeof(host))
        fail("SIGNOFF_SERVER must be HOST:PORT");
    memcpy(host, server, (size_t)(colon - server));
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        fail("no such host");
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
        fail("no server answers there");
    freeaddrinfo(found);
    signoff->in = fdopen(fd, "r");
    signoff->out = fdopen(fd, "w");
    if (signoff->in == NULL || signoff->out == NULL)
        fail("out of memory");
}

/* The next line, parsed; a new reference. */
static json_t *
receive(struct signoff *signoff)
{
    char *line = NULL;
    size_t room = 0;
    json_t *message = NULL;

    if (getline(&line, &room, signoff->in) > 0)
        message = json_loads(line, 0, NULL);
    free(line);
    if (message == NULL)
        fail("the server closed the connection");
    return message;
}

/* The result, a new reference. Takes params. */
static json_t *
call(struct signoff *signoff, const char *method, json_t *params_take)
{
    json_t *request = json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0", "id", ++signoff->last_id,
                                "method", method, "params", params_take);
    json_t *answer, *error, *result;

    if (request == NULL || json_dumpf(request, signoff->out, JSON_COMPACT) != 0 ||
        fputc('\n', signoff->out) == EOF || fflush(signoff->out) != 0)
        fail("the request could not be sent");
    json_decref(request);
    for (;;) {
        answer = receive(signoff);
        if (json_integer_value(json_object_get(answer, "id")) == signoff->last_id)
            break;
        json_decref(answer); /* a notification that came between */
    }
    error = json_object_get(answer, "error");
    if (error != NULL)
        fail(json_string_value(json_object_get(error, "message")));
    result = json_incref(json_object_get(answer, "result"));
    json_decref(answer);
    return result;
}

/* Borrowed text of a member; "-" when it is none. */
static const char *
text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value != NULL ? value : "-";
}

/* A new request_id: what was sent with one can be sent again, and takes effect once. */
static json_t *
request_id(void)
{
    unsigned long long number;

    if (getrandom(&number, sizeof(number), 0) != sizeof(number))
        fail("no random bytes");
    return json_sprintf("%016llx", number);
}

static void
print_change(json_t *result)
{
    json_t *states = json_object_get(result, "states"), *state;
    size_t i;

    printf("%s\t", text(result, "case"));
    json_array_foreach(states, i, state)
        printf("%s%s", i > 0 ? "," : "", json_string_value(state));
    printf("\n");
    json_decref(result);
}

static void
inbox(struct signoff *signoff)
{
    json_t *result = call(signoff, "inbox.list", json_object()), *item;
    size_t i;

    json_array_foreach(json_object_get(result, "items"), i, item)
        printf("%s\t%s\t%s\n", text(item, "case"), text(item, "kind"), text(item, "title"));
    json_decref(result);
}

static void
open_case(struct signoff *signoff, int argc, char **argv)
{
    json_t *fields = json_object();

    for (int i = 2; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals == NULL)
            fail("a field is NAME=VALUE");
        json_object_setn_new(fields, argv[i], (size_t)(equals - argv[i]), json_string(equals + 1));
    }
    print_change(call(signoff, "case.open",
                      json_pack("{s:s, s:s, s:o, s:o}", "workflow", argv[0], "project", argv[1],
                                "fields", fields, "request_id", request_id())));
}

/* What would be agreed to, and the digest that says so. */
static void
show(const json_t *seen, const json_t *approval)
{
    json_t *name;
    size_t i;

    json_array_foreach(json_object_get(approval, "covers"), i, name) {
        json_t *value = json_object_get(json_object_get(seen, "fields"), json_string_value(name));
        char *said = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
        printf("%s: %s\n", json_string_value(name), said != NULL ? said : "null");
        free(said);
    }
    printf("digest: %s\n", text(approval, "digest"));
}

/* digest NULL: shows what would be agreed to, and decides nothing. */
static void
decide(struct signoff *signoff, const char *key, const char *choice, const char *digest)
{
    json_t *seen = call(signoff, "case.get", json_pack("{s:s}", "case", key));
    json_t *approval = NULL;
    size_t i;

    json_array_foreach(json_object_get(seen, "approvals"), i, approval) {
        if (json_object_get(approval, "ended") == NULL)
            break;
    }
    if (i == json_array_size(json_object_get(seen, "approvals")))
        fail("the case has no open approval");
    if (digest == NULL)
        show(seen, approval);
    else
        print_change(call(signoff, "approval.vote",
                          json_pack("{s:s, s:s, s:s, s:s, s:o}", "case", key, "approval",
                                    text(approval, "approval"), "choice", choice, "digest", digest,
                                    "request_id", request_id())));
    json_decref(seen);
}

/* From that number on; who remembers the last number seen misses nothing. */
static void
watch(struct signoff *signoff, const char *first)
{
    json_decref(call(signoff, "watch.start", json_pack("{s:I}", "from", (json_int_t)atoll(first))));
    for (;;) {
        json_t *message = receive(signoff);
        json_t *entry = json_object_get(json_object_get(message, "params"), "entry");

        if (strcmp(text(message, "method"), "watch.entry") == 0) {
            printf("%lld\t%s\t%s\t%s\n",
                   (long long)json_integer_value(json_object_get(entry, "seq")),
                   text(entry, "case"), text(entry, "kind"), text(entry, "actor"));
            fflush(stdout);
        }
        json_decref(message);
    }
}

int
main(int argc, char **argv)
{
    const char *server = getenv("SIGNOFF_SERVER"), *token = getenv("SIGNOFF_TOKEN");
    const char *command = argc > 1 ? argv[1] : "";
    struct signoff signoff = { 0 };

    dial(&signoff, server != NULL ? server : "127.0.0.1:7480");
    json_decref(
        call(&signoff, "session.login", json_pack("{s:s}", "token", token != NULL ? token : "")));
    if (strcmp(command, "inbox") == 0)
        inbox(&signoff);
    else if (strcmp(command, "open") == 0 && argc >= 4)
        open_case(&signoff, argc - 2, argv + 2);
    else if (strcmp(command, "decide") == 0 && argc >= 4)
        decide(&signoff, argv[2], argv[3], argc > 4 ? argv[4] : NULL);
    else if (strcmp(command, "watch") == 0)
        watch(&signoff, argc > 2 ? argv[2] : "1");
    else
        fail("usage: client inbox | open WORKFLOW PROJECT NAME=VALUE... | decide CASE CHOICE "
             "[DIGEST]"
             " | watch [FROM]");
    fclose(signoff.out);
    return EXIT_SUCCESS;
}
