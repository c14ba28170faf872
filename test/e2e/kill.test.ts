import { test } from 'vitest';
import { type RoundOptions, runRound } from './crash-round.ts';

// A slice of `npm run crash`, which draws other kills each time and goes on for as long as it is told to.
const seed = Number(process.env['CRANEWAY_KILL_SEED'] ?? 1);

test('no movement is lost and no mission runs twice, whenever the controller is killed', {
  timeout: 240_000,
}, async () => {
  await survives({ seed, kills: 7 });
});

test('the same holds with a broker outside, which is killed now and then too', {
  timeout: 180_000,
}, async () => {
  await survives({ seed: seed + 1, kills: 5, hasBroker: true });
});

test('the same holds while PLCs restart, wires fail and the process stands still', {
  timeout: 240_000,
}, async () => {
  await survives({ seed: seed + 2, kills: 5, isDisturbed: true });
});

async function survives(options: RoundOptions): Promise<void> {
  process.stdout.write(`${JSON.stringify(await runRound(options))}\n`);
}
