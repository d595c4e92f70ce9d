// SPDX-License-Identifier: Apache-2.0
// Who is in which projects with what share, what lies with them, and when they are away.
import { number } from "../../lib/i18n";
import { at } from "../../lib/place";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Load, Period } from "../../lib/types_project";
import { useCall } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const MOST = 500;

function Periods({ list, lends }: { list: Period[]; lends: boolean }) {
  return (
    <>
      {list.map((one) => (
        <span key={one.person + one.from} class="period">
          <Chip tone={one.now && lends ? "soon" : "plain"}>
            {t(one.now ? "until" : "from_until", { person: one.title, from: day(one.from), until: day(one.until) })}
            {one.in_part && ` ${t("in_part")}`}
          </Chip>
        </span>
      ))}
    </>
  );
}

function Row({ one }: { one: Load }) {
  return (
    <tr class={one.over ? "over" : ""} role="row">
      <th scope="row" role="rowheader">
        <bdi>{one.title}</bdi>
      </th>
      <td class="number" role="cell" data-label={t("share_head")}>{one.share === null ? "–" : one.over ? <Chip tone="late">{t("over", { share: one.share })}</Chip> : t("share", { share: one.share })}</td>
      <td role="cell" data-label={t("projects")}>
        {one.projects.map((project) => (
          <span key={project.project} class="period">
            <a href={at("project", project.project)}>{project.title}</a>{" "}
            <span class="quiet">
              {project.roles.join(", ")}
              {project.share !== null && ` ${t("share", { share: project.share })}`}
            </span>
          </span>
        ))}
      </td>
      <td class="number" role="cell" data-label={t("owns")}>{number(one.owns)}</td>
      <td class="number" role="cell" data-label={t("waits")}>{number(one.waits)}</td>
      <td class="number" role="cell" data-label={t("late")}>{one.late > 0 ? <Chip tone="late">{number(one.late)}</Chip> : 0}</td>
      <td class="number" role="cell" data-label={t("offered")}>{number(one.offered)}</td>
      <td role="cell" data-label={t("away")}>
        <Periods list={one.away} lends />
      </td>
      <td role="cell" data-label={t("stands_in")}>
        <Periods list={one.stands_in} lends={false} />
      </td>
    </tr>
  );
}

export default function Team() {
  const { data, error, reload } = useCall("person.load", { limit: MOST }, { live: true });
  useTitle(t("title"));
  if (data === null) return error ? <Failure error={error} again={reload} /> : <Skeleton lines={5} />;
  const columns = ["share_head", "projects", "owns", "waits", "late", "offered", "away", "stands_in"] as const;
  const counts = ["share_head", "owns", "waits", "late", "offered"];
  return (
    <div class="page team">
      <header>
        <h1>{t("title")}</h1>
        <p class="quiet">{t("says")}</p>
      </header>
      {data.items.length === 0 ? (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      ) : (
        <div class="load" tabIndex={0} role="region" aria-label={t("title")}>
          <table class="plain-table" role="table">
            <thead role="rowgroup">
              <tr role="row">
                <th scope="col" role="columnheader">{t("person")}</th>
                {columns.map((name) => (
                  <th key={name} scope="col" role="columnheader" class={counts.includes(name) ? "number" : ""}>
                    {t(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {data.items.map((one) => (
                <Row key={one.person} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
