"""Reading a built page for what no reader should meet: raw markup, reprs, dead ends, empty tables, empty figures.

Every check takes a part of a page and returns its faults as sentences; `faults` runs all of them over a page.
"""

import json
import re
import xml.etree.ElementTree
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Comment, Doctype
from PIL import Image

UNREAD = ("script", "style", "template", "noscript", "code", "svg", "mjx-container", "title")
MARKUP = re.compile(
    r"</?[a-zA-Z][\w-]*(?:\s+[\w-]+\s*=\s*['\"][^<>]*)?/?>"  # a tag
    r"|&(?:lt|gt|amp|quot|nbsp|#\d+);"  # an entity that was escaped twice
    r"|\*\*\S[^*]*\*\*|\[[^\][]+\]\([^)\s]+\)|\{\w+\}`|^:::|^#+ \S",  # what Markdown has not read
    re.MULTILINE,
)
UNREAD_CLASSES = ["cell_input", "math", "highlight-python", "highlight-console"]
REPR = re.compile(
    r"<[^<>]* (?:object )?at 0x[0-9a-f]+>|<(?:xarray|class|function|module|built-in|bound)\b|<[A-Z]\w+ of \S+"
    r"|\bdtype\s*[:=]|\[?\bText\(|\b(?:DataArray|Dataset|DataFrame|Series|Index|array|tensor|Timestamp)\("
    r"|\bnp\.(?:float|int|str|bool)\w*\(|\b[A-Z][A-Za-z]+\((?:'|\"|\w+=)|\bdict_(?:keys|values|items)\("
    r"|\bTraceback \(most recent call last\)|\{[a-z_]+(?:\.[a-z_]+)*(?:![rs])?(?::[^{}\s]+)?\}(?!`)"
)
WHOLE_REPR = re.compile(r"[A-Z]\w*\(.*\)|'.*'|\".*\"|\[.*\]|\{.*\}", re.DOTALL)  # all that a cell shows
HOLLOW = re.compile(r"\((?:0|0 \w+)\)|\bis not there yet\b")
NOT_A_NUMBER = re.compile(r"(?<![\w-])(?:nan|NaN|NaT|<NA>|-?inf)(?![\w-])")
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "text", "use"}
FRAME = 5  # a background and four sides: patches of an axes that holds nothing else
TOOLS = ("matplotlib.axis", "text_", "legend_")  # of an axes, which show no data


def faults(page, book):
    """All faults of a built page, each once, in order.

    Parameters
    ----------
    page : Path
        An html file below `book`.
    book : Path
        The folder that the book was built into.
    """
    soup = parsed(Path(page).read_text(encoding="utf-8"))
    content = soup.select_one("article, .bd-article, main") or soup
    found = [*links(soup, page, book), *pictures(soup, page, book)]
    for part in (content, *leaves(soup)):
        found += [*texts(part), *tables(part), *headings(part)]
        if part is not content:
            found += [*links(part, page, book, ids=anchors(page)), *pictures(part, page, book)]
    return list(dict.fromkeys(found))


def parsed(markup):
    """A page, or a part of one."""
    return BeautifulSoup(markup, "html.parser")


def leaves(soup):
    """What choices of a page show, once somebody chooses: their html lies in the state of the widgets."""
    for script in soup.find_all("script", type="application/vnd.jupyter.widget-state+json"):
        for model in json.loads(script.string).get("state", {}).values():
            value = model.get("state", {}).get("value")
            if isinstance(value, str) and "<" in value:
                yield parsed(value)


def texts(part):
    """Raw markup, reprs, and counts of nothing, in text and in what stands for pictures."""
    for node in part.find_all(string=True):
        if isinstance(node, Comment | Doctype) or node.find_parent(UNREAD) or node.find_parent(class_=UNREAD_CLASSES):
            continue
        yield from _text(str(node), "text")
    for output in part.find_all("pre"):
        words = output.get_text().strip()
        if not output.find_parent(class_=UNREAD_CLASSES) and WHOLE_REPR.fullmatch(words):
            yield f"a repr in text: {words[:60]}"
    for element in part.find_all(lambda one: one.has_attr("alt") or one.has_attr("aria-label")):
        for name in ("alt", "aria-label"):
            yield from _text(element.get(name, ""), name)


def _text(words, where):
    for what, pattern in (("raw markup", MARKUP), ("a repr", REPR), ("nothing", HOLLOW)):
        match = pattern.search(words)
        if match:
            yield f"{what} in {where}: {_around(words, match)}"


def _around(words, match):
    return " ".join(words[max(0, match.start() - 30) : match.end() + 30].split())


