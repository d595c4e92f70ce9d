/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawings to where they are wanted, see graphviz.h. dot gets the drawing in a file without a
 * name and writes straight to its destination: no pipe can fill up, no shell reads anything.
 */
#include "graphviz.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum sgn_status
graph_options(struct cli *cli, const char **format, bool *picture, struct sgn_error *err)
{
    const char *word = cli_option(&cli->args, "format");

    *picture = word != NULL && strcmp(word, "svg") == 0;
    *format = word == NULL ? "mermaid" : *picture ? "dot" : word;
    if (strcmp(*format, "mermaid") == 0 || strcmp(*format, "dot") == 0)
        return SGN_OK;
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "--format %s: expected mermaid, dot or svg", word);
}

static enum sgn_status
wait_for(pid_t child, struct sgn_error *err)
{
    int how = 0;

    while (waitpid(child, &how, 0) < 0)
        if (errno != EINTR)
            return sgn_fail(err, SGN_UNAVAILABLE, "dot: %s", strerror(errno));
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return SGN_OK;
    return sgn_fail(err, SGN_UNAVAILABLE, "dot could not draw it (it ended with %d)",
                    WIFEXITED(how) ? WEXITSTATUS(how) : -1);
}

/* From the beginning of in, to out. */
static enum sgn_status
run_dot(FILE *in, FILE *out, struct sgn_error *err)
{
    char name[] = "dot", svg[] = "-Tsvg";
    char *const words[] = { name, svg, NULL };
    posix_spawn_file_actions_t actions;
    enum sgn_status st = SGN_OK;
    pid_t child = -1;
    int failed;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return sgn_nomem(err);
    failed = posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
    if (failed == 0)
        failed = posix_spawnp(&child, name, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT) {
        st = sgn_fail(err, SGN_UNAVAILABLE, "an SVG is drawn by dot, which is not installed");
        sgn_error_add(err, "hint",
                      json_string("install graphviz, or take --format mermaid or dot and draw it "
                                  "elsewhere"));
    } else if (failed != 0)
        st = sgn_fail(err, SGN_UNAVAILABLE, "dot could not be started: %s", strerror(failed));
    return st == SGN_OK ? wait_for(child, err) : st;
}

static enum sgn_status
draw(const char *text, FILE *out, struct sgn_error *err)
{
    FILE *in = tmpfile();
    size_t n = strlen(text);
    enum sgn_status st = SGN_OK;

    if (in == NULL || fwrite(text, 1, n, in) != n || fflush(in) != 0 ||
        lseek(fileno(in), 0, SEEK_SET) != 0)
        st =
            sgn_fail(err, SGN_UNAVAILABLE, "a file for dot cannot be written: %s", strerror(errno));
    if (st == SGN_OK)
        st = run_dot(in, out, err);
    if (in != NULL)
        (void)fclose(in);
    return st;
}

enum sgn_status
graph_give(struct cli *cli, const char *text, bool picture, const char *path, struct sgn_error *err)
{
    FILE *out = path != NULL ? fopen(path, "we") : cli->output.out;
    enum sgn_status st = SGN_OK;

    if (out == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s cannot be written: %s", path, strerror(errno));
    if (fflush(out) == 0 && picture)
        st = draw(text, out, err);
    else if (fputs(text, out) == EOF)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the drawing cannot be written: %s", strerror(errno));
    if (path != NULL && fclose(out) != 0 && st == SGN_OK)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s cannot be written: %s", path, strerror(errno));
    if (path != NULL && st != SGN_OK)
        (void)remove(path); /* half a picture is none */
    return st;
}
