"""News pages of invented sites, in the shapes that real templates have."""

import html
import json
from collections.abc import Callable
from datetime import date

from tests.pages.stories import Story

Shape = Callable[[Story], str]
TUNED: list[Shape] = []
UNSEEN: list[Shape] = []


def blocks(story: Story, paragraph: str = "<p>{}</p>", subhead: str = "<h2>{}</h2>") -> list[str]:
    """The story's paragraphs in the markup of a site."""
    return [
        (subhead if text.startswith("## ") else paragraph).format(
            html.escape(text.removeprefix("## "), quote=False)
        )
        for text in story.paragraphs
    ]


def between(paragraphs: list[str], *boxes: str) -> str:
    """Paragraphs with boxes set between them, from the second on."""
    parts = list(paragraphs)
    for number, box in enumerate(boxes):
        parts.insert(min(2 + 2 * number, len(parts)), box)
    return "\n".join(parts)


def linked(kind: str = "NewsArticle", **facts: object) -> str:
    content = json.dumps({"@context": "https://schema.org", "@type": kind, **facts})
    return f'<script type="application/ld+json">{content}</script>'


def og(**facts: str) -> str:
    return "".join(
        f'<meta property="og:{name}" content="{html.escape(value)}">'
        for name, value in facts.items()
    )


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def links(*titles: str) -> str:
    return "".join(f'<li><a href="/s/{n}">{title}</a></li>' for n, title in enumerate(titles))


# Those to tune on


@TUNED.append
def wordpress(s: Story) -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{s.title} &#8211; {s.outlet}</title>{og(title=s.title, site_name=s.outlet, type="article")}
<meta property="article:published_time" content="{s.published}T06:30:00+00:00"></head>
<body class="single post"><header id="masthead" class="site-header"><p class="site-title">
<a href="/">{s.outlet}</a></p><nav class="main-navigation"><ul>{links("Home", "Politics", "Sport")}
</ul></nav></header><main id="main"><article class="post hentry"><header class="entry-header">
<h1 class="entry-title">{s.title}</h1><div class="entry-meta"><span class="posted-on">Posted on
<time class="entry-date published" datetime="{s.published}T06:30:00+00:00">{s.published}</time></span>
<span class="byline"> by <a rel="author" href="/author/x">{s.author}</a></span></div></header>
<div class="entry-content">{"".join(blocks(s))}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul>
<li>Twitter</li><li>Facebook</li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p><a href="/a">Council opens new
library on a Sunday</a></p><p><a href="/b">Ten things to know about the harbour</a></p></div></div>
<footer class="entry-footer">Posted in <a>News</a> Tagged <a>court</a>, <a>ships</a></footer></article>
<div id="comments" class="comments-area"><h2>3 thoughts on this</h2><ol class="comment-list">
<li><div class="comment-content"><p>I was on that ship and nobody told us anything at all, it was a
disgrace from beginning to end and I want my money back.</p></div></li></ol></div></main>
<aside id="secondary" class="widget-area"><h2>Recent Posts</h2><ul>{links("Rain", "Wind", "Snow")}</ul>
</aside><footer id="colophon">Proudly powered by WordPress</footer></body></html>"""


@TUNED.append
def linked_data(s: Story) -> str:
    facts = linked(
        headline=s.title,
        datePublished=f"{s.published}T22:10:00-05:00",
        dateModified="2024-09-01T00:00:00Z",
        author=[{"@type": "Person", "name": name} for name in s.author.split(", ")],
        publisher={
            "@type": "Organization",
            "name": s.outlet,
            "logo": {"url": "https://x.test/l.png"},
        },
    )
    appeal = """<aside class="donation-box"><h3>Independent journalism needs you</h3><p>We have no owner
and no paywall. If you value our reporting, please support us with a contribution today.</p>
<button>Contribute</button></aside>"""
    return f"""<html><head><title>{s.title} | {s.outlet}</title>{facts}
