"""What shows that a phrase gives no reason for a collection: the post denies it, or says it of other work.

Asked of the phrases of the table (`justifications`) and of the pieces that the fitted model takes (`reasons.model`),
each with the sentence that it stands in. Which phrases stand for which reason is no matter here.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import takewhile

from pipeline.language.sampling import OTHER_WORK, sampling_words
from pipeline.patterns import Pattern

# A post that never says DNA or blood tells of it in other words: 扎手指头, 按了那张卡, 取样.
TAKES = Pattern(
    r"采(?!挖|集证|集点|集秩序|集?虫草|集种|集沟|购|访|光|纳|取)|抽(?!查|调|检|出|空)|扎(?!实|根|西|巴)|取(?:血|样)|留[血样底卡]|血(?!压|糖|脂|吸虫)|DNA|基因|样本|[血采制留存按摁]卡|滴|针(?!对|织)|摁|拭子|刮|指尖|手指|生物"
)
NAMES = Pattern(r"DNA|血|样本|建库|[Yy]库|采集|采样|此项|该项|这项")
OWN = Pattern(rf"{TAKES.pattern}|家系|家谱|图谱|入库|此项|该项|这项|这一工作|[Yy]库|数据库")
CLAUSE_END = Pattern(r"[，；：。！？\n]")

# 不是为了破案, 不涉及人口管理, 警方否认采血是为了维稳; but not 是不是为了, 不仅是为了, 不是为了甲而是为了乙.
DENIAL = Pattern(
    r"(?<![是要莫何远])(?:并|绝|决|从来|根本|完全|也|都)?不(?:再|会|能)?(?:是|为|(?:用[于来作]|针对|涉及|出于|作为)(?!的))(?!否|难|因|止|仅|只|光|单|让|使|叫|了让|了不)"
    # 重点不在破案，而在点名
    r"|(?:重点|意义|用处|用意|目的)[并也]?不在于?|不以(?!为|及)|并非|绝非|而非|否认|无涉|没有任何(?!借口|理由|例外)|误以为|以为是|担心(?=采|抽|血|是|样本|这)"
)
FAR = 200  # characters to each side of a reason that are looked at: a sentence may be of any length
REACH = 16  # characters from the denial to what it denies
NOT_FOR = Pattern(
    r"(?:并非|不是|绝不|不会|不)(?:是)?(?:为了?|用于|用来)[^，。；]{0,4}$|并不能[^，。；]{0,6}$|没有?$"
    # 重点不在破案，而在点名; 比中不等于破案
    r"|(?:不等于|不等同于)$"
    # 我不反对破案，可是…: granted by one who asks something else
    r"|(?:不|没人|无人)反对[^，。；]{0,8}$"
)
# 严防因采集血样引发群体性事件、影响社会稳定, 以免引起不安定: what the collection itself must not bring about.
FEARED = Pattern(
    r"(?:严防|谨防|防止|防范|预防|避免|以免|免得|杜绝|严禁|不得|不能|不要|不会|确保不|不)[^，。；、]{0,4}(?:因|由于|借)[^，。；]{0,16}?"
    r"(?:引发|引起|诱发|导致|造成|影响|激化|产生|发生|滋生|出现)"
    r"|(?:以免|免得|避免|防止|严防|谨防|不得|不能|不要|确保不)(?:引发|引起|诱发|导致|造成|影响|激化)"
)
BROUGHT = Pattern(r"(?:引发|引起|诱发|导致|造成|影响|激化)")
# 不抽血的，以后办身份证都有影响: what they are threatened with who refuse.
THREAT = Pattern(
    r"(?:不(?:配合)?[抽采扎留验]|拒绝?[抽采])(?![^。；\n]{0,12}不是)[^。；\n]{0,30}?(?:影响|办不|[不没]给|不予|不让|受限|停办|暂停|麻烦)[^，。；\n]{0,8}"
)
PAPERS = Pattern(r"办|证|户口|护照|上学|入学|政审")
BUT = Pattern(r"而是|实为|只为|只是为|就是为|才是")
UNRELATED = Pattern(
    r"[与和跟同][^，。；]{1,20}(?:不是一回事|是两回事|无关(?!人|的人)|没有?(?:任何|一点|半点)?关系|不相干)|(?:为|是|的)(?:借口|幌子)"
)
# 网传采血是为了反恐，警方辟谣: what is told of and then denied.
TOLD = Pattern(r"(?<![宣解劝细诉])[传称说](?![明服清解])")
RUMOUR = Pattern(r"网传|所谓|[谣讹误]传|传[言闻]|谣言|流言|传着")
REFUTED = Pattern(
    r"(?<!(?:消除|澄清|打消|破除|[听轻相]信|传播|散布|不传|不信)(?:了|各种|这些|一些|那些)?)(?:不实|谣[言传])"
    r"|辟谣|否认|不属实|假消息|没有(?:这回事|此事|的事)|(?<!不说)没有依据|毫无根据|纯属|子虚乌有|并非如此|无中生有"
)

# Beside the collection, in the same sentence, other work is told: 同时清查出租屋, 还办理身份证, 并宣传….
TURN = Pattern(
    r"同时|同步|(?<![归返偿退交送])还(?!能|可|会|有[利助]|将|是|要|需|应|不|未|没|有待|原|清白|[他她人]|百姓|群众|社会)"
    r"|(?<=[，；、份人名])并(?!非|不|将|为|能|存|且|向[^，。；]{0,8}说明)|[一][边面]|顺[便带]|与此同时|此外|另外|期间|间隙|之余"
)
ACT = Pattern(
    r"宣传|宣讲|普及|讲解|演练|清查|巡[逻查]|化解|调解|走访|慰问|检查|整治|收缴|查[处获扣]|抓获|打掉|核查(?![^，。；、]{0,6}身[份源])|清理|救助|办理|发放|帮助?(?:\d|[一二两三四五六七八九十][余多]?[名人户位])|排查(?!系统)"
    r"|登记(?=[^，。；]{0,8}(?:流动人口|外来|暂住|出租|车辆|枪|租户|从业|场所))"
)
# What is done for people is told with a verb alone; what might come of the collection with one of these.
HOPED = Pattern(r"[能可会将]|便于|以便|有利|有助|利于|助于")
# A clause that sums up: 为…奠定基础 is said of all that was told, the samples too.
SUMS_UP = Pattern(r"[^，。；]{0,24}?(?:奠定|打下|提供|打牢|夯实|筑牢|创造|积累)")
FOR = Pattern(r"\W*(?:[^，。；]{0,4})为")
# 讲解防拐知识, 反恐宣传: what is taught or shown, not what samples are for.
TAUGHT = Pattern(
    r"(?:[、和与及][^，。；]{1,8}){0,3}[^，。；、]{0,6}?(?:知识|常识|宣传(?!册|单|栏)|宣讲|演练|讲座|意识|法规|政策|战果|案例|形势)"
)
# 登记流动人口56人，净化了治安环境: the outcome of what was told right before.
OUTCOME = Pattern(r"\W*(?:有[力效]|切实|进一步|极大|明显)?地?(?!夯|奠|打[牢下]|筑|完善|充实|掌握|摸|健全)\p{Han}{2}了")

# 找回走散的犏牛, 丢失的手机: beasts and things are looked for, not people.
LOST_THINGS = Pattern(
    r"(?:[找寻追]回|找到|丢失的|走失的?|走散的?|走丢的?)[^，。；、人老孩娃亲]{0,6}?"
    r"(?:[牦犏]?牛|[绵山]?羊|马(?![上路])|驴|骆?驼|牲[畜口]|摩托|手机|钱包|现金|财物|行李|证件|车辆)(?![^，。；]{0,4}人)"
)
# 找不到人就写“拒采”, 联系不上的先注明: those who were to give a sample.
UNTRACED = Pattern(
    r"(?:(?:找不[到着]|联系不上)(?:人|本人)?|失联)[的者]?(?:就|便|都|先|一律|统一)?(?:[填写记划报]|注明|登记|备注|暂缓|标)"
)
# （四）社会治理有方。, 一、维稳工作。: the heading of an item, whatever stands below it.
HEADING = Pattern(
    r"(?m)^[ \u3000]*+(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]"
    r"|[【◆▲●■★])(?P<heading>[^。：:，；！？\n】]{2,16})(?:[。：:】]|$)"
)
HEADING_REACH = 26  # characters from the line's begin to a heading's end
# 《刑事诉讼法》第一百三十二条规定…: what a law lets the police do, in a comment.
LAW = Pattern(r"法》?第[一二三四五六七八九十百零\d]{1,6}条")
# 比对出网上逃犯4名: what was found, not what it is for.
# 疾病防控: no control of people
HEALTH = Pattern(r"疾病|疫病|传染病|包虫|疫情|结核|肝炎|艾滋")
FOUND = Pattern(
    r"(?:(?<!快速)破获|打掉|比中|比对出|抓获|查获|找回|查清)了?[^，。；\d]{0,10}\d[\d,]*[余多]?[名起件条具份人个](?!以上)"
)

# 在严厉打击盗窃的同时, 在维护稳定的基础上: work that goes on beside what the rest of the sentence tells.
BESIDE = Pattern(r"[^，。；：]{0,16}?(?:的同时|的基础上|的间隙|之余|之际|的过程中|期间)(?=，)")
# 此举在打击犯罪的同时: said of the collection itself.
OF_THIS = Pattern(r"此举|这[一项样也不既将]|该|它|其|既|不仅|不但")
BOTH = Pattern(r"一[边面](?![^，。；]{0,4}[墙锦旗])")


def denied(copy: str, row: tuple[int, int], start: int, end: int) -> bool:
    """Whether the sentence `row` of a matching copy denies the reason that stands from start to end.

    >>> text = "采血不是为了破案，而是为了寻亲。"
    >>> denied(text, (0, len(text)), 6, 8), denied(text, (0, len(text)), 13, 15)
    (True, False)
    """
    row, end = _near(row, start, end)
    if NOT_FOR.search(copy, max(row[0], start - 16), start):
        return True
    clause = _clause(copy, row, start)
    if _threatened(copy, row, start, end):
        return True
    denial = DENIAL.search(copy, clause, end)
    if denial and denial.end() + REACH >= start and not BUT.search(copy, denial.end(), end):
        return True
    if UNRELATED.search(copy, clause, _clause_end(copy, row, end)) or _feared(copy, row, clause, end):
        return True
    if RUMOUR.search(copy, row[0], end) and REFUTED.search(copy, end, row[1] + 40):
        return True
    return bool(TOLD.search(copy, row[0], end) and REFUTED.search(copy, end, row[1]))


def _threatened(copy: str, row: tuple[int, int], start: int, end: int) -> bool:
    """Whether papers are what those shall not get who give no sample."""
    if PAPERS.search(copy, start, end) is None:
        return False
    return any(m.start() <= start < m.end() for m in THREAT.finditer(copy, *row))


def _feared(copy: str, row: tuple[int, int], clause: int, end: int) -> bool:
    """Whether a reason is what the collection must not bring about, or what must not come of its being done badly.

    >>> text = "避免因抽血引起误解，影响村里的安定。"
    >>> _feared(text, (0, len(text)), 10, 15)
    True
    """
    if BROUGHT.match(copy, clause, end) and clause > row[0]:
        clause = _clause(copy, row, clause - 1)
    return bool(FEARED.search(copy, clause, end))


def of_others_sought(copy: str, start: int, end: int) -> bool:
    """Whether a reason from start to end only seems to be the search for the missing.

    >>> text = "又帮人找回走散的犏牛，找不到人就写外出。"
    >>> of_others_sought(text, 3, 8), of_others_sought(text, 11, 15), of_others_sought("找回走失老人", 0, 6)
    (True, True, False)
    """
    stop = min(end, start + FAR) + 6
    return bool(LOST_THINGS.search(copy, start, stop) or UNTRACED.search(copy, start, stop))


def summed_up(copy: str, row: tuple[int, int], start: int, end: int) -> bool:
    """Whether a reason stands in a clause that says what all that was told is good for: 为…提供支撑, 为…打下基础."""
    row, end = _near(row, start, end)
    return bool(FOR.match(copy, _clause(copy, row, start), end) and SUMS_UP.match(copy, end))


def said_of_other_work(copy: str, row: tuple[int, int], start: int, end: int) -> bool:
    """Whether a reason is that of other work to which the sentence `row` has turned, or of the clause before.

    >>> text = "采集血样98份，同时清查出租屋30间，加强人口管理。"
    >>> said_of_other_work(text, (0, len(text)), text.index("加强"), len(text) - 1)
    True
    """
    if in_heading(copy, start, end) or LAW.search(copy, max(row[0], start - FAR), start):
        return True
    row, end = _near(row, start, end)
    clause = _clause(copy, row, start)
    if _beside_samples(copy, row, clause, start, end) or _at_once(copy, row, clause, start, end):
        return True
    turns = [turn.end() for turn in TURN.finditer(copy, row[0], end)]
    if TAUGHT.match(copy, end) and not OWN.search(copy, turns[-1] if turns else clause, end):
        return True
    if summed_up(copy, row, start, end):
        return False
    for turn in turns:
        if ACT.search(copy, turn, end) and not OWN.search(copy, turn, end) and not HOPED.search(copy, turn, start):
            return True
    if clause > row[0] and OUTCOME.match(copy, clause, end):
        before = _clause(copy, row, clause - 1)
        return bool(ACT.search(copy, before, clause)) and not OWN.search(copy, before, end)
    return False


def in_heading(copy: str, start: int, end: int) -> bool:
    """Whether a reason stands in the heading of an item whose line tells of no samples.

    >>> in_heading("（四）社会治理有方。调处纠纷9起。", 3, 7), in_heading("（四）社会治理有方。采集血样9份。", 3, 7)
    (True, False)
    """
    line = copy.rfind("\n", max(0, start - HEADING_REACH), start) + 1
    heading = HEADING.match(copy, line) if line or start < HEADING_REACH else None
    if heading is None or not heading.start("heading") <= start < end <= heading.end("heading"):
        return False
    stop = copy.find("\n", end, end + FAR)
    return TAKES.search(copy, line, stop if stop >= 0 else end + FAR) is None


def _beside_samples(copy: str, row: tuple[int, int], clause: int, start: int, end: int) -> bool:
    """Whether a reason is what was done 的同时, its clause silent of samples and the next telling of them."""
    beside = BESIDE.match(copy, end, row[1])
    if beside is None or OWN.search(copy, clause, beside.end()) or OF_THIS.search(copy, clause, start):
        return False
    if SUMS_UP.match(copy, end) or OWN.search(copy, row[0], clause):
        return False
    stop = _clause_end(copy, row, beside.end() + 1)
    return bool(OWN.search(copy, beside.end(), stop)) and not HOPED.search(copy, beside.end(), stop)


def _at_once(copy: str, row: tuple[int, int], clause: int, start: int, end: int) -> bool:
    """Whether of two things done at once, 一边…，一边…, the reason is the one and the samples the other.

    >>> text = "一边开展流动人口管理，一边采集DNA血样640份。"
    >>> _at_once(text, (0, len(text)), 0, 4, 10)
    True
    """
    own = BOTH.search(copy, clause, min(end, start + 2))
    if own is None or OWN.search(copy, own.end(), _clause_end(copy, row, end)):
        return False
    others = (both for both in BOTH.finditer(copy, *row) if both.start() != own.start())
    return any(OWN.search(copy, both.end(), _clause_end(copy, row, both.end())) for both in others)


def other_work_named(copy: str, row: tuple[int, int], start: int) -> bool:
    """Whether other police work is named in the sentence since samples were: it has slogans of its own."""
    since = max(row[0], start - FAR)
    named = max((match.end() for match in NAMES.finditer(copy, since, start)), default=start)
    words = sampling_words(copy)
    first = bisect_right(words, named - 1, key=lambda word: word.start)
    return any(word.code == OTHER_WORK for word in takewhile(lambda word: word.end <= start, words[first:]))


def _near(row: tuple[int, int], start: int, end: int) -> tuple[tuple[int, int], int]:
    """The part of the sentence near a reason, and where to stop reading the reason itself."""
    end = min(end, start + FAR)
    return (max(row[0], start - FAR), min(row[1], end + FAR)), end


def _clause(copy: str, row: tuple[int, int], start: int) -> int:
    """Where the clause of a place begins."""
    return max((copy.rfind(mark, row[0], start) + 1 for mark in "，；：。！？\n"), default=0) or row[0]


def _clause_end(copy: str, row: tuple[int, int], end: int) -> int:
    """Where the clause ends that a place stands in."""
    mark = CLAUSE_END.search(copy, end, row[1])
    return mark.start() if mark else row[1]
