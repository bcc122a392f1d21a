"""What does not fit on a page: type too small, text cut, on other text or struck through by a mark, tables and pages that scroll sideways.

Everything of a page at one width is measured in one call. By hand: `python tests/browser/fit.py ADDRESS PAGE...`.
"""

import sys
from collections import Counter

from driver import MILLISECONDS, chromium, settled

WIDTHS = (1280, 1920, 390)
SMALLEST = 12  # pixels of type
# Figures draw anew some time after their place has changed, and tell nobody.
DRAWN = """async () => {
  const plots = () => [...document.querySelectorAll('.js-plotly-plot')].filter(e => e.checkVisibility());
  const fits = e => Math.abs(e._fullLayout.width - e.parentElement.clientWidth) < 2;
  const state = () => plots().map(e => e.getBoundingClientRect().top).join() + document.querySelector('[data-testid=stMain]').scrollHeight;
  for (let i = 0, was = ''; i < 60; i++) {
    await new Promise(done => setTimeout(done, 250));
    const is = state();
    if (is === was && plots().every(fits)) return;
    was = is;
  }
}"""
OPEN = "() => document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary').forEach(e => e.click())"
MEASURE = """smallest => {
  const found = [], seen = e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; };
  const across = (a, b) => Math.min(a.r, b.r) - Math.max(a.l, b.l), down = (a, b) => Math.min(a.b, b.b) - Math.max(a.t, b.t);
  const meet = (a, b) => across(a, b) > 2 && down(a, b) > 2;
  const inCell = a => a.text.closest('.heatmap-label'), areTight = (a, b) => inCell(a) && inCell(b) && across(a, b) > -2 && down(a, b) > 2; // neighbours in a grid are not one number
  const holds = (a, b) => a.l <= b.l + 1 && a.r >= b.r - 1 && a.t <= b.t + 1 && a.b >= b.b - 1;
  const box = e => { const b = e.getBoundingClientRect(); return {l: b.left, r: b.right, t: b.top, b: b.bottom}; };
  // boxes of text are as high as their font, letters are not
  const letters = e => {
    const b = box(e), isUpright = Math.abs(e.getScreenCTM().a) < .1, [w, h] = isUpright ? [(b.r - b.l) * .2, 1] : [1, (b.b - b.t) * .2];
    const under = smallest > 12 && !isUpright ? (b.b - b.t) * .08 : h; // of large type the tail of a p counts
    const before = 4 * (/^\u00a0*/.exec(e.textContent)[0].length); // spaces that keep it from a mark
    return {l: b.l + w + before, r: b.r - w, t: b.t + h, b: b.b - under};
  };
  const clipped = e => { // by what a plot or a page cuts off
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const clip = at.getAttribute('clip-path')?.match(/#([^'")]+)/)?.[1];
      const shape = clip && document.getElementById(clip)?.firstElementChild;
      if (shape && at.getScreenCTM) {
        const m = at.getScreenCTM(), g = shape.getBBox();
        return {l: g.x * m.a + m.e, t: g.y * m.d + m.f, r: (g.x + g.width) * m.a + m.e, b: (g.y + g.height) * m.d + m.f};
      }
    }
    return null;
  };
  // the straight pieces of a path on the screen, and what of the screen its plot shows
  const pieces = path => {
    const m = path.getScreenCTM(), window = clipped(path), all = [], half = parseFloat(getComputedStyle(path).strokeWidth) / 2;
    let x = 0, y = 0, fx = 0, fy = 0;
    for (const [, kind, rest] of (path.getAttribute('d') || '').matchAll(/([MLHVZ])([^MLHVZ]*)/g)) {
      const n = (rest.match(/-?[\\d.]+(e-?\\d+)?/g) || []).map(Number);
      const ends = kind === 'H' ? n.map(v => [v, y]) : kind === 'V' ? n.map(v => [x, v]) : kind === 'Z' ? [[fx, fy]] : n.flatMap((v, i) => i % 2 ? [] : [[v, n[i + 1]]]);
      ends.forEach(([u, v], i) => {
        if (kind === 'M' && i === 0) [fx, fy] = [u, v];
        else all.push([x * m.a + m.e, y * m.d + m.f, u * m.a + m.e, v * m.d + m.f, half, window]);
        [x, y] = [u, v];
      });
    }
    return all;
  };
  const strikes = ([x0, y0, x1, y1, half, window], b) => { // a piece of a line enters a box
    if (window) b = {l: Math.max(b.l, window.l), r: Math.min(b.r, window.r), t: Math.max(b.t, window.t), b: Math.min(b.b, window.b)};
    if (b.l >= b.r || b.t >= b.b) return false;
    const [wide, high] = Math.abs(x1 - x0) > Math.abs(y1 - y0) ? [0, half - 1] : [half - 1, 0]; // ends of lines are flat
    let from = 0, to = 1;
    for (const [p, d, low, top] of [[x0, x1 - x0, b.l - wide, b.r + wide], [y0, y1 - y0, b.t - high, b.b + high]]) {
      if (Math.abs(d) < 1e-9) { if (p <= low || p >= top) return false; continue; }
      const [u, v] = [(low - p) / d, (top - p) / d].sort((a, b) => a - b);
      from = Math.max(from, u); to = Math.min(to, v);
    }
    return from < to;
  };
  for (const figure of document.querySelectorAll('.js-plotly-plot')) {
    if (!seen(figure)) continue;
    const name = figure.closest('[class*="st-key-figure-"], [class*="st-key-small-"]')?.className.match(/st-key-(?:figure|small)-(\\S+)/)?.[1] ?? '?';
    const edge = box(figure.querySelector('.svg-container'));
    const texts = [...figure.querySelectorAll('.main-svg text')].filter(e => e.textContent.trim() && seen(e) && !e.closest('.hoverlayer'));
    const parts = texts.flatMap(text => { const lines = [...text.querySelectorAll('tspan.line')].filter(seen); return (lines.length ? lines : [text]).map(e => ({text, said: e.textContent.trim(), ...letters(e)})); });
    const points = [...figure.querySelectorAll('.bars .point path, .points path.point')].filter(e => seen(e) && +getComputedStyle(e).opacity).map(e => ({...box(e), isBar: !!e.closest('.bars')}));
    const lines = [...figure.querySelectorAll('.scatterlayer .js-line, .shapelayer path, .zerolinelayer path')].filter(e => getComputedStyle(e).stroke !== 'none' && parseFloat(getComputedStyle(e).strokeWidth)).flatMap(pieces);
    for (const text of texts) {
      const size = parseFloat(getComputedStyle(text).fontSize);
      if (size < smallest - .05) found.push([name, 'small', `${Math.round(size * 10) / 10} px: ${text.textContent.trim()}`]);
    }
    for (const [i, a] of parts.entries()) {
      const window = clipped(a.text);
      if (a.l < edge.l - 2 || a.r > edge.r + 2 || a.t < edge.t - 2 || a.b > edge.b + 2) found.push([name, 'cut', a.said]);
      else if (window && !holds(window, a)) found.push([name, 'cut', a.said]);
      for (const b of parts.slice(i + 1)) if (a.text !== b.text && (meet(a, b) || areTight(a, b))) found.push([name, 'over', `${a.said} / ${b.said}`]);
      const on = points.filter(p => meet(p, a));
      if (on.some(p => holds(p, a))) continue; // in a bar or a disc, as it is meant
      if (on.length) found.push([name, 'struck', `${a.said} by a ${on[0].isBar ? 'bar' : 'point'}`]);
      else if (lines.some(piece => strikes(piece, a))) found.push([name, 'struck', `${a.said} by a line`]);
    }
  }
  const main = document.querySelector('[data-testid=stMain]');
  if (main.scrollWidth > main.clientWidth + 1 || document.documentElement.scrollWidth > innerWidth + 1) found.push(['page', 'sideways', `${main.scrollWidth} of ${main.clientWidth} px`]);
  for (const table of main.querySelectorAll('table')) {
    for (let at = table; at && at !== main; at = at.parentElement) {
      const how = getComputedStyle(at), scrolls = over => /auto|scroll/.test(over);
      if (seen(table) && (scrolls(how.overflowX) && at.scrollWidth > at.clientWidth + 1 || scrolls(how.overflowY) && at.scrollHeight > at.clientHeight + 1))
        found.push(['table', 'scrolls', table.innerText.slice(0, 60).replace(/\\s+/g, ' ')]);
    }
  }
  const words = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (words.nextNode()) {
    const said = words.currentNode.textContent.trim(), e = words.currentNode.parentElement;
    if (!said || e.closest('style, script, svg, [data-testid=stIconMaterial]') || parseFloat(getComputedStyle(e).fontSize) >= smallest - .05) continue;
    range.selectNodeContents(words.currentNode);
    const b = range.getBoundingClientRect();
    if (b.width > 2 && b.height > 2 && e.checkVisibility({visibilityProperty: true, opacityProperty: true})) found.push(['words', 'small', `${getComputedStyle(e).fontSize}: ${said.slice(0, 60)}`]);
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const e of document.querySelectorAll('[data-testid=stMain] input:is([placeholder], [role=combobox])')) {
    const said = e.value || e.placeholder, style = getComputedStyle(e), room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    pen.font = style.font;
    if (said && e.checkVisibility() && pen.measureText(said).width > room + 1) found.push(['words', 'cut', said]);
  }
  return found;
}"""

