"""One tag a line and a blank line between sentences: UD-POS and PAN-X.

In memory a sentence is a tuple of tag indices.
"""

from types import MappingProxyType

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.schemes.labels import WRONG
from xtk.scoring.spans import counts, right, type_of_2020, type_of_seqeval_1
from xtk.scoring.tally import Tally, f1_of, precision_of, recall_of, share_of
from xtk.scoring.texts import capped, lines_of, wrong_name

Tagged = tuple[tuple[int, ...], ...]


def read(text: str, names: tuple[str, ...]) -> tuple[Tagged, list[Problem]]:
    """Tags of each sentence, XTREME's evaluate.py read_tag.

    Two blank lines, an empty sentence there that puts all later ones out of step, are a problem.
    """
    codes = {name: code for code, name in enumerate(names)}
    sentences: list[tuple[int, ...]] = []
    sentence: list[int] = []
    problems: list[Problem] = []
    empty = True  # no tag since the last blank line
    lines = lines_of(text)
    for number, line in enumerate(lines, start=1):
        if line in codes:
            sentence.append(codes[line])
            empty = False
        elif line:
            sentence.append(WRONG)
            problems.append(Problem(number, wrong_name("tag", line, names)))
            empty = False
        elif empty:
            where = "at the beginning" if number == 1 else "after a blank line"
            problems.append(Problem(number, f"a blank line {where}: a sentence without tags."))
        else:
            sentences.append(tuple(sentence))
            sentence, empty = [], True
    if not empty:
        sentences.append(tuple(sentence))
    elif lines:
        problems.append(Problem(len(lines), "more than one blank line at the end."))
    return tuple(sentences), capped(problems, sum(map(len, sentences)))


def write(tagged: Tagged, names: tuple[str, ...]) -> str:
    """Tags only, a blank line between sentences."""
    return "\n".join("".join(f"{names[tag]}\n" for tag in sentence) for sentence in tagged)


def compare(gold: Tagged, predictions: Tagged) -> list[Problem]:
    """Sentences of another length, each with its first line, or another number of sentences."""
    differing = []
    line = 1
    for number, (known, found) in enumerate(zip(gold, predictions, strict=False), start=1):
        if len(known) != len(found):
            tags = f"sentence {number:,} has {len(found)} tags, {len(known)} in the label file"
            differing.append((line, tags))
        line += len(found) + 1
    if len(gold) == len(predictions):
        return capped([Problem(place, f"{tags}.") for place, tags in differing])
    count = f"{len(predictions):,} sentences for {len(gold):,} in the label file"
    if differing:  # the first that differs is where the files come out of step
        place, tags = differing[0]
        return [Problem(place, f"{tags}; from there on the files are out of step: {count}.")]
    number = min(len(gold), len(predictions)) + 1
    missing = len(predictions) < len(gold)
    last = f"there is no sentence {number:,}" if missing else f"sentence {number:,} is one too many"
    return [Problem(line, f"{count}; {last}.")]


def collapsed(predictions: Tagged) -> bool:
    """One tag everywhere."""
    tags = {tag for sentence in predictions for tag in sentence}
    return len(tags) == 1 and sum(map(len, predictions)) > 1


def f1(gold: Tagged, predictions: Tagged, context: Context) -> Tally:
    """Span F1 by seqeval 0.0.12, the benchmark's number, for parts of speech too."""
    return Tally(counts(gold, predictions, context.names, type_of_2020), f1_of, len(gold))


def precision(gold: Tagged, predictions: Tagged, context: Context) -> Tally:
    """Span precision by seqeval 0.0.12."""
    return Tally(counts(gold, predictions, context.names, type_of_2020), precision_of, len(gold))


def recall(gold: Tagged, predictions: Tagged, context: Context) -> Tally:
    """Span recall by seqeval 0.0.12."""
    return Tally(counts(gold, predictions, context.names, type_of_2020), recall_of, len(gold))


def token_accuracy(gold: Tagged, predictions: Tagged, context: Context) -> Tally:
    """The share of tokens with the right tag."""
    return Tally(right(gold, predictions, context.names), share_of, len(gold))


def f1_seqeval1(gold: Tagged, predictions: Tagged, context: Context) -> Tally:
    """Span F1 by seqeval >= 1.0, where confusing SCONJ and CCONJ counts as right."""
    return Tally(counts(gold, predictions, context.names, type_of_seqeval_1), f1_of, len(gold))


TAGS = Scheme(
    name="tags",
    suffix="tsv",
    read_gold=read,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType(
        {
            "f1": f1,
            "precision": precision,
            "recall": recall,
            "token_accuracy": token_accuracy,
            "f1_seqeval1": f1_seqeval1,
        }
    ),
    collapsed=collapsed,
)
