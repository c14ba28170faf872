import { by, type Proof } from './proof.ts';

const serial = (...tests: string[]) => by('devices/serial-faults.test.ts', ...tests);
const scanner = (...tests: string[]) => by('devices/barcode-scanner.test.ts', ...tests);
const link = (...tests: string[]) => by('devices/transport/links.test.ts', ...tests);
const hid = (...tests: string[]) => by('devices/barcode-scanner-hid.test.ts', ...tests);
const hidDriver = (...tests: string[]) =>
  by('devices/barcode-scanner-hid-driver.test.ts', ...tests);
const idle =
  'a process that has nothing else to do, no timers and no udevadm receives at once what comes in';

/** Faults between a bar code and what is known of it, with the tests that show what Craneway does. */
export const readingProofs: Readonly<Record<string, Readonly<Record<string, readonly Proof[]>>>> = {
  'Serial scanner': {
    'idle process receives promptly': [serial(idle)],
    'unplug in mid-frame, replug': [
      scanner(
        'offline is said once and online once, and half a code before is not joined to one after',
        'an unplugged serial scanner is offline, and works again when it is plugged in',
      ),
    ],
    'CR, LF, CRLF': [
      serial('codes that end by %s are read, whether a chunk ends within the end or not'),
    ],
    'GS, NUL, CR inside': [
      serial('GS, NUL and CR inside of a code arrive over a real line as they were sent'),
    ],
    '10 kB without suffix': [
      serial('10 kB without a suffix cost no memory and no code but their own'),
    ],
    doubles: [
      scanner(
        'the same code within the time that is set is marked as a repeat, and told all the same',
      ),
    ],
    'no-reads': [
      scanner('over a serial line, reads, no-reads and triggers work as over TCP'),
      by('devices/barcode-scanner-codes.test.ts', 'a no-read is exactly the text set for it'),
    ],
    'nothing stale after reopen': [
      serial(
        'the library alone sends after a reopening what was written while it was closed; our line does not',
        'a trigger that was asked for while the line was unplugged is not sent when it is back',
      ),
    ],
    'two close events': [
      serial('a line that says twice that it has closed, and an error between, has closed once'),
    ],
    '0-byte read': [
      link(
        'whose adapter is unplugged and reads nothing for ever ends instead of turning in circles',
      ),
    ],
    'stuck close': [link('that cannot be closed is given up after its deadline')],
    'no udevadm': [serial(idle)],
  },
  'HID POS': {
    '1, 2 and 5 reports a scan': [
      hid(
        'of one report is a code with its symbology',
        'of two reports is one code, %s',
        'of five reports is one code',
      ),
    ],
    'length 57': [
      hid('with a length of 57 is thrown away and counted, with all that belongs to it'),
    ],
    'missing continuation': [
      hid('of which a continuation is missing is never joined to the next one'),
    ],
    'unplug between reports': [
      hidDriver(
        'unplugged between two reports of a scan, the half of it is never joined to what comes after',
      ),
    ],
    '62- and 64-byte descriptors': [
      hid(
        'of 64-byte reports tells where length, symbology, data and the flag are',
        'of 62-byte reports does so, too',
      ),
    ],
    'no libusb': [
      hidDriver(
        'without libusb a HID scanner is unavailable with the fix, and a TCP scanner works beside it',
      ),
    ],
  },
  GS1: {
    'wrong behaviors of other parsers refused': [
      by(
        'domain/gs1-elements.test.ts',
        '%j is refused: %s',
        'anything else is refused with a reason, and never crashes',
      ),
    ],
    'any element string parses back to itself': [
      by('domain/gs1-elements.test.ts', 'any element string parses back to itself'),
    ],
  },
};
