-- SPDX-License-Identifier: Apache-2.0
-- Asks for states that there are not.
-- expect: function-name 10:39
-- expect: function-name 10:59
return workflow "function_state" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c:is_in "draft" or c:visits("b") > 1 end } },
  final "done",
}
