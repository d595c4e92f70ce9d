-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the event that the function is made with.
local function later(event)
  return function(c) c:send(event, { after = "1 day" }) end
end

return workflow "event_of_a_made_function" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "tick" { to = "done" },
    on "x" { by = "pm", run = later "tick" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
