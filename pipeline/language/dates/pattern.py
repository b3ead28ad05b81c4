"""How dates are written in Chinese posts. `dates` reads what is found."""

from __future__ import annotations

from pipeline.language.counts.numerals import TO
from pipeline.language.dates.feasts import FEAST_DAYS, FEASTS
from pipeline.language.dates.heads import DOTTED_HEAD, LINE_BEGINS
from pipeline.patterns import Pattern

# No day, month or year has more characters; a hostile text may hold thousands in a row.
HAN = r"[零〇一二三四五六七八九两十百千万亿廿卅]{1,5}+"
NUM = rf"(?:\d{{1,2}}|{HAN})"
RELATIVE_DAYS = {
    "今天": 0, "今日": 0, "今儿": 0, "今早": 0, "今晚": 0, "今晨": 0, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1,
    "昨夜": -1, "前天": -2, "前儿个": -2, "大前天": -3, "明天": 1, "明日": 1, "明儿": 1, "明早": 1, "后天": 2,
}  # fmt: skip
RELATIVE_YEARS = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1}
RELATED_YEARS = {*RELATIVE_YEARS, "当", "同", "次"}
# 19年3月, 18年底: years without their century; 干了15年 is no year.
SHORT_YEAR = (
    r"(?<![\d.第近约过满余多])(?:0[5-9]|[12]\d)"
    r"(?=年(?:(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月(?!子)|底(?!子|气)|[上下]半年|度(?!过)))"
)
YEAR = (
    rf"(?<year>(?:19|20)\d\d|{SHORT_YEAR}|二[〇零○]{HAN}|二[〇零○][〇零○][一二三四五六七八九]|今|去"
    r"|上(?=年(?:度|全|共|已|采|试|底|末|我))"
    r"|本|当|同|(?<![\d一二三四五六七八九十两几首多每本此上这历批人层档梯场班频轮])次(?=年(?![度龄轻均]))|(?<!年)前(?!年[后间])|明)年(?:度|底|末)?"
)
# 7月29、30日, 七月二十九至三十一日: of several days the last one ends the time; 七月二十九、三十两天.
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3}+)"
DAYS = rf"(?:(?:{_DAY}(?:[、和及与]|{TO})){{1,6}}(?<day>{_DAY})(?:[日号]|(?=[两三四五六七]天))|(?<day>{NUM})[日号])"
# 6.22-6.28万份: no days.
FIGURE_GOES_ON = r"[\d.%‰万千亿元份人例名条个倍岁/\-]"
IN_YEAR = (
    rf"(?:(?:{NUM}月?(?:份)?{TO})?(?<month>{NUM}|(?<![\d一二三四五六七八九两十百千万亿余几多])元)月(?:份)?"
    rf"(?:{DAYS}|(?<part>底|末|初|中旬|上旬|下旬)|(?<turn>的?(?:[前头]|最后){NUM}天))?|(?<half>上半年|下半年)"
    rf"|(?<!提)[前头首](?<months>{NUM})个月|(?:第|前)?(?<quarter>[一二三四1-4])个?季度)"
)
DATE = Pattern(
    # Every date begins with one of these, or with a number and what may follow it in a date; the rest is not tried
    # elsewhere: most numbers are of people.
    rf"(?=[今这去本当上下第同前次大明昨后年月元清劳儿建国妇周星礼]|[五六七八]一|三八|(?:\d{{1,4}}|[零〇○一二三四五六七八九两十百千万亿廿卅]{{1,7}})(?:[年月日号个季./\-]|份?{TO})|20[012]\d(?:[01]\d[0-3]\d(?!\d)|[、和及）)]|[两二三四五]年))"
    rf"(?:(?!(?<=不)明儿|明儿[童女子媳])(?<relative>{'|'.join(RELATIVE_DAYS)}|(?<![如至当现于])今(?=收到|收讫|移交))"
    rf"|(?<year_close>(?<![\d今去本当同前明上])年(?:底|末(?!库|存|结|余|数)))|(?<week>[上本这])个?(?:周|星期|礼拜)(?<weekday>[一二三四五六日天])(?![气楼个次级家所名人份户起条位项])"
    # 次日，去水南: an entry of a diary
    rf"|(?<={LINE_BEGINS})(?<next_day>次日(?=[，,：:\x20\u3000])|第二天(?=[，,\x20\u3000](?:又|再|接着|继续|转)))"
    # 周二，去水南: an entry of a week's diary
    rf"|(?:(?<={LINE_BEGINS})|(?<={LINE_BEGINS}(?:周|星期|礼拜).[、和至到—\-]))(?<week>周|星期|礼拜)(?<weekday>[一二三四五六日天])(?=[，,：:\x20\u3000（(]|[、和至到—\-](?:周|星期|礼拜))"
    # 余下的，周四又采了88人: in the diary of a week (`dates.heads`)
    r"|(?<within>)(?<=[，。；])(?<week>周|星期|礼拜)(?<weekday>[一二三四五六日天])(?!末|[、至到—\-])"
    # 到周日下午, but no 周一到周五
    r"|(?<=(?<![一二三四五六日天])[到至])(?<week>周|星期|礼拜)(?<weekday>[一二三四五六日天])(?![气楼个次级家所名人份户起条位项])"
    r"|(?<opening>(?<![\d今去本当同前明])年初)(?=以来|至今|到现在)"
    rf"|(?<this>[上下]个?月|[本这]个?月|当月|(?<![\d零〇一二三四五六七八九十个两上下本当每几这整半数多至止\s])月(?=底(?:之|以)?前|内|底(?:[要须应得]|必须|还要)?[再补]?(?:交(?!流|接|通|警|谈)|采(?![购访])|完成|收[官口尾]|清零)))(?:底|末|初|中旬|(?<this_day>{NUM})[日号])?"
    rf"|(?:(?<![\d.])(?:19|20)\d\d{TO}{{1,2}}(?=(?:19|20)\d\d年))?{YEAR}(?:\s?{IN_YEAR})?|{IN_YEAR}"
    # 2017、2018两年; 近三年（2016、2017、2018）
    r"|(?<![\d.,\-])(?<year>20[012]\d)(?=(?:[、和及]20[012]\d){0,4}[两二三四五]年|(?:[、和及]20[012]\d){1,4}年)"
    r"|(?<=[两二三四五]年[（(](?:20[012]\d[、和及]){0,4})(?<year>20[012]\d)(?=[、和及）)])"
    # 2020.9.20, 2020-09-20; 截至9.20
    r"|(?<![\d.])(?<full>(?<full_year>(?:19|20)\d\d)(?<mark>[./-])(?<full_month>1[0-2]|0?[1-9])(?P=mark)(?<full_day>3[01]|[12]\d|0?[1-9]))(?![\d%‰])"
    r"|(?<=截[至止])(?<full>(?<full_month>1[0-2]|[1-9])[.](?<full_day>3[01]|[12]\d|[1-9]))(?![\d%‰万])"
    # 截至20200630; 6.22—6.28, 2020.6.22—6.28; 2020.6，
    r"|(?<=截[至止]|[期间截][：:])(?<full>(?<full_year>20[012]\d)(?<full_month>1[0-2]|0[1-9])(?<full_day>3[01]|[12]\d|0[1-9]))(?!\d)"
    rf"|(?:(?<![\d.])(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9]){TO}{{1,2}}|(?<=20\d\d\.\d{{1,2}}\.\d{{1,2}}{TO}{{1,2}}))"
    rf"(?<full>(?<full_month>1[0-2]|0?[1-9])\.(?<full_day>3[01]|[12]\d|0?[1-9]))(?!{FIGURE_GOES_ON})"
    # 6.20　接电话: where the lines of a diary begin so (`dates.heads`)
    rf"|(?<dotted>)(?<full>{DOTTED_HEAD.pattern})"
    rf"|(?<![^\n，。；（(：:\s截至止自从到在于])(?<full>(?<full_year>20[012]\d)[.](?<full_month>1[0-2]|0?[1-9]))(?!{FIGURE_GOES_ON})"
    # 儿童节那天, 清明前一日
    rf"|(?<feast_day>{'|'.join(FEAST_DAYS)})节?(?:[当那]一?[天日]|这一?天|(?<eve>前一[天日]))"
    # 国庆节前, and 定于国庆节后
    rf"|(?<feast>{'|'.join(FEASTS)})节?(?=回[来乡家]|之?前(?!后)|以前)"
    rf"|(?<=定[于在]|[推延][迟期后]?[到至]|留?待|留到|[拟将改]于?)(?<feast>{'|'.join(FEASTS)})(?=节?[之以]?后)"
    rf"|(?<only_day>\d{{1,2}}|(?<=[日号][至到]){HAN}|(?<!第){HAN}(?=号(?:之|以)?前))(?:日|号(?![窗楼院线桌店桥机库车位码厅令文村点站便井矿营房店仓棚帐毡牌岗]|(?:采[样集血]点|警务|牧|宿舍|公寓|小区|工地|地[块村]|检查|门[面店])))(?![内间均常子本]|报(?![到名道])))"
)  # fmt: skip
