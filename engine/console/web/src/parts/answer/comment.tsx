// SPDX-License-Identifier: Apache-2.0
// A comment on a case; one of the team's own people says whether the client may read it.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { FormDialog } from "../form_dialog";
import { say } from "../toast";
import type { About } from "./decide";
import { t } from "./texts";

export function Comment({ item, close, forTeam }: { item: About; close: () => void; forTeam: boolean }) {
  const [text, setText] = useState("");
  const [shared, setShared] = useState(false);
  const write = async () => {
    const done = await send("case.comment", { case: item.case, text, ...(forTeam ? { shared } : {}) });
    say(t("recorded", { entry: done.entry }));
  };
  return (
    <FormDialog title={t("comment_title", { case: item.case })} close={close} submit={t("comment_send")} run={write}>
      <label>
        {t("comment_text")}
        <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} required />
      </label>
      {forTeam && (
        <label class="check">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          {t("shared")}
        </label>
      )}
    </FormDialog>
  );
}
