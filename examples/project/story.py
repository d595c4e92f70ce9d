# SPDX-License-Identifier: Apache-2.0
"""Three months with a difficult client: what everybody does, week by week, and what it must lead to.

The client's contact, Mei, is friendly and silent; the warehouse's manager, Tom, answers at once and is
hard to please. Days are those of 2026 in China: Qingming from 4 to 6 April, Labour Day from 1 to 5 May,
worked for on Saturday, 9 May. The names are made up.
"""


def week_1(p):
    """The charter goes out and comes back; kick-off; what there is to spend, and to fear."""
    p.at("2026-03-02 09:30")
    p.charter = p.open("li", "charter", ["drafting"], summary="Goods receipt and stock taking on scanners",
                       cost_plan="352000.00")
    p.charter.edit(
        "li", purpose="Goods are booked when they arrive and not in the evening",
        goals=[{"goal": "Receipts are booked at the gate", "measure": "Median of gate to booking under 10 minutes",
                "by_day": "2026-05-29"},
               {"goal": "Stock is right", "measure": "Deviation at stock taking under 0.5 %", "by_day": "2026-06-05"}],
        scope="Receipt and stock taking in the Jiading warehouse", outside="Dispatch; other warehouses",
        deliverables=[{"what": "Receipt on scanners", "criteria": "100 receipts in one shift without paper"},
                      {"what": "Stock report", "criteria": "Agrees with a count of 200 places"}],
        milestones=[{"what": "Receipt is live", "by_day": "2026-04-17"}, {"what": "Final acceptance", "by_day": "2026-05-28"}],
        budget="480000.00", team=[{"name": "Li Ting", "role": "Project manager"}, {"name": "Sun Hao", "role": "Engineer"}])
    p.kickoff = p.open("li", "meeting", ["called"], summary="Kick-off", kind="kickoff", begins="2026-03-04T14:00:00+08:00",
                       place="Jiading, room 2", agenda="Charter, ways of working, test data")
    p.at("2026-03-03 10:00")
    p.charter.fire("li", "propose", ["signing"])
    p.at("2026-03-03 16:00")
    p.charter.vote("zhao", "approve", ["signing"])
    p.calls = p.open("li", "communication_plan", ["resting"], summary="How it goes, with Mei", channel="call",
                     often="fortnightly", speaker="li")
    p.budget = p.open("li", "budget", ["open"], summary="Scanners at Yuanhang", total="400000.00", reserve="40000.00")
    p.at("2026-03-04 15:30")  # the meeting has begun by itself
    p.kickoff.look(["held"])
    p.kickoff.fire("li", "circulate", ["circulated"], present="Li, Sun, Mei, Tom",
                   minutes="The charter was gone through. Training is missing in it, says Tom.",
                   decisions=["Tom answers for the warehouse, Mei for the money"],
                   actions=[{"what": "Hand over a year of receipts as test data", "who": "mei", "by_day": "2026-03-13"}])
    p.at("2026-03-05 11:00")
    p.charter.vote("tom", "changes", ["drafting"], comment="Who trains my people? It is not in here.")
    p.at("2026-03-05 14:00")
    p.charter.edit("li", scope="Receipt and stock taking in the Jiading warehouse; training of 24 people")
    p.charter.fire("li", "propose", ["signing"]).vote("zhao", "approve", ["signing"])
    p.late_data = p.open("li", "risk", ["identified"], summary="The client's test data come late", category="client",
                         cause="The old system belongs to a third party", effect="Tests with made-up data")
    p.late_data.fire("li", "assess", ["planning"], probability=4, impact=4)
    p.late_data.fire("li", "plan", ["agreeing"], response="mitigate", plan="Ask every week; generate data from the paper lists",
                     trigger="No data on 16 March", contingency="Test with generated data, and again with real ones",
                     reserve="15000.00", holder="li", review_on="2026-04-10")
    p.at("2026-03-06 10:00")
    p.late_data.vote("zhao", "approve", ["watched"])
    report(p, "2026-03-06 15:30", "green", "Charter presented, kick-off held", "Survey of the requirements",
           needed="Test data by 13 March")


