-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", sun = "engineer" }

test "multiple instances, number known at design time: three at once, all are waited for" (function(t)
  local c = t:open("inspection", { by = "li" })
  c:expect { allowed = { sun = { "inspection1_passed", "inspection2_passed", "inspection3_passed" } } }
  c:fire("inspection2_passed", { by = "sun" })
  c:fire("inspection1_passed", { by = "sun" })
  c:expect { state = "inspecting" }
  c:fire("inspection3_passed", { by = "sun" })
  c:expect { state = "inspected" }
end)
