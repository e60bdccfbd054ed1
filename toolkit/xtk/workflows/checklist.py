"""MultiCheckList: how often a model of question answering fails at simple things, by language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from xtk.core.errors import UsageError, unknown
from xtk.core.files import canonical_json, sha256_text
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data.checklist import Template, read_templates
from xtk.data.checklist_cases import CASES, Case, cases
from xtk.data.files import named
from xtk.data.sources import LABELLED, Rows
from xtk.kinds import span
from xtk.kinds.kind import SPAN_EXTRACTION
from xtk.kinds.span import SpanExample
from xtk.runs import store
from xtk.scoring.checklist import is_right
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded

Answer = Callable[[Sequence[SpanExample]], Mapping[str, str]]  # questions to answers by id


@dataclass(frozen=True)
class Outcome:
    """One test in one language."""

    test: str
    lang: str
    cases: int
    failed: int  # cases of which an answer is wrong

    @property
    def failure_rate(self) -> float:
        return 100 * self.failed / self.cases


def checklist(
    run: str,
    templates: Path,
    *,
    languages: Sequence[str] = (),
    limit: int | None = None,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> list[Outcome]:
    """The outcomes of a finished run; `limit` is of the cases of a test in a language."""
    settings, report = settings or Settings.of(), report or Silent()
    chosen = templates_of(templates, languages)
    loaded = Loaded(store.find(settings.home, run), settings)
    return run_tests(answers_of(loaded, settings), chosen, limit or CASES, report)


def templates_of(path: Path, languages: Sequence[str] = ()) -> list[Template]:
    """The templates of the languages, all of them where none is named."""
    found = read_templates(named(path))
    for lang in languages:
        if lang not in found:
            raise unknown("language of the templates", lang, found)
    return [template for lang in languages or found for template in found[lang]]


def run_tests(
    answer: Answer,
    templates: Sequence[Template],
    count: int = CASES,
    report: Reporter | None = None,
) -> list[Outcome]:
    """The outcome of each test: a case fails where any of its answers is wrong."""
    outcomes = []
    for template in templates:
        made = cases(template, count)
        if report is not None:
            report.note(f"  {template.test} in {template.lang}: {len(made)} cases")
        examples = [_example(case, i, j) for i, case in enumerate(made) for j in _numbers(case)]
        answers = answer(examples)
        failed = sum(
            not all(_is_right(answers, case, i, j) for j in _numbers(case))
            for i, case in enumerate(made)
        )
        outcomes.append(Outcome(template.test, template.lang, len(made), failed))
    return outcomes


def means(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """The mean failure rate of each test over its languages, each of one weight."""
    by_test: dict[str, list[float]] = {}
    for outcome in outcomes:
        by_test.setdefault(outcome.test, []).append(outcome.failure_rate)
    return {test: mean(rates) for test, rates in by_test.items()}


def answers_of(loaded: Loaded, settings: Settings) -> Answer:
    """What a run with a head for spans answers."""
    heads = [name for name, (kind, _) in loaded.heads.items() if kind is SPAN_EXTRACTION]
    if not heads:
        raise UsageError(
            f"{loaded.run.name} answers no questions; train a run on a task of span extraction."
        )

    def answer(examples: Sequence[SpanExample]) -> Mapping[str, str]:
        rows = _rows(examples)
        length = loaded.length(heads[0])
        encoded = encode(rows, SPAN_EXTRACTION, loaded.backbone, length, settings)
        return span.decode(loaded.scores(encoded, heads[0]), encoded, examples)

    return answer


def _rows(examples: Sequence[SpanExample]) -> Rows:
    sha256 = sha256_text(canonical_json([vars(example) for example in examples]))
    return Rows(tuple(examples), "checklist", (), sha256, LABELLED)


def _numbers(case: Case) -> range:
    return range(len(case.asked))


def _example(case: Case, number: int, question: int) -> SpanExample:
    asked = case.asked[question]
    # a few templates inflect the answer, which then stands nowhere in the context
    start = max(0, asked.context.find(asked.answer))
    answers = ((start, asked.answer),)
    return SpanExample(f"{number}:{question}", asked.question, asked.context, answers, number)


def _is_right(answers: Mapping[str, str], case: Case, number: int, question: int) -> bool:
    return is_right(answers[f"{number}:{question}"], case.asked[question].answer, case.lang)
