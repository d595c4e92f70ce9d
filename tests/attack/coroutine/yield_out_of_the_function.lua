-- SPDX-License-Identifier: Apache-2.0
-- The rule's function itself yields.
-- expect: rule_error: outside a coroutine
-- run:
return coroutine.yield('out')
