// What the browser does for the dashboard. Pages call it by pushing [what, ...values] to window.journeys, before or after this script is there.
(() => {
  if (window.journeys?.isReady) return;
  const waiting = window.journeys ?? [];

  // Put the selection into an address that lacks it, without a new step in the history, so that Back still leads back.
  function complete(lacks, query, whole) {
    if (location.search.includes(lacks)) return;
    const search = location.search ? `${location.search}&${query}` : `?${whole}`;
    history.replaceState(history.state, '', search + location.hash);
  }

  // Press the button of the rest of a page, which nobody sees, once a figure has been drawn, or after three seconds without one;
  // then go to the panel that the address names, which is there only from then on. It waits while a reader's own press is being answered:
  // two requests at once may draw the page from before that press. What may ask the server is answered when a run begins, or asked nothing.
  const ASKS = 'a, button, input, textarea, label, [role="option"], [role="radio"]';
  let lastAct = -Infinity, lastAsked = -Infinity;
  for (const act of ['pointerdown', 'keydown']) addEventListener(act, event => {
    lastAct = performance.now();
    if (act === 'pointerdown' ? event.target.closest?.(ASKS) : ['Enter', ' '].includes(event.key)) lastAsked = lastAct;
  }, true);
  const isRunning = () => document.querySelector('[data-testid="stApp"]:not([data-test-script-state="notRunning"])');
  new MutationObserver(() => { if (isRunning()) lastAsked = -Infinity; }).observe(document, { subtree: true, attributeFilter: ['data-test-script-state'] });
  const isBusy = () => performance.now() - lastAct < 1000 || performance.now() - lastAsked < 8000 || isRunning();

  function pressWhenDrawn(key) {
    const from = Date.now();
    const button = () => document.querySelector(`.st-key-${key} button`);
    const follow = follower(wanted());
    const press = () => { button()?.click(); unfoldAgain(); follow(0); };
    const look = () => {
      const waited = Date.now() - from;
      const isDrawn = document.querySelector('.js-plotly-plot .main-svg');
      if (button() && !isBusy() && (isDrawn || waited > 3000)) requestAnimationFrame(() => setTimeout(() => (isBusy() ? look : press)(), 100)); // once the figure is on the screen
      else if (button() || waited < 30000) setTimeout(look, 50);
    };
    look();
  }

  // Streamlit drops the fragment when it completes the address, so the one asked for at first is looked up.
  function wanted() {
    const asked = new URL(performance.getEntriesByType('navigation')[0].name);
    const isNew = performance.now() < 20000 && asked.pathname === location.pathname;
    return (location.hash || (isNew ? asked.hash : '')).slice(1);
  }

  // Stays at a panel while what stands around it still comes, as long as it takes; a reader who scrolls is left alone.
  function follower(goal) {
    let hasLeft = !goal;
    for (const act of ['wheel', 'touchstart', 'keydown', 'pointerdown']) addEventListener(act, () => { hasLeft = true; }, { once: true });
    const follow = n => {
      if (hasLeft || n > 80 || (n > 12 && !isRunning())) return;
      unfold(goal);
      document.getElementById(goal)?.scrollIntoView();
      setTimeout(() => follow(n + 1), 250);
    };
    return follow;
  }

  // A panel that waits behind a closed heading is opened for whoever comes by a link to it, and come to once the server has sent it.
  function unfold(id) {
    const folded = document.getElementById(id)?.closest('details:not([open])');
    folded?.querySelector('summary').click();
    return folded;
  }
  addEventListener('click', async event => {
    const link = event.target.closest?.('a[href^="#"]'), id = link?.hash.slice(1);
    if (!link || !unfold(id)) return;
    await until(() => document.getElementById(id)?.matches(':not(.waits)'), 20);
    follower(id)(0);
  });

  // What a reader has unfolded is unfolded again when the page is loaded anew. It is noted in this tab alone, page by page.
  const FOLD = '[class*="st-key-fold-"]', noted = () => `unfolded ${location.pathname}`;
  addEventListener('toggle', event => {
    if (!event.target.closest?.(FOLD)) return;
    const open = [...document.querySelectorAll(`${FOLD} details[open]`)].map(e => [...e.closest(FOLD).classList].find(one => one.startsWith('st-key-fold-')));
    sessionStorage.setItem(noted(), open.join(' '));
  }, true);
  // Of two headings opened within a moment the server now and then hears of one alone (seen once in sixty): one that stays open and empty while nothing is
  // worked out is closed and opened again.
  addEventListener('toggle', async event => {
    const details = event.target, fold = details.closest?.(FOLD);
    if (!fold || !details.open) return;
    const isEmpty = () => details.open && fold.querySelector('[data-testid="stSkeletonElement"]');
    for (let i = 0, idle = 0; i < 80 && isEmpty(); i++) {
      idle = document.querySelector('[data-testid="stApp"][data-test-script-state="running"]') ? 0 : idle + 1;
      await new Promise(later => setTimeout(later, 250));
      if (idle < 8) continue;
      const heading = details.querySelector('summary');
      heading.click();
      await until(() => !details.open, 5);
      return heading.click();
    }
  }, true);
  function unfoldAgain() {
    const loaded = performance.getEntriesByType('navigation')[0], isAnew = loaded.type === 'reload' && performance.now() < 20000;
    for (const one of isAnew ? sessionStorage.getItem(noted())?.split(' ').filter(Boolean) ?? [] : []) {
      document.querySelector(`.${one} details:not([open]) > summary`)?.click();
    }
  }

  // Wait until something is so, at most so many seconds.
  const until = async (isSo, seconds) => {
    for (let i = 0; i < seconds * 20 && !isSo(); i++) await new Promise(later => setTimeout(later, 50));
  };

  // The copy of a figure that holds its words is saved as Plotly's own button does it, which nobody sees.
  async function save(panel) {
    const button = () => document.querySelector(`.st-key-taken-${panel} .modebar-btn`);
    await until(button, 10);
    // the link that Plotly presses to save stands outside the popover, which would close at that and take the figure away
    const hush = event => { if (event.target.closest?.('a[download]')) event.stopPropagation(); };
    addEventListener('click', hush, true);
    setTimeout(() => removeEventListener('click', hush, true), 8000);
    button()?.click();
  }

  // An address goes to the clipboard; where a browser keeps that to secure pages, the old way, and last a box to copy from.
  async function copy(button) {
    const words = button.dataset.copy;
    try { await navigator.clipboard.writeText(words); } catch {
      const box = document.body.appendChild(Object.assign(document.createElement('textarea'), { value: words }));
      box.select();
      const isCopied = document.execCommand('copy');
      box.remove();
      button.focus();
      if (!isCopied) return prompt('Copy this address:', words);
    }
    const told = button.nextElementSibling; // by then the panel may be gone
    told.textContent = 'Copied';
    setTimeout(() => { told.textContent = ''; }, 4000);
  }

  // Every panel is drawn and unfolded at the width of the paper, and only then printed: nothing is missing any more, and for a second nothing new is
  // begun. Streamlit's own grey box (stSkeleton) stands for what the browser has yet to fetch, ours (stSkeletonElement) for a panel that is not asked for.
  const isWhole = () => !document.querySelector('.st-key-rest-of-page .stElementContainer, [data-stale="true"], [data-testid="stMain"] [data-testid="stSkeleton"]')
    && document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    && [...document.querySelectorAll('[data-testid="stMain"] .stPlotlyChart')].every(e => !e.checkVisibility() || e.querySelector('.main-svg'));
  // What the browser prints by itself says so where a figure is missing: not drawn yet, or in a fold that is closed.
  const UNSEEN = '[data-testid="stMain"] :is([data-testid="stSkeletonElement"], details:not([open]) .stPlotlyChart)';
  addEventListener('beforeprint', () => document.documentElement.classList.toggle('all-drawn', isWhole() && !document.querySelector(UNSEEN)));
  async function printPage() {
    const root = document.documentElement, closed = [...document.querySelectorAll('[data-testid="stMain"] details:not([open])')];
    document.querySelector('.st-key-rest-of-page button')?.click();
    await until(isWhole, 60);
    // one after another: of two headings opened at once the server may hear of one alone
    for (const one of document.querySelectorAll('[data-testid="stMain"] details:not([open])')) {
      one.querySelector('summary').click();
      await until(() => isWhole() && !one.querySelector('[data-testid="stSkeletonElement"]'), 20);
    }
    root.classList.add('printing');
    await new Promise(later => setTimeout(later, 1500));
    let last = performance.now();
    await until(() => {
      if (!isWhole() || document.querySelector('[data-testid="stSkeletonElement"]')) last = performance.now();
      return performance.now() - last > 1000;
    }, 60);
    addEventListener('afterprint', () => {
      root.classList.remove('printing');
      for (const one of closed) if (one.open) one.querySelector('summary').click();
    }, { once: true });
    print();
  }

  addEventListener('click', event => {
    const button = event.target.closest?.('button');
    if (button?.dataset.panel) save(button.dataset.panel);
    if (button?.dataset.copy) copy(button);
    if (button?.matches('.print')) printPage();
  });

  // Go to a panel of ours, here or on another page; a panel of this very view is come to anew, so that it is opened and scrolled to.
  function visit(where) {
    const goal = new URL(where, location), isHere = goal.pathname + goal.search === location.pathname + location.search;
    location.assign(goal);
    if (isHere) location.reload();
  }

  // A link to a panel begins a meeting there: what the address says behind the # is put into it as a stop, ticked where it is none yet.
  function beginAt(...stops) {
    const asked = new URL(performance.getEntriesByType('navigation')[0].name), panel = asked.hash.slice(1);
    if (!panel || !asked.searchParams.has('present') || performance.now() > 20000) return;
    const split = asked.searchParams.getAll('split').find(one => one.startsWith(`${panel}:`))?.slice(panel.length);
    const stop = `${asked.pathname.split('/').pop()}/${panel}`, place = stops.findIndex(one => `${one}/`.startsWith(`${stop}/`));
    if (place < 0) asked.searchParams.append('tour', stop + (split?.replace(':', '/') ?? ''));
    asked.searchParams.set('present', (place < 0 ? stops.length : place) + 1);
    asked.hash = '';
    location.replace(asked);
  }

  // The page that was asked for, under its own name.
  function rename(page) {
    const asked = new URL(performance.getEntriesByType('navigation')[0].name);
    asked.pathname = asked.pathname.replace(/[^/]*\/?$/, page);
    location.replace(asked);
  }

  // What Streamlit writes and leaves unsaid. A link to the first page has a query alone, which leads to the page that is open; many buttons have the
  // same name; what is drawn of a figure is read out number by number, while its text alternative and its table say it.
  const named = (selector, name) => {
    for (const e of document.querySelectorAll(selector)) {
      const said = name(e);
      if (said && e.getAttribute('aria-label') !== said) e.setAttribute('aria-label', said);
    }
  };
  function mend() {
    for (const e of document.querySelectorAll('a[href^="?"]')) e.setAttribute('href', `./${e.getAttribute('href')}`);
    for (const e of document.querySelectorAll('.js-plotly-plot .main-svg:not([aria-hidden])')) e.setAttribute('aria-hidden', 'true');
    named('.stSelectbox [role="group"] > button', e => `Open the list: ${e.parentElement.querySelector('input')?.getAttribute('aria-label') ?? ''}`);
    named('[data-testid="stHeaderActionElements"] a', e => `Link to: ${e.closest('h1, h2, h3').textContent.trim()}`);
    named('[data-testid="stSidebar"]', () => 'Menu and choices');
    named('[data-testid="stExpandSidebarButton"]', () => 'Show menu and choices');
    named('[data-testid="stSidebarCollapseButton"] button', () => 'Hide menu and choices');
    named('[data-testid="stMainMenuButton"]', () => 'Settings');
  }
  // What a word or a button means opens for pointer, keyboard and finger, stays while the pointer is on either, and goes by Escape (WCAG 1.4.13).
  const meaning = Object.assign(document.createElement('div'), { id: 'meaning', role: 'tooltip', popover: 'manual' });
  let term, closing, openedAt;
  function close() {
    term?.removeAttribute('aria-describedby');
    term = null;
    if (meaning.matches(':popover-open')) meaning.hidePopover();
  }
  function place() {
    if (!term?.isConnected) return close();
    const at = term.getBoundingClientRect(), own = meaning.getBoundingClientRect(), below = at.bottom + own.height + 8 < innerHeight;
    meaning.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
    meaning.style.top = `${below ? at.bottom + 2 : at.top - own.height - 2}px`;
  }
  function open(which) {
    clearTimeout(closing);
    if (which === term) return;
    close();
    term = which;
    openedAt = performance.now();
    meaning.textContent = term.dataset.says;
    document.querySelector('.stApp').append(meaning);
    meaning.showPopover();
    term.setAttribute('aria-describedby', meaning.id);
    place();
  }
  const leave = () => { closing = setTimeout(() => { if (document.activeElement !== term) close(); }, 300); };
  const termOf = event => event.target.closest?.('[data-says]');
  addEventListener('pointerover', event => {
    if (termOf(event)) open(termOf(event));
    else if (meaning.contains(event.target)) clearTimeout(closing);
    else if (term) { clearTimeout(closing); leave(); }
  });
  addEventListener('focusin', event => { if (termOf(event)?.matches(':focus-visible')) open(termOf(event)); else if (term && term !== event.target) close(); });
  addEventListener('focusout', event => { if (event.target === term && !term.matches(':hover') && !meaning.matches(':hover')) close(); });
  addEventListener('pointerdown', event => { if (term && !termOf(event) && !meaning.contains(event.target)) close(); }, true);
  addEventListener('click', event => {
    const pressed = termOf(event);
    if (pressed && pressed === term && performance.now() - openedAt > 500) close();
    else if (pressed?.matches('.term')) open(pressed);
  });
  addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !term) return;
    event.stopImmediatePropagation();
    close();
  }, true);
  addEventListener('scroll', place, true);
  addEventListener('resize', place);

  // On a phone menu and choices come in by a button that says what is chosen, and go by theirs or by Escape; the keyboard goes with them.
  const sidebar = () => document.querySelector('[data-testid="stSidebar"]');
  const hide = () => document.querySelector('[data-testid="stSidebarCollapseButton"] button');
  const focusSoon = find => setTimeout(() => find()?.focus(), 350);
  const isPhone = () => matchMedia('(max-width: 768px)').matches;
  addEventListener('click', event => {
    if (event.target.closest?.('button.choose')) {
      document.querySelector('[data-testid="stExpandSidebarButton"]')?.click();
      focusSoon(hide);
    } else if (isPhone() && hide()?.contains(event.target)) focusSoon(() => document.querySelector('button.choose'));
  });
  addEventListener('keydown', event => {
    const isInList = event.target.getAttribute?.('aria-expanded') === 'true' && event.target !== hide();
    if (event.key === 'Escape' && isPhone() && sidebar()?.contains(event.target) && !isInList) hide()?.click();
  }, true);

  let isToMend = false;
  new MutationObserver(() => {
    if (!isToMend) requestAnimationFrame(() => { isToMend = false; mend(); fit(); });
    isToMend = true;
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['href', 'aria-label'] });

  // A meeting is laid out for 1280 x 720 and grows with the projector.
  const enlarge = () => document.documentElement.style.setProperty('--by', Math.max(1, Math.min(innerWidth / 1280, innerHeight / 720)));
  addEventListener('resize', enlarge);
  enlarge();

  // A run of a meeting is for a projector until the browser has said that its screen is narrower, by a button that nobody sees; once for each change.
  const narrow = matchMedia('(max-width: 1199px)');
  let said = null;
  function fit() {
    const button = document.querySelector(`.st-key-meeting-for-a-${narrow.matches ? 'projector' : 'page'} button`);
    if (!button) said = null;
    else if (said !== narrow.matches) { said = narrow.matches; button.click(); }
  }
  narrow.addEventListener('change', fit);

  const known = { complete, pressWhenDrawn, visit, beginAt, rename };
  window.journeys = { isReady: true, push: ([what, ...values]) => known[what](...values) };
  waiting.forEach(window.journeys.push);
})();
