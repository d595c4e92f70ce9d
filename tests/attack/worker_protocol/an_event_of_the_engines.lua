-- SPDX-License-Identifier: Apache-2.0
-- An event whose name is the engine's own.
-- expect: answer: [{"emit":"done.state.one"}]
-- engine: rule_error: expected the name of an event
-- run:
c:emit('done.state.one')