<link rel="canonical" href="https://www.ledger.test/news/2021/story-1"></head><body>
<div class="skip-link"><a href="#c">Skip to content</a></div>
<div class="header"><a href="/">{s.outlet}</a></div><div class="story"><h1>{s.title}</h1>
<div class="story-byline">{s.author}</div><div class="story-body">
{between(blocks(s, '<p class="css-1x">{}</p>'), appeal, '<div class="ad-slot">Advertisement</div>')}
</div><div class="read-more"><a href="/x">Read more: What the new rules mean for you</a></div>
<section class="related-articles"><h2>More on this story</h2><ul>
{links("The night the engines stopped", "Who pays for the ferries?", "A life at sea")}</ul></section>
</div><footer class="site-footer"><p>© 2024 {s.outlet}. All rights reserved.</p></footer></body></html>"""


@TUNED.append
def paywalled(s: Story) -> str:
    facts = linked(
        headline=s.title,
        datePublished=s.published,
        isAccessibleForFree=False,
        publisher={"@id": "#org"},
        author={"name": s.author},
    )
    return f"""<html><head><title>{s.title} - {s.outlet}</title>{facts}
{linked("NewsMediaOrganization", **{"@id": "#org", "name": s.outlet})}</head><body>
<div class="cookie-consent" role="dialog"><p>We and our 812 partners use cookies to store and access
information on your device. By clicking Accept you agree to all of them.</p><button>Accept</button></div>
<article><h1>{s.title}</h1><p class="dek"></p><div class="article-text">{"".join(blocks(s))}</div>
<div class="paywall-prompt"><h2>Continue reading with a subscription</h2><p>Subscribe now for 1 euro a
month and get unlimited access to all our stories, newsletters and podcasts.</p><p>Already a
subscriber? <a href="/login">Log in</a></p></div></article>
<div class="most-read"><h3>Most read</h3><ol>{links("One", "Two for the road", "Three")}</ol></div>
</body></html>"""


@TUNED.append
def live_blog(s: Story) -> str:
    posts = "".join(
        f'<div class="live-post"><time datetime="{s.published}T1{n}:05:00Z">1{n}:05</time>{text}'
        '<div class="share-tools">Share</div></div>'
        for n, text in enumerate(blocks(s, subhead="<h3>{}</h3>"))
    )
    facts = linked(
        "LiveBlogPosting",
        headline=s.title,
        datePublished=f"{s.published}T09:00:00Z",
        coverageEndTime="2024-12-31",
    )
    return f"""<html><head><title>{s.title} – as it happened | {s.outlet}</title>{facts}
{og(site_name=s.outlet, title=s.title)}</head><body><nav><a>Home</a><a>World</a></nav><main>
<h1>{s.title}</h1><div class="live-meta">Reporting by {s.author}</div>
<div class="live-feed">{posts}</div></main>
<div class="newsletter-signup"><h4>Get the evening briefing</h4><p>Our best stories in your inbox every
day at six.</p><input type="email"></div></body></html>"""


@TUNED.append
def gallery(s: Story) -> str:
    slides = "".join(
        f'<figure class="slide"><img src="/{n}.jpg" alt=""></figure>{text}'
        for n, text in enumerate(blocks(s))
    )
    return f"""<html><head><title>{s.outlet}: {s.title}</title>
{og(site_name=s.outlet, title=s.title, description="In pictures")}
<meta name="parsely-pub-date" content="{s.published}T00:00:00Z"><meta name="author" content="{s.author}">
</head><body><div class="gallery-page"><h1 class="headline">{s.title}</h1>
<div class="slides">{slides}</div><div class="gallery-nav"><button>Previous</button><button>Next
</button></div></div><div class="recommended"><h2>You may also like</h2>
<div class="card"><a href="/1">The 20 best beaches of the north and how to get there in an
afternoon</a></div><div class="card"><a href="/2">Our critics choose</a></div></div></body></html>"""


@TUNED.append
def no_metadata(s: Story) -> str:
    written = f"{day(s.published).day} {day(s.published):%B %Y}"
    return f"""<HTML><HEAD><TITLE>{s.title} | {s.outlet}</TITLE></HEAD><BODY BGCOLOR=white>
<TABLE WIDTH=100%><TR><TD COLSPAN=2><FONT SIZE=5>{s.outlet}</FONT></TD></TR><TR><TD WIDTH=20%
VALIGN=top><A HREF=/>Home</A><BR><A HREF=/w>World</A><BR><A HREF=/s>Sport</A><BR></TD><TD>
<H1>{s.title}</H1><P><I>By {s.author}</I><BR>{written}</P>{"".join(blocks(s))}</TD></TR>
<TR><TD COLSPAN=2><FONT SIZE=1>Copyright {s.outlet}</FONT></TD></TR></TABLE></BODY></HTML>"""


@TUNED.append
def logo_heading(s: Story) -> str:
    written = f"{day(s.published):%B} {day(s.published).day}, {day(s.published).year}"
    return f"""<html><head><title>{s.title} :: {s.outlet}</title>