def week_2(p):
    """Two requirements are asked for. The minutes of the kick-off stand, since nobody objects."""
    p.at("2026-03-09 10:00")
    p.last_report.fire("mei", "acknowledge", ["acknowledged"])
    p.receipt = p.open("li", "requirement", ["surveying"], summary="Receipt on scanners", kind="functional")
    p.stock = p.open("li", "requirement", ["surveying"], summary="Stock report", kind="data")
    p.live = p.open("li", "milestone", ["underway"], summary="Receipt is live", planned="2026-04-17")
    p.done = p.open("li", "milestone", ["underway"], summary="Final acceptance", planned="2026-05-28")
    p.at("2026-03-09 18:00")  # three working days since Wednesday afternoon: Thursday, Friday, Monday
    p.kickoff.look(["done"])
    p.data = p.kickoff.opened("action")
    p.data.must_be("to_do")
    p.at("2026-03-10 09:40")
    p.receipt.fire("tom", "answer", ["analysing"], today="Paper, typed in the evening", problem="Stock is right at night only",
                   wish="Scan at the gate, see it at once", users="14 people at 6 gates", importance="must")
    p.at("2026-03-11 17:30")
    p.charter.vote("mei", "approve", ["baselined"])
    report(p, "2026-03-13 15:00", "green", "Charter signed: baseline 1. Receipt is analysed",
           "Confirmation of the receipt", needed="Test data today; answers about the stock report")
    p.at("2026-03-13 16:30")
    p.called("li", "Where the test data are", "mei")


def week_3(p):
    """No data, no answers: the risk has come true, and the contingency plan is carried out."""
    p.at("2026-03-16 09:30")
    p.late_data.fire("li", "triggered", ["occurred"], comment="No data on the 16th")
    p.receipt.fire("sun", "specify", ["confirming"], description="A receipt is booked by scanning order and pallets at the gate",
                   criteria="100 receipts in one shift without paper; 10 minutes from gate to booking")
    p.at("2026-03-16 11:00")
    p.last_report.fire("tom", "ask", ["acknowledged"], comment="Which data do you want, from which year?")
    p.question = p.last_report.opened("issue")
    p.question.must_be("reported")
    p.at("2026-03-16 14:00")
    p.question.fire("fang", "take", ["working"])
    p.question.fire("fang", "solve", ["solved"], answer="Receipts of 2025, as CSV", cause="use")
    p.at("2026-03-17 09:15")
    p.receipt.vote("tom", "approve", ["confirmed"])
    p.question.fire("tom", "confirm", ["closed"])
    p.at("2026-03-17 16:00")
    p.late_data.fire("sun", "handled", ["materialised"], comment="3,000 receipts generated from the paper lists of January")
    p.at("2026-03-18 14:30")  # an interview instead of the form
    p.stock.fire("li", "answer", ["analysing"], wish="Stock by place and article, at any time of the day", users="Mei, controlling",
                 importance="must")
    p.at("2026-03-20 10:10")
    p.data.fire("mei", "finish", ["done"], result="receipts-2025.csv lies in the shared folder")
    p.devices = p.open("sun", "vendor_item", ["planned"], summary="16 scanners", needed_by="2026-04-03",
                       criteria="Read a damaged label at 30 cm")
    p.devices.fire("li", "propose", ["deciding"], vendor="Huasao", amount="25600.00")
    p.at("2026-03-20 14:40")
    for person in ("li", "fang", "zhao"):
        p.devices.vote(person, "approve")
    p.devices.must_be("to_order")
    p.devices.fire("li", "order", ["ordered"], contract="HS-2026-118", promised="2026-04-01")
    report(p, "2026-03-20 16:00", "yellow", "Receipt confirmed; test data have come a week late",
           "Building the receipt; stock report to be confirmed")


def week_4(p):
    """The receipt is built. The plan's document is confirmed, the scanners are paid from the budget."""
    p.at("2026-03-24 11:00")
    p.stock.fire("sun", "specify", ["confirming"], description="Stock by place and article, as of the last scan",
                 criteria="Agrees with a count of 200 places")
    p.plan = p.open("sun", "document", ["writing"], summary="Plan of the changeover", kind="plan")
    plan = b"%PDF-1.4 Gates 1 to 3 on 17 April, 4 to 6 a week later"
    p.plan.edit("sun", release="1.0", content=p.upload("sun", "changeover.pdf", plan))
    p.plan.fire("sun", "submit", ["reviewing"])
    p.at("2026-03-25 09:20")
    p.plan.vote("li", "approve", ["confirming"])
    p.at("2026-03-25 13:40")
    p.plan.vote("tom", "approve", ["in_force"])
    confirmed = p.plan.get("mei")["fields"]["confirmed"]
    if len(confirmed) != 1 or confirmed[0]["who"] != "tom":
        raise AssertionError("the document does not say who has confirmed it: %r" % confirmed)
    p.at("2026-03-26 10:00")
    p.called("li", "Stock report: the criteria", "mei")
    p.at("2026-03-27 09:00")
    # five working days without a word to the report of the 20th are not over: it is chased, not given up
    p.last_report.look(["sent"])
    report(p, "2026-03-27 15:10", "green", "Receipt runs in our test", "Scanners arrive on 1 April")