def tables(part):
    """Tables without rows or without any content, headings of columns without words, cells that are no number."""
    for table in part.find_all("table"):
        caption = table.caption.get_text(" ", strip=True) if table.caption else table.get_text(" ", strip=True)[:40]
        rows = [row for row in table.find_all("tr") if row.find_parent("thead") is None]
        if not any(_holds(cell) for row in rows for cell in row.find_all(["th", "td"])):
            yield f"empty table: {caption}"
        for cell in table.select("thead th"):
            if not _holds(cell):
                yield f"a column without a heading in the table: {caption}"
        for cell in table.find_all(["td", "th"]):
            words = cell.get_text(" ", strip=True)
            if NOT_A_NUMBER.search(words) or words == "None":
                yield f"{words!r} in the table: {caption}"


def _holds(element):
    return bool(element.get_text(strip=True).strip("–")) or element.find(["img", "object", "svg", "input"]) is not None


def headings(part):
    """Headings without words, and headings below which nothing comes before the next one of their level."""
    every = part.find_all(re.compile("^h[1-6]$"))
    for heading in every:
        words = _words(heading)
        if not words:
            yield f"empty heading {heading.name}"
            continue
        after = heading.find_next_siblings()
        section = heading.find_parent("section")
        if section is not None and heading.parent is section and not after:
            yield f"nothing below the heading: {words}"
    for caption in part.find_all(["figcaption", "caption"]):
        if caption.name == "caption" and not _words(caption):
            yield "a table with an empty caption"


def _words(element):
    return "".join(text for text in element.find_all(string=True) if not text.find_parent(class_="headerlink")).strip()


def links(part, page, book, *, ids=None):
    """Links within the book that lead nowhere: a file that is not there, or a place in a page that has no such name."""
    for link in part.find_all("a"):
        address, words = link.get("href"), " ".join(link.get_text(" ", strip=True).split())[:40]
        if address is None and not (link.get("id") or link.get("name")):
            yield f"a link without a target: {words!r}"
        if address is None or urlsplit(address).scheme or address.startswith(("//", "#!")):
            continue
        target = urlsplit(address)
        file = Path(page) if not target.path else (Path(page).parent / unquote(target.path)).resolve()
        file = file / "index.html" if file.is_dir() else file
        if not address or not file.is_file() or Path(book).resolve() not in file.resolve().parents:
            yield f"the link {words!r} leads to {address!r}, which is not there"
        elif file.suffix == ".html" and not _place(unquote(target.fragment), ids or anchors(file)):
            yield f"the link {words!r} leads to {address!r}, a place that the page has not"


def _place(fragment, ids):
    """Whether a page has a place of that name; ``word=red`` is a choice of the explorer."""
    return not fragment or "=" in fragment or fragment in ids


@lru_cache(maxsize=256)
def anchors(page):
    """Names of the places of a page that links can lead to."""
    soup = parsed(Path(page).read_text(encoding="utf-8"))
    named = {one.get("id") for one in soup.find_all(id=True)} | {one.get("name") for one in soup.find_all("a")}
    return frozenset(named - {None})


def pictures(part, page, book):
    """Pictures without words for those who do not see them, without a file, and with nothing drawn in them."""
    for one in part.find_all(["img", "object"]):
        address = one.get("src" if one.name == "img" else "data") or ""
        words = one.get("alt") or one.get("aria-label") or one.get("title") or ""
        if not words.strip() and one.get("role") != "presentation":
            yield f"a picture without a text: {address[-60:]}"
        if urlsplit(address).scheme:
            continue
        file = (Path(page).parent / unquote(urlsplit(address).path)).resolve()
        if not address or not file.is_file():
            yield f"the picture {address!r} is not there"
        else:
            yield from _marks(file, address)
    for link in part.find_all("a", href=re.compile(r"\.svg$")):
        file = (Path(page).parent / unquote(link["href"])).resolve()
        yield from _marks(file, link["href"]) if file.is_file() else ()


def _marks(file, address):
    if not drawn(file):
        yield f"nothing is drawn in {address.rpartition('/')[2]}"


@lru_cache(maxsize=4096)
def drawn(file):
    """Whether a picture shows something: more than one colour, a shape, and in a plot something but axes."""
    if Path(file).suffix != ".svg":
        with Image.open(file) as image:
            return any(low != high for low, high in image.convert("RGB").getextrema())
    root = xml.etree.ElementTree.parse(file).getroot()
    local = [one.tag.rpartition("}")[2] for one in root.iter() if isinstance(one.tag, str)]
    axes = [one for one in root.iter() if re.fullmatch(r"axes_\d+", one.get("id") or "")]
    return bool(SHAPES & set(local)) and (not axes or any(map(_data, axes)))


def _data(axes):
    """Whether an axes of a plot holds anything but its frame, its scales, words and a legend."""
    names = [one.get("id") or "" for one in axes]
    patches = sum(name.startswith("patch_") for name in names)
    others = [name for name in names if not name.startswith(("patch_", *TOOLS))]
    return bool(others) or patches > FRAME
