// SPDX-License-Identifier: Apache-2.0
// Milestones in the order of their days, with a line where today is.
import { at } from "../../lib/place";
import { day } from "../../lib/time";
import type { Milestone, MilestoneStatus, Overview } from "../../lib/types_project";
import { Chip, type Tone } from "../../parts/chip";
import { t } from "./texts";

const looks = {
  planned: { tone: "plain", word: "stone_planned" },
  passed: { tone: "plain", word: "stone_passed" },
  slipped: { tone: "soon", word: "stone_slipped" },
  late: { tone: "late", word: "stone_late" },
  confirming: { tone: "here", word: "stone_confirming" },
  reached: { tone: "good", word: "stone_reached" },
  dropped: { tone: "plain", word: "stone_dropped" },
} as const satisfies Record<MilestoneStatus, { tone: Tone; word: string }>;

function Stone({ one }: { one: Milestone }) {
  return (
    <li class={`stone ${one.status}`}>
      <time dateTime={one.planned}>{day(`${one.planned}T00:00:00Z`)}</time>
      <span>{one.case === null ? <b>{one.title}</b> : <a href={at("case", one.case)}>{one.title}</a>}</span>
      <Chip tone={looks[one.status].tone}>{t(looks[one.status].word)}</Chip>
      {one.moved_days !== 0 && one.agreed !== null && (
        <span class="quiet">{t("moved", { n: one.moved_days, day: day(`${one.agreed}T00:00:00Z`) })}</span>
      )}
    </li>
  );
}

export function Milestones({ of }: { of: Overview }) {
  const today = of.made_at.slice(0, 10);
  const ahead = of.milestones.findIndex((one) => one.planned >= today);
  const split = ahead < 0 ? of.milestones.length : ahead;
  return (
    <section class="card" aria-labelledby="project-milestones">
      <h2 id="project-milestones">{t("milestones")}</h2>
      {of.milestones.length === 0 ? (
        <p class="quiet">{t("milestones_none")}</p>
      ) : (
        <ol class="stones">
          {of.milestones.slice(0, split).map((one) => (
            <Stone key={one.case ?? one.title} one={one} />
          ))}
          <li class="today">{t("today", { day: day(of.made_at) })}</li>
          {of.milestones.slice(split).map((one) => (
            <Stone key={one.case ?? one.title} one={one} />
          ))}
        </ol>
      )}
    </section>
  );
}
