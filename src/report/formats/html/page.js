// The page works without this script; it adds sorting, filtering, copying and the switch between light and dark.

const byId = (id) => document.getElementById(id);
const say = (text) => {
  byId('status').textContent = text;
};

for (const element of document.querySelectorAll('[data-scripted]')) element.hidden = false;
addSorting(byId('functions-table'));
addFilter(byId('filter'));
addCopy(byId('copy'), byId('markdown'));
addThemeSwitch(byId('theme'));
addOpening(byId('open-all'));
for (const inside of document.querySelectorAll('.inside')) addFlames(inside);

/** Sorts by the values in `data-value`; rows without one come last in either direction. */
function addSorting(table) {
  if (!table) return;
  const body = table.tBodies[0];
  const sections = byId('sections');
  for (const button of table.querySelectorAll('thead button')) {
    button.addEventListener('click', () => {
      const header = button.closest('th');
      const ascendingFirst = header.cellIndex === 0 || header.dataset.first === 'ascending';
      const current = header.getAttribute('aria-sort');
      const ascending = current === null ? ascendingFirst : current === 'descending';
      for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const sorted = [...body.rows].sort((a, b) => compareCells(a, b, header.cellIndex, ascending ? 1 : -1));
      body.append(...sorted);
      sections.append(...sorted.map((row) => byId(`d${row.dataset.index}`)));
      say(`Sorted by ${button.textContent}, ${ascending ? 'ascending' : 'descending'}.`);
    });
  }
}

function compareCells(a, b, column, direction) {
  const [left, right] = [a, b].map((row) => row.cells[column].dataset.value);
  if (left === '' || right === '') return (left === '') - (right === '');
  if (column === 0) return direction * left.localeCompare(right, 'en', { numeric: true });
  return direction * (Number(left) - Number(right));
}

/** Shows the rows and sections that hold every word; `/` leads to the field, Escape empties it. */
function addFilter(field) {
  if (!field) return;
  const rows = [...byId('functions-table').tBodies[0].rows];
  const texts = rows.map((row) => row.dataset.search.toLowerCase());
  const apply = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [i, row] of rows.entries()) {
      const fits = words.every((word) => texts[i].includes(word));
      row.hidden = !fits;
      byId(`d${row.dataset.index}`).hidden = !fits;
      if (fits) shown += 1;
    }
    say(words.length === 0 ? '' : `${shown} of ${rows.length} functions`);
  };
  field.addEventListener('input', apply);
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === 'Escape' && event.target === field) {
      field.value = '';
      apply();
    }
  });
}

function addCopy(button, source) {
  if (!button) return;
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const copied = await copy(source.textContent);
    button.textContent = copied ? 'Copied' : 'Please copy it from below';
    if (!copied) source.closest('details').open = true;
  });
  button.addEventListener('blur', () => {
    button.textContent = label;
  });
}

/** Pages that did not come over HTTPS or from a file have no clipboard: there the old way still works. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return copied;
  }
}

function addThemeSwitch(button) {
  const dark = () =>
    (document.documentElement.dataset.theme ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const label = () => {
    button.textContent = dark() ? 'Light' : 'Dark';
  };
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
    label();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', label);
  label();
}

/** Links in the table open their section (browsers do so themselves only when the page's address changes). */
function addOpening(button) {
  document.addEventListener('click', (event) => {
    const id = event.target.closest?.('a[href^="#f"]')?.hash.slice(1);
    const section = id && byId(id)?.closest('details');
    if (section) section.open = true;
  });
  button?.addEventListener('click', () => {
    const sections = [...document.querySelectorAll('details.function:not([hidden])')];
    const open = sections.some((section) => !section.open);
    for (const section of sections) section.open = open;
    button.textContent = open ? 'Close all' : 'Open all';
  });
}

/** Narrower frames show no name. */
const THIN = 0.035;

/** The flame graphs of one function: what is searched for is found in all of them, each is zoomed for itself. */
function addFlames(inside) {
  const status = inside.querySelector('.flame-status');
  const flames = [...inside.querySelectorAll('.flame')].map((flame) => addFlame(flame, status));
  const search = inside.querySelector('.flame-search');
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = flames.map((flame) => flame.find(words));
    const [{ count, part }] = found;
    status.textContent =
      words.length === 0
        ? ''
        : `${count} found, ${(100 * part).toFixed(1)}% of the time${found.length > 1 ? ' in the first' : ''}`;
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    search.value = '';
    search.dispatchEvent(new Event('input'));
  });
  inside.querySelector('.flame-whole').addEventListener('click', () => {
    for (const flame of flames) flame.zoom(0);
  });
}

