// SPDX-License-Identifier: Apache-2.0
// A comment on a case; one of the team's own people says whether the client may read it.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { Dialog } from "../dialog";
import { words } from "../states";
import { say } from "../toast";
import type { About } from "./decide";
import { t } from "./texts";

export function Comment({ item, close, forTeam }: { item: About; close: () => void; forTeam: boolean }) {
  const [text, setText] = useState("");
  const [shared, setShared] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const done = await send("case.comment", { case: item.case, text, ...(forTeam ? { shared } : {}) });
      say(t("recorded", { entry: done.entry }));
      close();
    } catch (error) {
      setFailed(words(error as Error));
    }
  };
  return (
    <Dialog title={t("comment_title", { case: item.case })} close={close}>
      <form onSubmit={(event) => void submit(event)}>
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
        {failed !== null && (
          <p class="wrong" role="alert">
            {failed}
          </p>
        )}
        <footer>
          <button type="button" class="secondary outline" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit">{t("comment_send")}</button>
        </footer>
      </form>
    </Dialog>
  );
}
