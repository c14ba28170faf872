import { logStream } from '../../src/machine/log-stream.ts';

/**
 * Logs so many lines of 1 kB to stdout, says so on stderr, and ends when it is told to on stdin: `drain`
 * lets it log one more once all others are gone.
 */
const stream = logStream(process.stdout);
const text = 'x'.repeat(1_000);
for (let i = 0; i < Number(process.argv[2]); i++) stream.write(`${JSON.stringify({ i, text })}\n`);
process.stderr.write('written');
process.stdin.once('data', (told) => {
  process.stdin.destroy();
  if (String(told) !== 'drain') return void stream.end();
  process.stdout.write('', () => {
    stream.write(`${JSON.stringify({ last: true })}\n`);
    void stream.end();
  });
});
