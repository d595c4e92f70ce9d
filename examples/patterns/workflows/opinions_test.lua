-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", zhou = "legal", wu = "safety", qian = "finance" }

test "structured discriminator: the first answer starts the report, the others change nothing" (function(t)
  local c = t:open("opinions", { by = "li" })
  c:refuse("written", { by = "li", why = "not_now" })
  c:fire("safety_answers", { by = "wu" })
  c:expect { state = { "legal.asked", "safety.heard", "finance.asked", "writing" } }
  c:fire("written", { by = "li" })
  c:fire("legal_answers", { by = "zhou" })
  c:expect { state = { "legal.heard", "safety.heard", "finance.asked", "report.done" } }
  c:fire("finance_answers", { by = "qian" })
  c:expect { state = { "deciding" } }
  c:fire("decide", { by = "li" })
end)

test "structured partial join: two of three start the report, the third still answers" (function(t)
  local c = t:open("opinions", { by = "li", fields = { needed = 2 } })
  c:fire("legal_answers", { by = "zhou" })
  c:expect { state = { "legal.heard", "safety.asked", "finance.asked", "waiting" } }
  c:fire("finance_answers", { by = "qian" })
  c:expect { state = { "legal.heard", "safety.asked", "finance.heard", "writing" } }
  c:fire("safety_answers", { by = "wu" })
  c:expect { state = { "legal.heard", "safety.heard", "finance.heard", "writing" } }
end)

test "blocking discriminator, blocking partial join: no second hearing until all of the first is in, then it is reset" (function(t)
  local c = t:open("opinions", { by = "li" })
  c:fire("legal_answers", { by = "zhou" })
  c:refuse("legal_answers", { by = "zhou", why = "not_now" })
  c:fire("written", { by = "li" })
  c:refuse("hear_again", { by = "li", why = "not_now" })
  c:fire("safety_answers", { by = "wu" })
  c:fire("finance_answers", { by = "qian" })
  c:fire("hear_again", { by = "li" })
  c:expect { state = { "legal.asked", "safety.asked", "finance.asked", "waiting" }, fields = { answers = 0 } }
end)
