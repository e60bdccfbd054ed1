"""Languages of the benchmarks' tasks, what others call them, and how many rows they have.

Languages: the dictionaries of google-research/xtreme's evaluate.py, each task's in the order of the
alphabet. Rows: dataset_infos.json of `xtreme` in huggingface/datasets (2022), and XTREME's files.
"""

from collections.abc import Mapping
from types import MappingProxyType


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(text: str) -> Mapping[str, str]:
    """Values by language, out of `de:German`."""
    return MappingProxyType(dict(item.split(":") for item in text.split()))


def _counts(text: str) -> Mapping[str, int]:
    return MappingProxyType({lang: int(count) for lang, count in _names(text).items()})


UDPOS = _codes(
    """
    af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo
    zh
    """
)
UDPOS_R = _codes(
    """
    af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko lt mr nl pl pt ro ru ta te th tl tr
    uk ur vi wo yo zh
    """
)
PANX = _codes(
    """
    af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta
    te th tl tr ur vi yo zh
    """
)
PANX_R = _codes(
    """
    af ar az bg bn de el en es et eu fa fi fr gu he hi hu id it ja jv ka kk ko lt ml mr ms my nl pa
    pl pt qu ro ru sw ta te th tl tr uk ur vi yo zh
    """
)
XQUAD = _codes("ar de el en es hi ru th tr vi zh")
# evaluate.py asks for Romanian too, which XTREME-R's download script lacks
XQUAD_R = _codes("ar de el en es hi ro ru th tr vi zh")
MLQA = _codes("ar de en es hi vi zh")
TYDIQA = _codes("ar bn en fi id ko ru sw te")

# XTREME takes these from UD 2.5 and those that XTREME-R adds from UD 2.7
UD_2_5_LANGUAGES = MappingProxyType({lang: lang for lang in UDPOS})
UD_2_7_LANGUAGES = MappingProxyType({lang: lang for lang in UDPOS_R if lang not in UDPOS})

# google/xtreme's configurations. Not here: Chinese, French, German, Greek and Russian, which it
# mixed with Classical Chinese, Old French, Swiss German, Ancient Greek and Old Russian.
UDPOS_ON_THE_HUB = _names(
    """
    af:Afrikaans ar:Arabic bg:Bulgarian en:English es:Spanish et:Estonian eu:Basque fa:Persian
    fi:Finnish he:Hebrew hi:Hindi hu:Hungarian id:Indonesian it:Italian ja:Japanese kk:Kazakh
    ko:Korean mr:Marathi nl:Dutch pt:Portuguese ta:Tamil te:Telugu th:Thai tl:Tagalog tr:Turkish
    ur:Urdu vi:Vietnamese yo:Yoruba
    """
)
TYDIQA_NAMES = _names(
    """
    ar:arabic bn:bengali en:english fi:finnish id:indonesian ko:korean ru:russian sw:swahili
    te:telugu
    """
)

UDPOS_ROWS = MappingProxyType(
    {
        "train": _counts(
            """
            af:1315 ar:6075 bg:8907 en:21253 es:28492 et:25749 eu:5396 fa:4798 fi:27198 he:5241
            hi:13304 hu:910 id:4477 it:29685 ja:7125 kk:31 ko:27410 mr:373 nl:18051 pt:17992 ta:400
            te:1051 tr:3664 ur:4043 vi:1400
            """
        ),
        "validation": _counts(
            """
            af:194 ar:909 bg:1115 en:3974 es:3054 et:3125 eu:1798 fa:599 fi:3239 he:484 hi:1659
            hu:441 id:559 it:2278 ja:511 ko:3016 mr:46 nl:1394 pt:1770 ta:80 te:131 tr:988 ur:552
            vi:800
            """
        ),
        "test": _counts(
            """
            af:425 ar:1680 bg:1116 en:5440 es:3147 et:3760 eu:1799 fa:600 fi:4422 he:491 hi:2684
            hu:449 id:1557 it:3518 ja:2372 kk:1047 ko:4276 mr:47 nl:1471 pt:2681 ta:120 te:146
            th:1000 tl:55 tr:4785 ur:535 vi:800 yo:100
            """
        ),
    }
)
# where the Hub has others, as far as known
UDPOS_ROWS_OF_XTREME = MappingProxyType(
    {
        "validation": _counts("de:19233 el:403 fr:2903 ru:8108 zh:1000"),
        "test": _counts("de:22358 el:456"),
    }
)
_PANX_HELD_OUT = _counts(
    """
    af:1000 ar:10000 bg:10000 bn:1000 de:10000 el:10000 en:10000 es:10000 et:10000 eu:10000
    fa:10000 fi:10000 fr:10000 he:10000 hi:1000 hu:10000 id:10000 it:10000 ja:10000 jv:100 ka:10000
    kk:1000 ko:10000 ml:1000 mr:1000 ms:1000 my:100 nl:10000 pt:10000 ru:10000 sw:1000 ta:1000
    te:1000 th:10000 tl:1000 tr:10000 ur:1000 vi:10000 yo:100 zh:10000
    """
)
PANX_ROWS = MappingProxyType(
    {
        "train": _counts(
            """
            af:5000 ar:20000 bg:20000 bn:10000 de:20000 el:20000 en:20000 es:20000 et:15000
            eu:10000 fa:20000 fi:20000 fr:20000 he:20000 hi:5000 hu:20000 id:20000 it:20000
            ja:20000 jv:100 ka:10000 kk:1000 ko:20000 ml:10000 mr:5000 ms:20000 my:100 nl:20000
            pt:20000 ru:20000 sw:1000 ta:15000 te:1000 th:20000 tl:10000 tr:20000 ur:20000 vi:20000
            yo:100 zh:20000
            """
        ),
        "validation": _PANX_HELD_OUT,
        "test": _PANX_HELD_OUT,
    }
)
_PANX_R_HELD_OUT = _counts("az:1000 gu:100 lt:10000 pa:100 pl:10000 qu:100 ro:10000 uk:10000")
PANX_ROWS_OF_XTREME_R = MappingProxyType({"validation": _PANX_R_HELD_OUT, "test": _PANX_R_HELD_OUT})
MLQA_ROWS = MappingProxyType(
    {
        "validation": _counts("ar:517 de:512 en:1148 es:500 hi:507 vi:511 zh:504"),
        "test": _counts("ar:5335 de:4517 en:11590 es:5253 hi:4918 vi:5495 zh:5137"),
    }
)
_TYDIQA_DEV = _counts("ar:921 bn:113 en:440 fi:782 id:565 ko:276 ru:812 sw:499 te:669")
TYDIQA_ROWS = MappingProxyType(
    {
        "train": _counts(
            "ar:14805 bn:2390 en:3696 fi:6855 id:5702 ko:1625 ru:6490 sw:2755 te:5563"
        ),
        "validation": _TYDIQA_DEV,
        "test": _TYDIQA_DEV,
    }
)
