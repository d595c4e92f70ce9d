// SPDX-License-Identifier: Apache-2.0
// What one sets about the console itself: language and colours.
import { signal } from "@preact/signals";
import { reconnect } from "../lib/api";
import { language, speak, texts, type Language } from "../lib/i18n";
import { chooseTheme, chosenTheme, type Theme } from "../lib/theme";

const t = texts({
  language: ["Language", "语言"],
  theme: ["Colours", "外观"],
  auto: ["Automatic", "自动"],
  light: ["Light", "浅色"],
  dark: ["Dark", "深色"],
});

export function Brand() {
  return (
    <span class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M8 17l5.5 5.5L24.5 10.5" />
      </svg>
      Signoff
    </span>
  );
}

/** The words of the server come in the new language, too: everything is asked again. */
function change(to: Language): void {
  speak(to, true);
  reconnect();
}

export function LanguageSwitch() {
  return (
    <select
      class="small"
      aria-label={t("language")}
      value={language.value}
      onChange={(event) => change(event.currentTarget.value as Language)}
    >
      <option value="en" lang="en">
        English
      </option>
      <option value="zh" lang="zh-CN">
        中文
      </option>
    </select>
  );
}

const theme = signal<Theme>(chosenTheme());

function paint(to: Theme): void {
  theme.value = to;
  chooseTheme(to);
}

export function ThemeSwitch() {
  return (
    <select
      class="small"
      aria-label={t("theme")}
      value={theme.value}
      onChange={(event) => paint(event.currentTarget.value as Theme)}
    >
      <option value="auto">{t("auto")}</option>
      <option value="light">{t("light")}</option>
      <option value="dark">{t("dark")}</option>
    </select>
  );
}
