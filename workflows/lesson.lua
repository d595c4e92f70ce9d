-- SPDX-License-Identifier: Apache-2.0
-- One line of the lessons register: what happened, what followed, why, and what to do next time. It is read
-- by a second person, kept where it can be found (its fields are indexed and searched), counted when it is
-- used again, and looked at once a year: what is no longer true is taken out.
return workflow "lesson" {
  key = "LE", version = 1, serves = "lesson",
  title  = { en = "Lesson learned", zh = "经验教训" },
  client = "none",
  open   = { by = { "pm", "engineer", "sponsor" } },
  roles  = { "pm", "engineer", "sponsor", author = "opener" },

  fields = {
    summary        = text   { max = 200, required = true, title = { en = "Lesson", zh = "经验教训" } },
    happened       = date   { title = { en = "When", zh = "发生日期" } },
    phase          = choice { "sales", "planning", "delivery", "acceptance", "operation", indexed = true, title = { en = "Phase", zh = "阶段" },
      titles = {
        sales      = { en = "Sales", zh = "售前" },
        planning   = { en = "Planning", zh = "策划" },
        delivery   = { en = "Delivery", zh = "实施" },
        acceptance = { en = "Acceptance", zh = "验收" },
        operation  = { en = "Operation", zh = "运维" },
      } },
    category       = choice { "technical", "management", "communication", "supplier", "client", default = "management", indexed = true,
      title = { en = "Category", zh = "类别" },
      titles = {
        technical     = { en = "Technical", zh = "技术" },
        management    = { en = "Management", zh = "管理" },
        communication = { en = "Communication", zh = "沟通" },
        supplier      = { en = "Supplier", zh = "供应商" },
        client        = { en = "Client", zh = "客户" },
      } },
    occurrence     = text   { title = { en = "What happened", zh = "事件" } },
    effect         = text   { title = { en = "What followed", zh = "影响" } },
    cause          = text   { title = { en = "Why", zh = "原因" } },
    recommendation = text   { title = { en = "What to do next time", zh = "建议" } },
    used           = number { min = 0, default = 0, indexed = true, title = { en = "Used again so many times", zh = "复用次数" } },
    used_in        = text   { max = 500, title = { en = "Used last in", zh = "最近复用于" } },
  },

  outcomes = {
    retired = { en = "No longer true", zh = "已失效" },
    dropped = { en = "Not kept", zh = "不收录" },
  },

  start = "noted",

  state "noted" { owner = "author",
    title = { en = "Noted", zh = "已记录" },
    edit = { author = "all", pm = "all" },
    within "writing" { "5 workdays",
      title = { en = "Lesson is written", zh = "整理经验" },
      at   "80%" { remind "owner" },
      late "0"   { remind { "owner", "pm" } },
    },
    on "submit" { by = { "author", "pm" }, needs = { "occurrence", "cause", "recommendation", "phase" }, to = "reading",
      title = { en = "Present", zh = "提交" } },
    on "drop"   { by = { "author", "pm" }, note = "required", to = "dropped", title = { en = "Do not keep", zh = "不收录" } },
  },

  state "reading" {
    title = { en = "Being read", zh = "审阅中" },
    approval {
      covers = { "summary", "occurrence", "effect", "cause", "recommendation" },
      rule = one_of { "pm", "sponsor" } { exclude = { "author" }, nobody = "reject" },
      approved = "kept", rejected = "noted", changes = "noted",
    },
    within "reading" { "3 workdays",
      title = { en = "Lesson is read", zh = "经验审阅" },
      at   "50%" { remind "pending" },
      late "0"   { remind { "pending", "author" } },
    },
  },

  -- In the register.
  state "kept" {
    title = { en = "In the register", zh = "已收录" },
    on "use"    { by = { "pm", "engineer", "sponsor" }, takes = { "used_in" }, needs = { "used_in" }, run = set { used = plus(1) },
      title = { en = "Used again", zh = "复用" } },
    on "amend"  { by = { "author", "pm" }, note = "required", to = "noted", title = { en = "Amend", zh = "修订" } },
    on "improve" { by = { "pm", "sponsor" },
      run = function(c, e) c:open("improvement", { summary = c.fields.recommendation, cause = c.fields.summary }, e.by) end,
      title = { en = "Begin an improvement", zh = "发起改进" } },
    within "yearly_look" { "240 workdays",
      title = { en = "Is it still true?", zh = "年度复核" },
      late "0" { remind "pm" },
      again "10 workdays" { remind "pm", notify "sponsor", most = 3 },
    },
    on "still_true" { by = { "pm", "sponsor" }, to = "kept", title = { en = "It is still true", zh = "仍然有效" } },
    on "retire" { by = { "pm", "sponsor" }, note = "required", to = "retired", title = { en = "Take out", zh = "停用" } },
  },

  final "retired" { outcome = "retired", title = { en = "No longer true", zh = "已失效" } },
  final "dropped" { outcome = "dropped", title = { en = "Not kept", zh = "不收录" } },
}
