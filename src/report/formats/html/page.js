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
