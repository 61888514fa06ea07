"""Token counts by tiktoken, with no network: the encodings ship with LlamaIndex."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

ENCODING = "cl100k_base"


@cache
def _encoding() -> "Encoding":
    # Found by its path: importing LlamaIndex for its folder name would take seconds.
    package = find_spec("llama_index")
    for root in (package.submodule_search_locations or []) if package else []:
        cached = Path(root) / "core" / "_static" / "tiktoken_cache"
        if cached.is_dir():
            os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(cached))
    import tiktoken

    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Tokens of a text; special tokens such as `<|endoftext|>` are plain text here."""
    return len(_encoding().encode(text, disallowed_special=()))
