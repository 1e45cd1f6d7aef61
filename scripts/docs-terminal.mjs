// Writes docs/images/terminal.svg: what the README's first command prints, as a terminal shows it. On a machine left
// alone: `npm run docs:images`.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMAND = ['-x', '-t', 'before', '-t', 'after', 'examples/before-after.js'];
/** The colours of ANSI's codes on a dark ground. */
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };
const [FONT_PX, CHARACTER_PX, LINE_PX, MARGIN_PX] = [13, 7.83, 21, 18];
/** Select Graphic Rendition, with one parameter. */
const CODE = new RegExp(`${'\u001b'}\\[(\\d+)m`);
const PROMPT = `\x1b[2m$\x1b[22m npx ttprof ${COMMAND.join(' ')}`;

const { stderr } = spawnSync(process.execPath, [join(root, 'lib', 'cli.js'), ...COMMAND], {
  cwd: root,
  env: { ...process.env, FORCE_COLOR: '1' },
  encoding: 'utf8',
});
// without the notes: they are of this run
const lines = [PROMPT, ...stderr.split('\n').filter((line) => line !== '' && !/^.{0,6} note: /.test(line))];
const plain = lines.map(stripVTControlCharacters);
const width = Math.ceil(Math.max(...plain.map((line) => line.length)) * CHARACTER_PX + 2 * MARGIN_PX);
const height = lines.length * LINE_PX + 2 * MARGIN_PX;
const texts = lines.map(
  (line, i) => `<text x="${MARGIN_PX}" y="${MARGIN_PX + (i + 0.75) * LINE_PX}">${paint(line)}</text>`,
);
writeFileSync(
  join(root, 'docs', 'images', 'terminal.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="ttprof in a terminal">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_PX}" fill="#e6edf3">
${texts.join('\n')}
</g>
</svg>
`,
);

/** Text with ANSI's codes as spans; spaces are kept by characters that XML does not fold. */
function paint(line) {
  let [colour, bold, dim] = ['', false, false];
  return line
    .split(CODE)
    .map((part, at) => {
      // every second part is a code
      if (at % 2 === 0) return part === '' ? '' : span(part, { colour, bold, dim });
      const code = part;
      if (code === '1') bold = true;
      else if (code === '2') dim = true;
      else if (code === '22') [bold, dim] = [false, false];
      else if (code === '39') colour = '';
      else if (code === '0') [colour, bold, dim] = ['', false, false];
      else colour = COLOURS[code] ?? '';
      return '';
    })
    .join('');
}

function span(text, { colour, bold, dim }) {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/ /g, '&#160;');
  const fill = colour || (dim ? '#8b949e' : '');
  const attributes = [fill && `fill="${fill}"`, bold && 'font-weight="600"'].filter(Boolean).join(' ');
  return attributes === '' ? escaped : `<tspan ${attributes}>${escaped}</tspan>`;
}
