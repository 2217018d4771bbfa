"""`python -m rapport_kit.cli`, as the supervisor starts its services."""

from __future__ import annotations

from rapport_kit.cli import main

if __name__ == "__main__":
    main()
