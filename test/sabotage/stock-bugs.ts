import { edit, type PlantedBug } from './planted-bug.ts';

/** Bugs of what is kept of the past, of who gets what, and of what the hosts are told about stock. */
export const stockBugs: readonly PlantedBug[] = [
  {
    id: 'damage-passed-over',
    bug: 'a ledger that was found damaged is started again as if it were sound',
    edits: [edit('src/ledger/fold.ts', '      this.#sql.unend.run();\n', '')],
    caughtBy: 'test/ledger/fold.test.ts',
  },
  {
    id: 'fold-of-the-unverified',
    bug: 'a history that nobody has verified is folded, and verified no more',
    edits: [edit('src/ledger/fold.ts', 'if (!this.#isSound || lastNo', 'if (lastNo')],
    caughtBy: 'test/ledger/fold.test.ts',
  },
  {
    id: 'audit-blind-to-stock',
    bug: 'the audit does not compare the history with the stock',
    edits: [edit('src/ledger/audit.ts', '        compare(places, stockOf(db));\n', '')],
    caughtBy: 'test/ledger/fold.test.ts',
  },
  {
    id: 'orders-starve',
    bug: 'waiting does not make an order more urgent',
    edits: [edit('src/domain/urgency.ts', 'order.priority + aged', 'order.priority')],
    caughtBy: 'test/domain/urgency.property.test.ts',
  },
  {
    id: 'only-the-first-orders',
    bug: 'orders beyond those that one pass looks at never have their turn',
    edits: [edit('src/domain/urgency.ts', '[...later, ...others]', '[...others]')],
    caughtBy: 'test/domain/urgency.property.test.ts',
  },
  {
    id: 'ranking-left-behind',
    bug: 'a load unit that has changed keeps its place in the order in which stock goes',
    edits: [
      edit(
        'src/domain/stock-ranking.ts',
        '    warehouse.watchUnits((before, after) => this.#unitChanged(before, after));\n',
        '',
      ),
    ],
    caughtBy: 'test/domain/allocation.property.test.ts',
  },
  {
    id: 'one-too-few',
    bug: 'the last load unit of the fewest holds one less than is missing',
    edits: [edit('src/domain/candidates.ts', '-missing + 0.5', '-missing + 1.5')],
    caughtBy: 'test/domain/allocation.property.test.ts',
  },
  {
    id: 'classes-flip',
    bug: 'a SKU leaves its class as soon as it is beyond the bound',
    edits: [
      edit('src/domain/signals/abc.ts', 'isInside ? hysteresis : -hysteresis', 'isInside ? 0 : 0'),
    ],
    caughtBy: 'test/domain/signals/abc.property.test.ts',
  },
  {
    id: 'reachable-through-a-dead-crane',
    bug: 'stock behind a crane that does not work counts as reachable',
    edits: [
      edit(
        'src/domain/reachability.ts',
        'if (stopped !== undefined) return { code',
        'if (false) return { code',
      ),
    ],
    caughtBy: 'test/flow/signals.test.ts',
  },
  {
    id: 'signals-without-end',
    bug: 'a signal is told at every look',
    edits: [edit('src/domain/signals/signals.ts', 'active !== wasActive || isOther', 'true')],
    caughtBy: 'test/flow/signals.test.ts',
  },
];
