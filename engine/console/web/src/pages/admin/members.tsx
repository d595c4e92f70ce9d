// SPDX-License-Identifier: Apache-2.0
// Who holds which role in a project, or belongs to a group; read when it is opened.
import { useCallback, useState } from "preact/hooks";
import { ask } from "../../lib/api";
import { useLive } from "../../lib/live";
import { act, ofNoCase, type Row } from "../../parts/section";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

interface Props {
  method: string;
  remove: string;
  noun: "project" | "group";
  of: string;
}

export function Members({ method, remove, noun, of }: Props) {
  const [members, setMembers] = useState<Row[] | null>(null);
  const read = useCallback(() => {
    ask<{ members: Row[] }>(method, { [noun]: of }).then((row) => setMembers(row.members), (error: Error) => say(words(error), "bad"));
  }, [method, of]);
  useLive(() => members !== null && read(), { wants: ofNoCase });
  const take = (member: Row) =>
    act(remove, { [noun]: of, person: member.person ?? null, ...(noun === "project" ? { role: member.role ?? null } : {}) }).then(
      () => (say(t("done")), read()),
      (error: Error) => say(words(error), "bad"),
    );
  return (
    <details onToggle={(event) => event.currentTarget.open && members === null && read()}>
      <summary>{t("people")}</summary>
      <ul class="faces">
        {(members ?? []).map((member) => (
          <li key={`${String(member.person)}/${String(member.role ?? "")}`}>
            <bdi>{String(member.title ?? member.person)}</bdi> {typeof member.role === "string" && <b>{member.role}</b>}{" "}
            <button type="button" class="icon" aria-label={t("remove_role", { role: String(member.role ?? of), person: String(member.person) })} onClick={() => void take(member)}>
              ×
            </button>
          </li>
        ))}
        {members?.length === 0 && <li class="quiet">{t("none")}</li>}
      </ul>
    </details>
  );
}
