-- SPDX-License-Identifier: Apache-2.0
-- The good twin: asks for states that there are not.
return workflow "function_state" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c:is_in "a" or c:visits("done") > 1 end } },
  final "done",
}
