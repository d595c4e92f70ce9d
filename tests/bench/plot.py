# SPDX-License-Identifier: Apache-2.0
"""Small line charts side by side, as SVG, without a library for it.

The horizontal axis is logarithmic and the same for all; each chart's vertical axis begins at zero,
so that what looks flat is flat."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 330, 230                        # of one chart
LEFT, RIGHT, TOP, BOTTOM = 62, 22, 40, 34       # around its drawing area
ACROSS = 3                                      # charts in a row
INSET = 20                                      # between the axis and the first point
HEAD = 82
COLORS = ("#1f5fa8", "#d9661f", "#3a8a3f", "#8a4fa8")
GREY, DARK = "#9a9a9a", "#333333"


class Chart:
    """One chart: its title, its unit, {name of a series: {x: y}}, and (optionally) up to where a
    target is met, {x: y}."""

    def __init__(self, title, unit, series, limit=None):
        self.title, self.unit, self.limit = title, unit, limit or {}
        self.series = {name: {x: y for x, y in points.items() if y is not None}
                       for name, points in series.items()}

    def ticks(self):
        """Round values from zero on, the last with room for a number above the highest point."""
        values = [y for points in [*self.series.values(), self.limit] for y in points.values()]
        most = 1.08 * (max(values, default=0) or 1)
        power = 10 ** math.floor(math.log10(most))
        step = next(step * power for step in (0.2, 0.25, 0.5, 1, 2, 2.5) if most <= 5 * step * power)
        return [i * step for i in range(math.ceil(most / step) + 1)]

    def is_highest(self, name, x):
        """Of the values at this place; the last one of those that are the same."""
        there = {one: points[x] for one, points in self.series.items() if x in points}
        return [one for one in there if there[one] == max(there.values())][-1] == name


def short(value):
    """As an axis says it: 10k, 1M, 2.5, 0.02."""
    for unit, n in (("M", 1e6), ("k", 1e3)):
        if abs(value) >= n * 0.9999:
            return "%s%s" % (format(value / n, ".3g"), unit)
    return format(value, ".3g")


def text(x, y, said, anchor="middle", size=11, color=DARK, bold=False):
    return '<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" fill="%s"%s>%s</text>' % (
        x, y, anchor, size, color, ' font-weight="bold"' if bold else "", escape(said))


class Place:
    """Where values come to lie in a chart."""

    def __init__(self, left, top, xs, highest):
        self.left, self.top, self.highest = left + LEFT, top + TOP, highest
        self.width, self.height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        self.low, self.high = math.log10(min(xs)), math.log10(max(xs))

    def x(self, value):
        share = (math.log10(value) - self.low) / ((self.high - self.low) or 1)
        return self.left + INSET + (self.width - 2 * INSET) * share

    def y(self, value):
        return self.top + self.height * (1 - value / self.highest)

    def line(self, points, style):
        return '<polyline fill="none" %s points="%s"/>' % (style, " ".join(
            "%.1f,%.1f" % (self.x(x), self.y(y)) for x, y in sorted(points.items())))


def draw_axes(place, chart, xs):
    yield text(place.left - LEFT + 12, place.top - 18, chart.title, "start", 13, DARK, True)
    yield text(place.left + place.width + 10, place.top - 18, chart.unit, "end", 11, GREY)
    for value in chart.ticks():
        y = place.y(value)
        yield '<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="%s"/>' % (
            place.left, place.left + place.width, y, y, "#e4e4e4" if value else GREY)
        yield text(place.left - 8, y + 4, short(value), "end", 10)
    for x in xs:
        yield text(place.x(x), place.top + place.height + 18, short(x), size=10)


def draw_series(place, chart, name, color):
    """The highest series has its numbers above its points, the others below."""
    points = chart.series[name]
    yield place.line(points, 'stroke="%s" stroke-width="2"' % color)
    for x, y in sorted(points.items()):
        yield '<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (place.x(x), place.y(y), color)
        below = place.y(y) + 15 < place.top + place.height and not chart.is_highest(name, x)
        yield text(place.x(x), place.y(y) + (15 if below else -7), short(y), size=10, color=color)


def draw_chart(chart, left, top, xs, names):
    place = Place(left, top, xs, chart.ticks()[-1])
    yield from draw_axes(place, chart, xs)
    if chart.limit:
        yield place.line(chart.limit, 'stroke="%s" stroke-dasharray="4 3"' % GREY)
    for name, points in chart.series.items():
        if points:
            yield from draw_series(place, chart, name, COLORS[names.index(name) % len(COLORS)])


def draw_legend(names, limited):
    x = 12
    for name in names:
        color = COLORS[names.index(name) % len(COLORS)]
        yield '<rect x="%d" y="57" width="14" height="4" fill="%s"/>' % (x, color)
        yield text(x + 20, 63, name, "start", 12, color)
        x += 40 + 7 * len(name)
    if limited:
        yield '<line x1="%d" x2="%d" y1="59" y2="59" stroke="%s" stroke-dasharray="4 3"/>' % (
            x, x + 18, GREY)
        yield text(x + 24, 63, "target of the first one", "start", 12, GREY)


def svg(title, about, charts):
    """The whole picture: a title, how it was measured, what the colours say, and the charts."""
    xs = sorted({x for chart in charts for points in chart.series.values() for x in points})
    names = list(dict.fromkeys(name for chart in charts for name in chart.series))
    rows = (len(charts) + ACROSS - 1) // ACROSS
    width, height = min(ACROSS, len(charts)) * WIDTH, HEAD + rows * HEIGHT
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
             'viewBox="0 0 %d %d" font-family="Helvetica, Arial, sans-serif">' % (
                 width, height, width, height),
             '<rect width="%d" height="%d" fill="white"/>' % (width, height),
             text(12, 24, title, "start", 15, DARK, True),
             text(12, 42, about, "start", 11, GREY)]
    parts += draw_legend(names, any(chart.limit for chart in charts))
    for i, chart in enumerate(charts):
        parts += draw_chart(chart, i % ACROSS * WIDTH, HEAD + i // ACROSS * HEIGHT, xs, names)
    return "\n".join(parts) + "\n</svg>\n"
