-- SPDX-License-Identifier: Apache-2.0
-- A complaint, in the steps of ISO 10002 and stricter than feedback: acknowledged within half a day, led
-- by the sponsor, investigated by somebody whom it is not about, answered in writing that a second person
-- has read, told about on the way, closed by the client's consent only or as what it is: unanswered. What
-- caused it is corrected, as an improvement with an owner of its own.

-- Who is not content is heard by the sponsor.
local function holder(c) return c.fields.declined > 0 and c.people.sponsor or c.fields.investigator end

return workflow "complaint" {
  key = "CM", version = 1, serves = "complaint",
  title  = { en = "Complaint", zh = "客户投诉" },
  client = "own",
  open   = { by = { "client", "pm", "sponsor" }, takes = { "summary", "details", "about", "remedy" } },
  roles  = { "pm", "engineer", "sponsor", "client", complainant = "opener" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "Complaint", zh = "投诉概要" } },
    details  = text   { title = { en = "What happened", zh = "事情经过" } },
    about    = choice { "quality", "schedule", "cost", "conduct", "communication", "other", default = "other", indexed = true,
      title = { en = "About", zh = "投诉类别" },
      titles = {
        quality       = { en = "Quality", zh = "质量" },
        schedule      = { en = "Schedule", zh = "进度" },
        cost          = { en = "Cost", zh = "费用" },
        conduct       = { en = "Conduct", zh = "态度" },
        communication = { en = "Communication", zh = "沟通" },
        other         = { en = "Other", zh = "其他" },
      } },
    remedy   = text   { title = { en = "Remedy sought", zh = "诉求" } },
    status   = text   { title = { en = "Where it stands", zh = "处理进展" } },
    answer   = text   { title = { en = "Answer", zh = "答复" } },
    declined = number { min = 0, default = 0, title = { en = "Answers declined", zh = "未接受答复次数" } },
  },
  internal = {
    severity     = choice { "low", "medium", "high", title = { en = "Severity", zh = "严重程度" },
      titles = {
        low    = { en = "Low", zh = "低" },
        medium = { en = "Medium", zh = "中" },
        high   = { en = "High", zh = "高" },
      } },
    investigator = person { title = { en = "Investigated by", zh = "调查人" } },
    concerned    = person { title = { en = "Person complained of", zh = "被投诉人" } },
    finding      = text   { title = { en = "Finding", zh = "调查结论" } },
    root_cause   = text   { title = { en = "Root cause", zh = "根本原因" } },
  },

  outcomes = {
    settled    = { en = "Settled", zh = "已解决" },
    unanswered = { en = "No reply", zh = "客户未回复" },
    external   = { en = "Taken outside", zh = "外部处理" },
    withdrawn  = { en = "Withdrawn", zh = "已撤回" },
  },

  start = "received",

  on "withdraw" { by = "complainant", to = "withdrawn", title = { en = "Withdraw", zh = "撤回" } },

  state "received" { owner = "sponsor",
    title = { en = "Received", zh = "已收到" },
    enter = { priority "high", notify { "sponsor", "pm" } },
    within "acknowledgement" { "4 workhours",
      title = { en = "Acknowledgement", zh = "确认收到" },
      at   "50%" { remind "owner" },
      late "0"   { remind { "owner", "pm" }, priority "urgent" },
      again "2 workhours" { remind { "owner", "pm" }, most = 10 },
    },
    -- Whom it is about does not look into it.
    on "acknowledge" { by = { "sponsor", "pm" }, takes = { "severity", "investigator", "concerned" }, needs = { "severity", "investigator" },
      when = function(c, e)
        return e.data.investigator == nil or e.data.investigator ~= e.data.concerned, "whom it is about cannot investigate it"
      end,
      to = "investigating", title = { en = "Acknowledge and assign", zh = "确认并指派调查" } },
  },

  state "investigating" { owner = holder,
    title = { en = "Being investigated", zh = "调查中" },
    enter = notify { "complainant", "owner" },
    edit = { pm = { "root_cause" }, sponsor = { "root_cause", "finding" } },
    within "investigation" { per "severity" { high = "1 workday", medium = "3 workdays", low = "5 workdays" },
      title = { en = "Investigation", zh = "调查" },
      at   "80%"        { remind "owner" },
      late "0"          { remind "owner", notify "sponsor" },
      late "1 workday"  { reassign "sponsor", priority "urgent" },
    },
    -- Silence on our side is the second complaint.
    within "status" { "2 workdays", ["until"] = "tell",
      title = { en = "Word to the client", zh = "进展告知" },
      late "0" { remind { "owner", "sponsor" } },
      again "1 workday" { remind { "owner", "sponsor" }, most = 5 },
    },
    on "tell"  { by = { "owner", "sponsor", "pm" }, takes = { "status" }, needs = { "status" }, run = notify "complainant",
      title = { en = "Tell where it stands", zh = "告知进展" } },
    on "found" { by = { "owner", "sponsor" }, takes = { "finding", "root_cause" }, needs = { "finding", "root_cause" }, to = "answering",
      title = { en = "Record the finding", zh = "提交结论" } },
  },

  state "answering" { owner = "pm",
    title = { en = "Answer is written", zh = "拟定答复" },
    client_title = { en = "Being investigated", zh = "调查中" },
    edit = { pm = { "answer" }, sponsor = { "answer" } },
    within "drafting" { "1 workday",
      title = { en = "Draft of the answer", zh = "答复拟定" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "draft" { by = { "pm", "sponsor" }, takes = { "answer" }, needs = { "answer" }, to = "releasing",
      title = { en = "Present the answer", zh = "提交答复" } },
  },

  state "releasing" {
    title = { en = "Answer is read", zh = "答复审批" },
    client_title = { en = "Being investigated", zh = "调查中" },
    approval {
      covers = { "answer" },
      rule = one_of "sponsor" { nobody = "pm" },
      approved = "answered", rejected = "answering", changes = "answering",
    },
    within "release" { "4 workhours",
      title = { en = "Release of the answer", zh = "答复审批" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
    },
  },

  state "answered" { waiting_for = "client",
    title = { en = "Answered", zh = "已答复" },
    client_title = { en = "Are you content with our answer?", zh = "您对答复满意吗?" },
    enter = notify "complainant",
    within "consent" { "10 workdays", clock = "client",
      title = { en = "The client's consent", zh = "客户同意结案" },
      at   "50%" { remind "complainant" },
      late "0"   { remind "complainant", notify { "pm", "sponsor" } },
      late "10 workdays" { go "unanswered" },
    },
    on "content"  { by = { "client", "complainant" }, to = "settled", title = { en = "Content", zh = "满意" } },
    on "disagree" { by = { "client", "complainant" }, note = { "required", "shared" }, to = "investigating",
      run = { set { declined = plus(1) }, priority "urgent", notify "sponsor" },
      title = { en = "Not content", zh = "不满意" } },
    on "outside"  { by = { "client", "complainant" }, note = { "required", "shared" }, when = { declined = min(1) }, to = "external",
      run = notify { "pm", "sponsor" }, title = { en = "Take it outside", zh = "提交外部处理" } },
  },

  -- The cause is corrected whether or not the client is content.
  final "settled"    { outcome = "settled", title = { en = "Settled", zh = "已解决" },
    enter = function(c)
      c:open("improvement", { summary = "After complaint " .. c.key .. ": " .. c.fields.summary, cause = c.fields.root_cause }, c.people.sponsor[1])
    end },
  final "unanswered" { outcome = "unanswered", title = { en = "No reply", zh = "未回复" } },
  final "external"   { outcome = "external", title = { en = "Taken outside", zh = "外部处理" } },
  final "withdrawn"  { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
}
