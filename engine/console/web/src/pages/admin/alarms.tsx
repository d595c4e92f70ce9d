// SPDX-License-Identifier: Apache-2.0
// What the server says before something fails, for those who can do something about it.
import { useEffect } from "preact/hooks";
import { size } from "../../lib/time";
import type { ServerHealth } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { t } from "./texts";

const LOOK_MS = 60_000;
const DAY_S = 86_400;

/** An alarm of a newer server is shown in that one's words. */
function words({ alarm, text }: ServerHealth["alarms"][number], keeping: ServerHealth["keeping"]): string {
  const days = (seconds: number | null) => Math.floor(Math.abs(seconds ?? 0) / DAY_S);
  switch (alarm) {
    case "disk":
      return t("alarm_disk", { size: size(keeping.disk_free ?? 0) });
    case "log":
      return t("alarm_log", { size: size(keeping.log_bytes ?? 0) });
    case "queue":
      return t("alarm_queue", { n: keeping.queue });
    case "certificate":
      return t((keeping.certificate_ends ?? 0) < 0 ? "alarm_certificate_over" : "alarm_certificate", { n: days(keeping.certificate_ends) });
    case "backup":
      return t("alarm_backup", { n: days(keeping.backup_age) });
    default:
      return text;
  }
}

export function Alarms() {
  const { data, reload } = useCall("server.health", {});
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), LOOK_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const behind = data === null ? 0 : data.engine.teams.old + data.engine.teams.none;
  if (data === null || (data.alarms.length === 0 && behind === 0)) return null;
  return (
    <section class="card alarms" role="status" aria-labelledby="admin-alarms">
      <h2 id="admin-alarms">{t("alarms")}</h2>
      <ul>
        {data.alarms.map((one) => (
          <li key={one.alarm}>{words(one, data.keeping)}</li>
        ))}
        {behind > 0 && <li>{t("alarm_rules", { n: behind })}</li>}
      </ul>
    </section>
  );
}
