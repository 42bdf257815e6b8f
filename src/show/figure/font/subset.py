#!/usr/bin/env python3
"""Cuts Roboto down to what figures print and writes its advance widths.

    apt-get download fonts-roboto-unhinted && dpkg -x fonts-roboto-unhinted_*.deb x
    pip install fonttools brotli
    python3 subset.py x/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF

Writes beside itself Roboto-Regular.ttf and Roboto-Bold.ttf, their advance widths (widths.txt, a
Rust expression) and both as WOFF2 without kerning, as a style sheet (roboto.css). Roboto has
no arrows: they are drawn here, as bars and heads at the height of its minus sign.
"""
import base64
import io
import pathlib
import sys

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
# Every width is counted in the font's own units, and both cuts have the same.
UNITS_PER_EM = 2048
WANTED = [
    *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100),  # Latin-1, no soft hyphen
    *range(0x391, 0x3CA), 0x3D5, 0x302, 0x303, 0x304,  # Greek; hat, tilde, bar
    0x2013, 0x2014, 0x2016, 0x2018, 0x2019, 0x201C, 0x201D, 0x2020, 0x2022, 0x2026, 0x2032, 0x2033,
    0x2070, *range(0x2074, 0x208F),  # superscripts, subscripts
    0x2202, 0x2206, 0x220F, 0x2211, 0x2212, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2264, 0x2265,
]
ALIASES = {0x22C5: 0xB7, 0x2225: 0x2016, 0x2009: 0x20, 0x202F: 0x20}


def arrow(bold, left, right, up=False):
    """Glyph and advance of an arrow: a bar with a filled head at one or both ends."""
    bar, advance, edge, axis = (110 if bold else 75), 1700, 120, 727
    head_length, head_half = 420, 270
    start, end = edge, advance - edge
    bar_start = start + head_length - 40 if left else start
    bar_end = end - head_length + 40 if right else end
    parts = [[(bar_start, -bar), (bar_start, bar), (bar_end, bar), (bar_end, -bar)]]
    if right:
        parts.append([(end - head_length, -head_half), (end - head_length, head_half), (end, 0)])
    if left:
        parts.append([(start + head_length, head_half), (start + head_length, -head_half), (start, 0)])
    if up:  # the same shape turned, on the baseline
        advance = 2 * head_half + 2 * edge
        parts = [[(advance // 2 - y, x - edge) for x, y in part] for part in parts]
    else:
        parts = [[(x, y + axis) for x, y in part] for part in parts]
    pen = TTGlyphPen(None)
    for part in parts:
        pen.moveTo(part[0])
        for point in part[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph(), advance


def add_arrows(font, bold):
    shapes = {
        0x2190: arrow(bold, True, False), 0x2192: arrow(bold, False, True),
        0x2194: arrow(bold, True, True), 0x2191: arrow(bold, False, True, up=True),
        0x2193: arrow(bold, True, False, up=True),
    }
    order = list(font.getGlyphOrder())
    for code, (glyph, advance) in shapes.items():
        name = f"uni{code:04X}"
        order.append(name)
        font["glyf"].glyphs[name] = glyph
        glyph.recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (advance, glyph.xMin)
        map_code(font, code, name)
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)


def map_code(font, code, name):
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def cut(source, style):
    font = TTFont(source / f"Roboto-{style}.ttf", recalcTimestamp=False)
    assert font["head"].unitsPerEm == UNITS_PER_EM
    options = Options()
    options.layout_features = ["kern", "mark", "ccmp"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.name_languages = [0x409]
    options.name_legacy = False
    options.legacy_kern = False
    subsetter = Subsetter(options)
    have = font.getBestCmap()
    subsetter.populate(unicodes=[code for code in WANTED if code in have])
    subsetter.subset(font)
    for code, other in ALIASES.items():
        map_code(font, code, font.getBestCmap()[other])
    add_arrows(font, style == "Bold")
    font["name"].setName(f"{font['name'].getDebugName(5)}; subset, arrows added", 5, 3, 1, 0x409)
    out = HERE / f"Roboto-{style}.ttf"
    font.save(out, reorderTables=True)
    print(out.name, out.stat().st_size, "bytes")
    saved = TTFont(out)
    return {code: saved["hmtx"][name][0] for code, name in saved.getBestCmap().items()}


def main():
    source = pathlib.Path(sys.argv[1])
    regular, bold = cut(source, "Regular"), cut(source, "Bold")
    assert regular.keys() == bold.keys()
    rows = [f"(0x{code:04X}, {regular[code]}, {bold[code]})" for code in sorted(regular)]
    lines = ["    " + ", ".join(rows[i : i + 4]) + "," for i in range(0, len(rows), 4)]
    (HERE / "widths.txt").write_text("[\n" + "\n".join(lines) + "\n]\n")
    print(len(rows), "widths")
    rules = [rule(style, weight) for style, weight in (("Regular", 400), ("Bold", 700))]
    (HERE / "roboto.css").write_text("".join(rules))


def rule(style, weight):
    """A font-face that holds a cut; kerning is left out, as it is of the widths."""
    font = TTFont(HERE / f"Roboto-{style}.ttf", recalcTimestamp=False)
    options = Options()
    options.layout_features, options.hinting, options.name_IDs = ["mark", "ccmp"], False, [0, 1, 2, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    data = base64.b64encode(packed.getvalue()).decode()
    return (
        f"@font-face{{font-family:Roboto;font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
    )


if __name__ == "__main__":
    main()
