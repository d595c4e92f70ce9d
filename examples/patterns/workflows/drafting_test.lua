-- SPDX-License-Identifier: Apache-2.0
people { zhao = "writer", qian = "editor", mei = { "client", of = "acme" } }

local function fire(c, by, ...)
  for _, event in ipairs { ... } do c:fire(event, { by = by }) end
end

local function shown(t)
  local c = t:open("drafting", { by = "zhao" })
  fire(c, "zhao", "written", "polished", "polished", "polished")
  fire(c, "qian", "show")
  return c
end

test "structured loop: three passes, then on" (function(t)
  local c = t:open("drafting", { by = "zhao" })
  fire(c, "zhao", "written", "polished", "polished")
  c:expect { state = "polishing", fields = { rounds = 3 } }
  fire(c, "zhao", "polished")
  c:expect { state = "reviewing" }
end)

test "arbitrary cycles: back to the beginning, into the middle, and from behind the review" (function(t)
  local c = t:open("drafting", { by = "zhao" })
  fire(c, "zhao", "written", "polished", "polished", "polished")
  fire(c, "qian", "rewrite")
  c:expect { state = "writing" }
  fire(c, "zhao", "written", "polished", "polished", "polished")
  fire(c, "qian", "shorten")
  c:expect { state = "polishing", fields = { rounds = 1 } }
  fire(c, "zhao", "polished", "polished", "polished")
  fire(c, "qian", "show")
  c:fire("complain", { by = "mei", comment = "Too long" })
  c:expect { state = "reviewing" }
end)

test "deferred choice: the client's word comes first and takes the timer away" (function(t)
  local c = shown(t)
  c:fire("complain", { by = "mei", comment = "Too long" })
  t:advance "6 workdays"
  c:expect { state = "reviewing" }
end)

test "deferred choice: the time comes first and takes the client's word away" (function(t)
  local c = shown(t)
  t:advance "5 workdays"
  c:expect { state = "printed" }
  c:refuse("praise", { by = "mei", why = "not_now" })
end)

test "deferred choice: nothing is decided before one of them happens" (function(t)
  local c = shown(t)
  t:advance "4 workdays"
  c:expect { state = "shown", allowed = { mei = { "praise", "complain" } } }
  fire(c, "mei", "praise")
  c:expect { state = "printed" }
end)
