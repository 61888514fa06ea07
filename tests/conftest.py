"""Homes that many tests read."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from rag.engine import QueryEngine
from tests.llama_server import LlamaServer, running_llama_server

# A run in the background begins with Ctrl-C ignored, and so would each command that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryEngine]:
    """The bundled sample articles under the real embedding model; read only."""
    with rag.connect(tmp_path_factory.mktemp("samples")) as engine:
        report = engine.ingest([ROOT / "samples" / "articles"])
        assert report.failed == ()
        yield engine


@pytest.fixture(scope="session")
def real_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryEngine]:
    """Five real articles, where they are at hand; read only."""
    folder = SHARED / "articles"
    if not folder.is_dir():
        pytest.skip("put real articles into ../shared/articles to run this")
    with rag.connect(tmp_path_factory.mktemp("real")) as engine:
        assert engine.ingest([folder]).failed == ()
        yield engine


@pytest.fixture(scope="session")
def llama_server() -> Iterator[LlamaServer]:
    """llama.cpp with a very small model behind OpenAI's API; started for the first who asks."""
    with running_llama_server() as server:
        yield server
