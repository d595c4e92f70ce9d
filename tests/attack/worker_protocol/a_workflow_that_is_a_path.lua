-- SPDX-License-Identifier: Apache-2.0
-- Cases of workflows that there are and are not.
-- expect: answer: [{"fields":{},"open":"attack"},{"fields":{},"open":"../attack"}]
-- engine: rule_error: expected the name of a workflow
-- run:
c:open('attack', {}) c:open('../attack', {})
