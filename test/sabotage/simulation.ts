/**
 * What the simulation under fire must find, each with the number of seeds, from 1 on, that must be enough for it
 * (2 virtual minutes). There is room in them: what a seed meets shifts with every change of the code.
 */
export const seenBySimulation: Readonly<Record<string, number>> = {
  'send-long-before-commit': 8,
  'same-epoch': 8,
  'out-of-order': 8,
  'puback-before-commit': 1,
  'swapped-words': 1,
  'timer-in-memory': 20,
  'plc-ignores-epoch': 20,
  'wall-clock-deadlines': 20,
  'check-then-insert': 20,
  'no-store-fence': 20,
  'no-fence-at-all': 20,
  'doubt-forgotten': 20,
  'reprint-unknown': 40,
  'torn-reading': 40,
  'two-transactions': 40,
  'finished-at-puback': 150,
  'bin-empty-is-done': 150,
};

const noDamage =
  'No byte of a ledger changes behind its back, and the look back at the start is left out.';
const noHid = 'Its scanners are at the end of a stream; none is an HID device.';
const noStartBit = 'Its cranes have the numbers of the contract; none is a crane with a start bit.';
const noFlush = 'What SQLite has taken is never lost there: npm run power-loss takes it.';
const noAdvice = 'Advice to people moves nothing, and no invariant judges it.';
const secondLine =
  'A guard against a second bug: as long as that is not there, nothing goes wrong.';
const sameAs = (id: string) => `The same edit as ${id}.`;

/** Bugs of what is no part of the simulation, or that nobody outside can see in it; each with why. */
export const outsideOfSimulation: Readonly<Record<string, string>> = {
  'send-before-commit':
    'Drivers write in a later turn: whoever dies or fails in this one has sent nothing yet.',
  'commits-not-synced': noFlush,
  'synchronous-normal': noFlush,
  'no-rollback-in-memory': 'A process whose commit has failed ends at once, and its books with it.',
  'unbounded-queue': 'Ten thousand causes do not come together at a small site.',
  'chain-not-verified': noDamage,
  'damage-passed-over': noDamage,
  'fold-of-the-unverified': noDamage,
  'audit-blind-to-stock': noDamage,
  'bin-full-finds-no-place': 'A person is asked where it goes instead: slower, and not wrong.',
  'bin-empty-is-no-news': 'A person is asked about it all the same: slower, and not wrong.',
  'sent-is-enough': 'Hosts ask for what is missing, and get it: only slower.',
  'two-pumps': 'Hosts book an event once, however often it comes.',
  'wrong-order-on-both-sides': 'Both sides agree: only a device of somebody else shows it.',
  'any-register': secondLine,
  'unguarded-line': secondLine,
  'swallowed-bug': secondLine,
  'chance-in-the-planner': 'Nobody calls it; a run in which somebody does ends at once.',
  'start-forgotten': noStartBit,
  'unwatched-trusted': noStartBit,
  'scanner-flood-fuzzed': sameAs('scanner-flood-is-a-code'),
  'scanner-oldest-wins': 'Its scanners are called; none of them calls.',
  'scanner-held-back': 'It has no serial line.',
  'scanner-closed-line-takes': sameAs('parked-write'),
  'hid-length-believed': noHid,
  'hid-nul-ends': noHid,
  'hid-joins-after-replug': noHid,
  'hid-unknown-key-left-out': noHid,
  'code128-check': 'Nobody prints a set-up sheet.',
  'orders-starve': 'Minutes are too short for an order to starve.',
  'only-the-first-orders': 'A small site has fewer orders than one pass looks at.',
  'classes-flip': noAdvice,
  'reachable-through-a-dead-crane': noAdvice,
  'signals-without-end': noAdvice,
  'send-before-commit-and-crash': sameAs('send-before-commit'),
  'same-epoch-and-crash': sameAs('same-epoch'),
  'swapped-words-and-crash': sameAs('swapped-words'),
  'circle-of-waiting': 'Its conveyors have no loop.',
  'blind-invariant': 'It is in the judge itself.',
};

const asked = 'What is wrong with a code is asked about, and people put it right.';
const asGood = 'Other stock would do as well: no invariant says which it has to be.';

/** Bugs of what lives in it, and seeds that meet what they take have not found them; each with what stands in the way. */
export const unseenBySimulation: Readonly<Record<string, string>> = {
  'new-seq-for-unknown': 'The old frame has to come when the next connection has read already.',
  'no-read-back': 'A frame of the life before has to come when the next life has read already.',
  'no-read-inherits': asked,
  'second-read-is-next': asked,
  'scanner-flood-is-a-code': asked,
  'scanner-joins-after-reconnect': asked,
  'scanner-silence-joins': asked,
  'scanner-takes-everything': asked,
  'scanner-answer-is-no-read': asked,
  'late-reply-taken':
    'A connection that has waited in vain is given up, and with it what comes late.',
  'parked-write': 'What a device has not got is found out by reading it: slower, and not wrong.',
  'ranking-left-behind': asGood,
  'one-too-few': asGood,
  'plc-ignores-seq':
    'A command has to come again after its end, and once it is answered it leaves the frame.',
  'bin-full-is-done': 'The crane is told another place first; that none is left is rare.',
  'freed-at-the-cancel': 'Another load unit has to want the very cell in the moment of a cancel.',
  'outbox-gives-up': 'Three connections in a row have to lose the same event.',
};
