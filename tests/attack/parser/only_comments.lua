-- SPDX-License-Identifier: Apache-2.0
-- A file of comments only, each as long as a line may be.
-- expect: load error: expected "return workflow
-- fill: LONG 600 "-- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
-- file:
@LONG@