def week_5(p):
    """Tom wants more: scanning without a network. The decision waits for Mei."""
    p.at("2026-03-31 16:50")
    p.stock.vote("mei", "approve", ["confirmed"])
    p.at("2026-04-01 10:00")
    p.devices.fire("sun", "deliver", ["checking"])
    p.at("2026-04-01 15:00")
    p.devices.fire("sun", "accept", ["to_pay"])
    p.spent = p.open("sun", "expense", ["draft"], summary="16 scanners, Huasao", amount="25600.00", budget=p.budget.key,
                     category="purchase")
    p.spent.fire("sun", "submit")
    p.offline = p.open("tom", "change_request", ["draft"], summary="Scanning goes on without a network",
                       reason="There is none behind gate 5", category="scope")
    p.offline.fire("tom", "submit", ["screening"])
    p.at("2026-04-02 09:30")
    p.spent.look(["deciding"])  # the budget has answered
    for person in ("li", "fang", "zhao"):
        p.spent.vote(person, "approve")
    p.spent.must_be("to_pay")
    p.offline.fire("li", "accept", ["estimating", "pricing"])
    p.at("2026-04-02 14:00")
    p.offline.fire("wang", "assess", days=12, risk="medium")
    p.offline.fire("li", "price", ["deciding"], cost="62000.00", scope="Receipts are kept on the scanner and sent later",
                   touches="baseline")
    p.at("2026-04-03 10:30")
    p.spent.fire("fang", "pay", ["paid"], paid_on="2026-04-03")
    p.devices.fire("fang", "pay", ["paid"], paid_on="2026-04-03", stars=4)
    for person in ("li", "wang", "fang", "zhao"):
        p.offline.vote(person, "approve", ["deciding"])
    report(p, "2026-04-03 15:40", "green", "Scanners are there. Change request about work without a network",
           "Gates 1 to 3 go live on 17 April", needed="Your decision on the change request")


def week_6(p):
    """Qingming on Monday. Mei does not decide: the change request is parked by itself."""
    p.at("2026-04-07 09:20")
    p.hand_over = acceptance(p)
    p.at("2026-04-08 10:00")
    p.hand_over.vote("tom", "approve", ["ready"])
    p.at("2026-04-10 16:30")
    p.slow = p.open("tom", "support", ["asked"], summary="How do I print a label anew?", kind="question")


def week_7(p):
    """The initial acceptance fails. Gates 1 to 3 go live all the same, a week later than agreed."""
    p.at("2026-04-13 09:10")
    p.offline.look(["parked"])  # the five working days were over on Friday evening
    p.calls.look(["quiet"])  # nobody has called for 14 days: since Thursday that is a silence
    p.called("li", "Why nothing is decided", "mei")
    p.last("progress_report").fire("li", "skip", ["skipped"], comment="The week of Qingming: nothing to tell")
    p.slow.fire("fang", "answer", ["answered"], answer="Hold the yellow key for two seconds", minutes=10)
    p.hand_over.fire("li", "serve", ["initial_test"], served="2026-04-13T09:10:00+08:00")
    p.at("2026-04-13 13:40")
    p.slow.fire("tom", "confirm", ["helped"], stars=5)
    p.at("2026-04-15 15:20")
    p.hand_over.fire("tom", "note_defects", ["initial_test"],
                     defects=[{"what": "A pallet that is scanned twice is booked twice", "severity": "major"}])
    p.hand_over.vote("tom", "reject", ["rework"], comment="Booked twice: not usable")
    p.at("2026-04-16 10:00")
    p.live.fire("sun", "warn", ["underway"], comment="The double booking has to be mended first")
    p.live.fire("li", "replan", ["underway"], planned="2026-04-24", why="Double booking found in the initial acceptance")
    p.at("2026-04-17 11:30")
    p.hand_over.fire("sun", "reworked", ["ready"], release="1.0.1")
    p.hand_over.fire("li", "serve", ["initial_test"], served="2026-04-17T11:30:00+08:00")
    report(p, "2026-04-17 15:00", "yellow", "Initial acceptance failed on one defect, which is mended",
           "Receipt is live on 24 April", problems="A week of delay")


