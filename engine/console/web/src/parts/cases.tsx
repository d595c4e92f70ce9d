// SPDX-License-Identifier: Apache-2.0
// Cases as a list of links: what each is about, where it is, who has it, until when.
import { at } from "../lib/place";
import { texts } from "../lib/i18n";
import { personName } from "../lib/names";
import { moment } from "../lib/time";
import type { CaseRow } from "../lib/types_team";
import { Chip } from "./chip";

const t = texts({
  due: ["due {time}", "截止 {time}"],
  overdue: ["overdue since {time}", "已超时，截止 {time}"],
  ended: ["ended {time}", "结束于 {time}"],
  stuck: ["stuck", "已卡住"],
});

export function CaseLine({ row, now }: { row: CaseRow; now: number }) {
  const late = row.due_at !== null && row.closed_at === null && Date.parse(row.due_at) < now;
  return (
    <li class="case-line">
      <a href={at("case", row.case)}>
        <bdi>{row.title ?? row.case}</bdi>
      </a>
      <span class="chips">
        {row.outcome !== null ? (
          <Chip tone="good">{row.outcome_title ?? row.outcome}</Chip>
        ) : (
          row.states.map((state) => <Chip key={state} tone="here">{row.state_titles[state] ?? state}</Chip>)
        )}
        {row.stuck && <Chip tone="late">{t("stuck")}</Chip>}
        {["high", "urgent"].includes(row.priority) && <Chip tone="soon">{row.priority_title}</Chip>}
      </span>
      <span class="quiet">
        <span class="key">{row.case}</span>
        {row.owner !== null && ` · ${personName(row.owner)}`}
        {row.closed_at !== null ? ` · ${t("ended", { time: moment(row.closed_at) })}` : row.due_at !== null && !late && ` · ${t("due", { time: moment(row.due_at) })}`}
        {late && row.due_at !== null && (
          <>
            {" "}
            <Chip tone="late">{t("overdue", { time: moment(row.due_at) })}</Chip>
          </>
        )}
      </span>
    </li>
  );
}

export function CaseLines({ rows, now }: { rows: CaseRow[]; now: number }) {
  return (
    <ul class="case-lines">
      {rows.map((row) => (
        <CaseLine key={row.case} row={row} now={now} />
      ))}
    </ul>
  );
}
