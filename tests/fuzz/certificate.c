/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates. Nobody here has the key, so what holds is one of those that were signed, byte for
 * byte: the files valid.json and valid.html beside the corpus's others.
 */
#include "certificate.h"
#include "fuzz.h"
#include <string.h>

static const char *const files[] = { "valid.json", "valid.html" };
static struct {
    char *bytes;
    size_t n;
} signed_ones[2];

static void
read_signed(void)
{
    for (int i = 0; i < 2; i++) {
        char path[512];
        FILE *file;

        snprintf(path, sizeof path, "%s/certificate/%s", FUZZ_CORPUS, files[i]);
        file = fopen(path, "rb");
        FUZZ_CHECK(file != NULL);
        signed_ones[i].bytes = malloc(1 << 20);
        FUZZ_CHECK(signed_ones[i].bytes != NULL);
        signed_ones[i].n = fread(signed_ones[i].bytes, 1, 1 << 20, file);
        FUZZ_CHECK(fclose(file) == 0 && signed_ones[i].n > 0);
    }
}

static bool
is_signed(const uint8_t *data, size_t size)
{
    bool is = false;

    for (int i = 0; i < 2; i++)
        is |= size == signed_ones[i].n && memcmp(data, signed_ones[i].bytes, size) == 0;
    return is;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_error err = { 0 };
    json_t *said = NULL;
    enum sgn_status st;

    if (signed_ones[0].bytes == NULL)
        read_signed();
    st = certificate_verify((const char *)data, size, NULL, &said, &err);
    FUZZ_CHECK((st == SGN_OK) == is_signed(data, size));
    FUZZ_CHECK(st == SGN_OK || err.message[0] != '\0');
    sgn_error_clear(&err);
    json_decref(said);
    return 0;
}

#ifdef FUZZ_FAULT
/* Nobody looks at the signature. */
bool __wrap_sgn_sign_verify(const unsigned char *pub, const void *bytes, size_t n,
                            const unsigned char *sig);
bool
__wrap_sgn_sign_verify(const unsigned char *pub, const void *bytes, size_t n,
                       const unsigned char *sig)
{
    (void)pub;
    (void)bytes;
    (void)n;
    (void)sig;
    return true;
}
#endif
