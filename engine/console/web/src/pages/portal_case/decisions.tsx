// SPDX-License-Identifier: Apache-2.0
// What has been decided in a case, and the proof of it to take away.
import { useState } from "preact/hooks";
import { call } from "../../lib/api";
import { keepAs } from "../../lib/files";
import { moment } from "../../lib/time";
import type { Case, Round } from "../../lib/types";
import type { Ended } from "../../lib/types_portal";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

/** The file's very bytes: the certificate is of them. */
async function save(of: string, round: Round, format: "html" | "json"): Promise<void> {
  const made = await call("certificate.get", { case: of, approval: round.approval, round: round.number, format });
  keepAs(new Blob([made.text], { type: made.type }), made.name);
}

function Decision({ of, round }: { of: Case; round: Round }) {
  const [busy, setBusy] = useState(false);
  const take = async (format: "html" | "json") => {
    setBusy(true);
    try {
      await save(of.case, round, format);
    } catch (error) {
      say(words(error as Error), "bad");
    }
    setBusy(false);
  };
  const ended = round.ended as Ended;
  const outcome = ended.manner_title ? `${ended.outcome_title} (${ended.manner_title})` : ended.outcome_title;
  return (
    <li>
      <p class="portal-outcome">{outcome}</p>
      <p class="quiet">
        {round.title}, {t("round", { n: round.number })} · {moment(ended.at)}
      </p>
      <div class="portal-take">
        <button type="button" disabled={busy} onClick={() => void take("html")}>
          {t("certificate")}
        </button>
        <button type="button" class="secondary outline" disabled={busy} onClick={() => void take("json")}>
          {t("certificate")} ({t("as_json")})
        </button>
      </div>
    </li>
  );
}

export function Decisions({ of }: { of: Case }) {
  const ended = of.approvals.filter((round) => round.ended !== undefined);
  if (ended.length === 0) return null;
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">{t("decisions")}</h2>
      <ul class="portal-decisions">
        {ended.map((round) => (
          <Decision key={`${round.approval}/${round.number}`} of={of} round={round} />
        ))}
      </ul>
      <p class="quiet">{t("certificate_help")}</p>
    </section>
  );
}