def week_8(p):
    """A complaint: the changeover has stopped two gates. The change is decided after all, smaller."""
    p.at("2026-04-20 09:30")
    p.offline.fire("tom", "resume", ["estimating", "pricing"])
    p.offline.fire("wang", "assess", days=7, risk="low")
    p.offline.fire("li", "price", ["deciding"], cost="38000.00", scope="Gates 5 and 6 only", touches="baseline")
    p.at("2026-04-20 15:00")
    for person in ("li", "wang", "fang", "zhao"):
        p.offline.vote(person, "approve", ["deciding"])
    p.at("2026-04-21 11:40")
    p.complaint = p.open("tom", "complaint", ["received"], summary="Two gates stood still for two hours",
                         details="Wang changed the network during the morning shift", about="conduct",
                         remedy="Changes after six only")
    p.at("2026-04-21 14:00")
    p.complaint.fire("zhao", "acknowledge", ["investigating"], severity="medium", investigator="sun", concerned="wang")
    p.at("2026-04-22 10:00")
    p.offline.vote("mei", "approve", ["implementing"])
    p.complaint.fire("sun", "tell", ["investigating"], status="We have the log of the switch and speak with Wang today")
    p.at("2026-04-23 09:30")
    p.complaint.fire("sun", "found", ["answering"], finding="The changeover was announced for 18:00 and begun at 09:00",
                     root_cause="No calendar of changes that both sides read")
    p.complaint.fire("li", "draft", ["releasing"], answer="It was our mistake. Changes are made after 18:00 and announced a day before.")
    p.complaint.vote("zhao", "approve", ["answered"])
    p.at("2026-04-24 10:00")
    p.complaint.fire("tom", "disagree", ["investigating"], comment="And who pays for the two hours?")
    p.live.fire("li", "reach", ["confirming"], evidence="412 receipts on 23 April without paper")
    report(p, "2026-04-24 16:20", "yellow", "Receipt is live at all gates. Change request about gates 5 and 6 agreed to",
           "Work without a network; answer to the complaint")
    p.at("2026-04-24 16:40")
    p.called("li", "Labour Day, and who is there", "mei")


def week_9(p):
    """The complaint is answered a second time. Labour Day begins on Friday."""
    p.at("2026-04-27 09:40")
    p.complaint.fire("zhao", "found", ["answering"], finding="Two hours of 6 people were lost",
                     root_cause="No calendar of changes that both sides read")
    p.complaint.fire("zhao", "draft", ["releasing"], answer="We take two days of training on our account.")
    p.complaint.vote("zhao", "approve", ["answered"])
    p.at("2026-04-28 09:30")
    p.complaint.fire("tom", "content", ["settled"])
    p.better = p.complaint.opened("improvement")
    p.better.must_be("proposed")
    p.live.vote("mei", "approve", ["reached"])
    p.at("2026-04-28 14:00")
    p.better.fire("zhao", "plan", ["doing"], measure="No unannounced change in four weeks", holder="wang", by_day="2026-05-08",
                  look_on="2026-05-29")
    p.amended = p.charter.fire("li", "amend", ["amending"], change=p.offline.key)
    p.charter.edit("li", budget="518000.00", scope="Receipt and stock taking in the Jiading warehouse, at gates 5 and 6 "
                   "without a network; training of 24 people")
    p.charter.fire("li", "propose", ["signing_again"]).vote("zhao", "approve", ["signing_again"])
    p.at("2026-04-29 10:00")
    p.charter.vote("mei", "approve", ["baselined"])
    p.budget.fire("li", "extend", ["extending"], extension="30000.00", change=p.offline.key)
    p.budget.vote("zhao", "approve")
    p.budget.look(["open"])
    p.survey = p.open("li", "survey", ["asking"], summary="Receipt is live", occasion="stage_end")
    p.at("2026-04-30 09:30")
    p.survey.fire("tom", "answer", ["asking"], csat=2, nps=5, ces=4, words="The double bookings have cost me a week")
    p.unhappy = p.survey.opened("feedback")
    p.unhappy.must_be("received")
    p.at("2026-04-30 11:00")
    p.unhappy.fire("li", "acknowledge", ["assessing"])
    p.unhappy.fire("li", "assess", ["investigating"], severity="low", impact="One week")


