// SPDX-License-Identifier: Apache-2.0
// What the check finds in the team's scripts, and taking them into use.
import { call } from "../../lib/api";
import { isLead } from "../../lib/session";
import type { Mistake } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

export function Mistakes({ mistakes }: { mistakes: Mistake[] }) {
  return (
    <ul class="plain mistakes">
      {mistakes.map((one, i) => (
        <li key={i}>
          <Chip tone={one.severity === "error" ? "late" : "soon"}>{t(one.severity === "error" ? "error" : "warning")}</Chip> <bdi>{one.message}</bdi>
          <br />
          <span class="quiet">
            {one.file !== undefined && t("place", { file: one.file, line: String(one.line ?? "") })}
            {one.hint !== undefined && ` · ${t("hint", { hint: one.hint })}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Check({ again }: { again: () => void }) {
  const check = useCall("workflow.check", {}, { live: (entry) => entry.case === null });
  const reload = async () => {
    try {
      const done = await call("workflow.reload", {});
      say(t("reloaded", { n: done.workflows }));
      again();
    } catch (error) {
      say(words(error as Error), "bad");
    }
    check.reload();
  };
  if (check.error && check.data === null) return <p class="quiet">{words(check.error)}</p>;
  if (check.data === null) return null;
  const { taken, rules, workflows, mistakes } = check.data;
  return (
    <section class="card" aria-labelledby="workflow-check">
      <h2 id="workflow-check">{t("check")}</h2>
      <p>{!taken ? t("check_old") : t("check_good", { n: workflows })}</p>
      {taken && rules !== "current" && <p>{t("changed")}</p>}
      <Mistakes mistakes={mistakes} />
      {isLead() && (
        <button type="button" class="secondary outline" onClick={() => void reload()}>
          {t("reload")}
        </button>
      )}
    </section>
  );
}
