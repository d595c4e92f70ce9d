-- SPDX-License-Identifier: Apache-2.0
-- A role that there is not.
-- expect: function-name 9:41
return workflow "function_role" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return #c.people.sponsor > 0 end } },
  final "done",
}
