"""HTML of other programs → the light Markdown of cards, and back.

Maths becomes ``$…$``, pictures ``![](media/FILE)``, sounds a link to their file; scripts, styles, forms and frames go.
What comes back is text: nothing of it is ever run or fetched.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from msgspec import Struct, field

from studyapp.formats.limits import LONGEST_FIELD

if TYPE_CHECKING:
    from bs4 import Tag

MEDIA = "media"
"""The folder beside a deck in which its media lie."""

OPEN, CLOSE = "\ue000", "\ue001"
"""Stand for the ends of a gap while a text is converted."""

_HOLD, _HELD = "\ue002", "\ue003"
_PRIVATE = re.compile("[\ue000-\ue00f]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAGS = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")
_MATHS = re.compile(
    r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]|\[\$\$\](?P<old_display>.*?)\[/\$\$\]|\[\$\](?P<old>.*?)\[/\$\]"
    r"|\[latex\](?P<latex>.*?)\[/latex\]"
    r"|<anki-mathjax(?P<attributes>[^>]*)>(?P<element>.*?)</anki-mathjax>",
    re.DOTALL,
)
_SOUND = re.compile(r"\[sound:(?P<name>[^\]\n]{1,400})\]")
_BREAK = re.compile(r"<\s*(?:br|/div|/p)\s*/?\s*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_DROPPED = (
    "script", "style", "template", "iframe", "object", "embed", "form", "input", "button", "textarea", "select",
    "noscript", "head", "title", "meta", "link", "base", "svg", "canvas", "applet", "frame", "frameset",
)  # fmt: skip
_HOLE = re.compile(f"{_HOLD}(\\d+){_HELD}")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n){2,}")
_ENVIRONMENT = re.compile(
    r"\\begin\{(displaymath|equation|align|gather|eqnarray|math)(\*?)\}(.*)\\end\{\1\2\}", re.DOTALL
)
_HTML = re.compile(
    r"<(?:br|div|p|b|i|u|img|span|ul|ol|li|sub|sup|table|code|pre)\b[^>]*>|&(?:nbsp|lt|gt|amp|quot);", re.IGNORECASE
)
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\(((?:<[^>\n]*>)|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_LINKED = re.compile(r"\[sound: ([^\]\n]*)\]\(media/([^)\s]*)\)")


class Converted(Struct, frozen=True):
    """Markdown, the media that it names, and what was left out of the HTML (names of elements; ``remote`` is a picture
    at an address)."""

    text: str
    media: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()


def is_html(text: str) -> bool:
    """Whether a text that does not say what it is has elements or entities of HTML in it."""
    return bool(_HTML.search(text))


def to_markdown(source: str) -> Converted:
    """A field of HTML as Markdown."""
    source = clean(_PRIVATE.sub("", source[:LONGEST_FIELD]))
    return _converted(source)


def marked_to_markdown(source: str) -> Converted:
    """The same for a text in which `OPEN` and `CLOSE` stand around gaps; they stay."""
    return _converted(source[:LONGEST_FIELD])


def clean(text: str) -> str:
    """Text without the characters that decks forbid or that do harm in a terminal."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def _converted(source: str) -> Converted:
    found = _Found()
    text = _SOUND.sub(found.sound, _MATHS.sub(found.maths, source))
    text = _by_library(text, found) if "<" in text or _TAGS.search(text) else _escaped(text)
    text = _HOLE.sub(lambda match: found.held[int(match[1])], text)
    lines = text.replace("\xa0", " ").split("\n")
    text = "\n".join(line if line.endswith("  ") and line.strip() else line.rstrip() for line in lines)
    text = _BLANK_LINES.sub("\n\n", text).strip()
    return Converted(re.sub(r" +\n\n", "\n\n", text), tuple(dict.fromkeys(found.media)), frozenset(found.dropped))


def _escaped(text: str) -> str:
    """Plain text in which dollars, stars, backquotes and lone underscores mean nothing."""
    text = re.sub(r"([*`$])", r"\\\1", text)
    return re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)


