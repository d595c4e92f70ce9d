-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a role that there is not.
return workflow "function_role" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return #c.people.pm > 0 end } },
  final "done",
}
