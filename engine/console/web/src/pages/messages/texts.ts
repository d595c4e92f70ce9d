// SPDX-License-Identifier: Apache-2.0
// What the page of messages says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Messages", "消息"],
  help: [
    "What you were told, the newest first. How it comes to you is set in your",
    "系统告知您的内容，最新的在前。接收方式可在此设置：",
  ],
  preferences: ["preferences", "偏好设置"],
  unread: ["Only what is unread", "仅看未读"],
  read: ["Mark as read", "标为已读"],
  read_this: ["Mark as read: {text}", "标为已读：{text}"],
  read_all: ["Mark all as read", "全部标为已读"],
  is_new: ["unread", "未读"],
  none: ["You have not been told anything yet", "还没有消息"],
  none_more: [
    "Reminders, decisions and notices about your cases will stand here.",
    "与您的事项有关的提醒、决定和通知会显示在这里。",
  ],
  none_unread: ["You have read everything", "没有未读消息"],
  all: ["Show all messages", "显示全部消息"],
  older: ["Older", "较早"],
  newer: ["Newer", "较新"],
  pages: ["Pages of messages", "消息分页"],
  mail: ["sent by mail", "已发送邮件"],
  waiting: ["to be mailed", "待发送邮件"],
  goes: ["mailed at {time}", "将于 {time} 发送邮件"],
  failed: ["not delivered by mail", "邮件未送达"],
  inbox: ["here only", "仅在此显示"],
});
