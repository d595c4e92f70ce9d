/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of other tools' exports. The first byte chooses the map's say about days and months; the
 * first line is a time, all of it a name that a key is made of, and, where it is JSON, a cell.
 */
#include "clock.h"
#include "fuzz.h"
#include "import_text.h"
#include "json.h"
#include <string.h>

static void
times(const char *text, unsigned choice)
{
    struct import_clock clock = { choice & 1 ? "Asia/Shanghai" : NULL, (choice & 2) != 0,
                                  (choice & 6) == 4 };
    struct sgn_error err = { 0 };
    json_t *time = NULL, *again = NULL;

    if (import_time(text, &clock, (choice & 8) != 0, &time, &err) == SGN_OK && time != NULL) {
        FUZZ_CHECK(json_is_string(time));
        /* What it gives is a time that it takes, as the same. */
        FUZZ_CHECK(import_time(json_string_value(time), &clock, (choice & 8) != 0, &again, &err) ==
                   SGN_OK);
        FUZZ_CHECK(json_equal(time, again));
    }
    sgn_error_clear(&err);
    json_decref(time);
    json_decref(again);
}

static void
key_of(const char *name)
{
    char key[IMPORT_KEY_TEXT], again[IMPORT_KEY_TEXT];

    import_key(name, key);
    FUZZ_CHECK(key[0] != '\0' && strlen(key) < IMPORT_KEY_TEXT);
    FUZZ_CHECK(strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(key));
    import_key(name, again);
    FUZZ_CHECK(strcmp(key, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_error err = { 0 };
    json_t *value = NULL, *plain, *text;
    char *line;

    if (size < 1)
        return 0;
    text = json_stringn((const char *)data + 1, size - 1);
    if (text != NULL && strlen(json_string_value(text)) == size - 1) {
        key_of(json_string_value(text));
        line = strndup(json_string_value(text), strcspn(json_string_value(text), "\n"));
        FUZZ_CHECK(line != NULL);
        times(line, data[0]);
        free(line);
    }
    if (sgn_json_parse((const char *)data + 1, size - 1, &value, &err) == SGN_OK) {
        plain = import_plain(value);
        FUZZ_CHECK(plain == NULL || json_is_string(plain));
        json_decref(plain);
    }
    sgn_error_clear(&err);
    json_decref(value);
    json_decref(text);
    return 0;
}

#ifdef FUZZ_FAULT
/* A date with strokes is one that there is not. */
enum sgn_status __real_import_time(const char *text, const struct import_clock *clock, bool date,
                                   json_t **out, struct sgn_error *err);
enum sgn_status __wrap_import_time(const char *text, const struct import_clock *clock, bool date,
                                   json_t **out, struct sgn_error *err);
enum sgn_status
__wrap_import_time(const char *text, const struct import_clock *clock, bool date, json_t **out,
                   struct sgn_error *err)
{
    enum sgn_status st = __real_import_time(text, clock, date, out, err);

    if (st == SGN_OK && strchr(text, '/') != NULL && json_is_string(*out))
        json_string_set(*out, "2025-02-30");
    return st;
}
#endif
