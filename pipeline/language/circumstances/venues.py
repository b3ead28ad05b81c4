"""What shows that words for a place tell no venue of a collection: who acts from there, or does other things there.

Asked of the venues that `circumstances` finds, each by the place of its words in the post's matching copy.
"""

from __future__ import annotations

from pipeline.language.places.area import station_stems
from pipeline.language.sentences import STATEMENT_END
from pipeline.patterns import Pattern

# No station has a longer name, in characters.
LONGEST_STATION = 8
# 接到派出所的通知: the body sent for people, or wrote to them.
HEARD_FROM = Pattern(r"(?<![直间迎])[接收]到[^在来去赴回至到]*$")
# Bodies that act: 在派出所的组织下 is no place.
ACTS = Pattern(
    r"(?:的)?(?:民警|辅警|所长|统一|领导|指导|组织|带领|配合|协助|支持|牵头|安排|部署|负责|干部|工作人员|领用|报备|"
    r"会同|联合|签订|送|报告|反映|咨询|工作|任职|刑侦|帮助|监督|见证|要求|通知|电话|提供)"
)
# A meeting or training course, somebody who gets lost: the place is not where samples were drawn.
EVENT = Pattern(r"[^，。；]{0,10}?(?:举办|召开|培训|观摩|演练|走丢|走失|迷路)")
# 血样存到公安局, 交到派出所: where samples go, not people.
GOES = Pattern(r"[存交送移寄缴](?:到|至)?$|[存交送移寄缴]$")
SENT = Pattern(r"[送寄]|移交|上交|上报")
# A police station is a venue where samples are taken there, not where people or papers go for other things.
TAKES = Pattern(
    r"采(?![购访纳用摘挖暖光石矿砂风伐]|集证)|[抽验留取滴]血|[抽取留]样|抽(?![查调屉烟水奖空时出])|[扎刺戳摁按]|DNA|唾液|补[录上，。]|留[^，。]{0,4}血|(?:所|室|站|局)(?:就行|也行|都行|即可|就可以|都可以)"
)
# 曾在这类公司当技术员, 在学校上学的娃娃, 上门女婿: where somebody belongs, not where he is sampled.
EMPLOYED = Pattern(r"(?:当(?!场|天|地|日|面|即|中)|任(?![务意何])|上班|打工|做工|供职|就职|工作)")
# 寺庙旁的广场, 学校门口的警务站: where somebody stands in front of it.
IN_FRONT = r"(?:旁边?|附近|对面|(?:大?门(?:口|前|外)|前面?)的?(?:(?:便民)?警务|广场|集市|路口|治安岗|检查站|卡点|马路))"
ELSEWISE = {
    "workplace": EMPLOYED,
    "school": Pattern(rf"(?:上学|读书|念书|就读|住校)|{IN_FRONT}"),
    "monastery": Pattern(rf"[庙院]?{IN_FRONT}"),
    "home_visits": Pattern(r"(?:女婿|郎|姑爷)"),
}
# 厂家; 砖厂街, 厂址村: no works that people are sampled in.
OF_WORKS = Pattern(r"(?<=厂)(?:家|商|牌|址|长|[村镇乡街路巷桥沟]|社区|胡同)")
SQUAD = Pattern(r"(?:刑|刑侦|刑警|交警|治安|禁毒|巡警|特警|消防|边防|救援)大队部$")
# 先进单位, 看到派出所, 以来村委会: the verb of the place is the end of another word.
CUT = Pattern(
    r"(?:[先改促推跟引]进|[达接受收做遇碰想感提看听]到|得到(?=[^，。；]{0,24}(?:支持|认可|肯定|好评|表扬|配合|理解|协助))"
    r"|[现存内潜]在|[过失]去|[以近历未]来|[截甚以直乃]至|[收投纳加录列载]入|以下)"
)
# 来自各县公安局, 在全国公安机关率先: where people are from, and among whom they are first.
FROM = Pattern(r"来自|在(?:全[国省区市州盟县]|各[级地])公安")
# 在村委会和工作队的配合下: those who help, however many are named.
HELPED = Pattern(
    r"[^，。；：]{0,24}?(?:[大全]力|积极|密切|主动)?(?:配合|协助|支持|帮助|协调|组织|带领|引导|陪同|见证)之?下"
)
# 来到派出所指导, 在公安局学习采血: others' visits, lessons; 公安局DNA实验室: where samples are tested.
VISITED = Pattern(
    r"(?:就|对)?[^，。；]{0,4}?(?:指导|督[导查]|检查|调研|视察|验收|学习|考察|参观|跟班|培训|练习|汇报|交流)(?![^。；]{0,6}后[^。；]{0,10}[采抽])|[^，。；]{0,6}?(?:实验室|物证室|鉴定中心|技术室|检验室)"
)
# 在县公安局会议室: a room of another body is none of the village's.
ROOM_ELSEWHERE = Pattern(
    r"(?:公安|派出所|[县市州分]局|[支大中总]队|政府|机关|医院|卫生院|学校|中学|小学|公司|宾馆|酒店|厂)[^，。；]{0,8}(?:会议室|活动室|文化室)$"
)
# 在医院住院期间仍惦记: an officer who is ill.
ILL = Pattern(r"[^，。；]{0,4}?(?:住院|养伤|养病|治疗|手术)(?:期间|时|后)")
# 回务工地派出所: where people work, whatever that is
WHERE_THEY_WORK = Pattern(r"务工地$")
# 派出所把采血点设在村口: the station sets up what stands elsewhere
SETS_UP = Pattern(r"(?:派出所|警务[室站])[把将]")
OFFICER = Pattern(r"(?:民警|辅警|所长|教导员|警官|局长|同志)[^，。；]{0,6}$")


