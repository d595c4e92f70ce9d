-- SPDX-License-Identifier: Apache-2.0
-- The budget of a project: what there is, what was spent of it, from which share on somebody is warned.
-- Expenses (expense.lua) ask it before they are decided on and are booked here when they are agreed to;
-- more money comes by a change request that it names, and with the sponsor's word.

-- Where an amount would leave it: "within", "near" the limit that warns, or "over" it.
local function standing(c, amount)
  local after = c.fields.spent + amount
  if after > c.fields.total then return "over" end
  if after * 100 > c.fields.total * c.fields.warn_at then return "near" end
  return "within"
end

return workflow "budget" {
  key = "BG", version = 1, serves = "budget",
  title  = { en = "Budget", zh = "项目预算" },
  client = "none",
  open   = { by = { "pm", "sponsor" }, takes = { "summary", "total", "warn_at", "reserve" } },
  roles  = { "pm", "sponsor", "finance" },

  fields = {
    summary   = text   { max = 200, required = true, title = { en = "Budget of", zh = "预算名称" } },
    total     = money  { min = 0, required = true, title = { en = "Budget", zh = "预算总额" } },
    reserve   = money  { min = 0, title = { en = "Of it reserve", zh = "其中应急储备" } },
    warn_at   = number { min = 1, max = 100, default = 80, title = { en = "Warn from (%)", zh = "预警比例(%)" } },
    spent     = money  { min = 0, default = "0", title = { en = "Spent", zh = "已支出" } },
    used      = number { min = 0, default = 0, indexed = true, title = { en = "Used (%)", zh = "已用比例(%)" } },
    bookings  = list   { max = 1000, of = record { fields = {
      case   = text  { max = 20, title = { en = "Expense", zh = "支出单号" } },
      what   = text  { max = 200, title = { en = "For", zh = "用途" } },
      amount = money { title = { en = "Amount", zh = "金额" } },
    } }, title = { en = "Booked", zh = "支出明细" } },
    extension = money  { min = 0, title = { en = "Extension asked for", zh = "申请追加金额" } },
    change    = text   { max = 20, title = { en = "By the change request", zh = "依据的变更请求" } },
  },

  outcomes = { closed = { en = "Closed", zh = "已关闭" } },

  start = "open",

  -- From expenses: they ask where they would leave it, and are booked. Only the engine says so.
  on "ask" { by = "system",
    run = function(c, e) c:fire(e.data.case, "answer", { standing = standing(c, decimal(e.data.amount)) }) end,
    title = { en = "An expense asks", zh = "支出询问" } },
  on "book" { by = "system",
    run = function(c, e)
      local amount, all = decimal(e.data.amount), {}
      local before, after = standing(c, decimal "0"), standing(c, amount)
      for i, one in ipairs(c.fields.bookings or {}) do all[i] = one end
      all[#all + 1] = { case = e.data.case, what = e.data.what, amount = amount }
      c:set("bookings", all)
      c:set("spent", c.fields.spent + amount)
      local share = 0
      while share < 1000 and c.fields.total * (share + 1) <= c.fields.spent * 100 do share = share + 1 end
      c:set("used", share)
      if after ~= before then
        c:notify { "pm", "sponsor" }
        c:priority(after == "over" and "urgent" or "high")
      end
    end,
    title = { en = "An expense is booked", zh = "支出入账" } },

  state "open" {
    title = { en = "Open", zh = "执行中" },
    edit = { pm = { "summary", "reserve", "warn_at" } },
    on "extend" { by = "pm", takes = { "extension", "change" }, needs = { "extension", "change" }, to = "extending",
      title = { en = "Ask for more", zh = "申请追加" } },
    on "close"  { by = { "pm", "sponsor" }, when = none_open "expense", to = "closed", title = { en = "Close", zh = "关闭" } },
  },

  state "extending" {
    title = { en = "Extension is decided", zh = "追加审批" },
    approval {
      covers = { "extension", "change" },
      rule = one_of "sponsor" { nobody = "reject" },
      approved = "extended", rejected = "open",
    },
    within "extension" { "3 workdays",
      title = { en = "Decision on the extension", zh = "追加审批" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
    },
  },

  state "extended" {
    title = { en = "Extended", zh = "已追加" },
    enter = function(c)
      c:set("total", c.fields.total + c.fields.extension)
      c:set("extension", nil)
    end,
    always { to = "open" },
  },

  final "closed" { outcome = "closed", title = { en = "Closed", zh = "已关闭" } },
}
