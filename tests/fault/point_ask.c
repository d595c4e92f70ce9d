/* SPDX-License-Identifier: Apache-2.0 */
/* The scenario: read, and asked as people ask, each with a connection of their own. */
#include "point_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
play_read(struct play *play, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE_MAX_BYTES + 100];

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        struct step *step = &play->steps[play->n_steps];

        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (play->n_steps == STEPS_MAX ||
            sscanf(line, "%23s %39s %1023[^\n]", step->who, step->method, step->params) != 3) {
            fprintf(stderr, "%s: %s", path, line);
            exit(2);
        }
        play->n_steps++;
    }
    fclose(file);
}

/* ---- asking ---- */

/* Hashes differ from run to run, as the salts do; so do the numbers of the server's health, and of
 * a connection's watches. */
static void
mask(char *line)
{
    static const char watch[] = "\"watch\":", digits[] = "0123456789";
    bool health = strstr(line, "\"engine\":{") != NULL;
    char *to = line;

    for (const char *at = line; *at != '\0';) {
        size_t hex = strspn(at, "0123456789abcdef"), n = strspn(at, digits);

        if (hex == 64) {
            at += hex;
        } else if (n > 0 && (health || (at - line > 8 && strncmp(at - 8, watch, 8) == 0))) {
            at += n;
        } else {
            n = hex > 0 ? hex : 1;
            memmove(to, at, n);
            to += n;
            at += n;
        }
    }
    *to = '\0';
}

/* A notification has no id, an answer to a login the id 0. Free with points_free. */
static char *
next_answer(struct play *play, struct point_peer *peer)
{
    static const char answered[] = "{\"jsonrpc\":\"2.0\",\"id\":1,";
    static const char no_login[] = "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":";
    char *line;

    while ((line = point_site_line(peer)) != NULL) {
        if (strncmp(line, answered, strlen(answered)) == 0)
            return line;
        if (strncmp(line, no_login, strlen(no_login)) == 0) {
            points_free(line); /* whoever is told so hangs up, whatever became of the request */
            peer->n = 0;
            peer->closing = true;
            return NULL;
        }
        if (peer == play->watcher && strstr(line, "\"method\":\"watch.entry\"") != NULL) {
            int64_t seq = atoll(strstr(line, "\"seq\":") + strlen("\"seq\":"));

            if (seq != play->told + 1)
                points_bad("the watcher was told of %lld after %lld", (long long)seq,
                           (long long)play->told);
            play->told = seq;
        }
        if (peer == play->watcher && strstr(line, "\"method\":\"watch.end\"") != NULL)
            play->watcher = NULL; /* and told so */
        points_free(line);
    }
    return NULL;
}

static void
line_of(char *out, size_t room, const struct step *step, const char *params, int n)
{
    const struct rpc_method *method = rpc_method_find(step->method);
    size_t length = strlen(params);

    if (method != NULL && rpc_method_writes(method))
        snprintf(out, room,
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%.*s%s"
                 "\"request_id\":\"step-%d\"}}\n",
                 step->method, (int)length - 1, params, length > 2 ? "," : "", n);
    else
        snprintf(out, room, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n",
                 step->method, params);
}

/* What the approval wants to be agreed to, as its case shows it. */
static void
digest_of(struct play *play, const struct step *step, char out[128])
{
    struct point_peer *peer = point_site_peer(&play->site, step->who);
    const char *key = strstr(step->params, "\"case\":\"") + strlen("\"case\":\"");
    const char *at;
    char line[200], *answer;

    snprintf(
        line, sizeof line,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.get\",\"params\":{\"case\":\"%.*s\"}}\n",
        (int)strcspn(key, "\""), key);
    point_site_send(peer, line);
    point_site_settle(&play->site);
    answer = next_answer(play, peer);
    at = answer != NULL ? strstr(answer, "\"digest\":\"") : NULL;
    if (at == NULL)
        points_bad("no digest in %s", answer != NULL ? answer : "no answer");
    snprintf(out, 128, "%.*s", (int)strcspn(at + 10, "\""), at + 10);
    points_free(answer);
}

/* Params with DIGEST replaced. */
static void
params_of(struct play *play, const struct step *step, char *out, size_t room)
{
    const char *at = strstr(step->params, "DIGEST");
    char digest[128];

    if (at == NULL) {
        snprintf(out, room, "%s", step->params);
        return;
    }
    digest_of(play, step, digest);
    snprintf(out, room, "%.*s%s%s", (int)(at - step->params), step->params, digest,
             at + strlen("DIGEST"));
}

/* Asks and settles; NULL: no answer has come, *closed tells whether none will. */
char *
play_ask(struct play *play, int n, bool points, bool *closed)
{
    const struct step *step = &play->steps[n];
    char params[LINE_MAX_BYTES + 128], line[LINE_MAX_BYTES + 400];
    struct point_peer *peer;
    char *answer;

    params_of(play, step, params, sizeof params);
    line_of(line, sizeof line, step, params, n);
    if (points)
        points_open();
    peer = point_site_peer(&play->site, step->who);
    if (peer != NULL)
        point_site_send(peer, line);
    point_site_settle(&play->site);
    points_close();
    if (points_struck() && points) /* memory is back, and the disk */
        point_site_settle(&play->site);
    answer = peer != NULL ? next_answer(play, peer) : NULL;
    if (answer != NULL)
        mask(answer);
    *closed = peer == NULL || peer->closing;
    if (answer != NULL && strcmp(step->method, "watch.start") == 0 && peer != play->watcher) {
        play->watcher = strstr(answer, "\"result\":") != NULL ? peer : NULL;
        play->told = 1; /* entry 1 is the first rows', and before any watch */
    }
    if (peer != NULL && peer->closing) {
        play->watcher = play->watcher == peer ? NULL : play->watcher;
        point_site_leave(&play->site, peer);
    }
    return answer;
}

void
play_hear(struct play *play)
{
    if (play->watcher != NULL)
        points_free(next_answer(play, play->watcher));
}
