import { expect, test } from 'vitest';
import { registerTable } from '../../devices/lib/register-table.ts';
import { contentChecks } from '../../src/cli/content-checks.ts';
import { countingText, craneText, readStartBitInterface, startBitText } from '../lib/interfaces.ts';

const errors = (text: string) => check(text)?.filter(({ severity }) => severity === 'error');
const check = (text: string, type: 'conveyor' | 'asrs-crane' = 'asrs-crane') =>
  contentChecks.interfaceFile?.('crane.yaml', text, type);

test('a site may name a crane without numbers for a crane, and for nothing else', () => {
  for (const text of [startBitText, countingText]) {
    expect(check(text)).toMatchObject([
      { severity: 'warn', message: expect.stringContaining('nobody but this controller') },
    ]);
  }
  expect(check(startBitText, 'conveyor')?.[0]?.message).toContain('must be conveyor');
});

test('a file that counts in one block only is refused, and the field is named', () => {
  const half = countingText.replace('name: seqAnswered', 'name: sequence');
  expect(errors(half)).toMatchObject([{ message: 'status.seqAnswered is missing' }]);
});

test('a register that the driver cannot do without is named with its line', () => {
  const problems = errors(startBitText.replace('name: travelMm,', 'name: travel,'));
  expect(problems).toMatchObject([{ message: 'status.travelMm is missing' }]);
  expect(problems?.[0]?.line).toBeGreaterThan(1);
});

test('a crane that is said to keep the contract, and lacks its numbers, is still refused', () => {
  const wrong = check(startBitText.replace('device: startBitCrane', 'device: asrsCrane'));
  expect(wrong?.map(({ message }) => message)).toContain('status.seqAnswered is missing');
  const other = check(craneText.replace('device: asrsCrane', 'device: startBitCrane'));
  expect(other?.map(({ message }) => message)).toContain('command.start is missing');
});

test('its document promises nothing that such a PLC cannot keep', () => {
  const table = registerTable(readStartBitInterface());
  expect(table).toContain('| 203–204 | 3–4 | travelMm | i32');
  for (const word of ['CRC', 'wordOrderTest', 'epoch', 'undefined']) {
    expect(table).not.toContain(word);
  }
});
