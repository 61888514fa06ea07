"""`dateline mcp`: the collection for a desktop assistant."""

from ui.options import ChromaUrl, Home, Llm, open_engine


def mcp(llm: Llm = None, home: Home = None, chroma_url: ChromaUrl = None) -> None:
    """Serve the collection to an assistant that speaks MCP over stdio.

    The assistant starts this command by itself: name it in the assistant's settings. Its tools
    are ask, search_articles and read_article.
    """
    from ui.doors.desk import Desk
    from ui.doors.mcp_tools import mcp_server

    with open_engine(home, chroma_url, llm) as engine:
        mcp_server(Desk(engine)).run("stdio")
