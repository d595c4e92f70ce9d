-- SPDX-License-Identifier: Apache-2.0
-- A loop whose end never comes, without a body.
-- expect: rule_overrun
-- run:
repeat until nil
