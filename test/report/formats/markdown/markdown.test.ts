import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Marked } from 'marked';
import { toMarkdown } from '../../../../dist/report/formats/markdown/markdown.js';
import { makeComparison, makeFunction, makeReport, makeRun } from '../../make-report.js';

/** What GitHub would show: an independent renderer of its Markdown. */
function render(markdown: string): string {
  return new Marked({ gfm: true }).parse(markdown, { async: false });
}

/** The texts of a table's cells, row by row. */
function cellsOf(html: string): string[][] {
  return html
    .split('<tr>')
    .slice(1)
    .map((row) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!.replace(/<[^>]+>/g, '')),
    );
}

test('a table that GitHub renders, with interval and verdict', () => {
  const markdown = toMarkdown(makeComparison());
  assert.match(markdown, /^### 🎯 ttprof results\n\n\| function \|/);
  assert.ok(markdown.endsWith('\n'));
  assert.deepEqual(cellsOf(render(markdown)), [
    ['function', 'calls', 'total', 'median ± σ', 'min … max', 'delta'],
    ['example.js:before()', '100', '227ms', '2.27ms ± 34.0μs', '2.21ms … 2.41ms', '-'],
    [
      'example.js:after()',
      '100',
      '86.0ms',
      '856μs ± 15.0μs',
      '835μs … 910μs',
      '-62.3% [-62.9, -61.8] faster',
    ],
  ]);
  assert.match(render(markdown), /<strong>faster<\/strong>/);
});

test('only a sure verdict is bold', () => {
  const { functions } = makeComparison();
  const unsure = { ...functions[1]!, delta: { ...functions[1]!.delta!, verdict: 'unsure' as const } };
  assert.doesNotMatch(toMarkdown(makeReport([functions[0]!, unsure])), /\*\*/);
});

test('the environment stands under the table', () => {
  const run = makeRun({ runs: 10, flags: ['--cpu'] });
  assert.match(
    toMarkdown(makeReport([makeFunction()], { run })),
    /<sub>ttprof 1\.0\.0 · Node v24\.21\.0 · linux x64 · Imaginary CPU &#64; 3\.00GHz \\\(8 cores\\\) · 10 runs · --cpu<\/sub>/,
  );
});

test('names, labels and notes stay text', () => {
  const names = [
    'a.js:o["a|b"]',
    'a.js:`tick',
    'a.js:``',
    'a.js:<img src=x>',
    'a.js:C.#p',
    'a.js:outer.<anonymous>',
    'a.js:*x*',
  ];
  const report = makeReport(
    names.map((name) => makeFunction({ name })),
    { label: '<b>@someone</b> [x](y) *z*', notes: ['| <script>alert(1)</script> _em_ `code`'] },
  );
  const html = render(toMarkdown(report));
  assert.doesNotMatch(html, /<(img|script|b|em|a)\b/);
  assert.doesNotMatch(html, /@someone/, 'GitHub would notify them');
  const shown = cellsOf(html).slice(1);
  const escapeHtml = (text: string) =>
    text.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  assert.deepEqual(
    shown.map(([name]) => name),
    names.map((name) => escapeHtml(`${name}()${name.includes('<anonymous>') ? ':3' : ''}`)),
  );
  for (const row of shown) assert.equal(row.length, 5);
});

test('rows are chosen as in the table', () => {
  const rows = [10, 30, 20].map((ms, i) =>
    makeFunction({ name: `a.js:f${i}`, totalNs: ms * 1e6, selfNs: ms * 1e6 }),
  );
  const cells = cellsOf(render(toMarkdown(makeReport(rows), { top: 1 })));
  assert.deepEqual(
    cells.slice(1).map((row) => row.slice(0, 3)),
    [
      ['a.js:f1()', '100', '30.0ms'],
      ['2 more', '200', '30.0ms'],
    ],
  );
});

test('a report without functions has no table', () => {
  const report = makeReport([], {
    targets: [{ target: 'x', matched: 0, reason: 'never loaded', suggestions: [] }],
  });
  assert.doesNotMatch(toMarkdown(report), /\| function/);
  assert.match(render(toMarkdown(report)), /<li>x matched nothing: never loaded<\/li>/);
});
