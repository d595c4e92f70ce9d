-- SPDX-License-Identifier: Apache-2.0
-- A change to what was agreed with the client: asked for, screened, assessed, decided by those
-- who carry it, built and verified.
return workflow "change_request" {
  key = "CR", version = 1,
  title  = { en = "Change request", zh = "变更请求" },
  client = "project",
  open   = { by = { "client", "pm" } },
  roles  = { "pm", "engineer", "ccb", "sponsor", "client", requester = "opener" },

  fields = {
    summary = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    reason  = text   { required = true, title = { en = "Reason", zh = "变更原因" } },
    class   = choice { "standard", "normal", "emergency", default = "normal", indexed = true,
      title = { en = "Class", zh = "变更类别" } },
    cost    = money  { min = 0, title = { en = "Cost", zh = "费用" } },
    days    = number { min = 0, title = { en = "Schedule impact (days)", zh = "工期影响(天)" } },
    scope   = text   { title = { en = "Scope impact", zh = "范围影响" } },
  },
  internal = {
    risk   = choice { "low", "medium", "high", title = { en = "Risk", zh = "风险" } },
    margin = money  { title = { en = "Margin", zh = "毛利" } },
  },

  start = "draft",

  state "draft" { owner = "requester",
    title = { en = "Draft", zh = "草稿" },
    edit = { requester = { "summary", "reason", "class" } },
    on "submit"   { by = "requester", to = "screening", title = { en = "Submit", zh = "提交" } },
    on "withdraw" { by = "requester", to = "withdrawn", title = { en = "Withdraw", zh = "撤回" } },
  },

  state "screening" { owner = "pm",
    title = { en = "Screening", zh = "初审" },
    within { "1 day",
      at   "80%"   { remind "owner" },
      late "0"     { remind "owner", notify "sponsor" },
      late "1 day" { reassign "sponsor", priority "up" },
    },
    on "accept" { by = "pm", to = "impact", title = { en = "Accept for assessment", zh = "受理" } },
    on "return" { by = "pm", to = "draft", note = "required", title = { en = "Return", zh = "退回" } },
    on "reject" { by = "pm", to = "rejected", note = "required", title = { en = "Reject", zh = "拒绝" } },
  },

  -- Assessed side by side: what it takes to build, and what it costs.
  parallel "impact" {
    title = { en = "Impact analysis", zh = "影响分析" },
    state "technical" { start = "estimating",
      title = { en = "Technical impact", zh = "技术影响" },
      state "estimating" { owner = "engineer",
        title = { en = "Estimating", zh = "技术评估中" },
        on "assess" { by = "engineer", takes = { "days", "risk" }, needs = { "days", "risk" }, to = "estimated",
          title = { en = "Assess", zh = "提交评估" } },
      },
      final "estimated" { title = { en = "Estimated", zh = "技术评估完成" } },
    },
    state "commercial" { start = "pricing",
      title = { en = "Commercial impact", zh = "商务影响" },
      state "pricing" { owner = "pm",
        title = { en = "Pricing", zh = "报价中" },
        on "price" { by = "pm", takes = { "cost", "scope", "margin" }, needs = { "cost", "scope" }, to = "priced",
          title = { en = "Price", zh = "提交报价" } },
      },
      final "priced" { title = { en = "Priced", zh = "报价完成" } },
    },
    within { "5 days",
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "pm" },
    },
    done = "deciding",
  },

  state "deciding" {
    title = { en = "Deciding", zh = "审批" },
    client_title = { en = "Being decided", zh = "审批中" },
    approval {
      covers = { "summary", "scope", "cost", "days" },
      rule = all_of {
        -- separation of duties: nobody agrees to a request of their own
        one_of "pm"       { exclude = { "requester" }, nobody = "sponsor" },
        at_least(2) "ccb" { exclude = { "requester" }, nobody = "sponsor" },
        one_of "sponsor"  { when = { cost = above(50000) }, nobody = "reject" },
        one_of "client"   { nobody = "reject" },
      },
      approved = "implementing", rejected = "rejected", deferred = "parked", changes = "impact",
    },
    within { "7 days",
      at   "50%" { remind "pending" },
      late "0"   { notify "pm", decide "deferred" },
    },
  },

  state "parked" { waiting_for = "client",
    title = { en = "Parked", zh = "悬置" },
    client_title = { en = "Waiting for your material", zh = "待您补充材料" },
    on "resume" { by = { "pm", "requester" }, to = "impact", title = { en = "Resume", zh = "恢复" } },
    after "30 days" { to = "lapsed" },
  },

  state "implementing" { owner = "engineer",
    title = { en = "Implementing", zh = "实施中" },
    on "implemented" { by = "engineer", to = "verifying", title = { en = "Implemented", zh = "实施完成" } },
  },

  state "verifying" { owner = "pm",
    title = { en = "Verifying", zh = "验证中" },
    on "verified" { by = "pm", to = "closed", title = { en = "Verified", zh = "验证通过" } },
    on "failed"   { by = "pm", to = "implementing", note = "required", title = { en = "Failed", zh = "验证未通过" } },
  },

  final "closed"    { outcome = "implemented", title = { en = "Closed", zh = "已关闭" } },
  final "rejected"  { outcome = "rejected", title = { en = "Rejected", zh = "已拒绝" } },
  final "withdrawn" { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
  final "lapsed"    { outcome = "lapsed", title = { en = "Lapsed", zh = "已失效" } },
}
