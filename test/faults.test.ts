import { describe, expect, test } from 'vitest';
import { proofs } from './lib/fault-proofs.ts';
import { printerProofs } from './lib/printer-fault-proofs.ts';
import { by, exempt, missing } from './lib/proof.ts';
import { readingProofs } from './lib/reading-fault-proofs.ts';
import { startBitProofs } from './lib/start-bit-fault-proofs.ts';

const tables = {
  ...proofs,
  ...readingProofs,
  Printer: printerProofs,
  'Crane without numbers': startBitProofs,
};

describe.each(Object.entries(tables))('%s', (_area, faults) => {
  test.each(Object.entries(faults))('%s has its test', (_fault, proof) => {
    expect(proof.length).toBeGreaterThan(0);
    expect(proof.flatMap(missing)).toEqual([]);
  });
});

test('a test that is not there is found, and so is a reason that is none', () => {
  expect(missing(by('faults.test.ts', ['a test that', 'nobody wrote'].join(' ')))).toHaveLength(1);
  expect(missing(by('no-such.test.ts', 'x'))).toEqual(['test/no-such.test.ts does not exist']);
  expect(missing(exempt('later'))).toEqual(['an exemption has a reason']);
});
