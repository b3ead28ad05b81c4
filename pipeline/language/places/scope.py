"""Which passages of a post tell of collecting samples (which mentions are of other places: `places.elsewhere`).

A passage is a sentence or a row of a table. Posts come as one story, as numbered work reports, or as digests over
several counties (【榕江】…): passages of one item belong together, and a place said in one says nothing of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.language.label.cues import Cue
from pipeline.language.places.deeds import hands_out, other_work
from pipeline.language.sampling import names_other_work
from pipeline.language.sentences import sentence_bounds
from pipeline.patterns import Pattern

ITEM = Pattern(
    r"^[ \u3000]*(?:【[^】\n]{1,20}】|[★▍◆●■▲☆✦※◎▶►]|[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）"
    r"|\d{1,2}[.、．](?!\d)"
    r"|事例\d|案例[\d一二三四五六七八九十]|（图\d|——|第[一二三四五六七八九]件|头一件|[①-⑳])",
    regex.M,
)
SPOKEN = "sample"
SAMPLE = frozenset({"dna", "blood", SPOKEN})
NOT_POPULATION = frozenset({"suspect", "drunk"})
SWAB = Pattern(r"核酸|咽拭子")
POPULATION = frozenset({"lineage", "whole", "people"})
# In a post about samples, these tell of collecting them even where the sample is not named again.
COLLECTED = Pattern(
    r"(?=[参是没先再率集全同逐定任指下移送签提在也都就又扎采抽整搞弄做办已未应实补完男取录上收只])(?:[也都就又]扎(?!根|实|堆)|扎[了过完](?!根|实|堆)|采集(?:[点回]|(?<=被采集)|时间|地点|安排|批次|日程|分组|路线)|采集(?:总|数|完毕|工作|结果)|(?<=[人份户名][还尚仍]?)(?:没有?|未)[采抽](?![购访取挖摘查])|[先再](?:采|抽)(?=\p{Han}{2,5}[村乡镇]|其[余他])|(?:先行|率先|集中|全面|同步|逐户|逐人|逐村)采集(?![^，。；\n]{0,4}(?:指纹|声纹|人像|信息))|在采(?![访购取挖摘])|(?:定量|任务|指标|下达)[^，。；\n]{0,6}\d[\d,，.]*+\s*[余多万]*\s*[份人]|(?:移交|送检|签收|收存)[^，。；\n]{0,12}\d[\d,，.]*+\s*[余多万]*\s*[份张]|已(?:经|全部|基本)?(?:扫尾|收尾|清零|清尾|采齐|见底)|就近采(?![购摘])|就采|应采|实采|补采|采完|采集率|采集量|采集任务|采集(?:情况|进度|进展)|采样(?!点位)"
    r"|完成[^，。；\n]{0,10}[\d百千万][余多]?[份张]|补录|参[与加]了?[采抽]|[采取]集?[^，。；\n]{0,4}检体|扎针(?!灸)|提供[^，。；\n]{0,6}(?:样本|血样|血液)|[采抽](?<=[被叫要]全?部?[采抽])(?!取|访|调)|(?<=[我俺咱][^，。；\n]{0,8})[采抽扎整搞弄做办]过了|[整搞弄]完了|[都也][采抽扎]了|(?<=[我俺咱][^，。；\n]{0,10}也(?:在|都|要|早就?|已经?)?)(?:[搞弄整采抽扎做](?!定|清|懂|得|笑)|是(?=[，。！；\n]|$))|男性家[族系]|(?:取得|采到|录入|上交|收到)[^，。；\n]{0,12}(?:样本|血卡|标本)|只[采抽](?:男|群众|村民|居民)"
    r"|(?:[做扎留攒]|(?<!没)收)[了成到完下][^，。；\n]{0,8}?(?:\d[\d,，.]*+\s*[余多万]*|[一二三四五六七八九十百千万两]{2,}余?)[份人张]|(?:采集|采录|[弄搞整]了|采了?(?![挖购访取摘暖光石砂煤矿伐纳用茶药]))[^，。；\n]{0,12}?(?:\d[\d,，.]*+\s*[余多万]*|[一二三四五六七八九十百千万两]{2,}[余多]*)\s*[份人张])"
)
# How people tell of it: 抽指拇血, 留了两滴血, 扎个手指, 刮嘴巴, 棉签在嘴里转.
TAKEN = Pattern(
    r"(?<=[抽采取扎挤留滴按摁蘸捺刺]了?[个点几一两滴指拇手头尖小]{1,4}|[抽采验]过?了)血(?![糖压脂型缘站库汗汤常浆红小])"
    r"|(?:手指|指头|指尖|指肚|手尖|无名指|中指|食指)[^，。；\n]{0,6}(?:一[扎针滴点刺]|扎|刺|血|卡)|[扎刺戳][^，。；\n]{0,3}(?:手指|指头|指尖|指肚|手尖)"
    # whoever tells of it says where he lives: 俺庄在红船镇
    r"|[我俺咱]们?(?:老?家|庄|村|屯|这[儿边]?)?就?(?:是|在|住在?)\p{Han}{2,9}?[镇乡村](?![里上民委])"
    r"|(?:嘴|口腔|腮帮)[^，。；\n]{0,6}(?:刮|擦|转|蹭|抹|棉签|拭子)|(?:刮|擦|蹭|抹)[^，。；\n]{0,3}(?:嘴|口腔|腮)"
)
# Not reached: 还没采, 尚未启动, 没听说; but 行李还没打开 says nothing of it.
DENIED = Pattern(
    r"(?:没有?|未|不曾)(?:被|再|曾|有人|人)?(?:听说|听过|列入|纳入|进驻|动静|启动|开展|开始|轮到|收到|接到|搞|弄|铺开|推开|实施|部署|来过|涉及|动手|动身|动静|理顺|[采抽扎][血样过集]*(?=[，。；！？、呢]|$))"
    r"|[还尚暂仍](?:没有?|未)(?=[，。；！？、呢啊]|$)|没动静|没动(?=[，。；！、]|$)|[暂尚]无|(?<![十百千万\d])挂零|零进展|暂缓|缓采|缓办|停采|顺延|起步阶段|延至|延期至|推迟(?:[到至]|(?=[，。；、]))|[栏行]空白|[排提]上了?(?:议事)?日程|改期|另行(?:安排|部署|通知|组织|开展)|(?:[本此这][期次表]|表[里中内])[^，。；\n]{0,2}不[列计含]|不在(?:此|其|这个?)列"
    r"|是否[^，。；\n]{0,6}[采抽][^，。；\n]{0,4}，[^，。；\n]{0,8}(?:未能|无法|尚未|没有|未获)(?:证实|核实|确认)"
    r"|(?:采血|采集|采样)(?:工作)?(?:暂|全)?停了?[一两二三四五六七八九十半\d]"
)
# Put off: 待道路恢复后开展, 等路通了再采, 明年再采.
PUT_OFF = Pattern(
    r"(?<![招接对优期善])待(?!遇|命|定|办)[^，。；\n]{1,14}?(?:[后时]，?|，?再)[^，。；\n]{0,6}?(?:采|抽|开展|进行|实施|推进|启动|铺开|组织|安排)"
    r"|等(?![^，。；\n]{0,5}[乡镇地村所级位人个项])[^，。；\n]{1,14}?，?再[^，。；\n]{0,6}?(?:采|抽|开展|进行|实施|推进|启动|铺开|组织|安排|说|扎|来|去)"
    r"|(?:明年|来年|明春|开春|年后|节后|秋后|雨季后|下个?[月周]|下半年)[^，。；\n]{0,3}再(?![次度]|[采抽]其[余他])[^，。；\n]{0,4}?(?:采|抽|开展|进行|实施|推进|启动|铺开|组织|安排|说|扎|来|去)"
)
# Who was not reached: that says nothing of the place named in a clause before with what has been taken there.
MISSING = Pattern(
    r"剩下?|其余|余下|人员|外出|在外|个别|的人|\d+ ?[人名户]|[一二三四五六七八九十百]{1,4}[人名户]|学生|老人|病人|者"
)
# What is left to do: 还剩问城、南李等5个村; but 剩下的洪洞村也采完了.
LEFT = Pattern(
    r"(?:[还仅只就尚]剩(?:下|余)?|剩[下余]|余下|尚余)(?![^，。；\n]{0,60}?(?:完|清零|[收扫]尾|正|已|也|都|采了|在[采补抽]|今[天日]))[^，。；\n]{1,60}"
)
FUTURE = Pattern(r"下一步|下一?站是|下步|接下来|将赴|明[天日][走去到赴]|拟于|将于")
# Blood drawn for the laboratory of a clinic.
CLINIC = Pattern(r"静脉|化验|血常规|肝功|血糖|包虫|B超|献血")
KEPT = Pattern(r"DNA|(?<=[血采存制留滴张样纸])卡|卡片|库|民警|派出所(?! ?护送)|公安(?!局?护送)")
NUMBER = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
COUNTED = Pattern(
    r"(?<![第近])([一二两三四五六七八九十]|\d{1,2})个?(?:乡镇|乡|镇|村|社区|派出所|所)(?:\(|（|共|上报|合计|均|已|补|，)"
)
FIGURE = r"(?:\d[\d,，. ]*+(?:\.\d+)?[余多万]*\s*(?:份|人|%|％)|[一二三四五六七八九十百千万两]{2,}余?[份人])"
COUNT = Pattern(FIGURE)
SAMPLED = Pattern(
    rf"(?:采(?![挖购访取摘暖光石砂煤矿伐纳用茶药])|入库|血样|样本|登记)[^，。；\n]{{0,10}}?{FIGURE}(?!次)"
    r"|(?:采|收|留|做)[^，。；\n]{0,4}血卡[^，。；\n]{0,6}?\d[\d,.]*+[余多]?万?余?张"
)
# 只送来290份, 交了六十余张: cards that came from there have been taken there.
HANDED_IN = Pattern(
    r"[送交收寄][来到上回了齐]{1,2}[^，。；\n]{0,6}?(?:\d[\d,，.]*+[余多]?|[一二三四五六七八九十百千]{2,}余?)[份张]"
)
DIGIT = Pattern(r"\d")
PORTION = Pattern(
    r"(?:尚欠|还差|还欠|欠采|未采|尚有|缺口)[^。；\n]{0,24}?\d[^，。；]{0,2}人|"
    r"都要[走跑去采抽到]|也都?被[叫要采抽通]|(?:已|已经|基本|全部|均已|正在)(?:全部|基本|全面|率先|如期|提前)?(?:采完|走完|跑完|完成|清零|进行|收尾)(?=[，。；、）]|$)|也(?:在|已|正|已经|正在)(?:同步)?(?:推进|开展|进行|铺开|启动|跟进|动起来)|也(?:都|要|已|在|被|是)?(?:一样|这样|如此|采|抽|扎|补|验|搞过|弄了|整了)|"
    r"\d[\d,，.]*+[余多万]*份|(?:完成|采完|收完|采到|达到?|过)[^，。；]{0,4}?(?:[一二三四五六七八九]成|\d[\d.]*[%％]|半)"
)
# 位居全县第三, 全县采集嫌疑人血样: neither says that all of it was reached.
NO_WHOLE = (
    r"点名|通报|第|垫底|末[位名]|首[个家]|最[先早多快好高大]|(?<=在[全我][县市区旗])(?:率先|领先)"
    r"|前[列茅三五十]|首位|倒数|平均|排名|核发|发放|投入|(?:共|已)?采集?(?:违法|犯罪|嫌疑|涉)"
)
NONE_WHOLE = Pattern(NO_WHOLE)
RANKED = Pattern(
    rf"(?:全|我|本|该|(?=[县市区]域))([县市州区镇乡局]|所(?![有以在谓属说辖需]))(?!公安|民警|民辅警|各|领导|{NO_WHOLE})"
)
# 为完善全县男性家族排查系统, 列入我县…: what a collection is for tells nothing of how far it reaches.
PURPOSE = Pattern(
    r"(?:(?:为了?|旨在|现?为)(?:进一步|切实)?(?:建立|健全|完善|加快|配合|推[进动]|做好|加强|建好|夯实|摸清|充实|补充|扩充|落实|支持|服务)[^，。；\n]{0,6}"
    r"|列入|纳入|(?:用于|用来)\p{Han}{0,4}|[这此](?:项工作)?[为是]\p{Han}{0,2}|(?:^|[^\p{Han}])为|[是说]给)$"
)
# The whole unit is reached: 对全县男性居民开展, 全县取得血样.
REACHED = Pattern(
    rf"[全我本](?<!通报.)([县市州区旗])(?!公安|民警|民辅警|领导|级|局|委|{NO_WHOLE})[^，。；\n]{{0,10}}?(?:男性|男丁|居民|群众|村民|农牧民|牧民|农户|人口|家系|同步|范围|全面|铺开|推开|采集|采血|取得|[均都](?:已|在|要)|已全面)"
)
# 在我乡采集群众血样, 给全镇男的采血: so for townships, where the taking follows at once.
TOWN_REACHED = Pattern(r"[全我]([乡镇])(?:的|男性|男的|男丁|男子|群众|村民|居民|农牧民|牧民|常住){0,2}采[集血样]")
# 截至9月25日，县公安局共采集群众血样9300余份: the county's total, whichever towns follow.
OFFICE_TOTAL = Pattern(
    rf"(?<!\p{{Han}})([县市区旗])(?:公安)?局(?:已|共|累计|先后|目前|现){{1,3}}采[^，。；、\n]{{0,16}}?{FIGURE}(?!嫌疑)"
)
# 四乡一镇…一共6,412份, 全县公安机关…实采9,814份: theirs is the county's total.
TOWNS_COUNTED = Pattern(
    rf"(?:(?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})乡(?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})镇"
    rf"|(?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})镇(?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})乡|全[县市区旗]公安(?:机关|民警))"
    rf"[^。；\n]{{0,70}}?(?:采(?:集|样)?|血样|血卡|入库|[一总]共|合计|累计)[^，。；\n]{{0,8}}?{FIGURE}"
)
# What is yet to come: 试点经验将在全县推开.
TO_COME = Pattern(r"(?:拟|将|计划|争取|力争|准备|打算|有望|择机|适时|下一?步|下半年|明年|来年)[^，。；\n]{0,8}$")
SPREADS = Pattern(r"[^，。；\n]{0,6}(?:推开|铺开|推广)")
OTHERS_DONE = Pattern(
    r"(?=[其我县公走跑遍覆里上])(?:其[余他][^，。；\n]{0,5}?(?:乡镇|乡|镇|派出所|所)[^。；\n]{0,14}?(?:收完|采完|清零|完成|合计|巡回|流动)|(?:我局|县局|公安局)各(?:户籍窗口|派出所|所|窗口)"
    r"|(?<=县)[里上](?:给|下|派|定)的[^，。；\n]{0,6}\d"
    r"|(?:走遍|跑遍|遍及|覆盖)(?:了)?(?:全县)?(?:[\d一二三四五六七八九十各]{1,3}个?|所有)(?:乡镇|乡|村寨|村庄))"
)
TOTAL = Pattern(
    rf"[^。；\n]{{0,30}}?(?:采|任务|定量|下达|指标|合计|累计|盘子|总数|一共|总共|拢共|送检|DNA|血|完成|库)[^。；\n]{{0,25}}?"
    rf"(?:{FIGURE}|(?<=[采库集样])了?\d[\d.]*+[余多]?万[余多]?(?=[，。；、\n]|$)|(?<=[累合总]计)\d[\d,.]*+[余多]?万?余?张)"
    # 全镇男性家系就差最后五十来人
    r"|[^，。；\n]{0,8}(?:就|只|仅|还|尚)[差剩缺][^，。；\n]{0,4}?(?:\d+|[一二三四五六七八九十百]{1,4})[余多来几]?[个号]?人"
    # 全乡完成应采人数的八成五
    r"|[^，。；\n]{0,4}(?:完成|采集|采样|采了|应采)[^，。；\n]{0,8}[一二三四五六七八九]成"
    rf"|[^，。；\n]{{0,6}}{FIGURE}(?:还|尚|仍)?(?:没有?|未|待|漏|缺)[采抽来]"
    # 全县的数更大，昨天过了1.86万人
    rf"|[^。；\n]{{0,20}}?(?:过了?|突破|迈过|超过)了?{FIGURE}"
)
# All of a township's villages: 镇上五个村全部走完.
ALL_VILLAGES = Pattern(
    r"[全我本该]?([镇乡])(?:上|里|内|域内|下?辖)?的?(?:\d{1,2}|[两二三四五六七八九十]{1,3})个(?:行政|自然)?村(?:寨|庄)?"
    r"(?:[均都已]|全部|全都|已经){1,3}(?:走|采|跑|抽|完成|清零|覆盖|收尾|铺开|到)"
)
OTHER_VILLAGES = Pattern(
    r"(?P<all>[采抽])?(?:其[余他]|剩[下余]|余下)的?(?:各|所有|全部)?(?:\d{1,2}个?|[一二三四五六七八九十]{1,3}个)?(?:行政|自然)?村"
    r"(?(all)|(?=[^，。；、\n]{0,6}?(?:[采抽]|也在|已|均|都|同步)))"
)
# 镇上共采两千三百余人: the township's total in its own post.
AT_HOME = Pattern(
    rf"(?<!\p{{Han}})([镇乡])[上里](?:已?经?|累计|先后|一?共|总共|合计){{1,3}}采[^，。；\n]{{0,6}}?{FIGURE}"
)
SUM_ROW = Pattern(r"合计[^\p{Han}\n]{0,12}\d")
UNIT_TOTAL = Pattern(rf"[^，。；、\n]{{0,8}}?(?:累计|共|已|合计)[^，。；、\n]{{0,14}}?{FIGURE}")
# A township's figure right behind its name, no village's or station's: 江让乡2,047份, 四堡镇采了一千三百人.
OWN_FIGURE = Pattern(
    rf"(?:派出所[：:，]?(?=辖区|全[乡镇]|任务|累计))?[^，。；、：\n（(村社屯寨组校寺院所警干登访籍]{{0,16}}?"
    rf"(?:{FIGURE}(?!次)|(?:[应已实]采|采了|任务)\d[\d, ]+(?=[，。；]))"
)
# 兴安镇：开采三十天，实采1,198人: what an item says of the unit that heads it.
HEAD_FIGURE = Pattern(rf"[：:][^。；\n村社寨屯（(]{{0,40}}?(?:采|血样)[^，。；\n村社寨屯]{{0,6}}?{FIGURE}(?!次)")
# What goes on in its row: 文部乡派出所　1,866　1,820.
ROW_FIGURES = Pattern(r"(?:派出所|所)?[ \u3000\t|｜]+\d")
# The row of a table that sums up a township: 全乡　1,617　1,418.
WHOLE_ROW = Pattern(r"[ \u3000\t|｜]*全[乡镇][ \u3000\t|｜\d村个合共总计]*\d")
# The heading row of a table that counts samples, seldom with the word sample in it.
HEADER = Pattern(r"采|血|建库|样本|份）")
# 五强溪1450/1390；官庄1600/1488: rows written into a line.
INLINE_ROW = Pattern(r"\p{Han}{2,6}[：:]?\s*\d[\d,，.%％/／、 ]*[；;。]?")
UNIT_RANK = Pattern(r"[乡镇村县区旗所]|社区|街道")
# The unit that a clause is about: the station and the village's cadres are of some unit told before.
UNIT_NAMED = Pattern(r"[乡镇县区旗](?!政府|干部|里|上)|村(?![民干委支里两长医])|(?<!派出)所|社区|街道")
OTHER_ROW = Pattern(r"筛查|义诊|接种|疫苗|反诈|酒驾")
CELL_SIGNS = " \u3000\t|｜"
ROW_CELLS = Pattern(rf"[{CELL_SIGNS}]+")
# 沙包镇：完成1877人: lines of a round-up, each headed by its unit.
HEADED = Pattern(r"[★▍◆●■▲【（(\d.、]*\p{Han}{2,8}(?:镇|乡|街道|村|社区|所|县|区|市|旗|局)[】）)]?[：:]")
COUNT_OR_SHARE = Pattern(rf"{FIGURE}|[%％]|成|清零")
# The longest line of a list of places and days, in characters.
LIST_LINE = 40
# A table belongs to a sentence at most this many lines before it.
TABLE_AFTER = 3
# 一是…；二是…: what one point names says nothing of the next.
ORDINAL = Pattern(r"[一二三四五六七八九十]是|其[一二三四五]")
# What few texts have, and no passage of a text that has none: nothing around it decides.
SELDOM = (SWAB, CLINIC, FUTURE, COUNTED, PUT_OFF)
Met = frozenset[Pattern]


class Passage(NamedTuple):
    """A sentence or a row: offsets, line, item (0 before the first heading), and what it tells.

    What stands in `denied` is said not to have been reached; `units_counted` is the six of 六个乡共采集.
    """

    start: int
    end: int
    line: int
    item: int
    collects: bool
    future: bool
    denied: tuple[int, int]
    units_counted: int | None
    counts: bool
    row: bool = False
    ordinal: bool = False

    def denies(self, offset: int) -> bool:
        """Whether the unit named there is said not to have been reached."""
        return self.denied[0] <= offset < self.denied[1]


def passages(copy: str, cues: Sequence[Cue], samples_told: bool = False) -> list[Passage]:
    """The passages of a text in order; `samples_told` where its title names samples."""
    samples = samples_told or any(cue.code in SAMPLE for cue in cues) or bool(COLLECTED.search(copy))
    samples = samples or TAKEN.search(copy) is not None
    bounds = sentence_bounds(copy)
    met = frozenset(pattern for pattern in SELDOM if pattern.search(copy))
    codes = _codes_by_passage(bounds, cues)
    items, beyond = _items(copy)
    found: list[Passage] = []
    item = line = upto = 0
    listing = parallel = False
    since = 0 if samples_told else TABLE_AFTER + 1
    for (start, end), told in zip(bounds, codes, strict=True):
        while item < len(items) and items[item] <= start:
            item += 1
        line, upto = line + copy.count("\n", upto, start), start
        row = _is_row(copy, start, end)
        collects = samples and _collects(copy, start, end, told, met)
        if not collects and found and found[-1].collects and found[-1].line == line:
            collects = bool(PORTION.search(copy, start, end)) and not hands_out(copy, start, end)
            # 一组负责…；二组负责…: parts of one sentence.
            if not collects and copy[found[-1].end - 1] in "；;":
                collects = UNIT_RANK.search(copy, start, end) is not None and not other_work(copy, start, end)
        since = 0 if collects or (row and HEADER.search(copy, start, end)) else since if row else since + 1
        collects = collects or (samples and row and since <= TABLE_AFTER and not OTHER_ROW.search(copy, start, end))
        headed = _headed(copy, start, end)
        if headed and not collects and parallel and COUNT_OR_SHARE.search(copy, start, end):
            collects = not names_other_work(copy, start, end)
        parallel = (collects and headed) or (parallel and headed)
        listing = (collects or listing) and _lists(copy, start, end, opened=listing and not collects)
        collects = collects or listing
        of_item = item if start < beyond else 0
        found.append(_passage(copy, (start, end), (line, of_item), met, collects=collects, row=row))
    if samples and not any(p.collects for p in found):
        return [p._replace(collects=bool(told & SAMPLE)) for p, told in zip(found, codes, strict=True)]
    return found


def _items(copy: str) -> tuple[list[int], int]:
    """Where the items of a digest begin, and where the last ends: as the others with its line, or with the text."""
    starts = [m.start() for m in ITEM.finditer(copy)]
    lines = [copy.count("\n", a, b) for a, b in pairwise(starts)]
    last = copy.find("\n", starts[-1]) if len(lines) > 2 and set(lines) == {1} else -1
    return starts, last if last >= 0 else len(copy)


def _passage(
    copy: str, bounds: tuple[int, int], where: tuple[int, int], met: Met, *, collects: bool, row: bool
) -> Passage:
    """`where`: its line and its item."""
    (start, end), (line, item) = bounds, where
    return Passage(
        start=start,
        end=end,
        line=line,
        item=item,
        collects=collects,
        future=FUTURE in met and FUTURE.search(copy, start, min(end, start + 12)) is not None,
        denied=_denied(copy, start, end, met),
        units_counted=_units_counted(copy, start, end) if COUNTED in met else None,
        counts=bool(COUNT.search(copy, start, end)),
        row=row,
        ordinal=bool(ORDINAL.match(copy, start)),
    )


def _denied(copy: str, start: int, end: int, met: Met) -> tuple[int, int]:
    """From the clause that names who was not reached to the words that say so: 波罗乡因路断，延至次年.

    Or what a clause says is left to do: 还剩问城、南李等5个村.
    """
    denied = DENIED.search(copy, start, end)
    if not denied and PUT_OFF in met:
        denied = PUT_OFF.search(copy, start, end)
    if not denied:
        left = LEFT.search(copy, start, end)
        return left.span() if left else (start, start)
    at = copy.rfind("，", start, denied.start()) + 1 or start
    while at > start and not UNIT_NAMED.search(copy, at, denied.start()):
        before = copy.rfind("，", start, at - 1) + 1 or start
        if (MISSING.search(copy, at, denied.start()) or copy.endswith("一个", at, denied.start())) and (
            SAMPLED.search(copy, before, at) or HANDED_IN.search(copy, before, at)
        ):
            break
        at = before
    return at, denied.end()


def _codes_by_passage(bounds: Sequence[tuple[int, int]], cues: Sequence[Cue]) -> list[set[str]]:
    """The codes of the cues that begin in each passage."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    codes: list[set[str]] = []
    at = 0
    for start, end in bounds:
        while at < len(ordered) and ordered[at].start < start:
            at += 1
        told = set()
        while at < len(ordered) and ordered[at].start < end:
            told.add(ordered[at].code)
            at += 1
        codes.append(told)
    return codes