class _Found(Struct):
    """What is kept out of the library's hands, and what is learnt on the way."""

    held: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    def hold(self, text: str) -> str:
        """A mark in whose place ``text`` will stand."""
        self.held.append(text)
        return f"{_HOLD}{len(self.held) - 1}{_HELD}"

    def maths(self, match: re.Match[str]) -> str:
        groups = match.groupdict()
        for name in ("inline", "old"):
            if groups[name] is not None:
                return self.hold(_formula(groups[name], "$"))
        for name in ("display", "old_display"):
            if groups[name] is not None:
                return self.hold(_formula(groups[name], "$$"))
        if groups["element"] is not None:
            block = re.search(r"""block\s*=\s*["']?true""", groups["attributes"] or "")
            return self.hold(_formula(groups["element"], "$$" if block else "$"))
        return self.hold(_latex(groups["latex"] or ""))

    def sound(self, match: re.Match[str]) -> str:
        name = html.unescape(match["name"]).strip()
        self.media.append(name)
        return self.hold(f"[sound: {name}]({MEDIA}/{encoded(name)})")


def _plain(source: str) -> str:
    return html.unescape(_ANY_TAG.sub("", _BREAK.sub("\n", source))).replace("\xa0", " ")


def _formula(source: str, mark: str) -> str:
    text = re.sub(r"\s+", " ", _plain(source)).strip()
    text = re.sub(r"(?<!\\)\$", r"\\$", text)
    return f"{mark}{text}{mark}" if text else ""


def _latex(source: str) -> str:
    """``[latex]``: LaTeX as it stands in a document, mostly one formula."""
    text = re.sub(r"[ \t]+", " ", _plain(source)).strip()
    found = _ENVIRONMENT.search(text)
    if found is not None:
        name, inner = found[1], found[3].strip()
        if name in ("align", "eqnarray", "gather"):
            inner = rf"\begin{{aligned}}{inner}\end{{aligned}}"
        return f"{text[: found.start()]}$${inner}$${text[found.end() :]}".strip()
    if "$" in text:
        return text
    return f"${text}$" if text else ""


