"""Peers that Leal is timed against, installed beside its environment and never into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path("bench-data") / "peers"

LIFETIMES = ("lifetimes==0.11.3", "dill==0.4.0")
"""With what it needs beyond Leal's own environment; it is archived, so the version stands."""


def reach_lifetimes() -> None:
    """Make lifetimes importable here and in processes begun from here, installing it on first use."""
    folder = (FOLDER / "lifetimes").resolve()
    if not (folder / "lifetimes").is_dir():
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder)]
        done = subprocess.run([*install, *LIFETIMES], check=False, capture_output=True, text=True)
        if done.returncode:
            told = (done.stderr.strip().splitlines() or ["no reason was told"])[-1]
            sys.exit(f"lifetimes was not installed: {told}\nRun without --peer, or mend the installation.")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(folder)]))