def _headed(copy: str, start: int, end: int) -> bool:
    """Whether a passage begins with a unit and a colon."""
    colon = copy.find("：", start, end) >= 0 or copy.find(":", start, end) >= 0
    return colon and HEADED.match(copy, start, end) is not None


def _collects(copy: str, start: int, end: int, codes: set[str], met: Met) -> bool:
    swab = SWAB in met and SWAB.search(copy, start, end) is not None
    if (codes & NOT_POPULATION or swab) and not codes & POPULATION:
        return False
    if CLINIC in met and CLINIC.search(copy, start, end) and not KEPT.search(copy, start, end):
        return False
    if codes & SAMPLE or COLLECTED.search(copy, start, end):
        return True
    return TAKEN.search(copy, start, end) is not None


def _lists(copy: str, start: int, end: int, opened: bool) -> bool:
    """Whether a passage opens a list with a colon at its line's end, or is a short line of one: 9月3日 康萨村."""
    if not opened:
        return copy[end - 1] in "：:" and copy[end : end + 1] in ("\n", "")
    return end - start <= LIST_LINE and copy[end : end + 1] in ("\n", "") and bool(UNIT_RANK.search(copy, start, end))


def _is_row(copy: str, start: int, end: int) -> bool:
    """A row of a table that lost its borders: three cells or more, with a figure or all of them short."""
    if INLINE_ROW.fullmatch(copy, start, end):
        return True
    told = copy[start:end]
    cells = [cell for cell in ROW_CELLS.split(told) if cell] if any(sign in told for sign in CELL_SIGNS) else ()
    if len(cells) < 3:
        return False
    return any(DIGIT.search(cell) for cell in cells) or all(len(cell) <= 14 for cell in cells)


