import { edit, killTest, type PlantedBug } from './planted-bug.ts';

/** Bugs of the way to the hosts. */
export const upstreamBugs: readonly PlantedBug[] = [
  {
    id: 'finished-at-puback',
    bug: 'an event that the broker has taken is never sent again',
    edits: [
      edit(
        'src/upstream/forwarder.ts',
        '        this.#inFlight.delete(event.sequence);\n',
        `        this.#inFlight.delete(event.sequence);
        try {
          Object(this.#options.outbox).finish?.(event.sequence);
        } catch {} // The disk is full: it is sent once more.
`,
      ),
      edit(
        'src/ledger/ledger.ts',
        '    return this.#sql.events.all(from, max)',
        `    this.#db.exec('CREATE TABLE IF NOT EXISTS finished (n INTEGER)');
    const { n } = this.#db.prepare('SELECT max(n) AS n FROM finished').get() ?? {};
    return this.#sql.events.all(Math.max(from, Number(n ?? 0) + 1), max)`,
      ),
      edit(
        'src/ledger/ledger.ts',
        '  ackThrough(host: HostId)',
        `  finish(sequence: number): void {
    this.#db.exec('CREATE TABLE IF NOT EXISTS finished (n INTEGER)');
    this.#db.prepare('INSERT INTO finished VALUES (?)').run(sequence);
  }

  ackThrough(host: HostId)`,
      ),
    ],
    ...killTest,
  },
  {
    id: 'sent-is-enough',
    bug: 'events without a PUBACK are left out by the next connection',
    edits: [
      edit(
        'src/upstream/forwarder.ts',
        'Math.max(this.sentThrough() + 1,',
        'Math.max(this.#next || this.sentThrough() + 1,',
      ),
    ],
    caughtBy: 'test/upstream/puback.test.ts',
  },
  {
    id: 'out-of-order',
    bug: 'every event is published by a task of its own',
    edits: [
      edit(
        'src/upstream/forwarder.ts',
        'connection.publish(topics.event(event.name), this.bytesOf(event)).then(',
        `new Promise<void>((sent) => {
      this.#options.clock.after((event.sequence % 3) * 5, sent);
    }).then(() => connection.publish(topics.event(event.name), this.bytesOf(event))).then(`,
      ),
    ],
    caughtBy: 'test/upstream/mosquitto.test.ts',
  },
  {
    id: 'puback-before-commit',
    bug: 'the broker may forget a command that is not on disk yet',
    edits: [
      edit(
        'src/upstream/broker-connection.ts',
        '      const message = { topic, payload: payload as Buffer, retained: retain };\n',
        `      const message = { topic, payload: payload as Buffer, retained: retain };
      done();
      if (done.length >= 0) return void events.message(message).catch(() => {});
`,
      ),
    ],
    caughtBy: 'test/upstream/puback.test.ts',
  },
];

