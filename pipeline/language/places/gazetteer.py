"""The gazetteer: every administrative unit of China from province to township, names of old, and English names.

Read from `corpora/gazetteer/` (its README says where each file comes from and which edition is held). It knows names
and codes and nothing about text: which mention of a name is a place, and which place, is decided in `places`.
"""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from pipeline.paths import GAZETTEER

Level = Literal["province", "prefecture", "county", "township"]


class Unit(NamedTuple):
    """One administrative unit. `adcode` has six digits; a township has its county's, and its own nine in `code`."""

    adcode: str
    code: str
    name: str
    level: Level
    parent: str | None


class Row(NamedTuple):
    """A unit down to county level as the file has it; `townships` is the file's text: 001东华门街道 002景山街道."""

    parent: str
    name: str
    stem: str
    english: str
    townships: str


# What ends a township's name; a people's name before it (麻麻门巴民族乡) is left out in short forms.
TOWNSHIP_ENDS = ("街道", "镇", "苏木", "乡")

# Peoples that ethnic townships are named for.
PEOPLES = (
    "门巴", "珞巴", "藏", "蒙古", "回", "维吾尔", "哈萨克", "柯尔克孜", "塔吉克", "锡伯", "满", "朝鲜",
    "羌", "彝", "壮", "布依", "苗", "侗", "瑶", "土家", "仡佬", "仫佬", "毛南", "水",
    "白", "哈尼", "傣", "景颇", "傈僳", "拉祜", "佤", "布朗", "独龙", "怒", "普米", "纳西",
    "裕固", "保安", "东乡", "撒拉", "土", "黎", "畲", "鄂温克", "鄂伦春", "达斡尔", "赫哲",
)  # fmt: skip


def township_stem(name: str) -> str:
    """The name without its rank, and without the people of an ethnic township.

    >>> [township_stem(n) for n in ("八廓街道", "麻麻门巴民族乡", "舒庄镇", "雪乡", "纳西民族乡")]
    ['八廓', '麻麻', '舒庄', '雪', '纳西']
    """
    for end in TOWNSHIP_ENDS:
        if name.endswith(end):
            name = name[: -len(end)]
            break
    if len(name) > 3 and name.endswith(("民族", "族")):
        for people in _peoples():
            head, found, tail = name.partition(people)
            if found and head and (not tail or tail.endswith("族")):
                return head
        if name.removesuffix("民族") in PEOPLES:  # 纳西民族乡, which posts call 纳西乡
            return name.removesuffix("民族")
    return name


@lru_cache(maxsize=1)
def _peoples() -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in sorted(PEOPLES, key=len, reverse=True) for end in ("民族", "族"))


