-- SPDX-License-Identifier: Apache-2.0
-- One line of the communication plan: what the client is told, how often, by which channel. It is checked
-- against what was really sent and noted, not against what somebody remembers: when most of the time has
-- passed and nothing was heard, whoever is to speak is reminded; silence beyond it is escalated until the
-- client has heard.

local function newer(c)
  return c.fields.heard ~= nil and c.fields.heard > c.fields.since
end

local function speaker(c) return c.fields.speaker or c.opener end

-- Looks at the record: the client has heard since, and the time begins anew, or it has not.
local function look(name, silent_in)
  return state(name) { title = { en = "Being looked at", zh = "核对中" },
    enter = set { heard = last_contact "channel" },
    always { when = newer, to = "in_force", run = function(c) c:set("since", c.fields.heard) end },
    always { to = silent_in },
  }
end

return workflow "communication_plan" {
  key = "CP", version = 1,
  title  = { en = "Communication plan", zh = "沟通计划" },
  client = "project",
  open   = { by = { "pm", "sponsor" }, takes = { "summary", "audience", "channel", "often", "speaker" } },
  roles  = { "pm", "sponsor", "client" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "What the client is told", zh = "沟通内容" } },
    audience = text   { max = 300, title = { en = "Who is told", zh = "沟通对象" } },
    channel  = choice { "any", "mail", "portal", "meeting", "call", "message", "visit", "letter", default = "any", indexed = true,
      title = { en = "Channel", zh = "沟通方式" },
      titles = {
        any     = { en = "Any", zh = "不限" },
        mail    = { en = "Mail", zh = "邮件" },
        portal  = { en = "Portal", zh = "客户门户" },
        meeting = { en = "Meeting", zh = "会议" },
        call    = { en = "Call", zh = "电话" },
        message = { en = "Chat message", zh = "即时消息" },
        visit   = { en = "Visit", zh = "拜访" },
        letter  = { en = "Letter", zh = "函件" },
      } },
    often    = choice { "daily", "weekly", "fortnightly", "monthly", "quarterly", default = "weekly", indexed = true,
      title = { en = "How often", zh = "频率" },
      titles = {
        daily       = { en = "Every working day", zh = "每个工作日" },
        weekly      = { en = "Every week", zh = "每周" },
        fortnightly = { en = "Every two weeks", zh = "每两周" },
        monthly     = { en = "Every month", zh = "每月" },
        quarterly   = { en = "Every quarter", zh = "每季度" },
      } },
  },
  internal = {
    speaker  = person { title = { en = "Who speaks", zh = "沟通责任人" } },
    since    = time   { indexed = true, title = { en = "Counted since", zh = "起算时间" } },
    heard    = time   { title = { en = "Last heard", zh = "最近一次沟通" } },
    silences = number { min = 0, default = 0, indexed = true, title = { en = "Silences", zh = "中断次数" } },
  },

  outcomes = {
    ended = { en = "Plan ended", zh = "计划结束" },
  },

  start = "in_force",

  on "end" { by = { "pm", "sponsor" }, to = "ended", title = { en = "End", zh = "结束" } },

  -- Entered anew whenever the client has heard, so that each stretch has its own warnings.
  state "in_force" { start = "resting",
    title = { en = "In force", zh = "执行中" },
    edit = { pm = { "summary", "audience", "channel", "often", "speaker" } },
    enter = function(c)
      if c.fields.since == nil then c:set("since", c.now) end
    end,
    within "contact" { per "often" { daily = "1 workday", weekly = "7 days", fortnightly = "14 days", monthly = "30 days", quarterly = "91 days" },
      from = "since",
      title = { en = "Next contact", zh = "下次沟通" },
      at   "75%" { fire "look" },
      late "0"   { fire "time_is_up" },
    },
    state "resting" { title = { en = "In force", zh = "执行中" },
      on "look" { to = "looking", title = { en = "Time to look", zh = "到期前核对" } },
    },
    look("looking", "soon"),
    state "soon" { owner = speaker, title = { en = "Due soon", zh = "即将到期" },
      enter = remind "owner",
      on "time_is_up" { to = "checking", title = { en = "The time is up", zh = "时限已到" } },
    },
    look("checking", "silent"),
  },

  -- The ladder goes on while it is looked again and again; only a word to the client ends it.
  state "silent" { start = "quiet", owner = speaker,
    title = { en = "The client has not heard from us", zh = "沟通中断" },
    client_title = { en = "In force", zh = "执行中" },
    edit = { pm = { "channel", "often", "speaker" } },
    enter = { set { silences = plus(1) }, remind "owner", notify "pm" },
    within "silence" { "1 workday",
      title = { en = "Silence", zh = "沟通中断" },
      late "0" { remind "owner", notify "sponsor", priority "up" },
      again "2 workdays" { remind "owner", notify { "pm", "sponsor" }, most = 10 },
    },
    state "quiet" { title = { en = "Silence", zh = "沟通中断" }, client_title = { en = "In force", zh = "执行中" },
      on "look" { by = { "pm", "sponsor", "owner" }, to = "asking_again", title = { en = "Look again", zh = "重新核对" } },
      after "4 hours" { to = "asking_again" },
    },
    look("asking_again", "quiet"),
  },

  final "ended" { outcome = "ended", title = { en = "Ended", zh = "已结束" } },
}