def week_10(p):
    """Nobody has answered to the initial acceptance for ten working days: it is deemed accepted."""
    report(p, "2026-05-06 10:00", "yellow", "Baseline 2 is signed", "Work without a network; training on 14 May")
    p.at("2026-05-06 18:00")  # 20 to 24 and 27 to 30 April, 6 May: Labour Day does not count
    p.hand_over.look(["trial"])
    p.at("2026-05-07 09:30")
    p.survey.fire("mei", "answer", csat=4, nps=9, ces=6)
    p.survey.look(["evaluating"])
    p.survey.fire("li", "conclude", ["evaluated"], conclusion="A second pair of eyes before each initial acceptance")
    p.unhappy.fire("sun", "found", ["answering"], finding="The check for double scans came with 1.0.1")
    p.unhappy.fire("li", "answer", ["answered"], answer="It is mended, and a test sees to it")
    p.at("2026-05-08 10:00")
    p.unhappy.fire("tom", "content", ["settled"])
    p.better.fire("wang", "finish", ["settling"], done="A calendar of changes, for both sides to read")
    p.offline.fire("wang", "implemented", ["verifying"])
    report(p, "2026-05-08 15:30", "green", "Work without a network is built", "Training; trial operation")
    p.called("li", "The acceptance that was deemed", "mei")


def week_11(p):
    """Training; an issue that comes back."""
    p.at("2026-05-11 09:30")
    p.offline.fire("li", "verified", ["archiving"], result="200 receipts without a network, all there an hour later")
    p.offline.fire("li", "archive", ["closed"], filed="Change log no. 1")
    p.training = p.open("li", "training", ["planning"], summary="Scanners at the gate", goal="Book a receipt alone", seats=24)
    p.training.fire("li", "fix", ["fixed"], begins="2026-05-14T09:00:00+08:00", trainer="sun", place="Jiading, gate 2")
    p.at("2026-05-12 08:30")
    p.slow_list = p.open("tom", "issue", ["reported"], summary="The list of pallets takes a minute", kind="defect")
    p.at("2026-05-12 10:00")
    p.slow_list.fire("fang", "take", ["working"])
    p.slow_list.fire("fang", "escalate", ["second_line"])
    p.slow_list.fire("sun", "ask", ["waiting"], comment="At which gate, at what time?")
    p.at("2026-05-13 09:10")
    p.slow_list.fire("tom", "reply", ["second_line"], details="Gate 2, at seven, when all begin")
    p.at("2026-05-13 16:00")
    p.slow_list.fire("sun", "solve", ["solved"], answer="An index was missing", cause="product")
    p.at("2026-05-14 12:00")  # the training has begun by itself
    p.training.look(["recording"])
    p.training.fire("sun", "record", ["confirming"], attended=["%s %d" % ("Gate", n) for n in range(1, 23)], passed=21)
    p.at("2026-05-15 09:00")
    p.slow_list.fire("tom", "reopen", ["working"], comment="A minute again, this morning at seven")
    p.slow_list.fire("fang", "escalate", ["second_line"])
    p.slow_list.fire("sun", "solve", ["solved"], answer="The cache is filled before the shift", cause="product")
    report(p, "2026-05-15 15:30", "green", "22 people are trained", "Trial until 22 May")


