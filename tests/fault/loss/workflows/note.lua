-- SPDX-License-Identifier: Apache-2.0
-- Opened by an effect; files itself after a while and tells the order that asked for it.
return workflow "note" {
  key = "NT",
  open = { by = "system" },
  roles = { "engineer" },
  fields = { origin = text { max = 32 }, about = text { max = 64 } },
  start = "lying",
  state "lying" {
    enter = function(c) c:set("about", "Note " .. c.key) end,
    after "1 hour" { to = "filed" },
  },
  final "filed" { outcome = "filed",
    enter = function(c) c:fire(c.fields.origin, "told") end,
  },
}
