"""The peers' own packages, kept out of the product's environment."""

import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def make_importable(folder: Path) -> None:
    """Install the pinned packages into the folder unless it holds them; make them importable."""
    installed = folder / REQUIREMENTS.name
    wanted = REQUIREMENTS.read_text(encoding="utf-8") + f"# {sys.version}\n"
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _install(folder)
        installed.write_text(wanted, encoding="utf-8")
    sys.path.append(str(folder))  # last, so that nothing of the product is replaced


def _install(folder: Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder)]
    subprocess.run([*command, "-r", str(REQUIREMENTS)], check=True)
