// A server under load: autocannon sends a fixed number of requests to each route, so that the counts are known.
//   npx ttprof -t examples/http-server/handlers.js:showArticle -t examples/http-server/handlers.js:search \
//     examples/http-server/main.js
import { once } from 'node:events';
import { createServer } from 'node:http';
import autocannon from 'autocannon';
import { search, showArticle } from './handlers.js';

const REQUESTS = 400;

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/search') {
    response.end(JSON.stringify(search(searchParams.get('word'))));
    return;
  }
  const html = await showArticle(pathname.slice(1));
  response.statusCode = html === null ? 404 : 200;
  response.end(html ?? 'not found');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;

for (const path of ['/7', '/search?word=49']) {
  const { requests, errors } = await autocannon({ url: url + path, amount: REQUESTS, connections: 10 });
  console.log(`${path}: ${requests.total} requests, ${errors} errors`);
}
server.close();