def _units_counted(copy: str, start: int, end: int) -> int | None:
    found = COUNTED.search(copy, start, end)
    if not found:
        return None
    number = int(found[1]) if found[1].isdigit() else NUMBER[found[1]]
    return number if number > 1 else None


def counted_ranks(copy: str, passage: Passage) -> list[tuple[int, str, int]]:
    """Where a passage gives the total of 全县, 我乡, 本镇: offset, rank, and where the figure ends."""
    if copy[passage.end - 1] in "？?":
        return []
    ranked = [m for m in RANKED.finditer(copy, passage.start, passage.end) if not tells_purpose(copy, m.start())]
    found = []
    for match in ranked:
        total = TOTAL.match(copy, match.end(), passage.end) or SUM_ROW.match(copy, match.end(), passage.end)
        if total:
            # A bureau's total is its county's, a station's its township's.
            found.append((match.start(), {"局": "县", "所": "镇"}.get(match[1], match[1]), total.end()))
    if ranked:
        reached = REACHED.finditer(copy, passage.start, passage.end)
        found += [
            (m.start(), m[1], m.start()) for m in reached if not (tells_purpose(copy, m.start()) or _to_come(copy, m))
        ]
        townwide = TOWN_REACHED.finditer(copy, passage.start, passage.end)
        found += [(m.start(), m[1], m.start()) for m in townwide if not tells_purpose(copy, m.start())]
    found += [(m.start(1), "县", m.end()) for m in OFFICE_TOTAL.finditer(copy, passage.start, passage.end)]
    found += [(m.start(1), m[1], m.end()) for m in AT_HOME.finditer(copy, passage.start, passage.end)]
    found += [(m.start(1), m[1], m.start()) for m in ALL_VILLAGES.finditer(copy, passage.start, passage.end)]
    found += [(m.start(), "镇", m.start()) for m in OTHER_VILLAGES.finditer(copy, passage.start, passage.end)]
    found += [(m.start(), "县", m.end()) for m in TOWNS_COUNTED.finditer(copy, passage.start, passage.end)]
    found += [(m.start(), "县", m.start()) for m in OTHERS_DONE.finditer(copy, passage.start, passage.end)]
    return found


