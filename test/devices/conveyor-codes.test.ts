import { expect, test } from 'vitest';
import { claimed, confirmations, scans } from '../lib/conveyor-run.ts';
import { pass } from '../lib/fake-registers.ts';

test('a code with bytes that are no text is told and counted, and hides nothing else', async () => {
  const { plc, clock, facts, driver } = await claimed();
  const before = facts.length;
  const publish = plc.beforeRead;
  plc.beforeRead = (address) => {
    publish(address);
    plc.image[5000 + 20 + 21 + 4] = 0x4c1d; // slot 1: `L`, group separator
  };
  plc.show(1, { ...scans(1), ...confirmations(1) });
  await pass(clock, 20);
  expect(facts.slice(before).filter(({ type }) => type !== 'conveyor.pointChanged')).toMatchObject([
    { type: 'conveyor.scanned', scan: { scanSeq: 1, read: 'good', code: 'L\ufffd1' } },
    { type: 'conveyor.confirmed', confirmation: { confirmSeq: 1 } },
  ]);
  expect(driver.status()).toMatchObject({
    availability: 'online',
    link: { errors: 0, reconnects: 0 },
    counters: { scans: 1, spoiltCodes: 1 },
  });
});
