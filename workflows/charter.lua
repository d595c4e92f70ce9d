-- SPDX-License-Identifier: Apache-2.0
-- What a project is held to: goals that can be measured by a day, scope and what is outside it,
-- deliverables, milestones, budget, people. Our side signs first, then the client, in writing; from
-- then on it is the baseline. A baseline changes only after a change request, and is signed anew by
-- those who signed it before.

-- All that is agreed to, in the order in which it is read.
local agreed = { "summary", "purpose", "goals", "scope", "outside", "deliverables", "milestones", "budget", "team",
  "assumptions" }

local function and_more(list, more)
  local all = {}
  for _, one in ipairs(list) do all[#all + 1] = one end
  for _, one in ipairs(more) do all[#all + 1] = one end
  return all
end

-- A goal is specific, measurable, attainable, relevant and has its day (SMART): the measure and the day
-- are asked for field by field, the rest is what the signatures say.
local function propose(to)
  return on "propose" { by = "pm", needs = { "purpose", "goals", "scope", "deliverables", "milestones", "budget" },
    to = to, title = { en = "Present for signature", zh = "提交签署" } }
end

return workflow "charter" {
  key = "CH", version = 1, serves = "charter",
  title  = { en = "Project charter", zh = "项目章程" },
  client = "project",
  open   = { by = "pm" },
  roles  = { "pm", "sponsor", "client" },

  fields = {
    summary      = text   { max = 200, required = true, title = { en = "Project", zh = "项目" } },
    purpose      = text   { title = { en = "Purpose and benefit", zh = "项目目的与收益" } },
    goals        = list   { max = 20, of = record { fields = {
      goal    = text { required = true, max = 300, title = { en = "Goal", zh = "目标" } },
      measure = text { required = true, max = 300, title = { en = "Measured by", zh = "衡量指标" } },
      by_day  = date { required = true, title = { en = "Reached by", zh = "达成日期" } },
    } }, title = { en = "Goals (SMART)", zh = "项目目标(SMART)" } },
    scope        = text   { title = { en = "Scope", zh = "项目范围" } },
    outside      = text   { title = { en = "Outside the scope", zh = "范围之外" } },
    deliverables = list   { max = 100, of = record { fields = {
      what     = text { required = true, max = 200, title = { en = "Deliverable", zh = "交付物" } },
      criteria = text { max = 500, title = { en = "Acceptance criteria", zh = "验收标准" } },
    } }, title = { en = "Deliverables", zh = "交付物" } },
    milestones   = list   { max = 50, of = record { fields = {
      what   = text { required = true, max = 200, title = { en = "Milestone", zh = "里程碑" } },
      by_day = date { required = true, title = { en = "Date", zh = "日期" } },
    } }, title = { en = "Milestones", zh = "里程碑" } },
    budget       = money  { min = 0, title = { en = "Budget", zh = "预算" } },
    team         = list   { max = 50, of = record { fields = {
      name = text { required = true, max = 100, title = { en = "Name", zh = "姓名" } },
      role = text { required = true, max = 100, title = { en = "Role", zh = "角色" } },
    } }, title = { en = "People and roles", zh = "人员与角色" } },
    assumptions  = text   { title = { en = "Assumptions and constraints", zh = "假设与约束" } },
    baseline     = number { min = 0, default = 0, title = { en = "Baseline no.", zh = "基线版本" } },
    signed_on    = time   { title = { en = "Signed on", zh = "签署时间" } },
    change       = text   { max = 20, title = { en = "Changed by the change request", zh = "依据的变更请求" } },
  },
  internal = {
    cost_plan = money { title = { en = "Planned cost", zh = "计划成本" } },
    remarks   = text  { title = { en = "Remarks of the team", zh = "内部备注" } },
  },

  outcomes = {
    fulfilled = { en = "Project over", zh = "项目结束" },
    cancelled = { en = "Called off", zh = "已取消" },
  },

  start = "drafting",

  state "drafting" { owner = "pm",
    title = { en = "Drafting", zh = "起草中" },
    edit = { pm = and_more(agreed, { "cost_plan", "remarks" }), sponsor = { "remarks" } },
    within "drafting" { "5 workdays",
      title = { en = "Draft of the charter", zh = "章程起草" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    propose "signing",
    on "cancel" { by = { "pm", "sponsor" }, to = "cancelled", note = { "required", "shared" },
      title = { en = "Call off", zh = "取消" } },
  },

  -- Our side first, so that the client is asked for nothing that we would not keep. Silence is no
  -- signature: there is no rung here that decides.
  state "signing" { waiting_for = "client",
    title = { en = "Signing", zh = "签署中" },
    client_title = { en = "Please sign the project charter", zh = "请签署项目章程" },
    approval {
      covers = agreed,
      rule = in_order {
        one_of "sponsor" { nobody = "skip" },
        one_of "client"  { nobody = "reject" },
      },
      approved = "baselined", rejected = "drafting", changes = "drafting",
    },
    within "signature" { "10 workdays", clock = "client",
      title = { en = "Signature", zh = "签署" },
      at   "50%" { remind "pending" },
      at   "80%" { remind "pending", notify "pm" },
      late "0"   { remind "pending", notify { "pm", "sponsor" }, priority "up" },
      again "3 workdays" { remind "pending", notify "pm", most = 5 },
    },
  },

  -- In force. Everybody is told which baseline it is.
  state "baselined" {
    title = { en = "In force", zh = "已生效" },
    enter = { set { baseline = plus(1), signed_on = now }, notify { "pm", "sponsor", "client" } },
    on "amend" { by = "pm", takes = { "change" }, needs = { "change" }, to = "amending",
      -- what it names must look like a key; that it is there and agreed to, the signatures say
      when = function(_, e)
        local change = e.data.change
        return change == nil or matches(change, "^[A-Z][A-Z0-9]{1,7}-[0-9]+$"), "name the change request that was agreed to, like CR-12"
      end,
      title = { en = "Amend after a change request", zh = "按变更请求修订" } },
    on "fulfil" { by = "pm", when = none_open { "milestone", "acceptance" }, to = "fulfilled",
      title = { en = "The project is over", zh = "项目结束" } },
    on "cancel" { by = "sponsor", to = "cancelled", note = { "required", "shared" },
      title = { en = "Call off", zh = "取消" } },
  },

  -- The baseline before it stays what was signed last, until the new one is signed by the same.
  state "amending" { owner = "pm",
    title = { en = "Being amended", zh = "修订中" },
    edit = { pm = and_more(agreed, { "cost_plan", "remarks" }) },
    within "amendment" { "3 workdays",
      title = { en = "Amendment", zh = "章程修订" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    propose "signing_again",
  },

  state "signing_again" { waiting_for = "client",
    title = { en = "Signing the new baseline", zh = "签署新基线" },
    client_title = { en = "Please sign the amended charter", zh = "请签署修订后的章程" },
    approval {
      covers = and_more(agreed, { "change" }),
      rule = in_order {
        one_of "sponsor" { nobody = "skip" },
        one_of "client"  { nobody = "reject" },
      },
      approved = "baselined", rejected = "amending", changes = "amending",
    },
    within "signature_again" { "5 workdays", clock = "client",
      title = { en = "Signature of the new baseline", zh = "新基线签署" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify { "pm", "sponsor" }, priority "up" },
      again "2 workdays" { remind "pending", notify "pm", most = 5 },
    },
  },

  final "fulfilled" { outcome = "fulfilled", title = { en = "Project over", zh = "项目结束" } },
  final "cancelled" { outcome = "cancelled", title = { en = "Called off", zh = "已取消" } },
}
