"""A long fuzz run of the whole way in: load, clean, chunk, store; 0 uncaught exceptions expected.

    pip install atheris
    python -m benchmarks.fuzz -max_total_time=600 -max_len=8192 [FOLDER]

Atheris (libFuzzer) mutates the seeds of tests/way_in.py; the first byte chooses the format. A
crash or a failed check ends the run with a traceback and the bytes that caused it.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index"]):
    from tests.way_in import SEEDS, bring_in

_KINDS = sorted(SEEDS)


def one_input(data: bytes) -> None:
    """Read what follows the first byte in the format that it chooses."""
    if data:
        bring_in(_KINDS[data[0] % len(_KINDS)], data[1:])


def main() -> None:
    """Write the seeds into a folder and let libFuzzer mutate them."""
    with tempfile.TemporaryDirectory() as folder:
        for number, kind in enumerate(_KINDS):
            (Path(folder) / kind).write_bytes(bytes([number]) + SEEDS[kind])
        atheris.Setup([*sys.argv, folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
