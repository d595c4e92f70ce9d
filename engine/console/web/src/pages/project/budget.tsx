// SPDX-License-Identifier: Apache-2.0
// The budget of the charter, what changes have added to it, and what is still asked for.
import { type Entry, isQuiet } from "../../lib/live";
import { amount, parts } from "../../lib/money";
import type { Counted } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { t } from "./texts";

const CHARTER = "charter";
const CHANGE = "change_request";
const COST = "cost";
/** States of a change request behind its approval; and how it ends when it was agreed to. */
const AGREED_STATES = ["implementing", "verifying", "reviewing", "archiving"];
const AGREED_OUTCOMES = ["implemented"];

interface Amount {
  n: number; // of changes that have one
  sum: bigint;
}

const amountOf = (of: Counted | null): Amount => ({ n: of?.summed ?? 0, sum: parts(of?.sum) });
const together = (all: Amount[]): Amount => all.reduce((one, other) => ({ n: one.n + other.n, sum: one.sum + other.sum }), { n: 0, sum: 0n });

/** Only what is opened, moved or written into fields can change the sums. */
const movesMoney = (entry: Entry): boolean =>
  !isQuiet(entry) && (entry.entered !== undefined || entry.left !== undefined || entry.fields !== undefined || entry.kind === "migrate");

export function Budget({ project, currency, workflows }: { project: string; currency: string | null; workflows: string[] }) {
  const has = (name: string) => workflows.includes(name);
  const charters = useCall("case.list", has(CHARTER) ? { project, workflow: CHARTER, whole: true, sort: "opened", descending: true, limit: 20 } : null, { live: true });
  const changes = { project, workflow: CHANGE, sum: COST };
  const open = useCall("case.count", has(CHANGE) ? { ...changes, open: true, by: "state" } : null, { live: movesMoney });
  const ended = useCall("case.count", has(CHANGE) ? { ...changes, ended: true, by: "outcome" } : null, { live: movesMoney });
  const charter = charters.data?.items.find((row) => row.fields.budget !== undefined);
  const base = parts(charter?.fields.budget);
  // A change is in one of these states at a time: none counts twice.
  const building = (open.data?.items ?? []).filter((row) => AGREED_STATES.includes(row.state ?? "")).map(amountOf);
  const built = (ended.data?.items ?? []).filter((row) => AGREED_OUTCOMES.includes(row.outcome ?? "")).map(amountOf);
  const agreed = together([...building, ...built]);
  const [all, begun] = [amountOf(open.data), together(building)];
  const asked = { n: all.n - begun.n, sum: all.sum - begun.sum };
  const [ofAgreed, ofAsked] = [agreed.sum, asked.sum];
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
                {t("agreed")} · {t("of_changes", { n: agreed.n })}
              </dt>
              <dd>{words.agreed}</dd>
            </div>
            <div>
              <dt>
                {t("asked")} · {t("of_changes", { n: asked.n })}
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
        </>
      )}
    </section>
  );
}
