"""What screens say of letters: labels as gettext ids, reasoning lines as sentences."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date

from portal.letters.model import Channel, Deadline, Kind, Level, Line, Reach, Role, Solved, State, Verb
from portal.letters.rules import REASONS, Reason, Rules, label
from portal.text import N_, Text

KIND_NAMES = {
    Kind.CONSULT: N_("咨询"),
    Kind.COMPLAIN: N_("投诉"),
    Kind.REPORT: N_("举报"),
    Kind.SUGGEST: N_("建议"),
    Kind.HELP: N_("求助"),
}
STATE_NAMES = {
    State.QUEUED: N_("已收到，待送达"),
    State.SUBMITTED: N_("待审核"),
    State.ACCEPTED: N_("已受理"),
    State.HANDLING: N_("办理中"),
    State.AWAITING: N_("待您补充"),
    State.EXTENDED: N_("延期办理"),
    State.TRANSFERRED: N_("已转办"),
    State.REPLIED: N_("已答复"),
    State.CLOSED: N_("已办结"),
    State.RATED: N_("已评价"),
    State.REOPENED: N_("重新办理"),
    State.REJECTED: N_("不予受理"),
    State.DUPLICATE: N_("重复信件"),
    State.WITHDRAWN: N_("已撤回"),
}
ACT_NAMES = {
    Verb.RATE: N_("评价"),
    Verb.SUPPLY: N_("补充"),
    Verb.DOUBT: N_("没办好，重办"),
    Verb.URGE: N_("催一催"),
    Verb.WITHDRAW: N_("撤回"),
}
"""What the writer may do with a letter, in the order in which it is offered."""
SOLVED = (Solved.YES, Solved.PARTLY, Solved.NO)
"""The answers to whether it was solved, in the order in which they are offered."""
EVENT_NAMES = {
    Verb.FILE: N_("收到信件"),
    Verb.DELIVER: N_("已送达"),
    Verb.RELEASE: N_("审核通过"),
    Verb.ACCEPT: N_("受理"),
    Verb.BEGIN: N_("开始办理"),
    Verb.ASK: N_("请您补充"),
    Verb.SUPPLY: N_("已补充"),
    Verb.LAPSE: N_("逾期未补充，结束办理"),
    Verb.REQUEST: N_("申请延期"),
    Verb.EXTEND: N_("批准延期"),
    Verb.DENY: N_("不同意延期"),
    Verb.TRANSFER: N_("转办"),
    Verb.RETURN: N_("退回"),
    Verb.ANSWER: N_("答复"),
    Verb.CLOSE: N_("办结"),
    Verb.RATE: N_("评价"),
    Verb.DOUBT: N_("要求重新办理"),
    Verb.REJECT: N_("不予受理"),
    Verb.DUPLICATE: N_("标为重复"),
    Verb.WITHDRAW: N_("撤回"),
    Verb.URGE: N_("催办"),
    Verb.NOTE: N_("内部备注"),
    Verb.CARD: N_("督办"),
    Verb.PUBLISH: N_("公开"),
    Verb.HIDE: N_("取消公开"),
}
LEVEL_NAMES = {Level.REMINDER: N_("提醒"), Level.YELLOW: N_("黄牌"), Level.RED: N_("红牌")}
SOLVED_NAMES = {
    Solved.YES: N_("解决了"),
    Solved.PARTLY: N_("部分解决"),
    Solved.NO: N_("没有解决"),
    Solved.UNSAID: N_("未说明"),
}
GRADE_NAMES = {1: N_("很不满意"), 2: N_("不满意"), 3: N_("一般"), 4: N_("满意"), 5: N_("非常满意")}
REACH_NAMES = {Reach.TEXT: N_("发短信"), Reach.CALL: N_("打电话"), Reach.NONE: N_("不用通知")}
CHANNEL_NAMES = {
    Channel.TV: N_("电视"),
    Channel.WAP: N_("手机"),
    Channel.SMS: N_("短信"),
    Channel.DESK: N_("代办"),
    Channel.OPEN311: N_("其他系统"),
}
ROLE_NAMES = {
    Role.CITIZEN: N_("来信人"),
    Role.WORKER: N_("网格员"),
    Role.ADMIN: N_("受理中心"),
    Role.CLERK: N_("承办人员"),
    Role.HEAD: N_("单位负责人"),
    Role.REMOTE: N_("办件系统"),
    Role.SYSTEM: N_("系统"),
}
REASON_NAMES = (N_("问题没有解决"), N_("答非所问"), N_("答复与实际不符"), N_("服务态度不好"))
"""The sentences of `rules.REASONS`, marked for extraction."""


def kind(t: Text, value: Kind) -> str:
    """The name of a kind of letter."""
    return t.gettext(KIND_NAMES[value])


def state(t: Text, value: State) -> str:
    """The name of a state."""
    return t.gettext(STATE_NAMES[value])


def event(t: Text, value: Verb) -> str:
    """The name of what happened."""
    return t.gettext(EVENT_NAMES[value])


def act(t: Text, value: Verb) -> str:
    """What a writer may do with a letter, in words of one who does it."""
    return t.gettext(ACT_NAMES[value])


def level(t: Text, value: Level) -> str:
    """The name of a card."""
    return t.gettext(LEVEL_NAMES[value])


def solved(t: Text, value: Solved) -> str:
    """Whether it was solved."""
    return t.gettext(SOLVED_NAMES[value])


def grade(t: Text, value: int) -> str:
    """The name of a rating from 1 to 5."""
    return t.gettext(GRADE_NAMES[value])


def reach(t: Text, value: Reach) -> str:
    """How the citizen is told."""
    return t.gettext(REACH_NAMES[value])


def channel(t: Text, value: Channel) -> str:
    """How a letter came in."""
    return t.gettext(CHANNEL_NAMES[value])


def role(t: Text, value: Role) -> str:
    """Who did something, without a name."""
    return t.gettext(ROLE_NAMES[value])


def reason(t: Text, value: Reason) -> str:
    """A ready reason to doubt: the city's own words, or ours in the viewer's language."""
    return t.gettext(value.name) if value in REASONS else label(value, t.tag)


def unit(t: Text, rules: Rules, unit_id: str) -> str:
    """The name of a unit; its id where the rules know it no more, "" for none."""
    row = rules.unit(unit_id)
    return label(row, t.tag) if row else unit_id


def say(line: Line, t: Text) -> str:
    """A line of reasoning as a sentence: 10月10日周六补班，计入."""
    values = dict(line.values)
    count = values.get("count")
    said = (
        t.ngettext(line.message, line.message, count) if isinstance(count, int) else t.gettext(line.message)
    )
    return said % {name: _value(name, value, t) for name, value in values.items()}


def due(deadline: Deadline, t: Text, now: datetime) -> str:
    """The last day in time, or the moment where the limit is one of hours; says where it is provisional."""
    today = now.date().isoformat()
    if deadline.exact:
        said = t.moment(deadline.due.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M"), today)
    else:
        said = t.day(deadline.day.isoformat(), today)
    return t.gettext("%(day)s(暂定)") % {"day": said} if deadline.provisional else said


def short_weekday(day: date, t: Text) -> str:
    """周六, Sat."""
    return format_date(day, "EEE", locale=t.babel)


def _value(name: str, value: str | int | date | datetime, t: Text) -> str | int:
    if isinstance(value, datetime):
        return f"{t.day_of_year(value.date().isoformat())} {value:%H:%M}"
    if isinstance(value, date):
        return short_weekday(value, t) if name == "weekday" else t.day_of_year(value.isoformat())
    # A holiday's name is a gettext id; what else is text here stands for itself.
    return t.gettext(value) if name == "why" and value and isinstance(value, str) else value
