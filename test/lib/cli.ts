import { execFile } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs the command line as a person does. `code` is what `$?` would be. */
export function craneway(
  args: readonly string[],
  { url, cwd, input = '' }: { url?: string; cwd?: string; input?: string } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const entry = new URL('../../src/cli/craneway.ts', import.meta.url).pathname;
  const env = { ...process.env, CRANEWAY_URL: url, CRANEWAY_OPERATOR: 'anna', NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [entry, ...args],
      { env, timeout: 20_000, ...(cwd !== undefined && { cwd }) },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, out, err });
      },
    );
    child.stdin?.end(input);
  });
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}
export interface Told {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A site that answers each request as `answer` says; `undefined` hangs up without an answer. */
export async function fakeHttp(answer: (asked: Asked) => Told | undefined | 'silence') {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) };
      asked.push(one);
      const told = answer(one);
      if (told === 'silence') return;
      if (told === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(told.status ?? 200, {
        'content-type': 'application/json',
        ...told.headers,
      });
      response.end(JSON.stringify(told.body ?? {}));
    });
  };
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
}
