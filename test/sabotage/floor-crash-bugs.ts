import { coreBugs } from './core-bugs.ts';
import { wireBugs } from './edge-bugs.ts';
import { edit, type PlantedBug } from './planted-bug.ts';

const enumeration = 'test/dst/enumeration.test.ts';

/** Bugs that crashes at every call must find, too, whatever a test of their own says. */
const alsoByCrashes = ['send-before-commit', 'same-epoch', 'swapped-words'].flatMap((name) =>
  [...coreBugs, ...wireBugs]
    .filter(({ id }) => id === name)
    .map((planted) => ({ ...planted, id: `${name}-and-crash`, caughtBy: enumeration })),
);

/** Bugs that show when the controller dies at the right call, or when time is not what it was. */
export const crashBugs: readonly PlantedBug[] = [
  ...alsoByCrashes,
  {
    id: 'timer-in-memory',
    bug: 'what wakes a workflow is not written down',
    edits: [
      edit(
        'src/ledger/ledger.ts',
        'for (const [key, row] of rows[table]) store.write(key, row);',
        "for (const [key, row] of rows[table]) if (table !== 'timer') store.write(key, row);",
      ),
    ],
    caughtBy: enumeration,
  },
  {
    id: 'wall-clock-deadlines',
    bug: 'a clock that is put forward lets every deadline pass',
    edits: [
      edit(
        'src/flow/flow.ts',
        'nowMs = this.#followClock();',
        'nowMs = this.#ports.clock.nowMs();',
      ),
    ],
    caughtBy: 'test/dst/clock.test.ts',
  },
  {
    id: 'doubt-forgotten',
    bug: 'a crane that was stopped goes on by itself as soon as its machine lets it',
    edits: [
      edit(
        'src/flow/outputs.ts',
        'const isInDoubt = book.doubt !== undefined;',
        'const isInDoubt = book.doubt === null;',
      ),
    ],
    caughtBy: 'test/flow/doubt.test.ts',
  },
  {
    id: 'freed-at-the-cancel',
    bug: 'a cell is free again as soon as a mission is to be canceled, whatever the crane does',
    edits: [
      edit(
        'src/flow/crane-commands.ts',
        "  issue(work, crane, { command: 'cancel', missionId: seq }, { workflow, loadUnit });\n",
        `  issue(work, crane, { command: 'cancel', missionId: seq }, { workflow, loadUnit });
  for (const cell of loadUnit === undefined ? [] : work.warehouse.reservedFor(loadUnit)) {
    work.warehouse.tables.reservation.remove(cell);
  }
`,
      ),
    ],
    caughtBy: 'test/flow/idle-relocation.test.ts',
    only: 'its cell stays promised',
  },
  {
    id: 'no-fence-at-all',
    bug: 'neither PLC nor ledger refuses a controller that was replaced',
    edits: [
      edit(
        'simulators/lib/plc-link.ts',
        'header.epoch < epochAccepted || header.epoch === 0',
        'header.epoch === 0',
      ),
      edit(
        'src/ledger/ledger.ts',
        "    if (Number(sql.epoch.get()?.['epoch']) !== this.epoch) {",
        '    if (this.epoch < 0) {',
      ),
    ],
    caughtBy: 'test/simulators/crane-frames.test.ts test/ledger/ledger.test.ts',
  },
  {
    id: 'circle-of-waiting',
    bug: 'loops of conveyors are filled until nothing can move',
    edits: [
      edit(
        'src/flow/admission.ts',
        'const full = loops.find((loop) => promised(work, loop) >= loop.loadsMax);',
        'const full = loops.find((loop) => promised(work, loop) >= loop.loadsMax + 9);',
      ),
      edit(
        'src/flow/admission.ts',
        'if (there + entering(work, loop.segments) >= loop.loadsMax)',
        'if (there + entering(work, loop.segments) >= loop.loadsMax + 9)',
      ),
    ],
    caughtBy: 'test/flow/conveyor-network.test.ts',
  },
  {
    id: 'two-pumps',
    bug: 'two pumps of the outbox send the same event',
    edits: [
      edit(
        'src/upstream/forwarder.ts',
        `      this.#tokens -= 1;
      this.#next = event.sequence + 1;
      this.#send(connection, event);
`,
        `      this.#tokens -= 1;
      return void Promise.resolve().then(() => {
        this.#next = event.sequence + 1;
        this.#send(connection, event);
        this.pump();
      });
`,
      ),
    ],
    caughtBy: 'test/upstream/puback.test.ts',
  },
  {
    id: 'outbox-gives-up',
    bug: 'an event that was lost twice on its way is given up',
    edits: [
      edit(
        'src/upstream/forwarder.ts',
        '    this.#inFlight.add(event.sequence);\n',
        `    const tries: Map<number, number> = (Object(this).tries ??= new Map());
    tries.set(event.sequence, (tries.get(event.sequence) ?? 0) + 1);
    if ((tries.get(event.sequence) ?? 0) > 2) return this.pump();
    this.#inFlight.add(event.sequence);
`,
      ),
    ],
    caughtBy: 'test/upstream/puback.test.ts',
  },
  {
    id: 'blind-invariant',
    bug: 'an invariant of the oracle says yes to everything',
    edits: [
      edit(
        'simulators/dst/oracle/invariant.ts',
        'judge(evidence as Complete<K>),',
        'judge(evidence as Complete<K>) && [],',
      ),
    ],
    caughtBy: 'test/dst/oracle.test.ts',
  },
];
