import { createRequire } from 'node:module';
import { fileOfUrl } from '../loader/file-of-url.js';

interface Session {
  connect(): void;
  disconnect(): void;
  post(method: string): void;
  on(event: string, listener: (message: { params: { url: string } }) => void): void;
}

/**
 * The files of this thread's modules that are loaded already, absolute. No other way tells of ES modules; V8 lists
 * all its scripts to a debugger that connects, within the call. Takes a few ms.
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
    // Built without the inspector: what is loaded already is then found out by its not being measured.
  }
  return files;
}
