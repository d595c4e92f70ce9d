-- SPDX-License-Identifier: Apache-2.0
-- What a test sends to a hook of its team. Who has signed it is no business of the rules, so nothing is
-- signed here; the rest is as when it comes in: the hook's function, then its case, then the call.
local P, kit = ...
local options, need_text, object, known = kit.options, kit.need_text, kit.object, kit.known
local ask, must, person_of = kit.ask, kit.must, kit.person_of

-- What was found empty comes back as neither a list nor a record.
local function params_of(plan)
  local params = plan.params
  for _, key in ipairs { "fields", "data" } do
    if params[key] ~= nil then params[key] = P.object(params[key]) end
  end
  if plan.method == "case.open" then params.project = "project" end -- a test has one
  return params
end

-- The plan whose case is known; nil and why where there is none to act on.
local function find(what, by, plan)
  while plan and plan.find do
    local items = must(what, by, "case.list", { workflow = P.array { plan.find.workflow }, open = true, limit = 2,
      fields = P.object(plan.find.fields) }).items
    if #items > 1 then return nil, "conflict", "there are several open cases" end
    if #items == 0 and not plan.otherwise then return nil, "ignored", "there is no open case" end
    if #items == 1 then
      plan.params.case = items[1].case
      return plan
    end
    plan = plan.otherwise
  end
  return plan
end

-- The answer, or nil, code, message.
local function send(what, name, o)
  local plan, code, message = ask(nil, "hook.try", { hook = need_text(what, name), body = o.body == nil and P.object {} or o.body,
    headers = object(what .. ": headers", o.headers) })
  if plan == nil then return nil, code, message end
  local by = person_of(what, plan.by)
  plan, code, message = find(what, by, plan)
  if plan == nil then return nil, code, message end
  if plan.ignored then return nil, "ignored", plan.ignored end
  return ask(by, plan.method, params_of(plan))
end

function kit.test_words.hook(_, name, given)
  local o = options("t:hook", given, known("t", "hook"))
  local answer, code, message = send("t:hook", name, o)
  if answer == nil then
    kit.failed("refusal", ('what was sent to the hook "%s" came to nothing: %s'):format(name, message), { code = code })
  end
  return kit.case_of(answer.case)
end

function kit.test_words.refuse_hook(_, name, given)
  local o = options("t:refuse_hook", given, known("t", "refuse_hook"))
  kit.refusal(('what was sent to the hook "%s"'):format(name), o.why, send("t:refuse_hook", name, o))
end
