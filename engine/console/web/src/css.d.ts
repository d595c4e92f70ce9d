// SPDX-License-Identifier: Apache-2.0
// esbuild takes style sheets; the compiler has to be told.
declare module "*.css";
