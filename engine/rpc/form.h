/* SPDX-License-Identifier: Apache-2.0 */
/* What an HTML form sends. Any thread. */
#ifndef RPC_FORM_H
#define RPC_FORM_H

#include "status.h"
#include <jansson.h>

/*
 * Reads application/x-www-form-urlencoded, by WHATWG URL section 5.1: {NAME: TEXT}. SGN_INVALID:
 * no UTF-8, a NUL, a name twice (of two answers neither counts), or more than 32 of them.
 */
enum sgn_status rpc_form_read(const char *bytes, size_t n, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

#endif