# Words of the page, not of its figures, that stand on each other: lines of text are taller than their letters.
ON_EACH_OTHER = """() => {
  const main = document.querySelector('[data-testid=stMain]'), range = document.createRange(), found = [];
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), boxes = [];
  while (walk.nextNode()) {
    const text = walk.currentNode, e = text.parentElement;
    if (!text.textContent.trim() || e.closest('style, script, svg, caption, [data-testid=stIconMaterial]')) continue; // captions are heard alone,
    if (e.closest('thead')?.getBoundingClientRect().width < 2) continue; // and on a phone the heads of tables
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    range.selectNodeContents(text);
    for (const b of range.getClientRects()) if (b.width > 2 && b.height > 2) boxes.push({said: text.textContent.trim(), l: b.left + 1, r: b.right - 1, t: b.top + b.height * .25, b: b.bottom - b.height * .25});
  }
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
    if (Math.min(a.r, b.r) - Math.max(a.l, b.l) > 2 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 2) found.push(['page', 'over', `${a.said.slice(0, 40)} / ${b.said.slice(0, 40)}`]);
  }));
  return found;
}"""


def misfits(page, width, smallest=SMALLEST):
    """Figure, kind (small, cut, over, struck, sideways, scrolls) and words of all that does not fit on a page that is open, at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(DRAWN)
    return [tuple(one) for one in page.evaluate(MEASURE, smallest)]


def at_widths(page, widths=WIDTHS, smallest=SMALLEST):
    """The same with everything on the page unfolded, each with its width."""
    page.evaluate(OPEN)
    return [(width, *one) for width in widths for one in misfits(page, width, smallest)]


def _by_hand(address, names):
    counts = Counter()
    with chromium() as browser:
        for name in names:
            page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
            page.set_default_timeout(MILLISECONDS)
            page.goto(f"{address}/{name}")
            settled(page)
            for one in at_widths(page):
                counts[one[2]] += 1
                print(name or "Board", *one, sep="\t", flush=True)
            page.close()
    print(counts, file=sys.stderr)


if __name__ == "__main__":
    _by_hand(sys.argv[1], sys.argv[2:])