<meta property="og:title" content="{s.title} - {s.outlet}">
<meta property="og:site_name" content="{s.outlet}"></head><body>
<h1 class="logo"><a href="/">{s.outlet}</a></h1><div id="content"><h2 class="title">{s.title}</h2>
<p class="date published">{written}</p><div class="text">{
        between(
            blocks(s),
            '<p class="also-read"><strong>Also read:</strong> <a href="/q">Why the buses are red</a></p>',
            '<div class="promo-box"><a href="/app">Download our app for breaking news alerts</a></div>',
        )
    }</div>
<div class="tags">Tags: <a>news</a> <a>town</a></div></div></body></html>"""


@TUNED.append
def spanish_date(s: Story) -> str:
    months = (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ).split()
    d = day(s.published)
    return f"""<html lang="es"><head><title>{s.title} | {s.outlet}</title>{og(site_name=s.outlet)}
</head><body><header><a href="/">Portada</a></header><article><h1>{s.title}</h1>
<p class="fecha">{d.day} de {months[d.month - 1]} de {d.year} · Actualizado a las 10:15</p>
<div class="firma">Por {s.author}</div><div class="cuerpo">{"".join(blocks(s))}</div></article>
<div class="relacionadas"><h3>Noticias relacionadas</h3><ul>{links("Una", "Dos", "Tres")}</ul></div>
</body></html>"""


@TUNED.append
def break_soup(s: Story) -> str:
    text = "<br><br>".join(blocks(s, "{}", "<b>{}</b>"))
    return f"""<html><head><title>{s.title} | News | {s.outlet}</title>
<meta name="DC.date.issued" content="{s.published}"><meta name="publisher" content="{s.outlet}"></head>
<body><div id="wrap"><div id="top"><a>Subscribe</a> <a>E-paper</a></div>
<div id="story"><h1>{s.title}</h1><div class="text">{text}</div></div>
<div id="right"><h4>Trending</h4><a>Celebrity buys island for her dogs</a><br>
<a>Weather: more of it</a></div></div></body></html>"""


@TUNED.append
def amp(s: Story) -> str:
    facts = linked(
        headline=s.title[:60] + "…",
        datePublished=f"{s.published}T08:00:00+01:00",
        publisher={"name": s.outlet},
        author=s.author,
    )
    return f"""<!doctype html><html amp><head><meta charset="utf-8"><title>{s.title}</title>{facts}
<style amp-custom>p{{margin:0}}</style></head><body><amp-sidebar><ul>{links("News", "Video")}</ul>
</amp-sidebar><main role="main"><h1>{s.title}</h1><amp-img src="/a.jpg"></amp-img>
{
        between(
            blocks(s),
            '<amp-ad width="300"></amp-ad>',
            '<blockquote class="newsletter-promo"><p>Sign up for our morning newsletter</p></blockquote>',
        )
    }</main>
<div class="social-bar">Share on WhatsApp Share on X</div></body></html>"""


@TUNED.append
def donation_epic(s: Story) -> str:
    epic = f"""<div class="contributions-epic"><h2>Since you're here …</h2><p>… we have a small favour
to ask. Millions of people read {s.outlet} every month. Unlike many others, we keep our reporting open
for everyone. Your support, however small, makes a difference to our journalism.</p></div>"""
    return f"""<html><head><title>{s.title} | World news | {s.outlet}</title>
{og(site_name=s.outlet, title=s.title)}
<meta property="article:published_time" content="{s.published}T17:00:41.000Z">
<meta property="article:author" content="https://www.x.test/profile/a"></head><body><main><article>
<div data-gu-name="headline"><h1>{s.title}</h1></div><address><a rel="author">{s.author}</a></address>
<div class="dcr-body">{"".join(blocks(s))}{epic}</div></article></main>
<section data-component="comments"><h2>Comments (214)</h2><div class="d-comment"><p>As a former pilot I
can only say that none of this surprises me in the least, and I have said so for years.</p></div>
</section></body></html>"""


@TUNED.append
def portal_list(s: Story) -> str:
    others = json.dumps(
        {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "NewsArticle", "headline": "Other story", "datePublished": "2025-01-01"}
            ],
        }
    )
    return f"""<html><head><title>{s.title} | {s.outlet}</title>
