"""Words that try to be more than words: in a page, in a terminal, in Markdown."""

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</p></div></section><h1>gone</h1>",
    "<!-- hidden --><style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "[click](javascript:alert(1)) ![pixel](https://evil.example/p.png)",
    "[a]: https://evil.example\n\n[a] <https://evil.example> www.evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/a b",
    "https://evil.example/\n<b>x</b>",
    "${alert(1)} {{constructor}} `code` $$x$$ \\(y\\)",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b2J \x00\x08\x7f",
    "abc\u202egnp.exe\u202c \u2066hidden\u2069 \u200fok",
    "half \ud83d pair",
    "# heading\n- item\n1. first\n> quote\n```\ncode\n```\n---\n| a | b |",
    "[1] [2] [3] [99999] [0] [-1] [1.5] [١]",
    "    indented\u2028split\u2029again\r\nand\rso",
)
