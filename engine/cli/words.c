/* SPDX-License-Identifier: Apache-2.0 */
/* English and Chinese, side by side. */
#include "words.h"

#include <string.h>

/* clang-format off */
static const struct {
    const char *en, *zh;
} words[] = {
    { ", ", "、" },
    { "; ", "；" },
    { ": ", "：" },
    /* minutes: who and what */
    { "the system", "系统" },
    { "%s for %s", "%s（代%s）" },
    { "opened the case", "提出事项" },
    { "changed fields", "修改字段" },
    { "wrote", "留言" },
    { "assigned the case", "指派负责人" },
    { "attached a file", "添加附件" },
    { "changed links", "修改关联" },
    { "voted %s", "表决：%s" },
    { "voted", "表决" },
    { "voted %s on:", "表决“%s”，内容：" },
    { "withdrew the vote", "撤回表决" },
    { "ticked off a task", "处理任务" },
    { "carried out what was asked for", "执行了请求的操作" },
    { "corrected the case", "更正" },
    { "tried again", "重试" },
    { "removed content", "移除内容" },
    { "a timer fired", "定时触发" },
    { "started what is on the schedule", "启动定时任务" },
    { "looked at the case anew", "重新核对事项" },
    { "its time was counted anew", "时限重新计算" },
    { "asked no longer", "不再征询" },
    { "asked now", "现征询" },
    { "the case ended: %s", "事项结束：%s" },
    { "%s%% of the time for %s has passed", "“%2$s”的时限已用去 %1$s%%" },
    { "the time for %s is up", "“%s”的时限已到" },
    { "%s is late by %s", "“%s”已超时 %s" },
    { "%s is still late, repeated every %s", "“%s”仍超时，每 %s 重复" },
    { "the deadline %s", "时限“%s”" },
    { "the time in %s is over", "“%s”的停留时间已满" },
    /* minutes: what was done besides */
    { "reminded %s", "已提醒%s" },
    { "told %s", "已通知%s" },
    { "opened a case of %s", "新开事项“%s”" },
    { "had %s happen to %s", "对%2$s触发“%1$s”" },
    { "nobody", "无人" },
    /* minutes: below the line */
    { "owner", "负责人" },
    { "priority", "优先级" },
    { "offered to %s", "待%s认领" },
    { "%s: %s", "%s：%s" },
    { "(emptied)", "（清空）" },
    { "(empty)", "（空）" },
    { "(internal)", "（内部）" },
    { "Files", "文件" },
    { "failed", "出错" },
    { "linked with", "关联" },
    { "no longer linked with", "解除关联" },
    { "task %s done", "任务“%s”已完成" },
    { "task %s not done after all", "任务“%s”改为未完成" },
    { "; proof: %s", "；证明文件：%s" },
    { "Round %lld of %s: %s", "“%2$s”第 %1$lld 轮：%3$s" },
    { "round %lld of %s begins; asked: %s", "“%2$s”第 %1$lld 轮开始，待表决：%3$s" },
    { "now asked: %s", "现请表决：%s" },
    { "asked no longer, counts no more: %s", "已离开、不再计入：%s" },
    { "not needed any more", "无需再表决" },
    { "did not answer", "未答复" },
    { "content", "内容摘要" },
    { ", for %s", "，代%s" },
    { ", to be done by %s", "，由%s完成" },
    { "optional", "可选" },
    { "yes", "是" },
    { "no", "否" },
    /* a case's page */
    { "project %s%s%s, revision %lld", "项目 %s%s%s，修订 %lld" },
    { " of ", "，客户 " },
    { "state", "状态" },
    { "outcome", "结果" },
    { "opened", "提出" },
    { "%s by %s", "%s，%s" },
    { ", closed ", "，关闭于 " },
    { "stuck", "受阻" },
    { "Fields", "字段" },
    { "Waiting for", "等待" },
    { "Deadlines", "时限" },
    { "Tasks", "任务" },
    { "Links", "关联" },
    { "What you may do", "您可以" },
    { "not in this state: ", "当前状态下不可用：" },
    { "nothing at the moment", "目前没有可执行的操作" },
    { "(the client reads the comment)", "（客户可见说明）" },
    { "%d more events are not possible for you now: --all says why", "另有 %d 个操作目前不可执行：--all 显示原因" },
    { "Approval in %s, round %lld", "“%s”的审批，第 %lld 轮" },
    { "still asked", "待表决" },
    { "has left", "已离开" },
    { "; has left, does not count", "；已离开，不计入" },
    { "not needed", "无需再表决" },
    { "agreed to", "审批内容" },
    { "digest", "摘要" },
    { "digest for %s", "摘要（代%s）" },
    { "to act in %s", "处理“%s”" },
    { "to take over %s", "认领“%s”" },
    { "to vote in %s", "在“%s”表决" },
    { "to answer in %s", "在“%s”答复" },
    { ", since ", "，自 " },
    { ", due ", "，截止 " },
    { " (in %s)", "（剩 %s）" },
    { " (late by %s)", "（超时 %s）" },
    { "paused, with %s left", "已暂停，剩 %s" },
    { "its clock has not started", "尚未计时" },
    { ", next step ", "，下一步 " },
    { "%lld d", "%lld 天" },
    { "%lld d %lld h", "%lld 天 %lld 小时" },
    { "%lld h", "%lld 小时" },
    { "%lld h %lld min", "%lld 小时 %lld 分" },
    { "%lld min", "%lld 分" },
    { "done", "已完成" },
    { "open", "未完成" },
    /* the inbox */
    { "nothing waits for you", "没有等待您处理的事项" },
    { "no messages", "没有消息" },
    { "in %s", "%s" },
    { "%lld h %lld min of work", "工作时间 %lld 小时 %lld 分" },
    { "%lld h of work", "工作时间 %lld 小时" },
    { "%lld min of work", "工作时间 %lld 分" },
    { "late by %s", "超时 %s" },
    { "none", "无" },
    { "what it is, and what you may do", "查看事项及可执行的操作" },
    { "case to_do title state left due:t project priority content",
      "case=编号 to_do=待办 title=标题 state=状态 left=剩余 due:t=截止 project=项目 priority=优先级 content=内容摘要" },
    { "case title states outcome owner due_at:t=due priority project client",
      "case=编号 title=标题 states=状态 outcome=结果 owner=负责人 due_at:t=截止 priority=优先级 project=项目 client=客户" },
    { "id at:t=when case title text=what read",
      "id=编号 at:t=时间 case=事项 title=标题 text=内容 read=已读" },
    { "schedule every next:t last.due:t=last last.cases=opened last.failed=failed",
      "schedule=名称 every=周期 next:t=下次 last.due:t=上次 last.cases=已发起 last.failed=失败" },
    { "nothing is on a schedule", "没有定时任务" },
    { "vote", "表决" },
    { "take over", "认领" },
    { "tick off", "完成任务" },
    { "get going", "排障" },
    { "answer", "答复" },
    { "act", "处理" },
    /* tests of workflows */
    { "ok", "通过" },
    { "FAILED", "失败" },
    { "expected: ", "期望：" },
    { "actual:   ", "实际：" },
    { "called at", "调用于" },
    { "How %s came there:", "%s 的经过：" },
    { "never reached: %s", "未覆盖：%s" },
    { "%d of %d states", "状态 %d/%d" },
    { "%d of %d transitions", "转移 %d/%d" },
    { "%d of %d rungs", "升级步骤 %d/%d" },
    { "%d of %d outcomes", "审批结果 %d/%d" },
    { "%d passed, %d failed; %d%% of the workflows reached",
      "通过 %d 项，失败 %d 项；流程覆盖率 %d%%" },
    { "too little: %d of %d reached, %d%% are asked for",
      "覆盖不足：已覆盖 %d/%d，要求 %d%%" },
    { "%s holds no tests. They stand beside a workflow, in WORKFLOW_test.lua; a first one, "
      "workflows/%s:",
      "%s 中没有测试。测试放在流程旁，文件名为 流程名_test.lua；例如 workflows/%s：" },
    { "Tests", "测试" },
    { "Tests of workflows", "流程测试" },
    { "line", "行" },
    { "what", "项目" },
    { "reached", "次数" },
    { "transition", "转移" },
    { "rung", "升级步骤" },
    { "Everything there is to reach", "全部覆盖项" },
    { "%lld waiting for you", "%lld 项等待您处理" },
    { ", %lld of them late", "，其中 %lld 项已超时" },
};
/* clang-format on */

bool
cli_words_get(size_t i, const char **en, const char **zh)
{
    if (i >= sizeof(words) / sizeof(words[0]))
        return false;
    *en = words[i].en;
    *zh = words[i].zh;
    return true;
}

const char *
cli_say(const char *language, const char *english)
{
    if (language == NULL || strncmp(language, "zh", 2) != 0)
        return english;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].en, english) == 0)
            return words[i].zh;
    }
    return english;
}
