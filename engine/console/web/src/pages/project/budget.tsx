// SPDX-License-Identifier: Apache-2.0
// The budget of the charter, what changes have added to it, and what is still asked for.
import { type Entry, isQuiet } from "../../lib/live";
import { amount, parts } from "../../lib/money";
import type { CaseRow } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { t } from "./texts";

const MOST = 500;
const CHARTER = "charter";
const CHANGE = "change_request";
/** States of a change request behind its approval; and how it ends when it was agreed to. */
const AGREED_STATES = ["implementing", "verifying", "reviewing", "archiving"];
const AGREED_OUTCOMES = ["implemented"];

const isAgreed = (row: CaseRow) =>
  row.outcome !== null ? AGREED_OUTCOMES.includes(row.outcome) : row.states.some((state) => AGREED_STATES.includes(state));

/** Only what is opened, moved or written into fields can change the sums. */
const movesMoney = (entry: Entry): boolean =>
  !isQuiet(entry) && (entry.entered !== undefined || entry.left !== undefined || entry.fields !== undefined || entry.kind === "migrate");

export function Budget({ project, currency, workflows }: { project: string; currency: string | null; workflows: string[] }) {
  const has = (name: string) => workflows.includes(name);
  const charters = useCall("case.list", has(CHARTER) ? { project, workflow: CHARTER, whole: true, sort: "opened", descending: true, limit: 20 } : null, { live: true });
  const changes = useCall("case.list", has(CHANGE) ? { project, workflow: CHANGE, whole: true, limit: MOST } : null, { live: movesMoney });
  const charter = charters.data?.items.find((row) => row.fields.budget !== undefined);
  const base = parts(charter?.fields.budget);
  const rows = (changes.data?.items ?? []).filter((row) => parts(row.fields.cost) !== 0n);
  const sum = (of: CaseRow[]) => of.reduce((total, row) => total + parts(row.fields.cost), 0n);
  const agreed = rows.filter(isAgreed);
  const asked = rows.filter((row) => row.outcome === null && !isAgreed(row));
  const [ofAgreed, ofAsked] = [sum(agreed), sum(asked)];
  const whole = base + (ofAgreed > 0n ? ofAgreed : 0n) + (ofAsked > 0n ? ofAsked : 0n);
  const width = (part: bigint) => (whole === 0n || part <= 0n ? "0" : `${Number((part * 1000n) / whole) / 10}%`);
  const words = { base: amount(base, currency), agreed: amount(ofAgreed, currency), asked: amount(ofAsked, currency) };
  return (
    <section class="card" aria-labelledby="project-budget">
      <h2 id="project-budget">{t("budget")}</h2>
      {whole === 0n ? (
        <p class="quiet">{t("budget_none")}</p>
      ) : (
        <>
          <dl class="numbers">
            {charter && (
              <div>
                <dt>{t("base")}</dt>
                <dd>{words.base}</dd>
              </div>
            )}
            <div>
              <dt>
                {t("agreed")} · {t("of_changes", { n: agreed.length })}
              </dt>
              <dd>{words.agreed}</dd>
            </div>
            <div>
              <dt>
                {t("asked")} · {t("of_changes", { n: asked.length })}
              </dt>
              <dd>{words.asked}</dd>
            </div>
            {charter && (
              <div>
                <dt>{t("total")}</dt>
                <dd>{amount(base + ofAgreed, currency)}</dd>
              </div>
            )}
          </dl>
          <div class="bar" role="img" aria-label={t("bar", words)}>
            <span class="base-part" style={{ width: width(base) }} />
            <span class="agreed-part" style={{ width: width(ofAgreed) }} />
            <span class="asked-part" style={{ width: width(ofAsked) }} />
          </div>
          {!charter && <p class="quiet">{t("no_charter")}</p>}
          {changes.data?.cursor && <p class="quiet">{t("cut", { n: MOST })}</p>}
        </>
      )}
    </section>
  );
}
