// SPDX-License-Identifier: Apache-2.0
// By which channel people are spoken to: what is noted is by one of KINDS, and people may prefer one of CHANNELS.
import { texts } from "../lib/i18n";

export const KINDS = ["call", "mail", "meeting", "message", "visit", "letter"] as const;
export const CHANNELS = [...KINDS, "portal"] as const;
export type Channel = (typeof CHANNELS)[number];

const t = texts({
  call: ["Call", "电话"],
  mail: ["Mail", "邮件"],
  meeting: ["Meeting", "会议"],
  message: ["Chat message", "即时消息"],
  visit: ["Visit", "拜访"],
  letter: ["Letter", "函件"],
  portal: ["In the portal", "客户门户"],
});

/** Its name; a word that is none of them stays as it is. */
export const channel = (word: string): string => {
  const one = CHANNELS.find((one) => one === word);
  return one === undefined ? word : t(one);
};

/** For a field that offers them: [word, name]. */
export const channels = (): [string, string][] => CHANNELS.map((one) => [one, t(one)]);
