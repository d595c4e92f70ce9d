// SPDX-License-Identifier: Apache-2.0
// The list of workflows; it shares what it says with the page of one.
export { Workflows as default } from "../workflow/page";
