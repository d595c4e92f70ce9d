-- SPDX-License-Identifier: Apache-2.0
-- A field of a function.
-- expect: rule_error: attempt to index a function value
-- run:
return ('x').rep.dump
