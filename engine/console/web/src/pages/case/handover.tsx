// SPDX-License-Identifier: Apache-2.0
// Making somebody else the owner of a case.
import { useId, useState } from "preact/hooks";
import { send } from "../../lib/api";
import type { Case } from "../../lib/types";
import { useCall } from "../../lib/use";
import { FormDialog } from "../../parts/form_dialog";
import { say } from "../../parts/toast";
import { t } from "./texts";

export function HandOver({ of, state, close }: { of: Case; state: string | undefined; close: () => void }) {
  const id = useId();
  const [to, setTo] = useState("");
  const project = useCall("project.get", of.project === null ? null : { project: of.project });
  const people = new Map((project.data?.members ?? []).map((member) => [member.person, member.title ?? member.person]));
  const give = async () => {
    const done = await send("case.assign", { case: of.case, to: to.trim(), ...(state ? { state } : {}) });
    say(t("recorded", { entry: done.entry }));
  };
  return (
    <FormDialog title={t("hand_over_title", { case: of.case })} close={close} submit={t("hand_over")} run={give}>
      <label>
        {t("to_whom")}
        <input value={to} list={id} required autocomplete="off" onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <datalist id={id}>
        {[...people].map(([person, title]) => (
          <option key={person} value={person}>
            {title}
          </option>
        ))}
      </datalist>
    </FormDialog>
  );
}
