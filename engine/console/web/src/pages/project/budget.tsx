// SPDX-License-Identifier: Apache-2.0
// The budget of the charter, what changes have added to it, what is still asked for, and what is spent.
import { at } from "../../lib/place";
import { amount, parts } from "../../lib/money";
import { day } from "../../lib/time";
import type { Charter, Money } from "../../lib/types_project";
import { t } from "./texts";

function Sum({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Which baseline said what, and which change it came from. */
function Baselines({ charter }: { charter: Charter }) {
  return (
    <p class="quiet">
      <a href={at("case", charter.case)}>{charter.title}</a>
      {" · "}
      {charter.states.map((state) => charter.state_titles[state] ?? state).join(", ")}
      {charter.baselines.map((one) => (
        <span key={one.number}>
          {" · "}
          {t("baseline", { n: one.number, day: day(one.signed_on) })}
          {one.change !== null && ` (${one.change})`}
        </span>
      ))}
    </p>
  );
}

function Spent({ money }: { money: Money }) {
  const used = Number(money.used);
  const words = { spent: amount(parts(money.spent ?? undefined), money.currency), granted: amount(parts(money.granted ?? undefined), money.currency), used: money.used ?? "" };
  return (
    <>
      <div class="bar" role="img" aria-label={t("spent", words)}>
        <span class={used > 100 ? "over-part" : "agreed-part"} style={{ width: `${Math.min(100, used)}%` }} />
      </div>
      <p class="quiet">{t("spent", words)}</p>
    </>
  );
}

export function Budget({ money, charter }: { money: Money; charter: Charter | null }) {
  const base = parts(money.charter ?? undefined);
  const [agreed, asked] = [parts(money.agreed.amount), parts(money.asked.amount)];
  const whole = base + (agreed > 0n ? agreed : 0n) + (asked > 0n ? asked : 0n);
  const width = (part: bigint) => (whole === 0n || part <= 0n ? "0" : `${Number((part * 1000n) / whole) / 10}%`);
  const words = { base: amount(base, money.currency), agreed: amount(agreed, money.currency), asked: amount(asked, money.currency) };
  return (
    <section class="card" aria-labelledby="project-budget">
      <h2 id="project-budget">{t("budget")}</h2>
      {charter && <Baselines charter={charter} />}
      {whole === 0n && money.granted === null && <p class="quiet">{t("budget_none")}</p>}
      {whole > 0n && (
        <>
          <dl class="numbers">
            {money.charter !== null && <Sum name={t("base")} value={words.base} />}
            <Sum name={`${t("agreed")} · ${t("of_changes", { n: money.agreed.changes })}`} value={words.agreed} />
            <Sum name={`${t("asked")} · ${t("of_changes", { n: money.asked.changes })}`} value={words.asked} />
            {money.total !== null && <Sum name={t("total")} value={amount(parts(money.total), money.currency)} />}
          </dl>
          <div class="bar" role="img" aria-label={t("bar", words)}>
            <span class="base-part" style={{ width: width(base) }} />
            <span class="agreed-part" style={{ width: width(agreed) }} />
            <span class="asked-part" style={{ width: width(asked) }} />
          </div>
          {money.charter === null && <p class="quiet">{t("no_charter")}</p>}
        </>
      )}
      {money.used !== null && <Spent money={money} />}
    </section>
  );
}
