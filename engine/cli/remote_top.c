/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "top": the screen, its keys and its clock. Elsewhere than on a terminal, or with --once or
 * --json, it measures once and prints that.
 *
 * The terminal is left as it was found: signals that would end the program come through a file
 * descriptor, like keys.
 */
#include "remote.h"

#include "clock.h"
#include "json.h"
#include "say.h"
#include "top.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#define SCREEN_MAX    ((size_t)1 << 20)
#define EVERY_S       2
#define EVERY_MOST    3600
#define ROWS_USUAL    24
#define COLUMNS_USUAL 80
#define COLUMNS_LEAST 20

#define ENTER "\033[?1049h\033[?25l" /* another screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"
#define HOME  "\033[H"
#define LINE  "\033[K\n" /* what was there is gone */
#define REST  "\033[J"

struct top {
    struct cli *cli;
    struct client *client; /* NULL: it does not answer */
    json_t *sample, *before, *view;
    char trouble[1024]; /* why there is no newer view; "": there is */
    enum top_order order;
    int every;       /* seconds */
    int64_t next_ms; /* monotonic: when it looks again */
    int signals;
    bool over;
};

/* ---- looking ---- */

static void
view_again(struct top *top)
{
    json_decref(top->view);
    top->view = top_view(top->sample, top->before, top->order);
}

static enum sgn_status
look(struct top *top, struct sgn_error *err)
{
    json_t *sample = NULL;
    enum sgn_status st = top->client != NULL ? SGN_OK : cli_connect(top->cli, &top->client, err);

    if (st == SGN_OK)
        st = top_sample(top->client, &sample, err);
    if (st != SGN_OK)
        return st;
    json_decref(top->before);
    top->before = top->sample;
    top->sample = sample;
    view_again(top);
    return SGN_OK;
}

/* A server that is away for a while is looked for again: what it said last stays to be seen. */
static void
look_on(struct top *top)
{
    struct sgn_error err = { 0 };
    char *text;

    top->trouble[0] = '\0';
    if (look(top, &err) != SGN_OK) {
        text = sgn_say_text(top->cli->language, err.message);
        snprintf(top->trouble, sizeof top->trouble, "%s", text != NULL ? text : err.message);
        free(text);
        client_free(top->client);
        top->client = NULL;
    }
    sgn_error_clear(&err);
    top->next_ms = sgn_monotonic_ms() + top->every * SGN_SECOND_MS;
}

/* ---- the screen ---- */

