-- SPDX-License-Identifier: Apache-2.0
-- Every label looks through every waiting goto.
-- expect: load error: expected "return workflow
-- fill: GOTOS 4000 "do goto e end "
-- file:
do @GOTOS@ ::e:: end return 7
