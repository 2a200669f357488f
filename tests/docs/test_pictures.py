"""docs/images holds what `make screenshots` takes: a screen that was renamed leaves no old picture behind."""

from __future__ import annotations

from pathlib import Path

from tests.ui.pictures import all_files

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def test_every_screen_has_its_pictures_and_no_other_file_lies_there():
    assert sorted(path.name for path in IMAGES.iterdir()) == sorted(all_files())
