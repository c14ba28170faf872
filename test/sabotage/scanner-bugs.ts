import { edit, type PlantedBug } from './planted-bug.ts';

/** Bugs between a scanner's bytes and what is believed of them. */
export const scannerBugs: readonly PlantedBug[] = [
  {
    id: 'scanner-flood-is-a-code',
    bug: 'the end of a frame that was too long is a code',
    edits: [
      edit('devices/barcode-scanner/framer.ts', '    if (wasTooLong) return undefined;\n', ''),
    ],
    caughtBy: 'test/devices/barcode-scanner-framer.test.ts',
  },
  {
    id: 'scanner-flood-fuzzed',
    bug: 'the same, found by the fuzzer',
    edits: [
      edit('devices/barcode-scanner/framer.ts', '    if (wasTooLong) return undefined;\n', ''),
    ],
    caughtBy: 'test/fuzz/scanner.test.ts',
  },
  {
    id: 'scanner-joins-after-reconnect',
    bug: 'half a code of the connection before is joined to the next one',
    edits: [edit('devices/barcode-scanner/frame-link.ts', '  framer.reset();\n', '')],
    caughtBy: 'test/devices/barcode-scanner.test.ts',
  },
  {
    id: 'scanner-silence-joins',
    bug: 'half a code is joined to what comes after a pause',
    edits: [
      edit(
        'devices/barcode-scanner/framer.ts',
        '    const frames = this.silence(atMs);\n',
        '    const frames: string[] = [];\n',
      ),
    ],
    caughtBy: 'test/fuzz/scanner.test.ts',
  },
  {
    id: 'scanner-takes-everything',
    bug: 'codes that are not ours are taken',
    edits: [
      edit(
        'devices/barcode-scanner/interpret.ts',
        "code !== '' && isOurs(code, aim)",
        "code !== ''",
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner-codes.test.ts',
  },
  {
    id: 'scanner-answer-is-no-read',
    bug: 'the answer to the end of a trigger is a no-read of the next load',
    edits: [
      edit(
        'devices/barcode-scanner/driver.ts',
        'if (this.#wasReleased()) this',
        'if (Number.isNaN(this.#readNumber)) this',
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner.test.ts',
  },
  {
    id: 'scanner-oldest-wins',
    bug: 'a scanner that dials again is locked out by its old connection',
    edits: [
      edit(
        'devices/transport/tcp-listener.ts',
        '    if (before !== undefined) {\n',
        '    if (before !== undefined) {\n      socket.destroy();\n      this.#newest = before;\n      return;\n',
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner-listener.test.ts',
  },
  {
    id: 'scanner-held-back',
    bug: 'bytes of a serial line wait until something else happens',
    edits: [
      edit(
        'devices/transport/serial-binding.ts',
        '    setImmediate(() => emit.apply(poller, event));\n',
        `    held.push(event);
    for (const one of held.splice(0, held.length - 1)) emit.apply(poller, one);
`,
      ),
      edit(
        'devices/transport/serial-binding.ts',
        '  const emit = poller.emit;\n',
        '  const emit = poller.emit;\n  const held: [string, Error | null][] = [];\n',
      ),
    ],
    caughtBy: 'test/devices/serial-faults.test.ts',
    only: 'a process that has nothing else to do',
  },
  {
    id: 'scanner-closed-line-takes',
    bug: 'what is written to a closed serial line is taken, as if it could still leave',
    edits: [
      edit(
        'devices/transport/stream-link.ts',
        '    if (!this.#isOpen || this.#isClosing || signal.aborted) {',
        '    if (signal.aborted) {',
      ),
    ],
    caughtBy: 'test/devices/serial-faults.test.ts',
    only: 'the library alone',
  },
  {
    id: 'hid-length-believed',
    bug: 'a length above what a report has room for is believed',
    edits: [edit('devices/barcode-scanner/hid-pos.ts', 'length > dataBytes || ', '')],
    caughtBy: 'test/devices/barcode-scanner-hid.test.ts',
  },
  {
    id: 'hid-nul-ends',
    bug: 'a scan ends at its first NUL',
    edits: [
      edit(
        'devices/barcode-scanner/hid-pos.ts',
        "dataAt, dataAt + length)).toString('latin1');",
        "dataAt, dataAt + length)).toString('latin1').replace(/\\0.*$/s, '');",
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner-hid.test.ts',
  },
  {
    id: 'hid-joins-after-replug',
    bug: 'half a scan of the connection before is joined to the next one',
    edits: [
      edit(
        'devices/barcode-scanner/hid-pos.ts',
        '    this.reset();\n    this.#layouts = layouts;\n',
        '    this.#layouts = layouts;\n',
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner-hid.test.ts',
  },
  {
    id: 'hid-unknown-key-left-out',
    bug: 'a wedge leaves a key out that it does not know, and the code is another one',
    edits: [
      edit(
        'devices/barcode-scanner/hid-keyboard.ts',
        '    if (!this.#isSpoiled) this.#counters.spoiled += 1;\n    this.#isSpoiled = true;\n',
        '',
      ),
    ],
    caughtBy: 'test/devices/barcode-scanner-hid.test.ts',
  },
  {
    id: 'code128-check',
    bug: 'the check character of a set-up sheet is wrong',
    edits: [
      edit('devices/lib/code128.ts', 'value * Math.max(i, 1), 0) % 103', 'value * i, 0) % 103'),
    ],
    caughtBy: 'test/devices/lib/code128.test.ts',
  },
];
