-- SPDX-License-Identifier: Apache-2.0
-- Opened by effects only. After a while it is filed, and tells the case that asked for it.
return workflow "note" {
  key = "NT",
  open = { by = "system" },
  roles = { "agent" },
  fields = { origin = text { max = 32 }, about = text { max = 64 } },
  start = "lying",
  state "lying" {
    enter = function(c) c:set("about", "Note " .. c.key) end,
    after "25 seconds" { to = "filed" },
  },
  final "filed" { outcome = "filed",
    enter = function(c)
      if c.fields.origin ~= nil then
        c:fire(c.fields.origin, "noted")
      end
    end,
  },
}
