-- SPDX-License-Identifier: Apache-2.0
people { li = "chief", mei = "support", tom = "support", sun = "support" }

local function request(t) return t:open("desk", { by = "li", fields = { what = "Printer" } }) end
local function begun(t)
  local c = request(t)
  c:fire("begin", { by = "mei" })
  c:edit({ notes = "Paper is in" }, { by = "mei" })
  return c
end

test "offer to many: all of the desk are asked, nobody owns it" (function(t)
  request(t):expect { owner = "support", waiting = { "support" }, allowed = { mei = { "begin", "hand_back", "begin_anew" } } }
end)

test "resource-initiated allocation: who takes it owns it and has not begun" (function(t)
  local c = request(t)
  c:assign("tom", { by = "tom" })
  c:expect { owner = "tom", state = "queued", allowed = { mei = {} } }
end)

test "resource starts an allocated item: the owner begins it, the others cannot" (function(t)
  local c = request(t)
  c:assign("tom", { by = "tom" })
  c:refuse("begin", { by = "mei", why = "forbidden" })
  c:fire("begin", { by = "tom" })
  c:expect { owner = "tom", state = "working" }
end)

test "resource starts an offered item, start on allocation: beginning is taking" (function(t)
  local c = request(t)
  c:fire("begin", { by = "mei" })
  c:expect { owner = "mei", state = "working" }
end)

test "selection autonomy, simultaneous execution: any of the queue, and two at once" (function(t)
  local first, second, third = request(t), request(t), request(t)
  third:fire("begin", { by = "mei" })
  first:fire("begin", { by = "mei" })
  third:expect { state = "working", owner = "mei" }
  first:expect { state = "working", owner = "mei" }
  second:expect { state = "queued", owner = "support" }
end)

test "delegation, stateful reallocation: handed on with what was done" (function(t)
  local c = begun(t)
  c:assign("sun", { by = "mei" })
  c:expect { owner = "sun", state = "working", fields = { notes = "Paper is in" }, allowed = { mei = {} } }
end)

test "deallocation: handed back, it is offered to all again" (function(t)
  local c = request(t)
  c:assign("tom", { by = "tom" })
  c:fire("hand_back", { by = "tom" })
  c:expect { owner = "support", state = "queued" }
  c:fire("begin", { by = "sun" })
  c:expect { owner = "sun" }
end)

test "stateless reallocation: offered again, and nothing done is kept" (function(t)
  local c = begun(t)
  c:fire("begin_anew", { by = "mei" })
  c:expect { owner = "support", state = "queued", fields = { notes = empty } }
end)

test "escalation: what is late becomes the chief's" (function(t)
  local c = begun(t)
  t:advance "2 workdays"
  c:expect { owner = "li", state = "working", allowed = { mei = {}, li = { "finish", "pause", "hand_back", "begin_anew" } } }
end)

test "suspension and resumption: paused, the clock stands, and the work is the same person's after it" (function(t)
  local c = begun(t)
  t:advance "1 workday"
  c:fire("pause", { by = "mei", comment = "Waiting for a part" })
  c:refuse("finish", { by = "mei", why = "not_now" })
  t:advance "5 workdays"
  c:expect { owner = "mei", state = "paused" }
  c:fire("resume", { by = "mei" })
  c:expect { owner = "mei", state = "working" }
  c:fire("finish", { by = "mei" })
end)