def _to_come(copy: str, reached: regex.Match[str]) -> bool:
    """Whether it is only planned that all of the unit be reached, as after a trial in a part of it."""
    at = reached.start()
    return SPREADS.match(copy, reached.end(1)) is not None and TO_COME.search(copy, max(0, at - 14), at) is not None


def tells_purpose(copy: str, at: int) -> bool:
    """Whether 全县, 我县 there is told in what a collection is for, or what it is part of."""
    return PURPOSE.search(copy, max(0, at - 20), at) is not None


def tells_no_whole(copy: str, start: int, end: int) -> bool:
    """Whether 全县 there is no unit that was reached as a whole: a purpose, a rank, papers handed out."""
    return tells_purpose(copy, start) or NONE_WHOLE.match(copy, end) is not None


def has_figure(copy: str, passage: Passage, end: int) -> bool:
    """Whether a township's name that ends here is followed by its figure, in a sentence that tells of collecting."""
    if not passage.collects or passage.denies(end - 1):
        return False
    if passage.row:
        return ROW_FIGURES.match(copy, end, passage.end) is not None
    return (OWN_FIGURE.match(copy, end, passage.end) or HEAD_FIGURE.match(copy, end, passage.end)) is not None


def gives_total(copy: str, end: int) -> bool:
    """Whether a unit's name that ends here is followed by its total: 格达乡共采集218份."""
    return UNIT_TOTAL.match(copy, end) is not None
