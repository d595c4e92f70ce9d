// SPDX-License-Identifier: Apache-2.0
// What everybody sets for themselves: language and colours, what is sent to them, stand-ins, where they are signed in,
// their calendar, and the keys.
import { isPortal } from "../../lib/place";
import { who } from "../../lib/session";
import { useTitle } from "../../lib/title";
import type { Own } from "../../lib/types";
import { useCall } from "../../lib/use";
import { ofNoCase, Section } from "../../parts/section";
import { Failure, Skeleton } from "../../parts/states";
import { KeyList } from "../../shell/key_list";
import { console_places, portal_places } from "../../shell/places";
import { LanguageSwitch, ThemeSwitch } from "../../shell/switches";
import { away, feeds, sessions } from "./mine";
import { Notices } from "./notices";
import { t } from "./texts";

function You({ of }: { of: Own }) {
  return (
    <section class="card" aria-labelledby="you">
      <h2 id="you">{t("you")}</h2>
      <dl class="values">
        <div>
          <dt>{t("name")}</dt>
          <dd>
            <bdi>{of.title ?? of.person}</bdi>
          </dd>
        </div>
        <div>
          <dt>{t("team")}</dt>
          <dd>{who.value?.team}</dd>
        </div>
        {of.client !== null && (
          <div>
            <dt>{t("client")}</dt>
            <dd>{of.client}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Looks() {
  return (
    <section class="card" aria-labelledby="looks">
      <h2 id="looks">{t("looks")}</h2>
      <p class="quiet">{t("looks_help")}</p>
      <div class="preferences-pair">
        <div>
          <span aria-hidden="true">{t("page_language")}</span>
          <LanguageSwitch />
        </div>
        <div>
          <span aria-hidden="true">{t("colours")}</span>
          <ThemeSwitch />
        </div>
      </div>
    </section>
  );
}

export default function Preferences() {
  const own = useCall("own.get", {}, { live: ofNoCase });
  useTitle(t("title"));
  if (own.data === null) return own.error ? <Failure error={own.error} again={own.reload} /> : <Skeleton lines={6} />;
  return (
    <div class="page preferences">
      <header>
        <h1>{t("title")}</h1>
      </header>
      <div class="cards">
        <div>
          <Section noun={away(own.data.person)} />
          <Section noun={sessions()} />
          <Section noun={feeds()} />
        </div>
        <div>
          <You of={own.data} />
          <Looks />
          <Notices of={own.data} again={own.reload} />
          <section class="card" aria-labelledby="keys">
            <h2 id="keys">{t("keys")}</h2>
            <p class="quiet">{t("keys_help")}</p>
            <KeyList places={isPortal ? portal_places : console_places} />
          </section>
        </div>
      </div>
    </div>
  );
}
