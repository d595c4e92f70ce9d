// SPDX-License-Identifier: Apache-2.0
// Addresses of pages, on the side where we are.
//
//   <a href={at("case", "CR-1")}>
const base = location.pathname.startsWith("/portal/") ? "/portal/" : "/console/";

export function at(...parts: string[]): string {
  return base + parts.map(encodeURIComponent).join("/");
}
