import { edit, killTest, type PlantedBug } from './planted-bug.ts';

/** Bugs of the way from a fact to a device: who decides, commits, sends. */
export const coreBugs: readonly PlantedBug[] = [
  {
    id: 'new-seq-for-unknown',
    bug: 'a command that the crane has not answered goes out again under a new number',
    edits: [
      edit(
        'src/flow/crane-start.ts',
        "    case 'sendAgain':\n      return work.explain(",
        "    case 'sendAgain':\n      settleMission(work, mission, 'notTaken', 'none');\n      if (workflow) work.send(workflow, { type: 'mission.notTaken', seq } as never);\n      return work.explain(",
      ),
    ],
    caughtBy: 'test/flow/crane-start.test.ts',
  },
  {
    id: 'send-before-commit',
    bug: 'devices are told before the commit, in the same turn',
    edits: [
      edit(
        'src/flow/flow.ts',
        '    const commit = work.commit();\n',
        '    const commit = work.commit();\n    act(this.#outputBooks(), this.#actors, work.touched);\n',
      ),
    ],
    caughtBy: 'test/flow/loop.test.ts',
  },
  {
    id: 'send-long-before-commit',
    bug: 'devices are told at once, and the commit follows 40 ms later, to save disk writes',
    edits: [
      edit(
        'src/flow/flow.ts',
        '    const commit = work.commit();\n',
        `    const commit = work.commit();
    act(this.#outputBooks(), this.#actors, work.touched);
    this.#cancelTimer?.();
    this.#cancelStep = this.#ports.clock.after(40, () => {
    this.#cancelStep = undefined;
`,
      ),
      edit(
        'src/flow/flow.ts',
        '    this.#planNext(work);\n  }\n',
        '    this.#planNext(work);\n    });\n  }\n',
      ),
    ],
    ...killTest,
  },
  {
    id: 'commits-not-synced',
    bug: 'commits are not synced: a kill takes nothing, a power cut takes what was acknowledged',
    edits: [
      edit('src/ledger/open-ledger.ts', 'synchronous = FULL', 'synchronous = NORMAL'),
      edit('src/ledger/open-ledger.ts', "'synchronous')) === 2", "'synchronous')) === 1"),
    ],
    caughtBy: 'test/power/power-loss.test.ts',
    only: 'at any moment',
  },
  {
    id: 'same-epoch',
    bug: 'a restart goes on under the epoch of the life before',
    edits: [
      edit('src/ledger/ledger.ts', "?.['epoch'] ?? 0) + 1;", "?.['epoch'] ?? 1);"),
      edit('src/ledger/ledger.ts', "'INSERT INTO claim", "'INSERT OR IGNORE INTO claim"),
    ],
    caughtBy: 'test/ledger/ledger.test.ts',
  },
  {
    id: 'no-read-back',
    bug: 'missions are judged before the crane has shown our claim',
    edits: [edit('src/flow/crane-start.ts', "  if (claim === 'claim') return;\n", '')],
    caughtBy: 'test/flow/crane-start.test.ts',
  },
  {
    id: 'two-transactions',
    bug: 'movements are committed before the rows that belong to them',
    edits: [
      edit(
        'src/ledger/ledger.ts',
        '    // A load unit may take the cell',
        "    this.#db.exec('COMMIT; BEGIN IMMEDIATE');\n    // A load unit may take the cell",
      ),
    ],
    caughtBy: 'test/ledger/ledger.test.ts',
  },
  {
    id: 'no-store-fence',
    bug: 'an old controller may still write the ledger',
    edits: [
      edit(
        'src/ledger/ledger.ts',
        "    if (Number(sql.epoch.get()?.['epoch']) !== this.epoch) {",
        '    if (this.epoch < 0) {',
      ),
    ],
    caughtBy: 'test/ledger/ledger.test.ts',
  },
  {
    id: 'synchronous-normal',
    bug: 'a power cut takes rows that were acknowledged',
    edits: [
      edit('src/ledger/open-ledger.ts', 'synchronous = FULL', 'synchronous = NORMAL'),
      edit('src/ledger/open-ledger.ts', "'synchronous')) === 2", "'synchronous')) >= 1"),
    ],
    caughtBy: 'test/ledger/damage.test.ts',
  },
  {
    id: 'check-then-insert',
    bug: 'a fact told twice in one group counts twice',
    edits: [edit('src/flow/work.ts', 'this.#causes.has(id) || ', '')],
    caughtBy: 'test/flow/identity.test.ts',
  },
  {
    id: 'no-rollback-in-memory',
    bug: 'after a commit that failed the books in memory stay as they were decided',
    edits: [
      edit(
        'src/flow/flow.ts',
        '      this.#warehouse = this.#load();\n      for (const { failed }',
        '      for (const { failed }',
      ),
    ],
    caughtBy: 'test/flow/loop.test.ts',
  },
  {
    id: 'unbounded-queue',
    bug: 'causes pile up without end while the store is busy',
    edits: [
      edit(
        'src/flow/flow.ts',
        'const causesWaitingMax = 10_000;',
        'const causesWaitingMax = Number.POSITIVE_INFINITY;',
      ),
    ],
    caughtBy: 'test/flow/loop.test.ts',
  },
  {
    id: 'chain-not-verified',
    bug: 'a movement that was changed in the file is believed',
    edits: [edit('src/ledger/movements.ts', 'if (previous !== row.hash || no', 'if (no')],
    caughtBy: 'test/ledger/damage.test.ts',
  },
];

