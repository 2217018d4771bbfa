"""The command line of the bench."""

from __future__ import annotations

import pytest

from tests.load.bench import main


def test_a_figure_that_there_is_none_of_is_refused_with_the_names_of_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "--only", "get", "nonsense"])
    with pytest.raises(SystemExit) as refused:
        main()
    assert refused.value.code == 2
    told = capsys.readouterr().err
    assert "'nonsense'" in told
    assert "first_page" in told
