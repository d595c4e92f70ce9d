-- SPDX-License-Identifier: Apache-2.0
people { sun = "engineer" }

test "recursion: parts of parts are cases of the same workflow, and each ends the one above" (function(t)
  local top = t:open("work_package", { by = "sun", fields = { what = "Warehouse" } })
  top:fire("split", { by = "sun", data = { parts = { "Goods in", "Goods out" } } })
  t:case "WP-2":fire("finish", { by = "sun" })
  t:case "WP-3":fire("split", { by = "sun", data = { parts = { "Picking", "Packing" } } })
  t:case "WP-4":expect { state = "open", fields = { what = "Picking", parent = "WP-3" } }
  t:case "WP-4":fire("finish", { by = "sun" })
  top:expect { state = "waiting_for_parts" }
  t:case "WP-5":fire("finish", { by = "sun" })
  t:case "WP-3":expect { state = "finished" }
  top:expect { state = "finished" }
end)
