// SPDX-License-Identifier: Apache-2.0
// Making somebody else the owner of a case.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import type { Case } from "../../lib/types";
import { useCall } from "../../lib/use";
import { Dialog } from "../../parts/dialog";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

export function HandOver({ of, state, close }: { of: Case; state: string | undefined; close: () => void }) {
  const [to, setTo] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const project = useCall("project.get", of.project === null ? null : { project: of.project });
  const people = new Map((project.data?.members ?? []).map((member) => [member.person, member.title ?? member.person]));
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const done = await send("case.assign", { case: of.case, to: to.trim(), ...(state ? { state } : {}) });
      say(t("recorded", { entry: done.entry }));
      close();
    } catch (error) {
      setFailed(words(error as Error));
    }
  };
  return (
    <Dialog title={t("hand_over_title", { case: of.case })} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {t("to_whom")}
          <input value={to} list="case-people" required autocomplete="off" onInput={(event) => setTo(event.currentTarget.value)} />
        </label>
        <datalist id="case-people">
          {[...people].map(([person, title]) => (
            <option key={person} value={person}>
              {title}
            </option>
          ))}
        </datalist>
        {failed !== null && (
          <p class="wrong" role="alert">
            {failed}
          </p>
        )}
        <footer>
          <button type="button" class="secondary outline" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit">{t("hand_over")}</button>
        </footer>
      </form>
    </Dialog>
  );
}
