/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one table of commands, each with its usage, help and function.
 *
 * remote_*.c speak the protocol to a server; local_*.c work on a folder. serve is started by
 * main.c, which is why it is passed in.
 */
#ifndef CLI_H
#define CLI_H

enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2
};

/* What "signoff serve" was asked for. Strings live as long as the process. */
struct cli_serve {
    const char *site;   /* DIR */
    const char *data;   /* --data, or NULL */
    const char *store;  /* --store, or NULL */
    const char *listen; /* --listen, or NULL */
    const char *http;   /* --http, or NULL */
    const char *clock;  /* --clock, or NULL */
};

/* Runs the command that argv names; serve is called for "signoff serve". Returns the exit code. */
int cli_main(int argc, char **argv, int (*serve)(const struct cli_serve *options));

#endif
