// SPDX-License-Identifier: Apache-2.0
// Addresses of pages, on the side where we are.
//
//   <a href={at("case", "CR-1")}>
const base = location.pathname.startsWith("/portal/") ? "/portal/" : "/console/";

/** Is this the client's side? */
export const isPortal = base === "/portal/";

export function at(...parts: string[]): string {
  return base + parts.map(encodeURIComponent).join("/");
}
