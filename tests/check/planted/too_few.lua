-- SPDX-License-Identifier: Apache-2.0
-- Nothing is expected.
return workflow "too_few" { key = "PL",
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "go" { by = "pm", to = "done" } },
  final "done",
}
