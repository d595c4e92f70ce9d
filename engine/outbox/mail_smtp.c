/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One SMTP server, by libcurl's easy interface, which keeps the connection for the next mail.
 *
 * TLS is a must unless the operator says otherwise: a password and what a client is told are not
 * for the network to read.
 */
#include "mail_internal.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 10000
#define SEND_MS    60000

struct mail_smtp {
    const struct outbox_mail_options *options;
    CURL *easy;
};

struct mail_smtp *
mail_smtp_new(const struct outbox_mail_options *options)
{
    struct mail_smtp *smtp = calloc(1, sizeof *smtp);

    if (smtp == NULL)
        return NULL;
    smtp->options = options;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        smtp->easy = curl_easy_init();
    if (smtp->easy != NULL)
        return smtp;
    free(smtp);
    return NULL;
}

void
mail_smtp_free(struct mail_smtp *smtp)
{
    if (smtp == NULL)
        return;
    curl_easy_cleanup(smtp->easy);
    curl_global_cleanup();
    free(smtp);
}

struct source {
    const struct sgn_buf *text;
    size_t at;
};

static size_t
give(char *out, size_t size, size_t n, void *ctx)
{
    struct source *source = ctx;
    size_t left = source->text->len - source->at;

    n = size * n < left ? size * n : left;
    memcpy(out, source->text->bytes + source->at, n);
    source->at += n;
    return n;
}

static bool
set(const struct mail_smtp *smtp, const char *from, struct curl_slist *to, struct source *source,
    char *error)
{
    const struct outbox_mail_options *o = smtp->options;
    CURL *easy = smtp->easy;
    bool login = o->user != NULL && o->user[0] != '\0';

    curl_easy_reset(easy);
    return curl_easy_setopt(easy, CURLOPT_URL, o->server) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USE_SSL,
                            (long)(o->insecure ? CURLUSESSL_TRY : CURLUSESSL_ALL)) == CURLE_OK &&
           (!o->insecure || curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK) &&
           (o->ca == NULL || curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           (!login || (curl_easy_setopt(easy, CURLOPT_USERNAME, o->user) == CURLE_OK &&
                       curl_easy_setopt(easy, CURLOPT_PASSWORD, o->password) == CURLE_OK)) &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)SEND_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, give) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, source) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error) == CURLE_OK;
}

enum mail_end
mail_smtp_send(struct mail_smtp *smtp, const char *from, const char *to, const struct sgn_buf *text,
               int *code, char *why, size_t size)
{
    struct source source = { text, 0 };
    struct curl_slist *list = curl_slist_append(NULL, to);
    char error[CURL_ERROR_SIZE] = "";
    CURLcode end = CURLE_OUT_OF_MEMORY;
    long answered = 0;

    if (list != NULL && set(smtp, from, list, &source, error))
        end = curl_easy_perform(smtp->easy);
    (void)curl_easy_getinfo(smtp->easy, CURLINFO_RESPONSE_CODE, &answered);
    curl_slist_free_all(list);
    *code = (int)answered;
    if (end == CURLE_OK)
        return MAIL_SENT;
    snprintf(why, size, "%s", error[0] != '\0' ? error : curl_easy_strerror(end));
    /* A login that fails is nothing that this mail could do about. */
    return answered >= 500 && answered < 600 && end != CURLE_LOGIN_DENIED ? MAIL_REFUSED
                                                                          : MAIL_LATER;
}
