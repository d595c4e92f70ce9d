-- SPDX-License-Identifier: Apache-2.0
-- What the client's people think, asked at the end of a stage, of the project, or once a year. Three
-- questions, and the formulas by which they are added up:
--
--   CSAT  "How content are you?"  1 to 5
--         top box  share of answers that are 4 or 5, in percent
--         mean     sum of the answers by their number
--   NPS   "Would you recommend us?"  0 to 10
--         share of 9 and 10 less share of 0 to 6, in points from -100 to 100
--   CES   "It was easy to work with you."  1 to 7
--         share of answers that are 5, 6 or 7, in percent
--
-- Who answers badly is not a number: a case of feedback is opened for them at once.

-- A number with one place, rounded half away from zero: a / b.
local function ratio(a, b)
  local tenths = (20 * (a < 0 and -a or a) + b) // (2 * b)
  return decimal(("%s%d.%d"):format(a < 0 and tenths > 0 and "-" or "", tenths // 10, tenths % 10))
end

local function has_answered(c, person)
  for _, one in ipairs(c.fields.answers or {}) do
    if one.who == person then return true end
  end
  return false
end

local function silent(c)
  local list = {}
  for _, person in ipairs(c.people.client) do
    if not has_answered(c, person) then list[#list + 1] = person end
  end
  return list
end

-- 1 or 2 of 5, or a detractor.
local function is_bad(answer) return answer.csat <= 2 or answer.nps <= 6 end

local function take(c, e)
  local answers = {}
  for i, one in ipairs(c.fields.answers or {}) do answers[i] = one end
  local answer = { who = e.by, csat = e.data.csat, nps = e.data.nps, ces = e.data.ces, words = e.data.words }
  answers[#answers + 1] = answer
  c:set("answers", answers)
  if is_bad(answer) then
    c:open("feedback", { summary = "Survey: " .. c.fields.summary, details = e.data.words, kind = "complaint" }, e.by)
  end
  for _, name in ipairs { "csat", "nps", "ces", "words" } do c:set(name, nil) end
end

local function evaluate(c)
  local n, top, sum, promoters, detractors, ces, easy = 0, 0, 0, 0, 0, 0, 0
  for _, one in ipairs(c.fields.answers or {}) do
    n, sum = n + 1, sum + one.csat
    if one.csat >= 4 then top = top + 1 end
    if one.nps >= 9 then promoters = promoters + 1 elseif one.nps <= 6 then detractors = detractors + 1 end
    if one.ces ~= nil then
      ces = ces + 1
      if one.ces >= 5 then easy = easy + 1 end
    end
  end
  c:set("answered", n)
  if n == 0 then return end
  c:set("csat_top", ratio(100 * top, n))
  c:set("csat_mean", ratio(sum, n))
  c:set("nps_score", ratio(100 * (promoters - detractors), n))
  if ces > 0 then c:set("ces_easy", ratio(100 * easy, ces)) end
end

return workflow "survey" {
  key = "SV", version = 1, serves = "survey",
  title  = { en = "Satisfaction survey", zh = "满意度调查" },
  client = "project",
  open   = { by = { "pm", "sponsor" }, takes = { "summary", "occasion" } },
  roles  = { "pm", "sponsor", "client" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "About", zh = "调查主题" } },
    occasion = choice { "stage_end", "closeout", "yearly", default = "stage_end", indexed = true, title = { en = "Occasion", zh = "调查时机" },
      titles = {
        stage_end = { en = "End of a stage", zh = "阶段结束" },
        closeout  = { en = "End of the project", zh = "项目收尾" },
        yearly    = { en = "Once a year", zh = "年度" },
      } },
    csat     = number { min = 1, max = 5, title = { en = "How content are you? (1 to 5)", zh = "您的满意程度?(1–5)" } },
    nps      = number { min = 0, max = 10, title = { en = "Would you recommend us? (0 to 10)", zh = "您会推荐我们吗?(0–10)" } },
    ces      = number { min = 1, max = 7, title = { en = "It was easy to work with you. (1 to 7)", zh = "与贵方合作很顺畅。(1–7)" } },
    words    = text   { title = { en = "In your own words", zh = "您的意见" } },
  },
  -- The sums are the team's. A single answer stands in the history, as every event of the client's, for
  -- the client's people in the project to read.
  internal = {
    answers   = list   { max = 500, of = record { fields = {
      who   = person { title = { en = "Who", zh = "答复人" } },
      csat  = number { title = { en = "CSAT", zh = "满意度" } },
      nps   = number { title = { en = "NPS", zh = "推荐度" } },
      ces   = number { title = { en = "CES", zh = "费力度" } },
      words = text   { title = { en = "Words", zh = "意见" } },
    } }, title = { en = "Answers", zh = "答复" } },
    answered   = number { min = 0, title = { en = "Number of answers", zh = "答复人数" } },
    csat_top   = number { places = 1, indexed = true, title = { en = "CSAT, top box: share of 4 and 5 (%)", zh = "CSAT(4、5 分占比,%)" } },
    csat_mean  = number { places = 1, indexed = true, title = { en = "CSAT, mean (1 to 5)", zh = "CSAT 均值(1–5)" } },
    nps_score  = number { places = 1, indexed = true, title = { en = "NPS: share of 9 and 10 less share of 0 to 6", zh = "NPS(9–10 占比减 0–6 占比)" } },
    ces_easy   = number { places = 1, title = { en = "CES: share of 5 to 7 (%)", zh = "CES(5–7 分占比,%)" } },
    conclusion = text   { title = { en = "What follows from it", zh = "改进结论" } },
  },

  outcomes = {
    evaluated  = { en = "Evaluated", zh = "已评估" },
    unanswered = { en = "Nobody answered", zh = "无人答复" },
    cancelled  = { en = "Cancelled", zh = "已取消" },
  },

  start = "asking",

  on "cancel" { by = { "pm", "sponsor" }, note = { "required", "shared" }, when = in_state "asking", to = "cancelled",
    title = { en = "Cancel", zh = "取消" } },

  -- Who has answered is left in peace.
  state "asking" { waiting_for = "client",
    title = { en = "Being asked", zh = "调查中" },
    client_title = { en = "How content are you with us?", zh = "您对我们满意吗?" },
    enter = notify "client",
    within "answers" { "10 workdays", clock = "client",
      title = { en = "Answers", zh = "答复期限" },
      at   "50%" { remind(silent) },
      late "0"   { remind(silent), notify "pm" },
      late "5 workdays" { go "counting" },
    },
    on "answer" { by = "client", takes = { "csat", "nps", "ces", "words" }, needs = { "csat", "nps" }, run = take,
      when = function(c, e) return not has_answered(c, e.by), "you have answered already" end,
      title = { en = "Answer", zh = "答复" } },
    on "finish" { by = "pm", to = "counting", title = { en = "Ask no longer", zh = "结束调查" } },
    always { when = function(c) return #silent(c) == 0 end, to = "counting" },
  },

  state "counting" {
    title = { en = "Counted", zh = "统计" },
    enter = evaluate,
    always { when = { answered = above(0) }, to = "evaluating" },
    always { to = "unanswered" },
  },

  state "evaluating" { owner = "pm",
    title = { en = "Being evaluated", zh = "评估中" },
    client_title = { en = "Thank you", zh = "感谢参与" },
    enter = notify { "pm", "sponsor" },
    within "evaluation" { "5 workdays",
      title = { en = "Evaluation", zh = "结果评估" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "improve" { by = { "pm", "sponsor" }, note = "required",
      run = function(c, e) c:open("improvement", { summary = e.comment, cause = "Survey: " .. c.fields.summary }, e.by) end,
      title = { en = "Begin an improvement", zh = "发起改进" } },
    on "conclude" { by = "pm", takes = { "conclusion" }, needs = { "conclusion" }, to = "evaluated",
      title = { en = "Conclude", zh = "得出结论" } },
  },

  final "evaluated"  { outcome = "evaluated", title = { en = "Evaluated", zh = "已评估" } },
  final "unanswered" { outcome = "unanswered", title = { en = "Nobody answered", zh = "无人答复" }, enter = notify { "pm", "sponsor" } },
  final "cancelled"  { outcome = "cancelled", title = { en = "Cancelled", zh = "已取消" } },
}
