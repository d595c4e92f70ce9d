-- SPDX-License-Identifier: Apache-2.0
-- Cases of workflows that there are and are not.
-- expect: answer: [{"fields":{},"open":"attack"},{"fields":{},"open":"../attack"}]
-- run:
c:open('attack', {}) c:open('../attack', {})