def cut_from_a_word(copy: str, start: int) -> bool:
    """Whether the verb of a place is the end of another word.

    >>> cut_from_a_word("荣获先进单位", 3), cut_from_a_word("民警进单位采血", 2)
    (True, False)
    """
    return start > 0 and (CUT.match(copy, start - 1) is not None or _in_station(copy, start))


def _in_station(copy: str, start: int) -> bool:
    """Whether the verb is a letter of a station's name: 赛来塘派出所."""
    end = copy.find("派出所", start, start + LONGEST_STATION)
    return end > 0 and any(copy[i:end] in station_stems() for i in range(max(0, start - LONGEST_STATION), start))


def no_venue(copy: str, code: str, start: int, end: int) -> bool:
    """Whether a place is named as one who acts, where samples go, or where something else happens."""
    if HEARD_FROM.search(copy, max(0, start - 1), end) or SQUAD.search(copy, start, end):
        return True
    if (
        FROM.match(copy, start, end)
        or WHERE_THEY_WORK.search(copy, start, end)
        or _of_another_body(copy, code, start, end)
    ):
        return True
    if copy[start] in "在由" and HELPED.match(copy, end):
        return True
    acts = (copy[start] in "在由" or code == "id_office") and ACTS.match(copy, end)
    if acts or EVENT.match(copy, end) or GOES.search(copy, max(0, start - 2), start):
        return True
    if code in ELSEWISE:
        return bool(ELSEWISE[code].match(copy, end) or OF_WORKS.match(copy, end))
    return code == "police_station" and bool(SENT.search(copy, start + 1, end) or not _takes_there(copy, start, end))


def _of_another_body(copy: str, code: str, start: int, end: int) -> bool:
    """Whether a station is only visited, a room none of the village's, or a hospital that of a sick officer."""
    if code == "police_station":
        return bool(VISITED.match(copy, end) or SETS_UP.search(copy, start, end))
    if code == "village_committee":
        return bool(ROOM_ELSEWHERE.search(copy, start, end))
    return code == "health_facility" and bool(ILL.match(copy, end) and OFFICER.search(copy, max(0, start - 10), start))


def _takes_there(copy: str, start: int, end: int) -> bool:
    """Whether the sentence, from the clause before a place to two clauses behind it, tells of taking samples."""
    first = max((m.end() for m in STATEMENT_END.finditer(copy, max(0, start - 80), start)), default=max(0, start - 80))
    last = STATEMENT_END.search(copy, end)
    return bool(TAKES.search(copy, first, last.start() if last else len(copy)))
