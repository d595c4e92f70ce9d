// SPDX-License-Identifier: Apache-2.0
// What the reader was told, when, by which way, and whether it arrived; team and client alike.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { stir } from "../../lib/live";
import { at } from "../../lib/place";
import { moment } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Message } from "../../lib/types";
import { useCall } from "../../lib/use";
import { Chip, type Tone } from "../../parts/chip";
import { Empty, Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

const PAGE = 30;
const ways = {
  mail: { tone: "good", said: () => t("mail") },
  waiting: { tone: "calm", said: () => t("waiting") },
  failed: { tone: "late", said: () => t("failed") },
  inbox: { tone: "plain", said: () => t("inbox") },
} satisfies Record<Message["sent"], { tone: Tone; said: () => string }>;

/** Head and lists count what is unread: they look again. */
async function read(which: { ids: number[] } | { all: true }): Promise<void> {
  try {
    await send("inbox.read", which);
    stir();
  } catch (error) {
    say(words(error as Error), "bad");
  }
}

function Sent({ of }: { of: Message }) {
  return <Chip tone={ways[of.sent].tone}>{of.goes !== null ? t("goes", { time: moment(of.goes) }) : ways[of.sent].said()}</Chip>;
}

function Row({ of }: { of: Message }) {
  return (
    <li class={of.read ? "" : "unread"}>
      <p class="message-text">
        {!of.read && <Chip tone="here">{t("is_new")}</Chip>} <bdi>{of.text}</bdi>
      </p>
      <p class="message-foot">
        <time dateTime={of.at}>{moment(of.at)}</time>
        {of.case !== null && (
          <a href={at("case", of.case)} onClick={() => void (of.read || read({ ids: [of.id] }))}>
            <span class="key">{of.case}</span> <bdi>{of.title ?? ""}</bdi>
          </a>
        )}
        <Sent of={of} />
        {!of.read && (
          <button type="button" class="secondary outline small" aria-label={t("read_this", { text: of.text })} onClick={() => void read({ ids: [of.id] })}>
            {t("read")}
          </button>
        )}
      </p>
    </li>
  );
}

function Nothing({ unread, all }: { unread: boolean; all: () => void }) {
  if (!unread)
    return (
      <Empty title={t("none")}>
        <p>{t("none_more")}</p>
      </Empty>
    );
  return (
    <Empty title={t("none_unread")}>
      <button type="button" class="secondary" onClick={all}>
        {t("all")}
      </button>
    </Empty>
  );
}

export default function Messages() {
  const [unread, setUnread] = useState(false);
  const [before, setBefore] = useState<string[]>([]); // cursors of the pages that one has come by
  const cursor = before[before.length - 1];
  const list = useCall("inbox.messages", { newest: true, limit: PAGE, ...(unread ? { unread } : {}), ...(cursor ? { cursor } : {}) }, { live: true });
  const filter = (only: boolean) => (setUnread(only), setBefore([]));
  useTitle(t("title"));
  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton lines={6} />;
  const { items, cursor: next } = list.data;
  return (
    <div class="page messages">
      <header>
        <h1>{t("title")}</h1>
        <p class="quiet">
          {t("help")} <a href={at("preferences")}>{t("preferences")}</a>
        </p>
      </header>
      <div class="messages-acts spread">
        <label class="check">
          <input type="checkbox" checked={unread} onChange={(event) => filter(event.currentTarget.checked)} /> {t("unread")}
        </label>
        <button type="button" class="secondary outline small" disabled={items.every((one) => one.read)} onClick={() => void read({ all: true })}>
          {t("read_all")}
        </button>
      </div>
      {items.length === 0 ? (
        <Nothing unread={unread} all={() => filter(false)} />
      ) : (
        <ul class="messages-list stack">
          {items.map((one) => (
            <Row key={one.id} of={one} />
          ))}
        </ul>
      )}
      {(before.length > 0 || next !== null) && (
        <nav class="messages-pages" aria-label={t("pages")}>
          <button type="button" class="secondary outline" disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
            {t("newer")}
          </button>
          <button type="button" class="secondary outline" disabled={next === null} onClick={() => next !== null && setBefore([...before, next])}>
            {t("older")}
          </button>
        </nav>
      )}
    </div>
  );
}
