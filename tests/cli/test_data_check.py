"""`xtk data check` as it is typed."""

import json

from click.testing import CliRunner

from xtk.cli.data import data


def test_a_part_of_a_task_that_is_asked_for_too_is_told_once(tmp_path):
    words = ["check", "anli_plus", "snli", "--json", "--home", str(tmp_path)]
    said = CliRunner().invoke(data, words, env={"XTK_DATA": ""})
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    places = [tuple(one[key] for key in ("task", "source", "split", "lang")) for one in found]
    assert ("snli", "sample", "validation", "en") in places
    assert len(set(places)) == len(places)
