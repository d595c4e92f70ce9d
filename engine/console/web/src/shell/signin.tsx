// SPDX-License-Identifier: Apache-2.0
// Signing in: by a link that comes by mail, or by a token.
import { useEffect, useState } from "preact/hooks";
import { texts } from "../lib/i18n";
import { askForLink, ended, enter, signIn } from "../lib/session";
import { useTitle } from "../lib/title";
import { Wrong } from "../parts/form_dialog";
import { words } from "../parts/states";
import { Brand, LanguageSwitch, ThemeSwitch } from "./switches";

const t = texts({
  title: ["Sign in", "登录"],
  promise: [
    "Who agreed to exactly what, when, and what happens when nobody answers.",
    "谁、何时、确切同意了什么，以及无人答复时会怎样。",
  ],
  who: ["Your mail address or name", "您的邮箱或用户名"],
  ask: ["Send me a sign-in link", "发送登录链接"],
  asked: ["Look at your mail", "请查收邮件"],
  sent: [
    "If “{who}” is known here and has a mail address, a link is on its way. It can be used once, and not for long.",
    "如果“{who}”已登记且留有邮箱，登录链接已经发出。链接只能使用一次，且很快失效。",
  ],
  another: ["Use another name", "换一个名称"],
  token: ["Access token", "访问令牌"],
  with_token: ["Sign in with a token", "使用令牌登录"],
  enter: ["Sign in", "登录"],
  keep: ["Keep me signed in on this device", "在此设备上保持登录"],
  entering: ["You are being signed in …", "正在登录……"],
  as_link: ["You have opened a link that signs you in. It can be used once.", "您打开了登录链接，该链接只能使用一次。"],
  go_on: ["Sign in", "登录"],
  ended: ["You have been signed out: {why}", "您已退出登录：{why}"],
});

function useTry(): [string | null, boolean, (what: () => Promise<void>) => void] {
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = (what: () => Promise<void>) => {
    setFailed(null);
    setBusy(true);
    what()
      .catch((error: Error) => setFailed(words(error)))
      .finally(() => setBusy(false));
  };
  return [failed, busy, attempt];
}

function Keep({ value, set }: { value: boolean; set: (to: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={value} onChange={(event) => set(event.currentTarget.checked)} />
      {t("keep")}
    </label>
  );
}

function ByMail() {
  const [name, setName] = useState("");
  const [sent, setSent] = useState(false);
  const [failed, busy, attempt] = useTry();
  if (sent)
    return (
      <div class="sent" role="status">
        <h2>{t("asked")}</h2>
        <p>{t("sent", { who: name })}</p>
        <button type="button" class="secondary" onClick={() => setSent(false)}>
          {t("another")}
        </button>
      </div>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt(async () => {
          await askForLink(name.trim());
          setSent(true);
        });
      }}
    >
      <label>
        {t("who")}
        <input value={name} onInput={(event) => setName(event.currentTarget.value)} autocomplete="username" required maxLength={254} />
      </label>
      <Wrong text={failed} />
      <button type="submit" aria-busy={busy} disabled={busy}>
        {t("ask")}
      </button>
    </form>
  );
}

function ByToken() {
  const [token, setToken] = useState("");
  const [remember, setRemember] = useState(false);
  const [failed, busy, attempt] = useTry();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt(() => signIn(token.trim(), remember));
      }}
    >
      <label>
        {t("token")}
        <input
          type="password"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
          autocomplete="current-password"
          placeholder="sgn_…"
          required
          maxLength={128}
        />
      </label>
      <Keep value={remember} set={setRemember} />
      <Wrong text={failed} />
      <button type="submit" class="secondary" aria-busy={busy} disabled={busy}>
        {t("enter")}
      </button>
    </form>
  );
}

/** A link is used up by a press of a button, never by opening it: programs that look at mails open links. */
function ByLink({ secret, done }: { secret: string; done: () => void }) {
  const [remember, setRemember] = useState(false);
  const [failed, busy, attempt] = useTry();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt(async () => {
          await enter(secret, remember);
          done();
        });
      }}
    >
      <p>{t("as_link")}</p>
      <Keep value={remember} set={setRemember} />
      <Wrong text={failed} />
      <button type="submit" aria-busy={busy} disabled={busy}>
        {busy ? t("entering") : t("go_on")}
      </button>
      {failed !== null && (
        <button type="button" class="secondary" onClick={done}>
          {t("ask")}
        </button>
      )}
    </form>
  );
}

function secretOf(hash: string): string | null {
  return /^#\/enter\/([A-Za-z0-9_-]{20,128})$/.exec(hash)?.[1] ?? null;
}

export function SignIn() {
  const [secret, setSecret] = useState(() => secretOf(location.hash));
  useTitle(t("title"));
  useEffect(() => {
    const look = () => setSecret(secretOf(location.hash));
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  const used = () => {
    history.replaceState(null, "", location.pathname); // it stays in no list of visited pages
    setSecret(null);
  };
  return (
    <div class="signin">
      <div class="corner">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main>
        <Brand />
        <h1>{t("title")}</h1>
        <p class="quiet">{t("promise")}</p>
        {ended.value !== null && <p class="wrong">{t("ended", { why: ended.value })}</p>}
        {secret !== null ? (
          <ByLink secret={secret} done={used} />
        ) : (
          <>
            <ByMail />
            <details>
              <summary>{t("with_token")}</summary>
              <ByToken />
            </details>
          </>
        )}
      </main>
    </div>
  );
}
