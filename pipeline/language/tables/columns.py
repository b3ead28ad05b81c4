"""What the columns of a table count, decided for the table as a whole: by heading, caption, title and arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import regex

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.count_dates.deadlines import UNDER_WAY
from pipeline.language.counts.words import words
from pipeline.language.script import matching_copy
from pipeline.language.tables.columns_beside import OTHER_TRAITS, told_beside, value_of
from pipeline.language.tables.fitting import SUM, TIME, Part, figure, names_time
from pipeline.language.tables.grids import Grid
from pipeline.language.tables.headings import (
    A_DATABASE,
    OF_SAMPLES,
    ROLL,
    SHARE,
    foreign,
    heading,
    names_rows,
    names_samples,
)
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# A table of a plan tells what is to be taken, unless a column tells what was.
PLAN = Pattern(r"安排|计划|日程|预告|分解|分配|任务|方案")
PROGRESS = Pattern(r"完成|进度|进展|通报|统计|情况|总结|小结|战报|结果")
# 任务分配如下：, 现将名额分解到各村：, 各村分配： right above a table of what is still to be taken
SET_TASKS = Pattern(
    r"(?:任务|名额|指标|目标|计划)[^，。；：:\n]{0,8}(?:分配|分解|安排|下达|分派|如下|见下)"
    r"|(?:分配|分解|下达|安排)[^，。；：:\n]{0,8}(?:任务|名额|指标|计划|如下|见下)"
    r"|(?:任务|名额|指标)[^，。；：:\n]{0,2}分[到给至]"
)
# Posts that call nobody to be sampled.
NO_CALL = Pattern(rf"{PROGRESS.pattern}|培训|会议|考试|演练|值班|值守|体检|宣讲|观摩|参观")
DONE = Pattern(r"已|实|完成|累计|共采|本[周月]|新增|入库|送检|收")
# 三、人员样本采集: the line above a table of whom samples were taken from.
CAPTIONED = Pattern(r"(?:血样|样本|血卡|DNA|采血)[\p{Han}]{0,6}(?:采集|补采|入库|情况|统计)|采[集样]血样")
# 二、信息采集情况 may be samples and all.
INFORMATION = Pattern(r"(?:人员|基础|基本|生物|身份)*信息(?=采集)")
CAPTION_LINE = 30
# 表二, 二、, 附件2：, ■: a line of its own above a table.
CAPTION_MARK = Pattern(
    r"\s*(?:附?[表件图][\d一二三四五六七八九十]*|[一二三四五六七八九十]+、"
    r"|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.、．)）]|[①-⑳■◆●▲★◎▶【〔])"
)
NAMED_PLACE = Pattern(
    r"各(?:派出所|单位|部门|乡镇|社区|[支大中]队|\p{Han}?[县市区镇乡村所局队站])|全[县市区镇乡所局]|\p{Han}{1,4}(?:县|市|镇|乡|派出所|分局|公安局)|单位|[：:]|如下|一览|统计|排名|表"
)
# What asks for something, before it is done
ASKING = Pattern(r"通知|通告|公告|倡议|一封信|函$")
PRAISE = Pattern(r"表[彰扬]|嘉奖|奖励|排名|战果|公示|更正")
SENTENCE_END = Pattern(r"[。！？；]")
# How far above a table its caption may name what it is about, in characters.
CAPTION = 160
# In a post about the samples of a population 采集 needs not say of what.
COLLECTING = Pattern(r"采(?!购|访|挖|矿|纳|取|用|暖)")
PROJECT = Pattern(r"(?:家系|男性家族)(?:排查|建设|系统|工程|攻坚)")
# Columns of several figures: 血样（应采/已采/完成率） over 411/398/96.8%, 已采 over 380（95%）.
SLASHED = Pattern(r"[\d,，.]+%?(?:/[\d,，.]+%?){1,3}")
SLASHED_NAMES = Pattern(r"[（(]?([\p{Han}%]{2,5}(?:[/、][\p{Han}%]{2,5}){1,3})[）)]?(?P<unit>[（(][份人例张条][）)])?$")
WITH_SHARE = Pattern(r"(\d[\d,，]*\p{Han}{0,2})[（(]\s*(?:占|达|完成)?\s*(\d[\d.]*%)[）)]")
SHARE_NAME = Pattern(r"[（(/、][^（(/、）)]*(?:率|比例?|占比)[）)]?$")
# What a bank holds: 存量清单（2021年12月31日盘点）. Lots of a purchase: 样本量.
STOCK = Pattern(r"存量|库存|在库|馆藏|保藏量")
ASKED_FOR = Pattern(r"(?:预[计估]|拟[检采])?(?:样本|样品|检[验测]|血样)(?:数?量|份数)(?:[（(][份人例][）)])?")
# 占常住人口, 血卡占体检人数
SHARE_OF, SHARE_OF_DUE = Pattern(r"占(?!用|地|比)"), Pattern(r"[占为]应采")
# Times and people: when who is to come.
CALLED_AT, PEOPLE = Pattern(r"时间|日期|时段|批次"), Pattern(r"人数|^人$|[（(]人[）)]")
# People who are there for something else than to be sampled.
STAFF = Pattern(r"志愿|工作人员|民警|辅警|医护|护士|疫苗|核酸|接种")
# 库别: a table of what banks hold.
BANKS = Pattern(r"库[别名种]|数据库名")
# Names that tell when alone, in a table whose title tells of what.
# 采血建库40 … 总分: marks, and the most that can be had
FULL_MARKS, SCORE = Pattern(r"\p{Han}[（(]?(\d{1,3})分?[）)]?$"), Pattern(r"总分|得分|积分|总评")
PERIOD = Pattern(r"第.{1,2}[批期次轮周天]|[上本]期|[上下]半年|第?.季度|前期|[合总]计|小计")
# Who is to be examined, beside who was.
CHECK, TO_CHECK = Pattern("体检|查体"), Pattern("应检|应查")
OWN_RATE = Pattern(r"采[集样血](?:完成|覆盖)?率|(?:血样|DNA).{0,4}(?:完成|覆盖|采集|入库)率")
ROSTER = Pattern(r"值班|值守|排班|轮班|考勤|培训|课程")
# A rate follows from its figures if it is no further off than this, in percentage points.
ROUNDED = 0.6
FEWEST_SHARES = 2


class Subject(NamedTuple):
    """What a table as a whole is about.

    `topical`: samples; `case`: a case or a study rather than a population; `purchase`: goods and services to be
    bought; `captioned`: the line above says that all of it is of samples; `elsewhere`: that it is of other things;
    `planned`: what is to be taken; `notice`: a post that calls people to come; `titled`: its title names samples;
    `rates`: its title or the line above names their share; `stock`: the line above says that a bank's stock is told.
    """

    topical: bool
    case: bool
    purchase: bool
    captioned: bool
    elsewhere: bool
    planned: bool
    notice: bool
    titled: bool
    rates: bool
    stock: bool

    def kind(self, name: str) -> CountKind | None:
        """The kind of a column of such a table."""
        if self.elsewhere and words()["sample"].search(name) is None:
            return None
        return heading(name, topical=self.topical and not self.elsewhere, case=self.case)


def subject_of(copy: str, calendar: Calendar, grid: Grid) -> Subject:
    """What a table is about, by title, caption and columns."""
    title = matching_copy(calendar.context.title)
    above = copy[: copy.rfind("\n", 0, grid.start) + 1].rstrip("\n").rpartition("\n")[2]
    told = [heading(name, topical=True) for name in grid.names]
    taken = any(kind == "samples" and DONE.search(name) for kind, name in zip(told, grid.names, strict=True))
    plan = (PLAN.search(title) is not None and PROGRESS.search(title) is None) or _sets_tasks(above)
    plan = plan or (PROGRESS.search(f"{title}\n{above}") is None and _asks(copy, calendar, title))
    topical, elsewhere = about_samples(copy, calendar, *grid.head), _elsewhere(copy, grid)
    return Subject(
        topical=topical,
        case=not calendar.mass,
        purchase=words()["purchase"].search(title) is not None,
        captioned=len(above) <= CAPTION_LINE and CAPTIONED.search(above) is not None,
        elsewhere=elsewhere,
        planned=plan and not taken and "coverage" not in told,
        notice=calendar.mass and topical and "samples" not in told and NO_CALL.search(title) is None,
        titled=calendar.mass
        and calendar.names_samples
        and ROSTER.search(title) is None
        and not elsewhere
        and not _of_others(above),
        rates=OWN_RATE.search(f"{title}\n{above}") is not None,
        stock=not calendar.mass and len(above) <= CAPTION_LINE and STOCK.search(above) is not None,
    )


def _sets_tasks(above: str) -> bool:
    """Whether the last sentence of the line above a table says that it sets tasks, and not how they were met."""
    last = SENTENCE_END.split(above.rstrip("。：: "))[-1]
    return SET_TASKS.search(last) is not None and PROGRESS.search(last) is None


@lru_cache(maxsize=4)  # asked for each table of a post
def _asks(copy: str, calendar: Calendar, title: str) -> bool:
    """Whether a post asks for samples by a day to come, and tells of none that were taken."""
    if not calendar.mass or ASKING.search(title) is None or PRAISE.search(title) or UNDER_WAY.search(copy):
        return False
    due, published = calendar.due(yearly=False), calendar.context.published or ""
    return due is not None and published != "" and due >= published[: len(due)]


def about_samples(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    """Whether the title, the text right above a table or list, or its own head names samples."""
    above = max(0, start - CAPTION)
    if calendar.names_samples or words()["sample"].search(copy, above, end) or A_DATABASE.search(copy, above, end):
        return True
    told = f"{matching_copy(calendar.context.title)} {copy[above : end + CAPTION]}" if calendar.mass else ""
    return COLLECTING.search(told) is not None or PROJECT.search(told) is not None


def _elsewhere(copy: str, grid: Grid) -> bool:
    """Whether the caption of a table names something else than samples, and another caption of the post names them."""
    begin = copy.rfind("\n", 0, grid.head[0]) + 1
    lines = [copy[:begin].rstrip("\n").rpartition("\n")[2], *copy[begin : grid.head[1]].split("\n")]
    own = next((line for line in reversed(lines) if CAPTION_MARK.match(line) and len(line) <= CAPTION_LINE), None)
    if own is None or names_samples(own):
        return False
    return OTHER_TRAITS.search(own) is not None or (_of_others(own) and _captions_name_samples(copy))


def _of_others(caption: str) -> bool:
    """Whether a caption names something else than samples."""
    if len(caption) > CAPTION_LINE or names_samples(caption):
        return False
    return foreign(INFORMATION.sub("", NAMED_PLACE.sub("", CAPTION_MARK.sub("", caption))))


@lru_cache(maxsize=4)  # asked for each table of a post
def _captions_name_samples(copy: str) -> bool:
    """Whether a caption of the post names samples."""
    captions = (line for line in copy.split("\n") if len(line) <= CAPTION_LINE and CAPTION_MARK.match(line))
    return any(map(names_samples, captions))


def parted(grid: Grid) -> Grid:
    """The same with each column of several figures as so many columns: 血样（应采/已采） 411/398, 已采 398（96.8%）."""
    names = list[str]()
    rows: list[list[Part | None]] = [[] for _ in grid.rows]
    for column, name in enumerate(grid.names):
        cells = [row[column] for row in grid.rows]
        split = _slashed(name, cells) or _with_share(name, cells) or ([name], [[cell] for cell in cells])
        names += split[0]
        rows = [row + own for row, own in zip(rows, split[1], strict=True)]
    return grid._replace(names=names, rows=rows)


def _slashed(name: str, cells: Sequence[Part | None]) -> tuple[list[str], list[list[Part | None]]] | None:
    told = SLASHED_NAMES.search(name)
    own = regex.split("[/、]", told[1]) if told else []
    split = list[list[Part | None]]()
    for cell in cells:
        found = list(regex.finditer(r"[^/]+", cell.text)) if cell and SLASHED.fullmatch(cell.text) else []
        alike = len(found) == len(own)
        split.append([Part(m[0], cell.start + m.start()) for m in found] if cell and alike else [None] * len(own))
    if told is None or not any(any(parts) for parts in split):
        return None
    return [name[: told.start()] + one for one in own], split


def _with_share(name: str, cells: Sequence[Part | None]) -> tuple[list[str], list[list[Part | None]]] | None:
    found = [WITH_SHARE.fullmatch(cell.text) if cell else None for cell in cells]
    if 2 * sum(m is not None for m in found) <= sum(cell is not None for cell in cells):
        return None
    split: list[list[Part | None]] = [
        [Part(m[1], cell.start), Part(m[2], cell.start + m.start(2))] if cell and m else [cell, None]
        for cell, m in zip(cells, found, strict=True)
    ]
    bare = SHARE_NAME.sub("", name)
    return [bare, f"{bare}完成率"], split


def item_columns(grid: Grid) -> list[bool]:
    """Which columns name what their rows count: 项目, 指标 over names. Over figures 指标 and 工作任务 are tasks."""
    named = [names_rows(name) for name in grid.names]
    return [told and not _figures([row[column] for row in grid.rows]) for column, told in enumerate(named)]


def _figures(cells: Sequence[Part | None]) -> bool:
    """Whether most cells of a column are figures."""
    told = [figure(part.text) for part in cells if part and part.text]
    return 2 * sum(told) > len(told)


def column_kinds(grid: Grid, subject: Subject) -> list[CountKind | None]:
    """The kind of each column. Days beside other figures about samples tell what each of them brought."""
    kinds = [subject.kind(name) for name in grid.names]
    days = [TIME.fullmatch(name) is not None for name in grid.names]
    if subject.topical and sum(days) > 1 and any(kinds):
        days = [day or SUM.fullmatch(name) is not None for day, name in zip(days, grid.names, strict=True)]
        kinds = ["samples" if day else kind for kind, day in zip(kinds, days, strict=True)]
    kinds = told_beside(grid, kinds, topical=subject.topical and not subject.elsewhere, study=subject.case)
    kinds = [None if kind and _is_score(grid, column) else kind for column, kind in enumerate(kinds)]
    if any(BANKS.search(name) for name in grid.names):
        kinds = ["database" if kind == "samples" else kind for kind in kinds]
    if subject.titled or (subject.captioned and not subject.elsewhere):
        kinds = _of_times(grid, kinds, subject)
    if subject.stock:
        kinds = ["database" if kind == "samples" else kind for kind in kinds]
    if subject.planned:
        kinds = ["target" if kind == "samples" else kind for kind in kinds]
    elif subject.purchase:
        asked = (kind == "samples" and ASKED_FOR.fullmatch(name) for kind, name in zip(kinds, grid.names, strict=True))
        kinds = ["target" if own else kind for own, kind in zip(asked, kinds, strict=True)]
    if (
        subject.notice
        and not subject.elsewhere
        and not any(kinds)
        and any(CALLED_AT.search(name) for name in grid.names)
    ):
        called = (PEOPLE.search(name) and not foreign(name) and not STAFF.search(name) for name in grid.names)
        kinds = ["target" if people else None for people in called]
    return _by_arithmetic(grid, kinds, subject) if any(kinds) else kinds


def of_marks(grid: Grid) -> bool:
    """Whether a table gives marks for works."""
    return any(_is_score(grid, column) for column in range(len(grid.names)))


def _is_score(grid: Grid, column: int) -> bool:
    """Whether a column holds marks: its heading ends in the most that can be had (采血建库40), beside 总分."""
    most = FULL_MARKS.search(grid.names[column])
    if most is None or not any(SCORE.search(name) for name in grid.names):
        return False
    values = [value_of(row[column]) for row in grid.rows]
    return all(value is None or value <= float(most[1]) for value in values)


def _of_times(grid: Grid, kinds: list[CountKind | None], subject: Subject) -> list[CountKind | None]:
    """The same with columns that are named for times alone, in a table whose title or caption says of what."""
    times = [names_time(name) for name in grid.names]
    spans = [time or PERIOD.fullmatch(name) is not None for time, name in zip(times, grid.names, strict=True)]
    several = sum(spans) > 1 or (any(times) and "samples" in kinds)
    if not several or any(kind for kind, span in zip(kinds, spans, strict=True) if span):
        return kinds
    shares = [_percents([row[column] for row in grid.rows]) for column in range(len(grid.names))]
    told: list[CountKind | None] = ["coverage" if share and subject.rates else "samples" for share in shares]
    return [own if span else kind for own, kind, span in zip(told, kinds, spans, strict=True)]


def _by_arithmetic(grid: Grid, kinds: list[CountKind | None], subject: Subject) -> list[CountKind | None]:
    """The same with shares that follow from the figures, and without shares and rolls of something else."""
    values = [[value_of(row[column]) for row in grid.rows] for column in range(len(grid.names))]
    targets = [column for column, kind in enumerate(kinds) if kind == "target"]
    taken = [column for column, kind in enumerate(kinds) if kind == "samples"]
    told = list(kinds)
    checks = any(CHECK.search(name) for name in grid.names)
    for column, name in enumerate(grid.names):
        if checks and kinds[column] == "target" and TO_CHECK.search(name):
            told[column] = None  # 应检人数 beside 已体检
            continue
        follows = any(_follow(values[t], values[s], values[column]) for t, s in product(targets, taken) if t != s)
        cells = [row[column] for row in grid.rows]
        shares = SHARE.search(name) is not None or _percents(cells)
        if SHARE_OF.search(name) and _percents(cells) and _of_whole(values, taken, column):
            told[column] = "coverage"
            continue
        if SHARE_OF_DUE.search(name) and (_percents(cells) or "%" in name):
            told[column] = "coverage"
            continue
        if kinds[column] == "samples" and _percents(cells):
            told[column] = "coverage"  # 完成 over 90.0%
            continue
        of_else = foreign(name) or words()["other_rate"].search(name) is not None
        if kinds[column] is None and follows and shares and not of_else:
            told[column] = "coverage"
        orphan = kinds[column] == "coverage" and not targets and not taken and OF_SAMPLES.search(name) is None
        if orphan and any(figure(part.text) for row in grid.rows for i, part in enumerate(row) if part and i != column):
            beside = [n for i, n in enumerate(grid.names) if i != column and any(values[i])]
            told[column] = None if any(foreign(n) for n in beside) and "采" not in name else told[column]
        if kinds[column] == "target" and subject.case and ROLL.search(name):
            met = sum(value or 0 for s in taken[-1:] for value in values[s])
            told[column] = "target" if 2 * met >= sum(value or 0 for value in values[column]) else None
    return told


def _of_whole(values: Sequence[Sequence[float | None]], taken: Sequence[int], column: int) -> bool:
    """Whether shares are those of what was taken of the figures of another column, such as the residents."""
    wholes = [whole for whole in range(len(values)) if whole not in (*taken, column) and any(values[whole])]
    if taken and not wholes:
        return True  # 采集数, 占常住人口: of whom it is a share stands nowhere
    return any(_follow(values[whole], values[s], values[column]) for whole, s in product(wholes, taken))


def _follow(targets: Sequence[float | None], taken: Sequence[float | None], shares: Sequence[float | None]) -> bool:
    """Whether shares are those of what was taken of what was to be taken, in most rows."""
    whole = [(t, s, share) for t, s, share in zip(targets, taken, shares, strict=True) if t and s and share]
    near = sum(abs(100 * (float(s) / float(t)) - share) <= ROUNDED for t, s, share in whole)
    return near >= FEWEST_SHARES and 2 * near > len(whole)


def _percents(cells: Sequence[Part | None]) -> bool:
    told = [part.text for part in cells if part and part.text]
    return 2 * sum("%" in text for text in told) > len(told)
