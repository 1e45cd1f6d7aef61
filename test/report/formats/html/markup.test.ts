import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeText, html, trusted } from '../../../../dist/report/formats/html/markup.js';
import { showName } from '../../../../dist/report/formats/html/name.js';

test('values in a template are escaped, markup is not escaped again', () => {
  const inner = html`<b>${'<i>'}</b>`;
  assert.equal(inner.text, '<b>&lt;i&gt;</b>');
  assert.equal(
    html`<p title="${'"\'&'}">${inner}${trusted('<hr>')}</p>`.text,
    '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b><hr></p>',
  );
});

test('lists are joined, null and false leave nothing, numbers stay', () => {
  assert.equal(html`${[1, '<', html`<br>`]}|${null}${false}|${0}`.text, '1&lt;<br>||0');
});

test('an escaped text cannot end a script, a comment, an attribute or an entity', () => {
  for (const hostile of ['</script>', '<!--', '-->', ']]>', '" onload="', "' x='", '&lt;script&gt;']) {
    assert.doesNotMatch(escapeText(hostile), /[<>"']/);
  }
  assert.equal(escapeText('&lt;'), '&amp;lt;');
});

test('characters that are not seen or turn the reading direction are written as codes, letters of any script stay', () => {
  assert.equal(
    escapeText('a\u202eb\u2066c\0d\u200be\ud800f'),
    'a\\u{202e}b\\u{2066}c\\u{0}d\\u{200b}e\\u{d800}f',
  );
  assert.equal(escapeText('שלום فهرس 関数 😀\n\t'), 'שלום فهرس 関数 😀\n\t');
});

test('a name is split into isolated parts, also where file or key hold colons', () => {
  const text = showName('C:x/a.js:o["b:c"]', 'C:x/a.js').text;
  assert.match(text, /<bdi class="file">C:x\/<wbr>a\.js<\/bdi>/);
  assert.match(text, /<bdi>o\[&quot;b:c&quot;\]<\/bdi>\(\)/);
});

test('an accessor is shown as in the table, without parentheses of a call', () => {
  assert.match(showName('a.js:C.size#get', 'a.js').text, /<bdi>C\.size \(get\)<\/bdi><\/span>/);
});