def encoded(name: str) -> str:
    """The name of a medium as the target of a link."""
    return re.sub(r"[\s()<>%\\]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), name)


@cache
def _converter() -> Any:
    """The library's converter with our conventions. Imported when the first field with elements is met."""
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):  # type: ignore[misc, unused-ignore]
        found: _Found

        def escape(self, text: str, parent_tags: set[str]) -> str:
            return _escaped(text)

        def convert_img(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            target = str(element.get("src") or "").strip()
            alt = re.sub(r"[\[\]\n]", " ", str(element.get("alt") or "")).strip()
            if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", target) or target.startswith("//"):
                self.found.dropped.add("remote" if target[:4] == "http" or target[:2] == "//" else "img")
                return self.found.hold(f"({alt or target[:200]})") if target[:4] == "http" else ""
            name = unquote(target)
            if not name:
                return ""
            self.found.media.append(name)
            return self.found.hold(f"![{alt}]({MEDIA}/{encoded(name)})")

        def convert_video(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            self.found.dropped.add("video")
            return ""

        def convert_rt(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            return f"({text})" if text.strip() else ""

        def convert_rp(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            return ""

        def convert_u(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            return text

        def convert_a(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            target = str(element.get("href") or "")
            if not target.startswith(("http://", "https://")) or target == text.strip():
                return text
            return f"{text} ({self.found.hold(target)})"

        def convert_sub(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            return self._script(text, "_")

        def convert_sup(self, element: Tag, text: str, parent_tags: set[str]) -> str:
            return self._script(text, "^")

        def _script(self, text: str, sign: str) -> str:
            inner = text.strip()
            if not inner:
                return text
            # Not as a formula: the base of the script stands outside.
            small = _SUBSCRIPTS if sign == "_" else _SUPERSCRIPTS
            if all(character in small for character in inner):
                return "".join(small[character] for character in inner)
            return self.found.hold(f"{sign}({inner})" if len(inner) > 1 else f"{sign}{inner}")

    return Converter


_SUPERSCRIPTS = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def _by_library(text: str, found: _Found) -> str:
    from bs4 import BeautifulSoup, Comment

    soup = BeautifulSoup(_shallow(text), "html.parser")
    for element in soup.find_all(_DROPPED):
        if not element.decomposed:
            if element.name not in ("style", "head", "title", "meta", "link"):
                found.dropped.add(element.name)
            element.decompose()
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    converter = _converter()(heading_style="atx", bullets="-", table_infer_header=True)
    converter.found = found
    return str(converter.convert_soup(soup))


DEEPEST = 60
"""Elements nested deeper than so many are taken for text: walking them would exhaust the stack."""


def _shallow(text: str) -> str:
    depth, pieces, position = 0, [], 0
    for match in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^>]*?(/?)>", text):
        name = match[2].lower()
        if match[3] or name in ("br", "img", "hr", "input", "meta", "link", "wbr"):
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEEPEST:
            pieces.append(text[position : match.start()])
            position = match.end()
    return "".join([*pieces, text[position:]])


# Back


def to_html(text: str) -> tuple[str, tuple[str, ...]]:
    """Card text as HTML with MathJax, and the media that it shows."""
    if not text.strip():
        return "", ()
    held: list[str] = []
    media: list[str] = []

    def hold(piece: str) -> str:
        held.append(piece)
        return f"{_HOLD}{len(held) - 1}{_HELD}"

    def picture(match: re.Match[str]) -> str:
        target = unquote(match[2].strip("<>"))
        name = target.rpartition("/")[2]
        media.append(target)
        alt = f' alt="{html.escape(match[1])}"' if match[1] else ""
        return hold(f'<img src="{html.escape(name)}"{alt}>')

    def sound(match: re.Match[str]) -> str:
        media.append(f"{MEDIA}/{unquote(match[2])}")
        return hold(f"[sound:{html.escape(match[1], quote=False)}]")

    text = _PRIVATE.sub("", text)
    text = _by_pieces(text, lambda piece: _LINKED.sub(sound, _PICTURE.sub(picture, piece)), hold)
    rendered = _markdown().render(text).strip()
    if rendered.count("<p>") == 1 and rendered.startswith("<p>") and rendered.endswith("</p>"):
        rendered = rendered[3:-4]
    rendered = _HOLE.sub(lambda match: held[int(match[1])], rendered)
    return rendered, tuple(dict.fromkeys(media))


_CODE_OR_MATHS = re.compile(
    r"(?P<fence>^(?P<mark>`{3,}|~{3,})[^\n]*\n.*?^(?P=mark)[ \t]*$)"
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escape>\\.)|\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^\s$](?:[^$]*?[^\s$\\])??)\$(?!\d)",
    re.DOTALL | re.MULTILINE,
)


def _by_pieces(text: str, outside: Any, hold: Any) -> str:
    """``outside`` done to what is neither code nor maths; maths held back as MathJax."""
    pieces: list[str] = []
    position = 0
    for match in _CODE_OR_MATHS.finditer(text):
        pieces.append(outside(text[position : match.start()]))
        position = match.end()
        if match["display"] is not None:
            pieces.append(hold(rf"\[{html.escape(match['display'].strip(), quote=False)}\]"))
        elif match["inline"] is not None:
            inner = match["inline"].replace(r"\$", "$")
            pieces.append(hold(rf"\({html.escape(inner, quote=False)}\)"))
        elif match["escape"] == r"\$":
            pieces.append(hold("$"))
        else:
            pieces.append(match[0])
    pieces.append(outside(text[position:]))
    return "".join(pieces)


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable("table")
    return reader.disable(["link", "autolink", "image", "entity"])
