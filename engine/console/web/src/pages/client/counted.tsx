// SPDX-License-Identifier: Apache-2.0
// What is counted of a client: promises by their day, satisfaction by quarter, participation. Numbers stand in tables; the
// bars beside them say nothing more.
import "../reports/reports.css";
import "./client.css";
import { locale } from "../../lib/i18n";
import { personName } from "../../lib/names";
import { at } from "../../lib/place";
import type { ClientFile, Quarter } from "../../lib/types_team";
import { Chip } from "../../parts/chip";
import { Skeleton } from "../../parts/states";
import { t } from "./texts";

const HOUR_MS = 3600_000;
const CSAT_MOST = 5;
const SHOWN = 8; // quarters

const dash = (value: string | null): string => value ?? "–";
const percent = (value: string | null): string => (value === null ? "–" : `${value}%`);
const hours = (ms: number | null): string => (ms === null ? "–" : t("hours", { n: (ms / HOUR_MS).toLocaleString(locale(), { maximumFractionDigits: 1 }) }));

/** Why it is not there. */
function Missing({ of, name }: { of: ClientFile; name: string }) {
  return <p class="quiet">{of.notes.find((note) => note.of === name)?.message}</p>;
}

/** What the figures that are shown are. */
function Meanings({ of, names }: { of: ClientFile; names: string[] }) {
  return (
    <details>
      <summary>{t("meanings")}</summary>
      <dl class="report-meanings">
        {of.defined
          .filter((one) => names.includes(one.name))
          .map((one) => (
            <div key={one.name}>
              <dt>{one.title}</dt>
              <dd>{one.text}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}

export function Promises({ of }: { of: ClientFile }) {
  return (
    <section class="card" aria-labelledby="client-promises">
      <h2 id="client-promises">{t("promises")}</h2>
      {of.promises.n === 0 && <p class="quiet">{t("no_promises")}</p>}
      <ul class="case-lines">
        {of.promises.items.map((one) => (
          <li key={one.case} class="case-line">
            <a href={at("case", one.case)}>
              <bdi>{one.promise}</bdi>
            </a>
            <span class="chips">{one.late && <Chip tone="late">{t("late")}</Chip>}</span>
            <span class="quiet">{t("until", { day: one.promised_for ?? "–", who: one.holder ? personName(one.holder) : "–" })}</span>
          </li>
        ))}
      </ul>
      {of.promises.n > of.promises.items.length && <p class="quiet">{t("first", { shown: of.promises.items.length, n: of.promises.n })}</p>}
      {of.promises.more && <p class="quiet">{t("promises_more")}</p>}
    </section>
  );
}

function Line({ one }: { one: Quarter }) {
  const mean = one.csat_mean === null ? 0 : Number(one.csat_mean);
  return (
    <tr>
      <th scope="row">{one.key}</th>
      <td class="number">
        {dash(one.csat_mean)} ({one.csat_answers})
      </td>
      <td class="bar-cell" aria-hidden="true">
        {mean > 0 && <span class="bar-part" style={{ width: `${(100 * mean) / CSAT_MOST}%` }} />}
      </td>
      <td class="number">{percent(one.csat_top)}</td>
      <td class="number">{dash(one.nps)}</td>
      <td class="number">{percent(one.ces_easy)}</td>
    </tr>
  );
}

function Answers({ of }: { of: NonNullable<ClientFile["satisfaction"]>["each"] }) {
  return (
    <details>
      <summary>{t("answers", { n: of.n })}</summary>
      <ul class="plain">
        {of.items.map((one) => (
          <li key={`${one.case} ${one.on} ${one.question} ${one.score}`}>
            {one.on} · {one.question} <b>{one.score}</b> · <a href={at("case", one.case)}>{one.case}</a> <span class="quiet">{one.project}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Satisfaction({ of }: { of: ClientFile | null }) {
  const found = of?.satisfaction ?? null;
  return (
    <section class="card report-section" aria-labelledby="client-satisfaction">
      <h2 id="client-satisfaction">{t("satisfaction")}</h2>
      {of === null && <Skeleton lines={3} />}
      {of !== null && found === null && <Missing of={of} name="satisfaction" />}
      {found?.quarters.length === 0 && <p class="quiet">{t("no_answers")}</p>}
      {of !== null && found !== null && found.quarters.length > 0 && (
        <>
          <div class="scroll" tabIndex={0}>
            <table class="plain-table report-table">
              <caption class="hidden">{t("by_quarter")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("quarter")}</th>
                  <th scope="col" class="number">{t("csat")}</th>
                  <td class="bar-cell" />
                  <th scope="col" class="number">{t("csat_top")}</th>
                  <th scope="col" class="number">{t("nps")}</th>
                  <th scope="col" class="number">{t("ces")}</th>
                </tr>
              </thead>
              <tbody>
                {found.quarters.slice(0, SHOWN).map((one) => (
                  <Line key={one.key} one={one} />
                ))}
              </tbody>
            </table>
          </div>
          <Answers of={found.each} />
          <Meanings of={of} names={["csat_mean", "csat_top", "nps", "ces_easy"]} />
        </>
      )}
    </section>
  );
}

export function Participation({ of }: { of: ClientFile | null }) {
  const found = of?.participation ?? null;
  const figures: [string, string | number][] = found === null ? [] : [
    [t("asked"), found.asked],
    [t("answered"), found.answers],
    [t("unanswered"), found.unanswered],
    [t("still_asked"), found.still_asked],
    [t("median"), hours(found.answer_median)],
    [t("p85"), hours(found.answer_p85)],
  ];
  return (
    <section class="card report-section" aria-labelledby="client-participation">
      <h2 id="client-participation">{t("participation")}</h2>
      {of === null && <Skeleton lines={2} />}
      {of !== null && found === null && <Missing of={of} name="participation" />}
      <dl class="numbers">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {of !== null && found !== null && <Meanings of={of} names={["asked", "answers", "unanswered", "still_asked", "answer_median", "answer_p85"]} />}
    </section>
  );
}