static void
draw(struct top *top)
{
    struct cli_output output = top->cli->output;
    struct winsize size = { 0 };
    struct top_frame frame = {
        .output = &output, .order = top->order, .every = top->every, .end = LINE
    };
    struct sgn_buf buf;

    (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    /* One less: what stands in the last column may be taken by what ends the line. */
    output.width = (size.ws_col >= COLUMNS_LEAST ? size.ws_col : COLUMNS_USUAL) - 1;
    output.language = top->cli->language;
    frame.rows = size.ws_row > 0 ? size.ws_row : ROWS_USUAL;
    frame.trouble = top->trouble[0] != '\0' ? top->trouble : NULL;
    sgn_buf_init(&buf, SCREEN_MAX);
    sgn_buf_puts(&buf, HOME);
    top_draw(&buf, top->view, &frame);
    sgn_buf_puts(&buf, "\033[K" REST);
    if (buf.bytes != NULL)
        fputs(buf.bytes, output.out);
    fflush(output.out);
    sgn_buf_deinit(&buf);
}

/* ---- keys ---- */

static void
on_key(struct top *top, char key)
{
    if (key == 'q' || key == 'Q') {
        top->over = true;
    } else if (key == 's' || key == 'S') {
        top->order = (enum top_order)((top->order + 1) % TOP_ORDERS);
        if (top->sample != NULL)
            view_again(top);
    } else if (key == ' ' || key == '\n' || key == '\r') {
        look_on(top);
    }
}

static void
read_keys(struct top *top)
{
    char keys[64];
    ssize_t n = read(STDIN_FILENO, keys, sizeof keys);

    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        top->over = true;           /* nobody is at the other end */
    if (n > 0 && keys[0] == '\033') /* an arrow and the like: not its letters */
        return;
    for (ssize_t i = 0; i < n; i++)
        on_key(top, keys[i]);
}

/* A window that has another size is drawn again; any other signal ends it. */
static void
read_signal(struct top *top)
{
    struct signalfd_siginfo info;

    if (read(top->signals, &info, sizeof info) == sizeof info && info.ssi_signo != SIGWINCH)
        top->over = true;
}

static void
wait_for_more(struct top *top)
{
    struct pollfd fds[2] = { { STDIN_FILENO, POLLIN, 0 }, { top->signals, POLLIN, 0 } };
    int64_t left = top->next_ms - sgn_monotonic_ms();

    (void)poll(fds, 2, left > 0 ? (int)left : 0);
    if (fds[1].revents != 0)
        read_signal(top);
    else if (fds[0].revents != 0)
        read_keys(top);
    else if (sgn_monotonic_ms() >= top->next_ms)
        look_on(top);
}

static enum sgn_status
show(struct top *top, struct sgn_error *err)
{
    struct termios before, raw;
    sigset_t set, old;

    sigemptyset(&set);
    for (const int *one = (const int[]){ SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, 0 }; *one != 0;
         one++)
        sigaddset(&set, *one);
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return sgn_fail(err, SGN_INVALID, "keys cannot be read here; --once prints it once");
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    top->signals = signalfd(-1, &set, SFD_CLOEXEC);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    fputs(ENTER, top->cli->output.out);
    for (look_on(top); !top->over; wait_for_more(top))
        draw(top);
    fputs(LEAVE, top->cli->output.out);
    fflush(top->cli->output.out);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
    if (top->signals >= 0)
        close(top->signals);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return SGN_OK;
}

/* ---- once ---- */

static enum sgn_status
print_once(struct top *top, struct sgn_error *err)
{
    const struct top_frame frame = {
        .output = &top->cli->output, .order = top->order, .every = top->every, .end = "\n"
    };
    enum sgn_status st = look(top, err);
    struct sgn_buf buf;

    if (st == SGN_OK && top->every > 0) {
        (void)poll(NULL, 0, top->every * (int)SGN_SECOND_MS);
        st = look(top, err);
    }
    if (st != SGN_OK)
        return st;
    if (top->cli->output.json) {
        cli_print_json(&top->cli->output, top->view);
        return SGN_OK;
    }
    sgn_buf_init(&buf, SCREEN_MAX);
    top_draw(&buf, top->view, &frame);
    fputs(buf.bytes != NULL ? buf.bytes : "", top->cli->output.out);
    sgn_buf_deinit(&buf);
    return SGN_OK;
}

static enum sgn_status
order_of(struct top *top, struct sgn_error *err)
{
    static const char *const names[TOP_ORDERS] = { "rate", "wait", "rules", "parked", "name" };
    const char *wanted = cli_option(&top->cli->args, "sort");

    for (int i = 0; i < TOP_ORDERS; i++)
        if (wanted == NULL || strcmp(wanted, names[i]) == 0) {
            top->order = (enum top_order)i;
            return SGN_OK;
        }
    top->cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "--sort: expected rate, wait, rules, parked or name");
}

/* 0 is for --once alone: it does not measure then. */
static enum sgn_status
every_of(struct top *top, bool once, struct sgn_error *err)
{
    const char *text = cli_option(&top->cli->args, "every");
    char *end = NULL;
    long every = text != NULL ? strtol(text, &end, 10) : EVERY_S;

    if (text == NULL || (end != text && *end == '\0' && every >= !once && every <= EVERY_MOST)) {
        top->every = (int)every;
        return SGN_OK;
    }
    top->cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "--every %s: expected seconds from 1 to %d", text,
                    EVERY_MOST);
}

enum sgn_status
remote_top(struct cli *cli, struct sgn_error *err)
{
    struct top top = { .cli = cli, .signals = -1 };
    bool once = cli->output.json || cli_given(&cli->args, "once") || isatty(STDOUT_FILENO) != 1 ||
                isatty(STDIN_FILENO) != 1;
    enum sgn_status st = order_of(&top, err);

    if (st == SGN_OK)
        st = every_of(&top, once, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &top.client, err);
    if (st == SGN_OK)
        st = once ? print_once(&top, err) : show(&top, err);
    client_free(top.client);
    json_decref(top.view);
    json_decref(top.sample);
    json_decref(top.before);
    return st;
}
