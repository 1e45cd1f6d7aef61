import { setTimeout as sleep } from 'node:timers/promises';
import { marked } from 'marked';

const articles = new Map(
  Array.from({ length: 50 }, (_, id) => [
    String(id),
    `# Article ${id}\n\n${'Some *text* with `code`. '.repeat(40)}`,
  ]),
);

/** What a database would do: wait, then answer. */
async function fetchArticle(id) {
  await sleep(2);
  return articles.get(id) ?? null;
}

function renderArticle(markdown) {
  return marked.parse(markdown, { async: false });
}

export async function showArticle(id) {
  const markdown = await fetchArticle(id);
  return markdown === null ? null : renderArticle(markdown);
}

export function search(word) {
  return [...articles].filter(([, text]) => text.includes(word)).map(([id]) => id);
}
