// SPDX-License-Identifier: Apache-2.0
// An answer that came too late says what it would have been given to: the fields that are others now, by their titles.
import { Refused } from "../../lib/api";
import { texts } from "../../lib/i18n";
import type { Case } from "../../lib/types";

const t = texts({ changed: ["{why}. Changed meanwhile: {fields}.", "{why}。在此期间已变更：{fields}。"] });

export async function naming<T>(of: Case, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const fields = error instanceof Refused && error.code === "conflict" ? error.data.fields : undefined;
    if (!(error instanceof Refused) || !Array.isArray(fields) || fields.length === 0) throw error;
    const titles = fields.map((name: string) => of.field_titles[name] ?? name).join(", ");
    throw new Refused(error.code, t("changed", { why: error.message, fields: titles }), error.data);
  }
}
