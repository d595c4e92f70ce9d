// SPDX-License-Identifier: Apache-2.0
// Amounts are decimal texts: they are added as whole numbers of the smallest part, never as floating point.
import { locale } from "./i18n";
import type { Value } from "./types";

const PLACES = 4; // more than any currency has

export function parts(value: Value | undefined): bigint {
  const match = typeof value === "string" ? /^(-?)(\d+)(?:\.(\d{1,4})\d*)?$/.exec(value) : null;
  if (!match) return 0n;
  const whole = BigInt(`${match[2]}${(match[3] ?? "").padEnd(PLACES, "0")}`);
  return match[1] === "-" ? -whole : whole;
}

/** 95,000.00, with the currency where there is one. */
export function amount(value: bigint, currency: string | null = null): string {
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, "0");
  const text = `${value < 0n ? "-" : ""}${BigInt(digits.slice(0, -PLACES)).toLocaleString(locale())}.${digits.slice(-PLACES, -PLACES + 2)}`;
  return currency ? `${text} ${currency}` : text;
}