class Gazetteer:
    """Units by code and by name. Made by `load_gazetteer`; lookups are dictionary lookups."""

    def __init__(self, rows: dict[str, Row], former: dict[str, tuple[str, ...]]) -> None:
        self.rows = rows
        self.former = former

    def unit(self, code: str) -> Unit:
        """The unit with this code of six or nine digits. Raises KeyError where there is none.

        >>> load_gazetteer().unit("540325").name
        '察雅县'
        """
        if len(code) == 9:
            return Unit(code[:6], code, self.townships[code[:6]][code], "township", code[:6])
        row = self.rows[code]
        return Unit(code, code, row.name, self._level(code, row), row.parent or None)

    def _level(self, code: str, row: Row) -> Level:
        if not row.parent:
            return "province"
        return "prefecture" if code.endswith("00") else "county"

    @cached_property
    def townships(self) -> dict[str, dict[str, str]]:
        """By adcode: the townships' codes and names."""
        return {
            code: {code + entry[:3]: entry[3:] for entry in row.townships.split(" ")}
            for code, row in self.rows.items()
            if row.townships
        }

    @cached_property
    def _township_names(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for below in self.townships.values():
            for code, name in below.items():
                index.setdefault(name, []).append(code)
        return index

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for code, row in self.rows.items():
            index.setdefault(row.name, []).append(code)
        return index

    def named(self, name: str) -> tuple[Unit, ...]:
        """Present units with this full name, then those that bore it formerly. Empty where nobody does.

        >>> [unit.adcode for unit in load_gazetteer().named("米林县")]
        ['540481']
        """
        codes = [*self._names.get(name, ()), *self.former.get(name, ()), *self._township_names.get(name, ())]
        return tuple(self.unit(code) for code in dict.fromkeys(codes))

    def townships_named(self, name: str) -> tuple[str, ...]:
        """Nine-digit codes of the townships with this full name."""
        return tuple(self._township_names.get(name, ()))

    def lineage(self, code: str) -> tuple[str, ...]:
        """The adcodes from the province down to the unit's county, itself included."""
        code = code[:6]
        chain = [code]
        while parent := self.rows[code].parent:
            chain.append(parent)
            code = parent
        return tuple(reversed(chain))

    def chain(self, code: str) -> str:
        """The full name down to county level.

        >>> [load_gazetteer().chain(c) for c in ("540325", "500101", "441900", "429004")]
        ['西藏自治区昌都市察雅县', '重庆市万州区', '广东省东莞市', '湖北省仙桃市']
        """
        return "".join(self.rows[c].name for c in self.lineage(code))

    def within(self, code: str) -> tuple[Unit, ...]:
        """The units directly below: prefectures, counties or townships."""
        below = [self.unit(c) for c in self._children.get(code, ())]
        return (*below, *(self.unit(c) for c in self.townships.get(code, ())))

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for code, row in self.rows.items():
            if row.parent:
                index.setdefault(row.parent, []).append(code)
        return index

    def covers(self, area: str, code: str) -> bool:
        """Whether the unit `code` is the area or lies in it."""
        return area in self.lineage(code)

    def english(self, code: str) -> str:
        """The English chain, smallest unit first.

        >>> load_gazetteer().english("540325")
        "Zhag'yab County, Qamdo, Tibet AR"
        """
        return ", ".join(self.rows[c].english for c in reversed(self.lineage(code)))


@lru_cache(maxsize=1)
def _romanisations() -> dict[str, tuple[str, ...]]:
    with (GAZETTEER / "romanisations.csv").open(encoding="utf-8", newline="") as lines:
        return {row["adcode"]: tuple(row["romanisations"].split("|")) for row in csv.DictReader(lines)}


def romanisations(code: str) -> tuple[str, ...]:
    """The ways in which a Tibetan prefecture's or county's name is written in Latin letters; empty where none is held.

    >>> romanisations("540300")[:2]
    ('Chamdo', 'Qamdo')
    """
    return _romanisations().get(code[:6], ())


def _former(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    index: dict[str, dict[str, None]] = {}
    for line in lines:
        name, code, _ = line.rstrip("\n").split("\t")
        index.setdefault(name, {})[code] = None
    return {name: tuple(codes) for name, codes in index.items()}


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The gazetteer, read once."""
    text = lzma.decompress((GAZETTEER / "places.tsv.xz").read_bytes()).decode("utf-8")
    rows = {}
    for line in text.splitlines():
        code, parent, name, stem, english, townships = line.split("\t")
        rows[code] = Row(parent, name, stem, english, townships)
    with (GAZETTEER / "former.tsv").open(encoding="utf-8") as lines:
        return Gazetteer(rows, _former(lines))


@lru_cache(maxsize=1)
def tibetan_villages() -> dict[str, tuple[str, ...]]:
    """Villages of the Tibet Autonomous Region by the adcode of their county, as the 2023 table spells them."""
    text = lzma.decompress((GAZETTEER / "villages_tar.tsv.xz").read_bytes()).decode("utf-8")
    index: dict[str, list[str]] = {}
    for line in text.splitlines():
        code, _, names = line.split("\t")
        index.setdefault(code, []).extend(names.split(" "))
    return {code: tuple(names) for code, names in index.items()}