<script type="application/ld+json">{others}</script>
{
        linked(
            "ReportageNewsArticle",
            headline=s.title,
            datePublished=s.published,
            publisher=[{"name": s.outlet}],
        )
    }</head><body>
<ul class="breadcrumb"><li>Home</li><li>Region</li></ul><div class="main"><h1>{s.title}</h1>
<p class="lead-in"></p><div class="body-copy">{
        between(
            blocks(s, subhead="<h3>{}</h3>"),
            '<aside class="related"><h3>Related stories</h3><ul>'
            + links("A bridge too long", "Fog")
            + "</ul></aside>",
            '<figure><img src="a.jpg"><figcaption>Photo: Agency</figcaption></figure>',
        )
    }</div>
<div class="author-bio"><p>The author has worked for us since 2011 and likes cats, long walks and the
sea.</p></div></div><div class="outbrain"><a>You won't believe what she found in the attic</a></div>
</body></html>"""


# Those kept unseen until the end


@UNSEEN.append
def modern_cms(s: Story) -> str:
    graph = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": s.outlet, "@id": "https://n.test/#site"},
                {"@type": "Organization", "name": s.outlet, "@id": "https://n.test/#org"},
                {"@type": "Person", "name": s.author, "@id": "https://n.test/#p1"},
                {
                    "@type": "Article",
                    "headline": s.title,
                    "datePublished": f"{s.published}T05:00:00+00:00",
                    "author": {"@id": "https://n.test/#p1"},
                    "publisher": {"@id": "https://n.test/#org"},
                },
            ],
        }
    )
    return f"""<!DOCTYPE html><html><head><title>{s.title} - {s.outlet}</title>
<script type="application/ld+json" class="yoast-schema-graph">{graph}</script></head><body>
<div class="c-header"><div class="c-header__nav"><a>Latest</a><a>Opinion</a></div></div>
<div class="l-article"><div class="c-article"><h1 class="c-article__title">{s.title}</h1>
<div class="c-article__meta">By <span class="c-author__name">{s.author}</span></div>
<div class="c-article__body">{
        between(
            blocks(s, '<p class="c-article__p">{}</p>'),
            '<div class="c-inline-related"><span>Read next</span><a href="/z">The mountain that moves</a></div>',
            '<div class="c-support-banner"><p>Good reporting costs money. Become a member of our newsroom and help us'
            " keep it free for all.</p></div>",
        )
    }</div></div>
<div class="c-comments"><h3>Join the conversation</h3><div class="c-comments__item">Finally somebody says
it. My brother lives there and drives two hours each way, every single day.</div></div></div>
<div class="c-footer"><p>Imprint · Privacy · Terms of use</p></div></body></html>"""


@UNSEEN.append
def german_visible(s: Story) -> str:
    months = (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    ).split()
    d = day(s.published)
    return f"""<html lang="de"><head><meta charset="utf-8"><title>{s.title} | {s.outlet}</title>
<meta property="og:site_name" content="{s.outlet}"></head><body>
<div id="kopf"><a href="/">Startseite</a> <a>Politik</a></div><div id="inhalt"><h1>{s.title}</h1>
<div class="datum">{d.day}. {months[d.month - 1]} {d.year}, 18:20 Uhr</div><div class="autor">Von
{s.author}</div>{"".join(blocks(s))}</div><div id="mehr"><h3>Mehr zum Thema</h3>
<ul>{links("Hochwasser im Norden", "Was jetzt zu tun ist")}</ul></div>
<div id="fuss">Alle Rechte vorbehalten</div></body></html>"""


@UNSEEN.append
def microdata(s: Story) -> str:
    return f"""<html><head><title>{s.outlet} | {s.title}</title></head><body>