/** Bugs on the wire, of ours and of a PLC that our tests must not forgive. */
export const wireBugs: readonly PlantedBug[] = [
  {
    id: 'plc-ignores-seq',
    bug: 'a command that is written again is run again',
    edits: [edit('simulators/asrs-crane/frames.ts', ' || command.seq <= plc.seqAnswered', '')],
    caughtBy: 'test/simulators/crane-missions.test.ts',
  },
  {
    id: 'plc-ignores-epoch',
    bug: 'frames of a controller that was replaced are acted on',
    edits: [
      edit(
        'simulators/lib/plc-link.ts',
        "if (header.epoch < epochAccepted || header.epoch === 0) return 'staleEpoch';",
        "if (header.epoch < epochAccepted) return 'take';",
      ),
    ],
    caughtBy: 'test/simulators/crane-frames.test.ts',
  },
  {
    id: 'late-reply-taken',
    bug: 'a late Modbus reply answers the next request',
    edits: [edit('devices/transport/modbus-tcp-port.ts', ' || id !== pending.id', '')],
    caughtBy: 'test/devices/transport/modbus-tcp.test.ts',
  },
  {
    id: 'swapped-words',
    bug: 'one 32-bit field has its words the wrong way round',
    edits: [
      edit(
        'devices/lib/codec.ts',
        '      words[at + highAt] = value >>> 16;\n      words[at + 1 - highAt] = value & 0xffff;\n',
        `      const isSwapped = key === 'missionId';
      words[at + (isSwapped ? 1 - highAt : highAt)] = value >>> 16;
      words[at + (isSwapped ? highAt : 1 - highAt)] = value & 0xffff;
`,
      ),
    ],
    caughtBy: 'test/devices/lib/codec.test.ts',
  },
  {
    id: 'wrong-order-on-both-sides',
    bug: 'driver and simulator agree on a word order that no PLC has',
    edits: [edit('devices/lib/codec.ts', "=== 'highFirst' ? 0 : 1;", "=== 'highFirst' ? 1 : 0;")],
    caughtBy: 'test/e2e/modbus-foreign.test.ts',
  },
  {
    id: 'parked-write',
    bug: 'what was written to a line that has closed is taken, as if it could still leave',
    edits: [
      edit(
        'devices/transport/stream-link.ts',
        '    if (!this.#isOpen || this.#isClosing || signal.aborted) {',
        '    if (signal.aborted) {',
      ),
    ],
    caughtBy: 'test/devices/transport/links.test.ts',
  },
  {
    id: 'any-register',
    bug: 'a write may go to registers that are not ours',
    edits: [
      edit(
        'devices/transport/modbus.ts',
        'invariant(allowed(address, words.length), ',
        'invariant(words.length > 0, ',
      ),
    ],
    caughtBy: 'test/devices/transport/modbus-tcp.test.ts',
  },
  {
    id: 'unguarded-line',
    bug: 'drivers of PLCs write without the list of what is theirs',
    edits: [
      edit(
        'devices/lib/modbus-device.ts',
        '          mayWrite(file, address, words),',
        '          words > 0 || mayWrite(file, address, words),',
      ),
    ],
    caughtBy: 'test/devices/lib/modbus-device.test.ts',
  },
  {
    id: 'start-forgotten',
    bug: 'a start whose answer was lost is written again',
    edits: [
      edit(
        'devices/start-bit-crane/driver.ts',
        '    this.#memory = memory;\n',
        '    if (!isStart) this.#memory = memory;\n',
      ),
      edit(
        'devices/start-bit-crane/driver.ts',
        'base, write, signal);\n',
        'base, write, signal);\n    this.#memory = memory;\n',
      ),
    ],
    caughtBy: 'test/devices/start-bit-crane.property.test.ts',
  },
  {
    id: 'unwatched-trusted',
    bug: 'what was handled while nobody could read a crane without numbers is taken for nothing',
    edits: [
      edit('devices/start-bit-crane/doubt.ts', 'gapMs > wire.lifeLostMs', 'gapMs > 3_600_000'),
    ],
    caughtBy: 'test/devices/start-bit-crane.property.test.ts',
  },
  {
    id: 'torn-reading',
    bug: 'a block that was read across an update is believed',
    edits: [
      edit(
        'devices/asrs-crane/driver.ts',
        '    if (!this.#status.isWhole(words)) return undefined;\n',
        '',
      ),
    ],
    caughtBy: 'test/devices/asrs-crane-facts.test.ts',
  },
  {
    id: 'swallowed-bug',
    bug: 'a driver that meets our own bug falls silent',
    edits: [edit('devices/lib/supervisor.ts', '    supervision.onBug(error);\n', '')],
    caughtBy: 'test/devices/lib/supervisor.test.ts',
  },
  {
    id: 'chance-in-the-planner',
    bug: 'a decision cannot be repeated',
    edits: [
      edit(
        'src/domain/sequencing.ts',
        'export function chooseMission',
        `export const chance = () => ${['Math', 'random()'].join('.')};\nexport function chooseMission`,
      ),
    ],
    caughtBy: 'test/architecture.test.ts',
  },
];