def week_12(p):
    """The trial has shown it; the lesson is written down. Zhao is away, and Fang stands in for him."""
    p.at("2026-05-18 09:00")
    p.people["zhao"].call("delegation.set", to="fang", until="2026-05-23T00:00:00+08:00")
    p.slow_list.fire("tom", "confirm", ["closed"])
    p.lesson = p.open("sun", "lesson", ["noted"], summary="Scan the same pallet twice before every hand-over", phase="acceptance",
                      category="technical", occurrence="Double bookings in the initial acceptance", cause="Nobody tried it",
                      recommendation="A list of ten mean tricks before every initial acceptance")
    p.lesson.fire("sun", "submit", ["reading"])
    p.at("2026-05-19 09:00")
    p.lesson.vote("li", "approve", ["kept"])
    p.called("li", "Who signs in May", "mei")
    p.at("2026-05-22 10:00")  # nobody objects to the record of the training: five working days are over on the 21st
    p.training.look(["confirmed"])
    p.hand_over.fire("li", "proven", ["ready"], trial="11 working days, 4,180 receipts, no paper")
    p.hand_over.fire("li", "serve", ["final_test"], served="2026-05-22T10:00:00+08:00")
    report(p, "2026-05-22 15:00", "green", "The trial has shown it", "Final acceptance", released_by="fang")


def week_13(p):
    """Final acceptance, and the end of the project is prepared."""
    p.at("2026-05-26 11:00")
    p.hand_over.vote("tom", "approve", ["accepted"])
    for requirement in (p.receipt, p.stock):
        requirement.fire("li", "hand_over", ["delivering"])
        requirement.opened("acceptance").fire("li", "cancel", ["cancelled"], comment="Accepted with %s" % p.hand_over.key)
        requirement.fire("li", "accepted", ["accepted"])
    p.at("2026-05-27 09:30")
    p.done.fire("li", "reach", ["confirming"], evidence="Final acceptance %s" % p.hand_over.key)
    p.closeout = p.open("li", "closeout", ["collecting"], summary="Scanners at Yuanhang")
    p.closeout.edit("li", report="Both deliverables are accepted; one change; a week late", follow_up="Dispatch on scanners",
                    lessons="Mean tricks first; a calendar of changes", paid="2026-05-27", warranty="2027-05-26")
    p.closeout.attach("li", "handbook.pdf", b"%PDF-1.4 Handbook")
    for person, task in (("li", "accepted"), ("li", "documents"), ("sun", "operation"), ("sun", "accounts")):
        p.closeout.task(person, task)
    p.at("2026-05-28 10:20")
    p.done.vote("mei", "approve", ["reached"])
    p.closeout.fire("mei", "survey_answered", ["collecting"], survey=9, praise="You stayed calm")
    p.called("li", "Dispatch, next year", "mei")
    p.at("2026-05-29 09:30")
    # What is closed may come back for thirty days. The end of a project does not wait for that, but says it.
    p.closeout.refused("li", "present", "no open issue")
    for issue in (p.question, p.slow_list):
        issue.look()
        if issue.states == ["closed"]:
            issue.fire("li", "settle", ["settled"])
    p.better.fire("zhao", "effective", ["effective"], effect="11 changes, all announced")
    p.closeout.fire("li", "present", ["signing"])
    p.closeout.vote("zhao", "approve", ["signing"])
    report(p, "2026-05-29 15:00", "green", "Accepted", "Signature of the final report")


def week_14(p):
    """The last signature; the file is closed."""
    p.at("2026-06-04 17:00")
    p.closeout.vote("mei", "approve", ["learning"])
    p.at("2026-06-05 10:00")
    p.closeout.fire("li", "archive", ["closed"], filed="Cabinet 4")
    p.calls.fire("li", "end", ["ended"])
    p.budget.fire("li", "close", ["closed"])
    p.charter.fire("li", "fulfil", ["fulfilled"])


WEEKS = (week_1, week_2, week_3, week_4, week_5, week_6, week_7, week_8, week_9, week_10, week_11, week_12, week_13,
         week_14)


def acceptance(p):
    """The criteria of the hand-over, proposed to the client."""
    case = p.open("li", "acceptance", ["preparing"], deliverable="Receipt on scanners", release="1.0",
                  criteria="100 receipts in one shift without paper; 10 minutes from gate to booking")
    return case.fire("li", "propose", ["agreeing"])


def report(p, when, health, finished, following, released_by=None, **more):
    """The progress report that Friday's schedule has begun is written, and released by the sponsor, or for him."""
    p.at(when)
    p.last_report = p.last("progress_report")
    p.last_report.look(["writing"])
    p.last_report.fire("li", "submit", ["reviewing"], health=health, finished=finished, next=following, **more)
    if released_by is None:
        p.last_report.vote("zhao", "approve", ["sent"])
    else:
        p.last_report.vote(released_by, "approve", ["sent"], on_behalf="zhao")