<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{s.title}</h1>
<span itemprop="author" itemscope><span itemprop="name">{s.author}</span></span>
<meta itemprop="datePublished" content="{s.published}T12:00:00+02:00">
<div itemprop="publisher" itemscope><meta itemprop="name" content="{s.outlet}"></div>
<div itemprop="articleBody">{"".join(blocks(s))}</div></div>
<div class="story-tools"><a>Print</a> <a>Email</a></div><div class="sidebar"><h3>Editor's picks</h3>
<p><a href="/1">A long read about the short life of the mayfly and the people who watch it</a></p></div>
</body></html>"""


@UNSEEN.append
def cookie_first(s: Story) -> str:
    wall = """<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk"><h2>We value your
privacy</h2><p>We use cookies and similar technologies to run this site, to measure its use and to show
you advertising that fits your interests. You can change your choice at any time in the privacy
settings.</p><button>Reject all</button></div></div>"""
    return f"""<html><head><title>{s.title}</title>{og(title=s.title, site_name=s.outlet)}
<meta name="date" content="{s.published}"></head><body>{wall}<div class="page"><section class="art">
<h1>{s.title}</h1><div class="standfirst"></div><section class="art-text">{"".join(blocks(s))}</section>
<div class="tease"><p>You have read 3 of 3 free articles this month. <a>Register</a> to read on.</p></div>
</section></div></body></html>"""


@UNSEEN.append
def ticker(s: Story) -> str:
    entries = "".join(
        f'<li class="ticker__entry"><span class="ticker__time">1{n}.30</span><div>{text}</div></li>'
        for n, text in enumerate(blocks(s, subhead="<strong>{}</strong>"))
    )
    return f"""<html><head><title>Live: {s.title} - {s.outlet}</title>
{og(title=s.title, site_name=s.outlet)}
<meta property="article:published_time" content="{s.published}T10:30:00Z">
<meta property="article:modified_time" content="2024-11-11T10:30:00Z"></head><body>
<main><h1>{s.title}</h1><ol class="ticker">{entries}</ol><p class="ticker__more"><a>Load older
entries</a></p></main></body></html>"""


@UNSEEN.append
def photo_story(s: Story) -> str:
    items = "".join(
        f'<div class="photo"><img src="{n}.jpg"><div class="photo-credit">Photo: A. Nyberg</div></div>'
        f"{text}"
        for n, text in enumerate(blocks(s))
    )
    facts = linked(
        "Article",
        headline=s.title,
        datePublished=f"{s.published}T00:00:00.000Z",
        publisher={"name": s.outlet},
        author={"name": s.author},
    )
    return f"""<html><head><title>{s.title} | Photos | {s.outlet}</title>{facts}</head><body>
<div class="photostory"><h1>{s.title}</h1><div class="photos">{items}</div></div>
<div class="more-galleries"><h2>More galleries</h2><p><a>The week in 14 pictures</a></p><p><a>Where the
swans go</a></p></div></body></html>"""


@UNSEEN.append
def broadcaster(s: Story) -> str:
    return f"""<html><head><title>{s.title} - {s.outlet} News</title>
{og(title=s.title, site_name=s.outlet, type="article")}</head><body><div id="root">
<header role="banner"><a>Sign in</a></header><main id="main-content"><article><header>
<h1>{s.title}</h1></header><div data-component="byline-block"><time datetime="{s.published}T07:41:09Z"
data-testid="timestamp">{s.published}</time><span>{s.author}</span></div>
{"".join(f'<div data-component="text-block"><div class="ssrcss-1">{b}</div></div>' for b in blocks(s))}
<div data-component="links-block"><p>More on this story</p><ul>{links("Why it matters", "In numbers")}
</ul></div><section data-component="topic-list"><h2>Related Topics</h2><ul>{links("Roads", "Sea")}</ul>
</section></article></main><div data-component="most-popular"><h2>Most read</h2><ol>
{links("Man finds wallet after forty years", "Quiz of the week")}</ol></div></div></body></html>"""


@UNSEEN.append
def local_paper(s: Story) -> str:
    written = f"{day(s.published).day}th {day(s.published):%b} {day(s.published).year}"
    return f"""<html><head><title>{s.title} | {s.outlet}</title>
