-- SPDX-License-Identifier: Apache-2.0
-- A complaint: who may do and see what, and experts who are asked for help.
local function helper(c) return c.fields.helper or {} end

return workflow "complaint" {
  key = "CM", title = { en = "Complaint", zh = "投诉" },
  client = "own", -- visibility: other persons of the client do not see it
  roles = { "pm", "support", "client" },
  fields = {
    what   = text { required = true, title = { en = "Complaint", zh = "投诉内容" } },
    damage = money { title = { en = "Damage", zh = "损失" } },
    reply  = text { title = { en = "Reply", zh = "答复" } },
  },
  internal = { helper = person { title = { en = "Helper", zh = "协助人" } } },
  open = { by = "client", takes = { "what", "damage" } },

  state "received" { owner = group "complaints", -- an organisational unit
    edit = { support = { "reply" }, pm = "all" }, -- authorization: the desk words, no amounts
    -- Capability: above a limit only who is cleared for it.
    on "settle" { by = group "large-sums", needs = { "reply" }, to = "settled" },
    on "settle" { by = group "complaints", needs = { "reply" }, when = no { damage = above(10000) }, to = "settled" },
    on "ask_for_help" { by = "owner", takes = { "helper" }, needs = { "helper" } },
    on "assess" { by = { "owner", helper }, takes = { "damage" }, needs = { "damage" } },
    on "object" { by = "opener", note = { "required", "shared" } },
  },
  final "settled",
}