function addFlame(flame, status) {
  const elements = [...flame.querySelectorAll('.frame')];
  const frames = elements.map((element, index) => {
    const [start, size, depth] = ['start', 'size', 'depth'].map((name) => Number(element.dataset[name]));
    const text = element.querySelector('title').textContent;
    return { element, index, start, size, depth, text, parent: null, children: [] };
  });
  // in the order of the tree: what encloses comes first
  const open = [];
  for (const frame of frames) {
    while (open.length > frame.depth) open.pop();
    frame.parent = open.at(-1) ?? null;
    frame.parent?.children.push(frame);
    open.push(frame);
  }
  flame.setAttribute('role', 'tree');
  flame.setAttribute('aria-label', flame.querySelector('title').textContent);
  for (const { element, depth, text, index } of frames) {
    element.setAttribute('role', 'treeitem');
    element.setAttribute('aria-level', depth + 1);
    element.setAttribute('aria-label', text);
    element.setAttribute('tabindex', index === 0 ? 0 : -1);
  }
  let zoomed = 0;
  let current = 0;

  const focus = (frame) => {
    if (!frame) return;
    if (frame.element.hasAttribute('hidden')) zoom(0);
    elements[current].setAttribute('tabindex', -1);
    current = frame.index;
    frame.element.setAttribute('tabindex', 0);
    frame.element.focus();
  };
  const zoom = (to) => {
    zoomed = to;
    const { start, size, depth } = frames[to];
    for (const frame of frames) {
      const above =
        frame.depth < depth && frame.start <= start && frame.start + frame.size >= start + size - 1e-5;
      const inside =
        frame.depth >= depth &&
        frame.start >= start - 1e-5 &&
        frame.start + frame.size <= start + size + 1e-5;
      const width = above ? 1 : frame.size / size;
      frame.element.toggleAttribute('hidden', !above && !inside);
      frame.element.classList.toggle('above', above);
      frame.element.classList.toggle('thin', width < THIN);
      frame.element.setAttribute('x', `${above ? 0 : (100 * (frame.start - start)) / size}%`);
      frame.element.setAttribute('width', `${100 * width}%`);
    }
  };
  const beside = (frame, step) => {
    const level = frames.filter(
      (other) => other.depth === frame.depth && !other.element.hasAttribute('hidden'),
    );
    return level[level.indexOf(frame) + step];
  };
  const frameOf = (event) => frames[elements.indexOf(event.target.closest('.frame'))];
  flame.addEventListener('click', (event) => {
    const frame = frameOf(event);
    if (!frame) return;
    zoom(frame.index === zoomed ? 0 : frame.index);
    focus(frame);
  });
  for (const name of ['focusin', 'mouseover'])
    flame.addEventListener(name, (event) => {
      const frame = frameOf(event);
      if (frame) status.textContent = frame.text;
    });
  flame.addEventListener('keydown', (event) => {
    const frame = frameOf(event);
    if (!frame || event.ctrlKey || event.metaKey || event.altKey) return;
    const widest = frame.children.reduce((a, b) => (a && a.size >= b.size ? a : b), null);
    const moves = {
      ArrowDown: widest,
      ArrowUp: frame.parent,
      ArrowLeft: beside(frame, -1),
      ArrowRight: beside(frame, 1),
      Home: frames[0],
    };
    if (event.key in moves) focus(moves[event.key]);
    else if (event.key === 'Enter' || event.key === ' ') zoom(frame.index);
    else if (event.key === 'Escape') zoom(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    zoom,
    /** Marks the functions that hold every word; @returns how many, and their part of the time. */
    find(words) {
      let count = 0;
      let part = 0;
      let until = 0;
      for (const { element, text, start, size } of frames) {
        const found = words.length > 0 && words.every((word) => text.toLowerCase().includes(word));
        element.classList.toggle('found', found);
        if (!found) continue;
        count += 1;
        // what stands below another that was found is part of it
        if (start + 1e-5 < until) continue;
        part += size;
        until = start + size;
      }
      return { count, part };
    },
  };
}
