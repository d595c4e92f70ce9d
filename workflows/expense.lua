-- SPDX-License-Identifier: Apache-2.0
-- Money that a project shall spend. It asks the project's budget (budget.lua) first, and who must agree
-- depends on the amount and on what is left: the project manager always, finance from 5,000 on, the sponsor
-- from 20,000 on, near the limit, and above it. What is paid is booked there.
return workflow "expense" {
  key = "EX", version = 1,
  title  = { en = "Expense", zh = "费用支出" },
  client = "none",
  open   = { by = { "pm", "engineer", "sponsor" } },
  roles  = { "pm", "engineer", "finance", "sponsor", spender = "opener" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "For what", zh = "用途" } },
    amount   = money  { min = 0, required = true, title = { en = "Amount", zh = "金额" } },
    budget   = text   { max = 20, required = true, title = { en = "From the budget", zh = "预算单号" } },
    category = choice { "people", "travel", "purchase", "subcontract", "other", default = "other", indexed = true, title = { en = "Category", zh = "类别" },
      titles = {
        people      = { en = "People", zh = "人力" },
        travel      = { en = "Travel", zh = "差旅" },
        purchase    = { en = "Purchase", zh = "采购" },
        subcontract = { en = "Subcontract", zh = "分包" },
        other       = { en = "Other", zh = "其他" },
      } },
    receipt  = file   { title = { en = "Receipt", zh = "凭证" } },
    standing = choice { "within", "near", "over", title = { en = "It leaves the budget", zh = "预算状况" },
      titles = {
        within = { en = "Within", zh = "预算内" },
        near   = { en = "Near its limit", zh = "接近上限" },
        over   = { en = "Overrun", zh = "超预算" },
      } },
    paid_on  = date   { title = { en = "Paid on", zh = "支付日期" } },
  },

  outcomes = {
    paid      = { en = "Paid and booked", zh = "已支付入账" },
    rejected  = { en = "Rejected", zh = "已否决" },
    withdrawn = { en = "Withdrawn", zh = "已撤回" },
  },

  start = "draft",

  state "draft" { owner = "spender",
    title = { en = "Draft", zh = "草稿" },
    edit = { spender = { "summary", "amount", "budget", "category", "receipt" } },
    on "submit"   { by = "spender", to = "asking",
      when = function(c)
        return matches(c.fields.budget or "", "^[A-Z][A-Z0-9]{1,7}-[0-9]+$"), "name the budget by its key, like BG-1"
      end,
      title = { en = "Submit", zh = "提交" } },
    on "withdraw" { by = "spender", to = "withdrawn", title = { en = "Withdraw", zh = "撤回" } },
  },

  -- The budget answers at once; when there is none of that key, this is what is seen.
  state "asking" { owner = "pm",
    title = { en = "Budget is asked", zh = "核对预算" },
    enter = function(c) c:fire(c.fields.budget, "ask", { case = c.key, amount = tostring(c.fields.amount) }) end,
    on "answer" { by = "system", to = "deciding", run = set { standing = from_event "standing" }, title = { en = "The budget answers", zh = "预算答复" } },
    on "return"        { by = { "pm", "spender" }, to = "draft", title = { en = "Return", zh = "退回" } },
    within "asking" { "1 workhour",
      title = { en = "Answer of the budget", zh = "预算核对" },
      late "0" { notify { "pm", "spender" } },
    },
  },

  state "deciding" {
    title = { en = "Being decided", zh = "审批中" },
    approval {
      covers = { "summary", "amount", "budget", "standing" },
      exclude = { "spender" },
      -- signoff: allow approval-one-person: in a small team one person is both
      rule = all_of {
        one_of "pm"      { nobody = "sponsor" },
        one_of "finance" { when = { amount = min(5000) }, nobody = "sponsor" },
        one_of "sponsor" { when = any { { amount = min(20000) }, { standing = one_in { "near", "over" } } }, nobody = "reject" },
      },
      approved = "to_pay", rejected = "rejected", changes = "draft",
    },
    within "decision" { "2 workdays",
      title = { en = "Decision", zh = "审批时限" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "1 workday" { remind "pending", most = 5 },
    },
  },

  state "to_pay" { owner = "finance",
    title = { en = "To be paid", zh = "待支付" },
    edit = { spender = { "receipt" } },
    within "payment" { "5 workdays",
      title = { en = "Payment", zh = "支付时限" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify { "pm", "spender" } },
    },
    on "pay" { by = { "finance", "pm" }, takes = { "paid_on" }, needs = { "paid_on" }, to = "paid",
      run = function(c) c:fire(c.fields.budget, "book", { case = c.key, amount = tostring(c.fields.amount), what = c.fields.summary }) end,
      title = { en = "Paid", zh = "已支付" } },
  },

  final "paid"      { outcome = "paid", title = { en = "Paid and booked", zh = "已支付" } },
  final "rejected"  { outcome = "rejected", title = { en = "Rejected", zh = "已否决" } },
  final "withdrawn" { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
}
