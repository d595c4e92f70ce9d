-- SPDX-License-Identifier: Apache-2.0
-- A change to what was agreed with the client: asked for, screened, its impact assessed, decided
-- by those who carry it, built, verified and filed. Its class says which way it goes:
--   standard   pre-authorised: below an amount the project manager alone lets it be built
--   normal     assessed, and decided by the change control board, the more of it the dearer it is
--   emergency  authorised within hours, built at once, and reviewed by the board afterwards
-- A request that is refused, withdrawn or lapsed keeps its record like any other.
return workflow "change_request" {
  key = "CR", version = 1, serves = "change_request",
  title  = { en = "Change request", zh = "变更请求" },
  client = "project",
  open   = { by = { "client", "pm" } },
  roles  = { "pm", "engineer", "ccb", "sponsor", "client", requester = "opener" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    reason   = text   { required = true, title = { en = "Reason", zh = "变更原因" } },
    class    = choice { "standard", "normal", "emergency", default = "normal", indexed = true,
      title = { en = "Class", zh = "变更类别" },
      titles = {
        standard  = { en = "Standard", zh = "标准变更" },
        normal    = { en = "Normal", zh = "常规变更" },
        emergency = { en = "Emergency", zh = "紧急变更" },
      } },
    category = choice { "scope", "schedule", "cost", "quality", "defect", "improvement",
      title = { en = "Category", zh = "变更内容" },
      titles = {
        scope       = { en = "Scope", zh = "范围" },
        schedule    = { en = "Schedule", zh = "进度" },
        cost        = { en = "Cost", zh = "费用" },
        quality     = { en = "Quality", zh = "质量" },
        defect      = { en = "Defect", zh = "缺陷" },
        improvement = { en = "Improvement", zh = "改进" },
      } },
    touches  = choice { "baseline", "charter",
      title = { en = "Touches the baseline or the charter", zh = "涉及基线或章程" },
      titles = {
        baseline = { en = "The baseline", zh = "基线" },
        charter  = { en = "The charter", zh = "章程" },
      } },
    cost     = money  { min = 0, title = { en = "Cost", zh = "费用" } },
    days     = number { min = 0, title = { en = "Schedule impact (working days)", zh = "工期影响(工作日)" } },
    scope    = text   { title = { en = "Scope impact", zh = "范围影响" } },
    result   = text   { title = { en = "Result of the verification", zh = "验证结果" } },
    filed    = text   { title = { en = "Filed under", zh = "归档位置" } },
  },
  internal = {
    risk   = choice { "low", "medium", "high", title = { en = "Risk", zh = "风险" },
      titles = {
        low    = { en = "Low", zh = "低" },
        medium = { en = "Medium", zh = "中" },
        high   = { en = "High", zh = "高" },
      } },
    margin = money  { title = { en = "Margin", zh = "毛利" } },
  },

  outcomes = {
    implemented = { en = "Implemented", zh = "已实施" },
    rejected    = { en = "Rejected", zh = "已否决" },
    reverted    = { en = "Taken back", zh = "已回退" },
    withdrawn   = { en = "Withdrawn", zh = "已撤回" },
    lapsed      = { en = "Lapsed", zh = "已失效" },
  },

  start = "draft",

  state "draft" { owner = "requester",
    title = { en = "Draft", zh = "草稿" },
    edit = { requester = { "summary", "reason", "class", "category" } },
    on "submit"   { by = "requester", to = "screening", title = { en = "Submit", zh = "提交" } },
    on "withdraw" { by = "requester", to = "withdrawn", title = { en = "Withdraw", zh = "撤回" } },
  },

  state "screening" { owner = "pm",
    title = { en = "Screening", zh = "初审" },
    edit = { pm = { "class", "category", "touches", "cost", "days", "scope" } },
    within { "1 workday",
      at   "80%"       { remind "owner" },
      late "0"         { remind "owner", notify "sponsor" },
      late "1 workday" { reassign "sponsor", priority "up" },
    },
    -- An emergency is not assessed first.
    on "accept" { by = "pm", when = { class = is "emergency" }, to = "authorising", title = { en = "Accept for assessment", zh = "受理" } },
    on "accept" { by = "pm", to = "impact", title = { en = "Accept for assessment", zh = "受理" } },
    -- Small, of a kind agreed beforehand, and inside the baseline: the project manager's own.
    on "authorise" { by = "pm", needs = { "cost", "scope" },
      when = { class = is "standard", cost = max(5000), touches = filled(false) },
      to = "implementing", title = { en = "Authorise as a standard change", zh = "按标准变更批准" } },
    on "return" { by = "pm", to = "draft", note = { "required", "shared" }, title = { en = "Return", zh = "退回" } },
    on "reject" { by = "pm", to = "rejected", note = { "required", "shared" }, title = { en = "Reject", zh = "拒绝" } },
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
        on "price" { by = "pm", takes = { "cost", "scope", "touches", "margin" }, needs = { "cost", "scope" },
          to = "priced", title = { en = "Price", zh = "提交报价" } },
      },
      final "priced" { title = { en = "Priced", zh = "报价完成" } },
    },
    within { "3 workdays",
      title = { en = "Impact analysis", zh = "影响分析" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "pm" },
    },
    done = "deciding",
  },

  -- The change control board (CCB) and the client. Whoever changes what is being agreed to opens
  -- the next round: nobody is held to what they did not see.
  state "deciding" {
    title = { en = "Deciding", zh = "审批" },
    client_title = { en = "Being decided", zh = "审批中" },
    edit = { pm = { "scope", "cost", "days", "touches" } },
    approval {
      covers = { "summary", "scope", "cost", "days", "touches" },
      rule = all_of {
        -- separation of duties: nobody agrees to a request of their own
        one_of "pm"       { exclude = { "requester" }, nobody = "sponsor" },
        -- the board: one member for a small change, two for any other
        one_of "ccb"      { when = { cost = max(10000) }, exclude = { "requester" }, nobody = "sponsor" },
        at_least(2) "ccb" { when = { cost = above(10000) }, exclude = { "requester" }, nobody = "sponsor" },
        -- a large sum; and what the sponsor signed, only the sponsor changes
        one_of "sponsor"  { when = { cost = above(50000) }, exclude = { "requester" }, nobody = "reject" },
        one_of "sponsor"  { when = { touches = one_in { "baseline", "charter" } }, exclude = { "requester" }, nobody = "reject" },
        -- a very large one: the whole weight of board and sponsor together
        weighted(7) { ccb = 2, sponsor = 3 } { when = { cost = above(200000) }, exclude = { "requester" }, nobody = "reject" },
        one_of "client"   { nobody = "reject" },
      },
      approved = "implementing", rejected = "rejected", deferred = "parked", changes = "impact",
    },
    within { "5 workdays", clock = "client",
      title = { en = "The decision", zh = "审批" },
      at   "50%" { remind "pending" },
      at   "80%" { remind "pending", notify "pm" },
      late "0"   { notify "pm", decide "deferred" },
    },
  },

  state "parked" { waiting_for = "client",
    title = { en = "Parked", zh = "悬置" },
    client_title = { en = "Waiting for your material", zh = "待您补充材料" },
    within "material" { "10 workdays", clock = "client",
      title = { en = "Material from the client", zh = "补充材料" },
      at   "50%" { remind { "requester", "client" } },
      late "0"   { remind { "requester", "client" }, notify "pm" },
    },
    on "resume" { by = { "pm", "requester", "client" }, to = "impact", title = { en = "Resume", zh = "恢复" } },
    after "30 days" { to = "lapsed" },
  },

  -- The fast way: one voice of the board, or the sponsor's, and the work begins.
  state "authorising" {
    title = { en = "Being authorised", zh = "紧急审批" },
    approval {
      covers = { "summary", "reason" },
      rule = one_of { "ccb", "sponsor" } { exclude = { "requester" }, nobody = "reject" },
      approved = "implementing", rejected = "rejected", changes = "impact",
    },
    within "authorisation" { "4 workhours",
      title = { en = "Authorisation of an emergency", zh = "紧急审批" },
      at   "50%"        { remind "pending" },
      late "0"          { remind "pending", notify { "pm", "sponsor" }, priority "up" },
      again "1 workhour" { remind "pending", most = 4 },
    },
  },

  -- Everybody concerned is told what was decided: the change notice.
  state "implementing" { owner = "engineer",
    title = { en = "Implementing", zh = "实施中" },
    enter = notify { "requester", "engineer", "client" },
    on "implemented" { by = "engineer", to = "verifying", title = { en = "Implemented", zh = "实施完成" } },
  },

  state "verifying" { owner = "pm",
    title = { en = "Verifying", zh = "验证中" },
    within { "5 workdays",
      title = { en = "Verification", zh = "验证" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    -- What nobody had time to say before an emergency is said now.
    on "verified" { by = "pm", when = { class = is "emergency" }, takes = { "result", "cost", "days", "scope", "touches" },
      needs = { "cost", "scope" }, to = "reviewing", title = { en = "Verified", zh = "验证通过" } },
    on "verified" { by = "pm", takes = { "result" }, to = "archiving", title = { en = "Verified", zh = "验证通过" } },
    on "failed"   { by = "pm", to = "implementing", note = "required", title = { en = "Failed", zh = "验证未通过" } },
  },

  -- An emergency is agreed to afterwards, by the same people and on the same terms.
  state "reviewing" {
    title = { en = "Reviewed afterwards", zh = "事后评审" },
    approval {
      covers = { "summary", "scope", "cost", "days", "touches" },
      exclude = { "requester" },
      rule = all_of {
        at_least(2) "ccb" { nobody = "sponsor" },
        one_of "sponsor"  { when = any { { cost = above(50000) }, { touches = one_in { "baseline", "charter" } } }, nobody = "reject" },
        one_of "pm"       { nobody = "sponsor" },
      },
      approved = "archiving", rejected = "reverting",
    },
    within "review" { "5 workdays",
      title = { en = "Review after the emergency", zh = "事后评审" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify { "pm", "sponsor" } },
      again "2 workdays" { remind "pending", most = 5 },
    },
  },

  state "reverting" { owner = "engineer",
    title = { en = "Being taken back", zh = "回退中" },
    within "reverting" { "2 workdays",
      title = { en = "Taking it back", zh = "回退" },
      late "0" { remind "owner", notify "pm" },
    },
    on "reverted" { by = "engineer", to = "taken_back", title = { en = "Taken back", zh = "回退完成" } },
  },

  -- Plans, documents and the change log follow what was built.
  state "archiving" { owner = "pm",
    title = { en = "Being filed", zh = "待归档" },
    within "filing" { "5 workdays",
      title = { en = "Filing", zh = "归档" },
      late "0" { remind "owner" },
      again "5 workdays" { remind "owner", notify "sponsor", most = 4 },
    },
    on "archive" { by = "pm", takes = { "filed" }, to = "closed", title = { en = "File", zh = "归档" } },
  },

  final "closed"     { outcome = "implemented", title = { en = "Closed and filed", zh = "已关闭归档" } },
  final "rejected"   { outcome = "rejected", title = { en = "Rejected", zh = "已否决" } },
  final "taken_back" { outcome = "reverted", title = { en = "Taken back", zh = "已回退" } },
  final "withdrawn"  { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
  final "lapsed"     { outcome = "lapsed", title = { en = "Lapsed", zh = "已失效" } },
}
