# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by openssl(1)."""
import os
import subprocess


def openssl(*words, folder):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)


def make_certificate(folder, name, ca=None, host="localhost"):
    """NAME.pem and NAME.key, signed by itself or by CA."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", name + ".key", "-out", name + ".pem", "-days", "2", "-subj", "/CN=" + name,
            "-addext", "subjectAltName=DNS:%s,IP:127.0.0.1" % host,
            *(["-CA", ca + ".pem", "-CAkey", ca + ".key"] if ca else []), folder=folder)
    for end in (".pem", ".key"):
        os.chmod(os.path.join(folder, name + end), 0o600)
