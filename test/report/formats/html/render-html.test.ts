import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { escapeText } from '../../../../dist/report/formats/html/markup.js';
import { renderHtml } from '../../../../dist/report/formats/html/render-html.js';
import { writeVerdict } from '../../../../dist/report/formats/html/sections/verdict-sentence.js';
import { toMarkdown } from '../../../../dist/report/formats/markdown/markdown.js';
import type { Report, Verdict } from '../../../../dist/report/model.js';
import {
  makeBaselineReport,
  makeBeforeAfter,
  makeDelta,
  makeFunction,
  makeHostileReport,
  makeLargeReport,
  makeReport,
} from './sample-report.js';

const SAMPLES: readonly (readonly [string, () => Report])[] = [
  ['before and after', makeBeforeAfter],
  ['a baseline', makeBaselineReport],
  ['hostile names', makeHostileReport],
  ['nothing at all', () => makeReport([])],
  ['a function never called', () => makeReport([makeFunction({ name: 'a.js:f', calls: 0, medianNs: 0 })])],
];

for (const [what, make] of SAMPLES) {
  test(`the page of ${what} is a pure function of the report, its tags balance, it loads nothing`, () => {
    const page = renderHtml(make());
    assert.equal(page, renderHtml(make()));
    assert.doesNotMatch(page, />(NaN|undefined|\[object Object\])|NaN%|"NaN|Infinity/);
    assertBalanced(page);
    const head = page.slice(0, page.indexOf('<style>'));
    assert.doesNotMatch(head, /src=|stylesheet|preload/);
    assert.doesNotMatch(page, /@import|url\(|<(img|iframe|object|embed|video|audio|form|base)\b/i);
    for (const [, url] of page.matchAll(/ (?:href|src|xlink:href)="([^"]*)"/g))
      assert.match(url!, /^(#|data:image\/svg\+xml,)/);
    // neither would run under the page's policy
    assert.doesNotMatch(page.replaceAll(/<pre[\s\S]*?<\/pre>/g, ''), /<[^>]* (style|on[a-z]+)="/);
  });
}

/** Every start tag has its end, in order: an unescaped name would show here. */
function assertBalanced(page: string): void {
  const open: string[] = [];
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script[^>]*>[\s\S]*?<\/script>/, '');
  for (const [, end, tag, selfClosed] of body.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (selfClosed || /^(meta|link|input|br|wbr|hr)$/.test(tag!)) continue;
    if (end) assert.equal(open.pop(), tag);
    else open.push(tag!);
  }
  assert.deepEqual(open, []);
}

test('self time has a column only where a target calls another', () => {
  const alone = makeFunction({ name: 'a.js:f', calls: 10, medianNs: 1000 });
  const head = (report: Report) => /<thead>.*?<\/thead>/s.exec(renderHtml(report))![0];
  assert.doesNotMatch(head(makeReport([{ ...alone, selfNs: alone.totalNs }])), /Self/);
  assert.match(head(makeReport([{ ...alone, selfNs: alone.totalNs / 2 }])), /Self/);
});

test('the policy names exactly the style and the script of the page', () => {
  const page = renderHtml(makeHostileReport());
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)];
  const scripts = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)];
  assert.equal(styles.length, 1);
  assert.equal(scripts.length, 1);
  assert.match(policy, /^default-src 'none';/);
  assert.ok(policy.includes(`style-src ${hash(styles[0]![1]!)};`));
  assert.ok(policy.includes(`script-src ${hash(scripts[0]![1]!)};`));
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test('five hundred functions stay below 6 MB; what comes after them has numbers and no pictures', () => {
  const page = renderHtml(makeLargeReport(520));
  assert.ok(page.length < 6e6, `${page.length}`);
  assert.equal(page.match(/<details class="function"/g)!.length, 520);
  assert.equal(page.match(/<div class="figures">/g)!.length, 500);
});

test('every picture has words: a title inside and a caption or a table beside', () => {
  const page = renderHtml(makeBaselineReport());
  const pictures = page.match(/<svg[^>]*role="img"[^>]*>/g)!;
  assert.equal(page.match(/<svg[^>]*role="img"[^>]*><title>[^<]{20,}<\/title>/g)!.length, pictures.length);
  for (const [figure] of page.matchAll(/<figure[\s\S]*?<\/figure>/g))
    assert.match(figure, /<figcaption>[^<]{30,}<\/figcaption>/);
  // all others are decoration of numbers that stand beside them, or parts of a picture
  for (const [svg] of page.matchAll(/<svg class="(?:spark|whisker)"[^>]*>/g))
    assert.match(svg, /aria-hidden="true"/);
});

test('of a dozen functions and more those with the most time come first, of fewer the order stays', () => {
  const order = (report: Report) =>
    [...renderHtml(report).matchAll(/<tr data-index="\d+" data-search="([^ ]+)/g)].map((match) => match[1]);
  const few = makeBaselineReport();
  assert.deepEqual(
    order(few),
    few.functions.map((fn) => fn.name),
  );
  const many = makeLargeReport(30);
  assert.deepEqual(
    order(many),
    [...many.functions].sort((a, b) => b.totalNs - a.totalNs).map((fn) => fn.name),
  );
});

function sentence(report: Report): string {
  return writeVerdict(report)
    .text.replaceAll(/<[^>]*>/g, '')
    .replaceAll('\u202f', ' ');
}

function compareWith(verdict: Verdict | null, percent: number, half: number | null): string {
  const before = makeFunction({ name: 'a.js:before', calls: 100, medianNs: 1000, spread: 0 });
  const delta = makeDelta('a.js:before', percent, half, verdict);
  const after = makeFunction({ name: 'a.js:after', calls: 100, medianNs: 500, spread: 0, delta });
  return sentence(makeReport([before, after]));
}

test('what is unsure is not said to be that twice', () => {
  for (const [reason, rest] of [
    ['unsure; about 3 more runs would decide: --runs 7', 'about 3 more runs'],
    ['unsure: between -1.2 % and +3.4 %', 'between'],
    ['unsure (order effect): the calls come', 'order effect: the calls'],
    ['99 calls are too few', '99 calls'],
  ] as const) {
    const before = makeFunction({ name: 'a.js:before', calls: 100, medianNs: 1000, spread: 0 });
    const delta = { ...makeDelta('a.js:before', -9, 12, 'unsure'), reason };
    const after = makeFunction({ name: 'a.js:after', calls: 100, medianNs: 500, spread: 0, delta });
    const page = renderHtml(makeReport([before, after])).replaceAll(/<(script|style).*?<\/\1>/gs, '');
    assert.ok(page.includes(`unsure: ${rest}`), rest);
    assert.doesNotMatch(page, /unsure[:;(]? ?\(?unsure/);
  }
});

test('the sentence says what is known and no more', () => {
  assert.match(
    compareWith('faster', -50, 2),
    /^after\(\) is faster than before\(\): 500 ns instead of 1\.00 μs, −50\.0% \(95% interval −52\.0% to −48\.0%\)\.$/,
  );
  assert.match(compareWith('slower', 9, 2), /is slower than/);
  const report = makeBaselineReport();
  const [fn] = report.functions;
  const against = (kind: 'baseline' | 'base') =>
    sentence({ ...report, functions: [fn!], comparison: { ...report.comparison!, kind } });
  assert.match(against('baseline'), /^handle\(\) is faster than in the baseline: /);
  assert.match(against('base'), /^handle\(\) is faster than at the base: /);
  const single = { ...fn!, delta: makeDelta(fn!.name, 1, null, null) };
  assert.match(
    sentence({ ...report, functions: [single] }),
    /^handle\(\) against the baseline: .* nothing follows/,
  );
  assert.match(compareWith('same', 0.5, 1), /is as fast as/);
  const unsure = compareWith('unsure', -9, 12);
  assert.match(unsure, /cannot tell/);
  assert.doesNotMatch(unsure, /is faster/);
  const none = compareWith(null, -9, null);
  assert.match(none, /nothing follows: run-to-run noise unknown: use --runs\.$/);
});

test('the sentence says with what many are compared', () => {
  const report = makeBaselineReport();
  const base = { ...report.comparison!, kind: 'base' as const };
  assert.match(sentence({ ...report, comparison: base }), /^Of 7 functions compared with the base, 2 faster/);
  const first = makeFunction({ name: 'a.js:old', calls: 10, medianNs: 1000 });
  const others = ['a.js:f', 'a.js:g'].map((name) =>
    makeFunction({ name, calls: 10, medianNs: 1000, delta: makeDelta('a.js:old', 9, 1, 'slower') }),
  );
  assert.match(
    sentence(makeReport([first, ...others], { comparison: { ...base, kind: 'first', source: null } })),
    /^Of 2 functions compared with old\(\), 2 slower\./,
  );
});

test('calls that did not end, or were not timed, are not called "never called"', () => {
  const unfinished = makeFunction({ name: 'a.js:f', calls: 0, medianNs: 0, unfinished: 2 });
  assert.match(sentence(makeReport([unfinished])), /2 calls had begun, and none had ended/);
  const untimed = {
    ...makeFunction({ name: 'a.js:g', calls: 3, medianNs: 5 }),
    timedCalls: 0,
    medianNs: null,
  };
  const page = renderHtml(makeReport([unfinished, untimed]));
  assert.doesNotMatch(page, /never called/);
  assert.doesNotMatch(page, /fastest … slowest/);
});

test('of a file that does not say how it was measured the page claims nothing', () => {
  const report = makeReport([{ ...makeFunction({ name: 'app:f', calls: 9, medianNs: 50 }), line: 0 }]);
  const run = { ...report.run, ttprof: '', node: '', v8: '', startedAt: '', clockNs: 0, corrected: false };
  const page = renderHtml({ ...report, run });
  assert.doesNotMatch(page, /Node\.js|--raw\)|a reading|app<\/bdi>:0/);
  assert.match(page, /Made by ttprof\. /);
});

test('the Markdown is that of --markdown, also where the page has an order of its own', () => {
  const functions = Array.from({ length: 13 }, (_, i) =>
    makeFunction({
      name: `a.js:f${i}`,
      calls: 9,
      medianNs: 1000 * (i + 1),
      ...(i > 0 && { delta: makeDelta('a.js:f0', i, 1, 'unsure') }),
    }),
  );
  const comparison = { kind: 'first', source: null, run: null, onlyThere: [], onlyHere: [] } as const;
  const report = makeReport(functions, { comparison });
  const [, text] = /<pre id="markdown" tabindex="0">\n([^<]*)<\/pre>/.exec(renderHtml(report))!;
  assert.equal(text, escapeText(toMarkdown(report)));
});

test('the sentence counts verdicts of many, and says what took the time where nothing is compared', () => {
  assert.match(
    sentence(makeBaselineReport()),
    /^Of 7 functions compared with the baseline, 2 faster, 1 slower, 2 the same and 2 unsure\. Largest change: Query\.parse\(\) −31\.2% and Store\.decode\(\) \+12\.7%\.$/,
  );
  assert.match(sentence(makeReport([])), /Nothing was measured: no target matched/);
  assert.match(
    sentence(makeReport([makeFunction({ name: 'a.js:f', calls: 0, medianNs: 0 })])),
    /never called/,
  );
  assert.match(
    sentence(makeReport([makeFunction({ name: 'a.js:f', calls: 10, medianNs: 1000, spread: 0 })])),
    /^f\(\) took .* in 10 calls; half/,
  );
  const unknown = { calls: 10, medianNs: 1000, delta: makeDelta('b', 3, null, null) };
  assert.equal(
    sentence(makeReport(['a.js:f', 'a.js:g'].map((name) => makeFunction({ ...unknown, name })))),
    '2 functions were compared, but nothing follows: run-to-run noise unknown: use --runs.',
  );
});
