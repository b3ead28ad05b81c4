"""Samples of animals and of ancient remains, which the words of a collection tell as those of people."""

from __future__ import annotations

from pipeline.patterns import Pattern

BEASTS = (
    r"(?:种公|[公母藏绒])[羊牛猪马]|生猪|仔猪|种猪|猪只|羊只|羔羊|绵羊|山羊|种羊|牛只|牛羊|牦牛|犊牛|奶牛|肉牛|马匹|种马|河曲马|骆驼|牲畜|牲口|家畜|家禽|鸡只|鸭只"
    r"|警犬|犬只|流浪[犬狗猫]|护卫犬|搜救犬|缉毒犬|藏獒|宠物|野生动物|雪豹|棕熊|藏羚羊?|岩羊|猕猴|大熊猫|鱼苗"
    r"|人骨|墓主|墓葬|古尸|干尸|骨骼标本|古人类|[猪羊牛马犬狗驼鸡鸭](?=的?(?:血|DNA|毛|采血))"
)
# 骆驼圈子乡, 警犬基地民警, 墓葬旁的村子: a name or a place
NAMED_SO = r"(?!子?圈|\p{Han}{0,3}(?:村|乡|镇|湾|坪|沟|街|社区|基地|[大中]队)|旁|边|子)"
# 对生猪采集血样1200份, 羊血样300份; nobody stands between the animal and the figure.
OF_BEASTS = Pattern(
    rf"(?:{BEASTS}){NAMED_SO}(?:(?!民警|派出所|群众|[牧农居村]民|人员|男|女|学生|[僧尼]|职工|户主|养殖户|主人|[犬畜]主)[^，。；\d]){{0,14}}"
    r"(?:[采抽提取留扎]|血|DNA)(?:(?!群众|[牧农居村]民|人员|男|女|学生|[僧尼]|职工|户主|养殖户|主人|[犬畜]主)[^，。；\d]){0,10}$"
)

# 虫草样品20份: of what grows or is eaten
OF_THINGS = Pattern(
    r"(?:虫草|药材|茶叶?|粮食|食[品用]|蔬菜|水果|种子|植物|苗木|木材|土壤|水质|饮用水|环境|奶|肉|饲料)(?:类|制品)?的?样[品本]?[共各约]*$"
)


def of_animals(before: str) -> bool:
    """Whether a figure counts samples of animals, plants or ancient remains, by what stands before it in its sentence.

    >>> of_animals("畜牧站为羊只采集血样"), of_animals("牦牛转场时为牧民采集血样")
    (True, False)
    """
    return OF_BEASTS.search(before) is not None or OF_THINGS.search(before) is not None
