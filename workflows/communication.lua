-- SPDX-License-Identifier: Apache-2.0
-- One mail, meeting, call or letter with a client, noted: who spoke with whom, what was said, what was agreed.
-- It is the team's own. The client sees of it what it is asked to confirm, and nothing when it is not asked;
-- what wants an answer has the reply time of its channel, and a promise is open until it is kept.

-- Where the next thing that it was noted for is done; a note that wants nothing is filed at once.
local function onwards(filed)
  return always { when = { promise = filled }, to = "promised" }, always { to = filed }
end
local after_note, filed = onwards "filed"
local after_answer, answered = onwards "answered"
local after_word, confirmed = onwards "confirmed"

return workflow "communication" {
  key = "CN", version = 1,
  title  = { en = "Communication", zh = "沟通记录" },
  client = "own",
  open   = { by = { "pm", "engineer", "sponsor", "support", "finance" } },
  roles  = { "pm", "engineer", "sponsor", "support", "finance", "client", noter = "opener" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "About", zh = "主题" } },
    kind     = choice { "mail", "meeting", "call", "message", "visit", "letter", default = "call", indexed = true, title = { en = "Channel", zh = "沟通方式" },
      titles = {
        mail    = { en = "Mail", zh = "邮件" },
        meeting = { en = "Meeting", zh = "会议" },
        call    = { en = "Call", zh = "电话" },
        message = { en = "Chat message", zh = "即时消息" },
        visit   = { en = "Visit", zh = "拜访" },
        letter  = { en = "Letter", zh = "函件" },
      } },
    happened = time   { required = true, indexed = true, title = { en = "When", zh = "沟通时间" } },
    agreed   = text   { title = { en = "What was agreed", zh = "达成事项" } },
  },
  internal = {
    direction    = choice { "out", "in", "both", default = "both", indexed = true, title = { en = "From whom", zh = "方向" },
      titles = {
        out  = { en = "From us", zh = "我方发起" },
        ["in"] = { en = "From the client", zh = "客户发起" },
        both = { en = "Both spoke", zh = "双方" },
      } },
    contacts     = list   { max = 50, of = person {}, title = { en = "With", zh = "客户联系人" } },
    others       = text   { max = 500, title = { en = "Others", zh = "其他参与人" } },
    notes        = text   { title = { en = "Notes", zh = "内部记录" } },
    about        = text   { max = 20, indexed = true, title = { en = "In the case", zh = "关联事项" } },
    wants_answer = flag   { title = { en = "Wants an answer", zh = "需答复" } },
    confirm      = flag   { title = { en = "The client is asked to confirm it", zh = "需客户确认" } },
    promise      = text   { max = 300, title = { en = "What we promised", zh = "承诺事项" } },
    promised_for = date   { indexed = true, title = { en = "Promised for", zh = "承诺日期" } },
    holder       = person { title = { en = "Who keeps the promise", zh = "履行人" } },
    moved        = number { min = 0, default = 0, title = { en = "Moved so many times", zh = "改期次数" } },
  },

  outcomes = {
    filed     = { en = "Noted", zh = "已记录" },
    answered  = { en = "Answered", zh = "已答复" },
    confirmed = { en = "Confirmed by the client", zh = "客户已确认" },
    kept      = { en = "Promise kept", zh = "承诺已兑现" },
    withdrawn = { en = "Promise withdrawn", zh = "承诺已撤回" },
  },

  start = "noted",

  state "noted" {
    title = { en = "Noted", zh = "已登记" },
    always { when = { confirm = is(true) }, to = "confirming" },
    always { when = { wants_answer = is(true) }, to = "answering" },
    after_note, filed,
  },

  -- What was said is put in writing, and stands when nobody objects.
  state "confirming" { waiting_for = "client",
    title = { en = "Being confirmed", zh = "待客户确认" },
    client_title = { en = "Is this what we agreed?", zh = "请确认沟通内容" },
    enter = notify "client",
    approval {
      covers = { "summary", "kind", "happened", "agreed" },
      rule = one_of "client" { nobody = "reject" },
      approved = "agreed_to", rejected = "wording", changes = "wording",
    },
    within "confirmation" { "3 workdays", clock = "client",
      title = { en = "The client's confirmation", zh = "客户确认" },
      at   "50%" { remind "pending" },
      late "0"   { decide "approved" { as = "unopposed" } },
    },
  },
  state "wording" { owner = "noter",
    title = { en = "Being worded anew", zh = "修改中" },
    edit = { noter = { "summary", "agreed", "notes" }, pm = { "summary", "agreed", "notes" } },
    within "wording" { "1 workday",
      title = { en = "New wording", zh = "修改" },
      late "0" { remind "owner", notify "pm" },
    },
    on "send" { by = { "noter", "pm" }, to = "confirming", title = { en = "Send it again", zh = "再次发送" } },
    on "drop" { by = { "noter", "pm" }, note = "required", to = "filed", title = { en = "File it unconfirmed", zh = "不再确认,直接归档" } },
  },
  state "agreed_to" { title = { en = "Agreed", zh = "已确认" }, after_word, confirmed },

  -- How soon depends on the channel: who calls waits for hours, who writes a letter for days.
  state "answering" { owner = "noter",
    title = { en = "Wants an answer", zh = "待答复" },
    edit = { noter = { "notes", "contacts" }, pm = { "notes", "contacts" } },
    within "reply" { per "kind" { call = "4 workhours", message = "4 workhours", mail = "1 workday", visit = "2 workdays", meeting = "2 workdays", letter = "5 workdays" },
      title = { en = "Reply", zh = "答复时限" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "pm", priority "up" },
      again "1 workday" { remind "owner", notify { "pm", "sponsor" }, most = 5 },
    },
    on "answer" { by = { "owner", "pm" }, takes = { "agreed", "promise", "promised_for", "holder" }, note = "required", to = "replied",
      title = { en = "Answered", zh = "已答复" } },
  },
  state "replied" { title = { en = "Answered", zh = "已答复" }, after_answer, answered },

  state "promised" { owner = function(c) return c.fields.holder or c.opener end,
    title = { en = "Promised", zh = "待兑现" },
    edit = { pm = { "promise", "holder", "notes" } },
    within "promise" { due = "promised_for",
      title = { en = "Promise to the client", zh = "对客户的承诺" },
      at   "75%" { remind "owner" },
      late "0"   { remind "owner", notify "pm", priority "up" },
      again "2 workdays" { remind "owner", notify { "pm", "sponsor" }, most = 5 },
    },
    on "keep"     { by = { "owner", "pm" }, note = "required", to = "kept", title = { en = "Kept", zh = "已兑现" } },
    on "move"     { by = "pm", takes = { "promised_for" }, needs = { "promised_for" }, note = "required", to = "promised",
      run = set { moved = plus(1) }, title = { en = "Promise another day", zh = "改期" } },
    on "withdraw" { by = "pm", note = "required", to = "withdrawn", title = { en = "Withdraw", zh = "撤回承诺" } },
  },

  final "filed"     { outcome = "filed", title = { en = "Filed", zh = "已归档" } },
  final "answered"  { outcome = "answered", title = { en = "Answered", zh = "已答复" } },
  final "confirmed" { outcome = "confirmed", title = { en = "Confirmed", zh = "客户已确认" } },
  final "kept"      { outcome = "kept", title = { en = "Kept", zh = "已兑现" } },
  final "withdrawn" { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
}