<meta name="twitter:title" content="{s.title}"><meta name="application-name" content="{s.outlet}">
</head><body><div class="mar-top-bar">Get the app</div><div class="mar-article"><h1
class="mar-article__headline">{s.title}</h1><div class="author-date"><p class="author-name">By
{s.author}</p><p class="pub-date">{written}</p></div><div id="subscription-content">
{
        between(
            blocks(s),
            '<div class="mpu"><p>Recommended Reading:</p><ul>'
            + links("Pub of the year named", "Dog rescued from roof")
            + "</ul></div>",
            "<p><strong>READ MORE:</strong> <a>Roadworks to last until Christmas</a></p>",
        )
    }</div>
<div class="article-about-contributor">Got a story? Call our newsdesk.</div></div>
<div class="comments-outer"><p>Comments: Our rules</p><p>We want our comments to be a lively and valuable
part of our community.</p></div></body></html>"""


@UNSEEN.append
def newsletter_web(s: Story) -> str:
    facts = linked(
        headline=s.title, datePublished=f"{s.published}T13:00:00Z", publisher={"name": s.outlet}
    )
    return f"""<html><head><title>{s.title} - by {s.author} - {s.outlet}</title>{facts}
{og(title=s.title)}</head><body><div class="main-menu">{s.outlet} Subscribe Sign in</div>
<article class="newsletter-post post"><div class="post-header"><h1 class="post-title">{s.title}</h1>
</div><div class="available-content"><div class="body markup">{
        between(
            blocks(s, subhead="<h4>{}</h4>"),
            '<div class="subscription-widget-wrap"><p>Thanks for reading! Subscribe for free to receive new posts and'
            " support my work.</p><form><input></form></div>",
        )
    }</div></div>
<div class="post-footer"><a>Share</a><a>Leave a comment</a></div></article></body></html>"""


@UNSEEN.append
def paged_magazine(s: Story) -> str:
    pull = '<blockquote class="pullquote"><p>Nobody asked the river.</p></blockquote>'
    return f"""<html><head><title>{s.title} | {s.outlet} Magazine</title>
{og(site_name=s.outlet, title=s.title)}<meta name="sailthru.date" content="{s.published} 09:00:00">
<meta name="sailthru.author" content="{s.author}"></head><body><div class="lede"><h1>{s.title}</h1>
<p class="dateline"></p></div><div class="body">{"".join(blocks(s, '<p class="paywall">{}</p>'))}</div>
<div class="pagination">1 2 3 Next page</div><div class="promo-stack"><h2>From the archive</h2>
<p>The last ice seller: in the cellars below the market, a trade goes on that was declared dead in
1931.</p></div><!-- {pull} --></body></html>"""


@UNSEEN.append
def french_soup(s: Story) -> str:
    months = (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split()
    d = day(s.published)
    return f"""<html lang="fr"><head><title>{s.title} - {s.outlet}</title></head><body>
<div class="bandeau">{s.outlet}</div><div class="art"><h1>{s.title}</h1><p class="sig">Publié le
{d.day} {months[d.month - 1]} {d.year} à 08h30 - Mis à jour le 30 décembre 2024</p>
<div class="txt">{"<br/><br/>".join(blocks(s, "{}", "<strong>{}</strong>"))}</div></div>
<div class="lire-aussi"><p>À lire aussi : <a>La montagne et la mer</a></p></div>
<div class="don"><p>Soutenez-nous : faites un don</p></div></body></html>"""


@UNSEEN.append
def script_heavy(s: Story) -> str:
    state = json.dumps(
        {"story": {"body": "<p>Wrong text from the state.</p>", "date": "1999-01-01"}}
    )
    return f"""<html><head><title>{s.title} | {s.outlet}</title>
<script>window.__STATE__ = {state};</script>
{
        linked(
            headline=s.title,
            datePublished=s.published,
            dateModified=s.published,
            publisher={"@type": "NewsMediaOrganization", "name": s.outlet},
            author=[s.author],
        )
    }
</head><body><div id="app"><div class="sc-abc"><div class="sc-def"><h1>{s.title}</h1></div>
{"".join(f'<div class="sc-x{n}">{b}</div>' for n, b in enumerate(blocks(s)))}
<div class="sc-rel"><h2>Recommended for you</h2><div><a href="/1">How to sleep in the heat: seven rules
from people who have to</a></div><div><a href="/2">Is your tap water safe?</a></div></div></div></div>
<noscript><p>Please enable JavaScript to read this page.</p></noscript></body></html>"""
