"""`python -m rapport_kit.cli` is `rapport`, also where its script is not on the path."""

from __future__ import annotations

from rapport_kit.cli import main

if __name__ == "__main__":
    main()
