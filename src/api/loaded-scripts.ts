import { createRequire } from 'node:module';
import { fileOfUrl } from '../loader/file-of-url.js';

interface Session {
  connect(): void;
  disconnect(): void;
  post(method: string): void;
  on(event: string, listener: (message: { params: { url: string } }) => void): void;
}

/**
 * The files of this thread's modules that are loaded already, absolute. Only V8 knows all of them, ES modules too: it
 * lists its scripts to a debugger that connects, before the call returns. Takes a few ms.
 */
export function listLoadedScripts(): ReadonlySet<string> {
  const files = new Set<string>();
  try {
    const inspector = createRequire(import.meta.url)('node:inspector') as { Session: new () => Session };
    const session = new inspector.Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params: { url } }) => {
      const file = url.startsWith('/') ? url : fileOfUrl(url);
      if (file !== null) files.add(file);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
    session.disconnect();
  } catch {
    // Node was built without the inspector: a module that is loaded already shows by having no calls.
  }
  return files;
}
