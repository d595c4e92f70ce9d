-- SPDX-License-Identifier: Apache-2.0
-- One case goes through everything that a commit may hold: fields, guards and actions in Lua, an
-- approval, every kind of rung, reminders, and effects on other cases and on itself.
return workflow "order" {
  key = "OR", client = "project",
  roles = { "pm", "engineer", "client", requester = "opener" },
  fields = {
    what  = text { max = 200, required = true },
    price = money { min = 0 },
    seen  = number { default = 0 },
    told  = number { default = 0 },
  },
  start = "draft",

  on "told" { run = function(c) c:set("told", c.fields.told + 1) end },

  state "draft" { owner = "requester",
    edit = { requester = "all" },
    within "write" { "4 workhours",
      at   "50%"          { remind "opener" },
      late "0"            { notify "pm", priority "up" },
      late "1 workhours" { go "stale" },
    },
    on "look" { by = "engineer", run = function(c) c:set("seen", c.fields.seen + 1) end },
    on "submit" { by = "requester", needs = { "price" }, to = "deciding",
      when = function(c)
        if string.find(c.fields.what, "nothing", 1, true) then
          return false, "nothing cannot be ordered"
        end
        return true
      end },
  },

  state "deciding" {
    approval {
      covers = { "what", "price" },
      rule = all_of {
        one_of "pm" { nobody = "reject" },
        one_of "client" { nobody = "reject" },
      },
      approved = "ordered", rejected = "draft",
    },
    within "decide" { "2 days",
      at   "50%" { remind "pending" },
      late "0"   { decide "approved" { as = "deemed" } },
    },
  },

  state "ordered" { owner = "engineer",
    enter = function(c)
      c:open("note", { origin = c.key })
      c:fire(c.key, "told")
    end,
    on "deliver" { by = "engineer", to = "done" },
  },

  state "stale" { owner = "requester",
    on "revive" { by = "requester", to = "draft" },
  },

  final "done" { outcome = "delivered" },
}
