/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_site.h: the people, what they ask, and what they are told. */
#include "cut_site.h"

#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 3000

/* ---- asking ---- */

static void
send_request(struct cut_site *site, struct cut_request *request)
{
    struct cut_person *person = &site->persons[request->person];
    json_t *line = json_pack("{s:s, s:i, s:s, s:O}", "jsonrpc", "2.0", "id", 1, "method",
                             request->method, "params", request->params);
    char *text = json_dumps(line, JSON_COMPACT);

    request->sent++;
    if (text != NULL && person->connection != NULL &&
        person->n_asked < (int)(sizeof person->asked / sizeof person->asked[0])) {
        person->asked[person->n_asked++] = request;
        rpc_connection_receive(person->connection, text, strlen(text));
        rpc_connection_receive(person->connection, "\n", 1);
    }
    free(text);
    json_decref(line);
}

struct cut_request *
cut_site_ask(struct cut_site *site, int person, const char *method, json_t *params_take,
             const char *id)
{
    struct cut_request *request = calloc(1, sizeof *request);

    if (request == NULL || params_take == NULL)
        abort();
    request->person = person;
    request->params = params_take;
    request->judged = site->lives;
    snprintf(request->method, sizeof request->method, "%s", method);
    snprintf(request->id, sizeof request->id, "%s", id);
    if (id[0] != '\0')
        (void)json_object_set_new(params_take, "request_id", json_string(id));
    if (site->newest != NULL)
        site->newest->next = request;
    else
        site->requests = request;
    site->newest = request;
    site->n_requests++;
    send_request(site, request);
    return request;
}

void
cut_site_repeat(struct cut_site *site, struct cut_request *request)
{
    request->answer = CUT_OPEN;
    send_request(site, request);
}

bool
cut_site_wait(struct cut_site *site, const struct cut_request *request)
{
    for (int i = 0; i < TURNS_MAX && request->answer == CUT_OPEN; i++) {
        if (cut_disk_is_dead(site->cut->disk))
            return false;
        cut_site_turn(site);
    }
    return request->answer != CUT_OPEN;
}

void
cut_site_forget(struct cut_site *site)
{
    for (struct cut_request *request = site->requests, *next; request != NULL; request = next) {
        next = request->next;
        json_decref(request->params);
        json_decref(request->result);
        free(request);
    }
    site->requests = site->newest = NULL;
    site->n_requests = 0;
}

/* ---- being told ---- */

static void
take_answer(struct cut_request *request, const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    const char *code = sgn_json_str(json_object_get(error, "data"), "code");

    json_decref(request->result);
    request->result = json_incref(json_object_get(answer, "result"));
    request->answer = error == NULL ? CUT_DONE : CUT_REFUSED;
    snprintf(request->code, sizeof request->code, "%s", code != NULL ? code : "");
    snprintf(request->why, sizeof request->why, "%s",
             error != NULL ? sgn_json_str(error, "message") : "");
    /* Nobody knows, says the server: the same as no answer. */
    if (strcmp(request->code, "unknown_outcome") == 0 || strcmp(request->code, "unavailable") == 0)
        request->answer = CUT_OPEN;
}

static void
take_line(struct cut_person *person, const char *line, size_t n)
{
    struct cut_request *request = person->asked[0];
    json_t *answer = json_loadb(line, n, 0, NULL);

    if (answer == NULL || person->n_asked == 0) {
        fprintf(stderr, "an answer to nothing, or half of one: %.*s\n", (int)n, line);
        abort();
    }
    if (request != NULL)
        take_answer(request, answer);
    person->n_asked--;
    memmove(person->asked, person->asked + 1, (size_t)person->n_asked * sizeof person->asked[0]);
    json_decref(answer);
}

/* Answers of a world that has ended are dropped: they never left the machine. */
void
cut_site_answers(struct cut_site *site)
{
    for (int i = 0; i < CUT_PERSONS; i++) {
        struct cut_person *person = &site->persons[i];
        size_t done = 0;
        const char *end;

        while (!cut_disk_is_dead(site->cut->disk) && done < person->answers.len &&
               (end = memchr((char *)person->answers.bytes + done, '\n',
                             person->answers.len - done)) != NULL) {
            const char *line = (char *)person->answers.bytes + done;

            take_line(person, line, (size_t)(end - line));
            done += (size_t)(end - line) + 1;
        }
        if (done > 0)
            sgn_buf_consume(&person->answers, done);
    }
}
