# SPDX-License-Identifier: Apache-2.0
"""What paths the server has, from its own table: who lists them is told when one is missing."""
import os
import re

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "net",
                      "http_routes.c")


def routes_of_the_program():
    """[(path, [method, ...])], as often as they stand there. A path that ends with a slash stands
    for what is right below it."""
    with open(SOURCE, encoding="utf-8") as f:
        return [(path, allow.split(", "))
                for path, allow in re.findall(r'\{ "(/[^"]*)", "([A-Z, ]+)"', f.read())]