const orderlyEnd =
  "  if (end.result === 'done' || end.result === 'cancelled') onOrderlyEnd(work, mission, end);";

/** A mission that has ended so counts as one that has done what it was told to. */
const countsAsDone = (result: 'binFull' | 'binEmpty') =>
  edit(
    'src/flow/crane-events.ts',
    orderlyEnd,
    `  if (end.result === '${result}' && 'to' in mission.command) {
    onOrderlyEnd(work, mission, { ...end, result: 'done', place: mission.command.to });
  } else ${orderlyEnd.trimStart()}`,
  );

/** Bugs of what the floor does: codes, bins, labels. */
export const floorBugs: readonly PlantedBug[] = [
  {
    id: 'bin-full-is-done',
    bug: 'a load unit that its crane could not put down counts as stored',
    edits: [countsAsDone('binFull')],
    caughtBy: 'test/flow/crane-aborts.test.ts',
  },
  {
    id: 'bin-empty-is-done',
    bug: 'a load unit that was not there counts as brought',
    edits: [countsAsDone('binEmpty')],
    caughtBy: 'test/flow/crane-aborts.test.ts',
  },
  {
    id: 'bin-full-finds-no-place',
    bug: 'nobody looks for another place for what met a full bin',
    edits: [
      edit(
        'src/workflows/carry.setup.ts',
        "isFull: ({ context, event }) => isNext(event, context, 'redirect'),",
        'isFull: () => false,',
      ),
    ],
    caughtBy: 'test/workflows/carry.test.ts',
  },
  {
    id: 'bin-empty-is-no-news',
    bug: 'nobody takes other stock for what was not there',
    edits: [
      edit(
        'src/workflows/carry.setup.ts',
        "isEmpty: ({ context, event }) => isNext(event, context, 'reallocate'),",
        'isEmpty: () => false,',
      ),
    ],
    caughtBy: 'test/workflows/carry.test.ts',
  },
  {
    id: 'no-read-inherits',
    bug: 'what could not be read gets the code of the one before',
    edits: [
      edit(
        'src/flow/scanner-desk.ts',
        "{ type: 'unit.read', code, aim } as never",
        "{ type: 'unit.read', code: code ?? book.lastRead?.code, aim } as never",
      ),
    ],
    caughtBy: 'test/flow/identity.test.ts',
  },
  {
    id: 'second-read-is-next',
    bug: 'the code of a tote that leaves is taken for the next one',
    edits: [
      edit(
        'src/flow/scanner-desk.ts',
        '  if (lastRead?.code !== code || lastRead.scanSeq === waiting) return false;\n',
        '  if (lastRead?.code !== code || nowMs >= 0) return false;\n',
      ),
    ],
    caughtBy: 'test/flow/storage.test.ts',
  },
  {
    id: 'reprint-unknown',
    bug: 'a label of which nothing is known is printed once more',
    edits: [
      edit(
        'src/workflows/induct.machine.ts',
        "            'label.unknown': { target: 'verifyingAgain' },",
        "            'label.unknown': { target: 'printing', reenter: true },",
      ),
    ],
    caughtBy: 'test/workflows/induct.test.ts',
  },
];
