// SPDX-License-Identifier: Apache-2.0
// How one hears of what: each kind of message at once by mail, gathered, or here alone; and in which language.
import { send } from "../../lib/api";
import { at } from "../../lib/place";
import type { Notices as Set, Own, Writes } from "../../lib/types";
import { channels } from "../../parts/channel";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

type Kind = "asked" | "reminders" | "news" | "escalations";
const kinds = ["asked", "reminders", "news", "escalations"] as const;
const helps = { asked: "asked_help", reminders: "reminders_help", news: "news_help", escalations: "escalations_help" } as const;

/** What is asked can wait for its mail, and is never without; only reminders are gathered as usual. */
function waysOf(kind: Kind): [value: string, words: string][] {
  const usual: [string, string][] = kind === "reminders" ? [["", t("usual_gathered")], ["mail", t("way_mail")]] : [["", t("way_mail")]];
  const gathered: [string, string][] = [["hourly", t("way_hourly")], ["daily", t("way_daily")]];
  return [...usual, ...gathered, ...(kind === "asked" ? [] : ([["console", t("way_console")]] as [string, string][]))];
}

function Way({ kind, of, set }: { kind: Kind; of: Set; set: (to: Writes["own.update"]["params"]) => void }) {
  const value = of[kind] === "mail" && kind !== "reminders" ? "" : (of[kind] ?? "");
  return (
    <label>
      {t(kind)}
      <select value={value} aria-describedby={`about-${kind}`} onChange={(event) => set({ [kind]: event.currentTarget.value })}>
        {waysOf(kind).map(([way, said]) => (
          <option key={way} value={way}>
            {said}
          </option>
        ))}
      </select>
      <small id={`about-${kind}`}>{t(helps[kind])}</small>
    </label>
  );
}

export function Notices({ of, again }: { of: Own; again: () => void }) {
  const set = async (what: Writes["own.update"]["params"]) => {
    try {
      await send("own.update", what);
      say(t("kept"));
    } catch (error) {
      say(words(error as Error), "bad");
    }
    again();
  };
  return (
    <section class="card" aria-labelledby="notices">
      <h2 id="notices">{t("notices")}</h2>
      <p class="quiet">
        {t("notices_help")} <a href={at("messages")}>{t("to_messages")}</a>
      </p>
      <p>
        {t("mail")}: {of.mail === null ? <span class="quiet">{t("no_mail")}</span> : <bdi>{of.mail}</bdi>}
      </p>
      {kinds.map((kind) => (
        <Way key={kind} kind={kind} of={of.notices} set={(what) => void set(what)} />
      ))}
      {kinds.some((kind) => of.notices[kind] === "daily") && (
        <label>
          {t("daily_at")}
          {/* Not value: what is drawn anew meanwhile would take away what is being typed. */}
          <input key={of.notices.daily_at} type="time" required defaultValue={of.notices.daily_at} aria-describedby="about-daily"
            onBlur={(event) => event.currentTarget.value !== of.notices.daily_at && void set({ daily_at: event.currentTarget.value })} />
          <small id="about-daily">{t("daily_help")}</small>
        </label>
      )}
      <p class="quiet">{t("always")}</p>
      <label>
        {t("own_language")}
        <select value={of.language ?? ""} onChange={(event) => void set({ language: event.currentTarget.value as "" | "en" | "zh" })}>
          <option value="">{t("of_team")}</option>
          <option value="en" lang="en">
            English
          </option>
          <option value="zh" lang="zh-CN">
            中文
          </option>
        </select>
      </label>
      <label>
        {t("own_channel")}
        <select value={of.channel ?? ""} onChange={(event) => void set({ channel: event.currentTarget.value })}>
          <option value="">{t("any_channel")}</option>
          {channels().map(([word, name]) => (
            <option key={word} value={word}>
              {name}
            </option>
          ))}
        </select>
        <small>{t("own_channel_help")}</small>
      </label>
    </section>
  );
}
