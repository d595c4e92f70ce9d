// SPDX-License-Identifier: Apache-2.0
// What is said where somebody is asked for an answer.
import { texts } from "../../lib/i18n";

export const t = texts({
  back: ["Back to the list", "返回列表"],
  // kinds of waiting
  approval: ["Your agreement is asked for", "需要您表决"],
  owner: ["You have it now", "由您处理"],
  offer: ["Anybody of your role may take it", "您的角色可以领取"],
  task: ["A task for you", "您的任务"],
  stuck: ["It is stuck and needs a look", "已卡住，需要查看"],
  behalf: ["for {person}", "代 {person}"],
  due: ["Due", "截止"],
  due_at: ["{time}, counted in {counts}", "{time}（按{counts}计）"],
  opened_by: ["Opened by", "发起人"],
  project: ["Project", "项目"],
  state: ["State", "状态"],
  files: ["Files", "文件"],
  open_case: ["Open the whole case", "打开完整事项"],
  facts: ["What it is about", "内容"],
  also: ["Everything else in the case", "事项其他内容"],
  agreed_part: ["What you are asked to agree to", "请您确认的内容"],
  version: ["Version {digest}", "版本 {digest}"],
  pending: ["Still asked: {people}", "尚未答复：{people}"],
  answered: ["{person}: {choice}", "{person}：{choice}"],
  // deciding
  take: ["Take it", "领取"],
  done: ["Done: {task}", "完成：{task}"],
  retry: ["Try again", "重试"],
  comment: ["Comment", "评论"],
  comment_title: ["Comment on {case}", "评论 {case}"],
  comment_text: ["Your comment", "您的评论"],
  comment_send: ["Add the comment", "添加评论"],
  shared: ["The client may read it", "客户可见"],
  ticked: ["It is kept who said so, and when.", "系统会记录由谁在何时确认完成。"],
  proof: ["A file that proves it", "作为凭据的文件"],
  note: ["Comment (optional)", "附言（可选）"],
  note_needed: ["Comment: say why", "附言：请说明原因"],
  confirm_vote: ["{choice}: {case}", "{choice}：{case}"],
  you_say: [
    "Your answer will be “{choice}”, to exactly this and nothing else:",
    "您将答复“{choice}”，且仅针对以下内容：",
  ],
  you_say_for: [
    "Your answer on behalf of {person} will be “{choice}”, to exactly this and nothing else:",
    "您将代 {person} 答复“{choice}”，且仅针对以下内容：",
  ],
  if_changed: [
    "If any of it changes before your answer arrives, the answer does not count and you are asked again.",
    "若在您的答复送达前内容有变，该答复无效，系统会再次询问。",
  ],
  confirm_event: ["{event}: {case}", "{event}：{case}"],
  it_goes: ["{case} goes on from “{state}”.", "{case} 将从“{state}”继续。"],
  confirm: ["Confirm: {what}", "确认：{what}"],
  recorded: ["Recorded as entry {entry}.", "已记录为第 {entry} 条。"],
  // keys
  key_agree: ["Agree, or the first thing to do", "同意，或执行第一项操作"],
  key_reject: ["Reject or return", "拒绝或退回"],
  key_comment: ["Comment", "评论"],
});
