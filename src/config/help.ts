/** What people read of the declaration: the help, and the README's table. */
import { nameAfterScript, OPTIONS, type Option } from './options.js';

const USAGE = `Usage:
  ttprof -t T [options] app.js [app args]         run a script and measure the functions T
  ttprof -t T [options] -- command [args]         run any command: every Node process below it is measured
  ttprof list [--json] FILE...                    the targets that could be named
  ttprof report FILE.json... [options]            merge saved runs, print or export them again
  ttprof ab --base REV_OR_DIR -t T [options] app.js   two versions of the code, in turns
  ttprof bisect --good REV [--bad REV] -t T app.js    the commit that made T slower
  ttprof timeit [-s SETUP]... EXPR...             expressions in loops
  ttprof init [--write]                           what this project needs, and the command to run

  node --import ttprof/register app.js --ttprof=T [--ttprof-OPTION[=VALUE]...] [app args]
  node --import ttprof/register -- --ttprof=T app.js [app args]
  TTPROF=T NODE_OPTIONS='--import ttprof/register' npm test

T is [module:]function: src/lib.js:parse, parse (in the script itself), 'src/**/*.js:Parser.*', lodash:merge,
node:fs:readFileSync, src/lib.js:42 (a line).
`;

const NAMES = `After a script an option is called --ttprof-OPTION, in the environment TTPROF_OPTION: --ttprof-json=FILE,
TTPROF_JSON=FILE, TTPROF_COMPARE=1, TTPROF_CACHE=0; targets are --ttprof=T and TTPROF='T T'. Options without such a
name in docs/options.md are the command's alone.
`;

const EXIT_CODES = `Exit codes: the app's own where it is not 0; else 3 (slower than --fail-if-slower allows); else, with --strict, 4 (a
target matched nothing or was never called; with --fail-if-slower alone: matched nothing); 2 for wrong usage, before
the app starts; 1 where a file could not be written.
`;

/** Wide enough for the longest flag. */
const FLAG_COLUMN = 26;

export function renderHelp(version: string): string {
  const options = OPTIONS.map((option) => `  ${flags(option).padEnd(FLAG_COLUMN)} ${option.help}`).join('\n');
  return `ttprof ${version}: measures the functions you name, in any Node program\n\n${USAGE}\nOptions:\n${options}\n\n${NAMES}\n${EXIT_CODES}`;
}

function flags(option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${option.flag}${showValue(option)}`;
}

function showValue({ placeholder, optionalValue }: Option): string {
  if (placeholder === undefined) return '';
  return optionalValue === undefined ? ` ${placeholder}` : `[=${placeholder}]`;
}

/** The README's table of options, in GitHub Markdown. */
export function renderOptionTable(): string {
  const rows = OPTIONS.map((option) => {
    const afterScript = nameAfterScript(option);
    const value = option.placeholder === undefined ? '' : `=${option.placeholder}`;
    return [
      `\`${flags(option).trim()}\``,
      afterScript === null ? '' : `\`${afterScript}${value}\``,
      option.environment === undefined ? '' : `\`${environmentOf(option, option.environment)}\``,
      option.help.replaceAll('|', '\\|').replaceAll('*', '\\*'),
    ];
  });
  const lines = [
    ['flag of `ttprof`', 'after the script', 'environment', 'meaning'],
    ['---', '---', '---', '---'],
    ...rows,
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function environmentOf(option: Option, name: string): string {
  if (option.placeholder !== undefined) return name;
  return `${name}=${option.negated === true ? '0' : '1'}`;
}
