"""A few lines in the form of MultiCheckList's templates."""

from pathlib import Path

COLUMNS = ("Field", "en", "de", "de-placeholders", "de", "de-placeholders", "qu", "qu-placeholders")
LINES = """\
Name|size, shape, age, color
Capability|Taxonomy
Context|There is {obj[0]} here. {obj[1]} is {p.v1} and {p.v2}.|Hier ist {obj[0]}. {obj[1]} ist \
{p.v1} und {p.v2}.
Question|What {p.p1} is it?|Welche {p.p1}?|size, shape|Welches {p.p1}?|age
Answer|{p.v1}|{p.v1}
Question|What {p.p2} is it?|Welche {p.p2}?|size, shape|Welches {p.p1}?|age
Answer|{p.v2}|{p.v2}
obj|a box, the box|eine Kiste, die Kiste
obj|a TV, the TV|ein Fernseher, der Fernseher
size|big|groß
size|tiny|winzig
shape|round|runde|a box, the box|runder|a TV, the TV
age|old|alt
property|size|Größe
property|shape|Form
property|age|Alter

Name|Animal vs Vehicle
Capability|Taxonomy
Context|{first_name} has {animal} and {vehicle}.|{first_name} hat {animal} und {vehicle}.|||\
|{first_name}qa {animal}yuqmi, {vehicle}yuqtaq.
Context|{first_name} has {vehicle} and {animal}.|{first_name} hat {vehicle} und {animal}.|||\
|{first_name}qa {vehicle}yuqmi, {animal}yuqtaq.
Question|What animal has {first_name}?|Welches Tier hat {first_name}?||||¿Ima {first_name}?
Answer|{animal}|{animal}||||{animal}yuqmi|{animal}yuqtaq
animal|a dog|einen Hund||||allqu
animal|a cat|eine Katze||||misi
vehicle|a car|ein Auto||||carro

Name|Animal vs Vehicle v2
Capability|Taxonomy
Context|{first_name} bought {animal}. {first_name2} bought {vehicle}.|{first_name} kauft {animal}. \
{first_name2} kauft {vehicle}.
Question|Who bought an animal?|Wer kauft ein Tier?
Answer|{first_name}|{first_name}
"""


def rows(lines: str = LINES, columns: tuple[str, ...] = COLUMNS) -> list[list[str]]:
    """The cells of the file, a list a line."""
    width = len(columns)
    body = [line.split("|") for line in lines.splitlines()]
    return [list(columns), *([*cells, *[""] * (width - len(cells))] for cells in body)]


def write(folder: Path, cells: list[list[str]] | None = None) -> Path:
    path = folder / "checklist_templates.tsv"
    text = "\r\n".join("\t".join(line) for line in (cells or rows()))
    path.write_text(text, encoding="utf-8", newline="")
    return path
