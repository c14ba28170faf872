import { by, type Proof } from './proof.ts';

/** Faults of a crane whose PLC keeps no numbers, with the tests that show what Craneway does. */
export const startBitProofs: Readonly<Record<string, readonly Proof[]>> = {
  'start not taken': [
    by(
      'flow/start-bit-crane.test.ts',
      'to take a start: it is taken back, a person is asked, and it never runs later',
    ),
  ],
  'start written, answer lost': [
    by(
      'flow/start-bit-crane.test.ts',
      'goes on when the answer to its start was lost, and the start is not written again',
    ),
  ],
  'done missed between two polls': [
    by('flow/start-bit-crane.test.ts', 'to show done: sensor and position prove it'),
  ],
  'restart, registers empty or kept': [
    by(
      'flow/start-bit-crane.test.ts',
      'by a restart in a mission: a person says where the load is, and nothing is sent before',
    ),
    by(
      'devices/start-bit-crane.property.test.ts',
      'whatever fails, no command is started twice, books and steel agree or a person is asked, and work goes on',
    ),
  ],
  'handled by hand': [
    by(
      'flow/start-bit-crane.test.ts',
      'it was operated by hand: released only after it is back in automatic',
      'is away for longer in a mission: a person looks, even though it has ended well',
    ),
  ],
  'sensors contradict': [
    by('flow/start-bit-crane.test.ts', 'done, but %s: a person says where the load is'),
  ],
  'another writer': [
    by(
      'flow/start-bit-crane.test.ts',
      'somebody else has written its command registers: it is stopped until they are cleared',
    ),
  ],
};
