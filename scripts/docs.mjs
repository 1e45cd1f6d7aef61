// Writes docs/api.md, the API reference, from the docstrings, and the table of docs/options.md from the declaration of
// the options: `npm run build && npm run docs`; with --check it only compares.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

register('./docs-typescript.mjs', import.meta.url);
const { Application } = await import('typedoc');

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const written = join(root, 'docs', 'api.md');
const folder = mkdtempSync(join(tmpdir(), 'ttprof-docs-'));
try {
  const application = await Application.bootstrapWithPlugins({
    name: 'ttprof',
    out: folder,
    entryPoints: ['src/index.ts', 'src/instrument.ts'].map((path) => join(root, path)),
    tsconfig: join(root, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    readme: 'none',
    outputFileStrategy: 'modules',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    disableSources: true,
    excludeExternals: true,
    hideGroupHeadings: true,
    tableColumnSettings: { hideInherited: true, hideModifiers: true, hideOverrides: true },
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    parametersFormat: 'table',
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
  });
  const project = await application.convert();
  if (project === undefined || application.logger.hasErrors() || application.logger.hasWarnings())
    throw new Error('typedoc found something wrong: see above');
  await application.generateOutputs(project);
  writeOrCompare(written, joinPages());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const options = join(root, 'docs', 'options.md');
const { renderOptionTable } = await import('../dist/config/help.js');
writeOrCompare(
  options,
  readFileSync(options, 'utf8').replace(
    /(<!-- options -->\n)[\s\S]*?(?=<!-- \/options -->)/,
    (_, marker) => marker + renderOptionTable(),
  ),
);

function writeOrCompare(path, text) {
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${relative(root, path)} is out of date: npm run docs`);
    process.exitCode = 1;
  }
}

/** The page of each entry point, in one file. */
function joinPages() {
  const pages = ['index', 'instrument'].map((name) => {
    const page = readFileSync(join(folder, `${name}.md`), 'utf8').replaceAll(`](${name}.md#`, '](#');
    const heading = name === 'index' ? 'ttprof' : `ttprof/${name}`;
    return page.replace(/^# .*/, `# \`import … from '${heading}'\``).replace(/^(#{1,5} )/gm, '#$1');
  });
  const intro = '<!-- Written by `npm run docs` from the docstrings: change those. -->\n\n# API reference\n';
  return `${[intro, ...pages].join('\n').trim()}\n`;
}
