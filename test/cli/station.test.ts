import { afterEach, expect, test, vi } from 'vitest';
import { type Asked, craneway, fakeHttp } from '../lib/cli.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let close = async () => {};
afterEach(() => close());

const view = {
  ...{ station: 'PICK-01', step: 7, kind: 'putInto', title: 'Scan TOTE', coming: 2, loadUnits: [] },
  ...{ instruction: 'Put 3 x A into C-1 and scan it.', expects: [], loadUnit: 'T-1' },
  choices: [{ choice: 'short', text: 'Fewer are there.', needs: ['qty', 'reason'] }],
};

/** A site with one station, which refuses the code X-1. */
async function site() {
  const server = await fakeHttp(({ method, body }: Asked) => {
    if (method === 'GET') return { body: view };
    const isWrong = (body as { code?: string }).code === 'X-1';
    const problem = { status: 409, code: 'CONFLICT', title: 'Conflict', detail: 'Wrong: X-1.' };
    return isWrong ? { status: 409, body: problem } : { body: { text: 'Right.' } };
  });
  close = server.close;
  return server;
}

test('each line is a scan, one with a slash is an answer to the step that was shown, and each has its own key', async () => {
  const { url, asked } = await site();
  const input = 'T-1\n\n/short 2 damaged\n/done\n';
  const { code, out, err } = await craneway(['station', 'PICK-01'], { url, input });
  expect([code, err]).toEqual([0, 'Right.\nRight.\nRight.\n']);
  expect(out.split('\n').slice(0, 4)).toEqual([
    'PICK-01  Scan TOTE',
    'Put 3 x A into C-1 and scan it.',
    '  /short <qty> <reason>  Fewer are there.',
    '2 more on the way',
  ]);
  const posts = asked.filter(({ method }) => method === 'POST');
  expect(posts.map(({ url: path, body }) => [path.split('/').at(-1), body])).toEqual([
    ['scan', { code: 'T-1' }],
    ['answer', { choice: 'short', step: 7, qty: 2, reason: 'damaged' }],
    ['answer', { choice: 'done', step: 7 }],
  ]);
  expect(new Set(posts.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
});

test('a wrong scan is said, and the work goes on', async () => {
  const { url, asked } = await site();
  const { code, err } = await craneway(['station', 'PICK-01'], { url, input: 'X-1\nT-1\n' });
  expect([code, err]).toEqual([0, 'Wrong: X-1.\nRight.\n']);
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test('programs get the step as JSON, after every line', async () => {
  const { url } = await site();
  const { out } = await craneway(['station', 'PICK-01', '--json'], { url, input: 'T-1\n' });
  expect(JSON.parse(`[${out.trim().replaceAll('}\n{', '},{')}]`)).toEqual([view, view]);
});
