import { expect, test } from 'vitest';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, toPd } from '../lib/stories.ts';

/** A tote without an SSCC stands at the identification point, and its label is being printed. */
async function labeled() {
  const rig = await announced();
  const loadUnits = [{ lpn: 'T-1', loadUnitType: 'TOTE-600' }];
  await rig.command('loadUnit.announce', { loadUnits });
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  return { rig, scanSeq };
}
const sscc = '340123450000000017';
const labels = (rig: FlowRig) =>
  rig.told().filter((line) => /printed|verified|failed|unknown/.test(line));

test('a label is printed, read back on the tote, and only then the tote goes on', async () => {
  const { rig, scanSeq } = await labeled();
  expect(rig.printed).toEqual([{ jobId: 'L-1', zpl: `^XA${sscc}^XZ` }]);
  rig.printerSays('printed');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBeUndefined();
  rig.read('scan-in-1', sscc);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(rig.unit('T-1').sscc).toBe(sscc);
  toPd(rig, scanSeq);
  craneRuns(rig);
  expect(labels(rig)).toEqual(['T-1 printed', 'T-1 verified']);
  expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
});

test('a label is never printed twice by itself: not by a restart, not by a verdict told again', async () => {
  const { rig } = await labeled();
  rig.restart().restart();
  rig.printerSays('unknown').printerSays('unknown').advance(100_000);
  expect(rig.printed).toHaveLength(1);
});

test('the process restarts while it is printed: what is on the tote decides', async () => {
  const { rig, scanSeq } = await labeled();
  rig.restart();
  expect(rig.triggered).toEqual(['scan-in-1']);
  rig.read('scan-in-1', sscc);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(labels(rig)).toEqual(['T-1 unknown', 'T-1 verified']);
});

test.each([
  ['not taken', (rig: FlowRig) => rig.printerSays('notTaken'), [], ['REJECTED']],
  [
    'unknown, and nothing can be read',
    (rig: FlowRig) => rig.printerSays('unknown').read('scan-in-1', undefined),
    ['L-1'],
    ['LABEL_UNKNOWN', 'REJECTED'],
  ],
  [
    'printed, and another code is read twice',
    (rig: FlowRig) => rig.printerSays('printed').read('scan-in-1', 'X-1').read('scan-in-1', 'X-1'),
    ['L-1'],
    ['LABEL_UNKNOWN', 'REJECTED'],
  ],
  [
    'being printed, and a code of another tote is read: nothing tells which one stands there',
    (rig: FlowRig) => {
      rig.read('scan-in-1', 'T-2').printerSays('printed');
      rig.read('scan-in-1', sscc).read('scan-in-1', sscc);
    },
    ['L-1'],
    ['LABEL_UNKNOWN', 'REJECTED'],
  ],
])(
  '%s: the tote is rejected, and a person looks for what came out',
  async (_, happens, out, asked) => {
    const { rig, scanSeq } = await labeled();
    happens(rig);
    expect(rig.conveyor.answerTo(1, scanSeq)).toBe(2);
    rig.conveyor.leave(1, scanSeq);
    expect(rig.settle().asked.toSorted()).toEqual(asked);
    expect(rig.unit('T-1')).toMatchObject({ place: 'REJECT-01', sscc: undefined });
    expect(out.length > 0).toBe(rig.asked.includes('LABEL_UNKNOWN'));
  },
);

test('a printer that cannot print is not asked: the tote is rejected at once', async () => {
  const rig = await announced();
  const loadUnits = [{ lpn: 'T-1', loadUnitType: 'TOTE-600' }];
  await rig.command('loadUnit.announce', { loadUnits });
  const printer = 'printer-1' as never;
  rig.tell({ device: printer, type: 'printer.faulted', faults: ['paperOut'] });
  expect(rig.asked).toEqual(['PRINTER_FAULT']);
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  expect([rig.printed, rig.conveyor.answerTo(1, scanSeq)]).toEqual([[], 2]);
  rig.tell({ device: printer, type: 'printer.ready' });
  expect(rig.questions('PRINTER_FAULT')).toEqual([]);
});

test('the tote leaves while its label is printed: the label is taken back', async () => {
  const { rig, scanSeq } = await labeled();
  rig.conveyor.confirm(1, { scanSeq, exitTaken: 2, outcome: 'late' });
  rig.settle();
  expect(rig.withdrawn).toEqual(['L-1']);
  rig.printerSays('notTaken');
  expect([labels(rig), rig.rows('workflow'), rig.fatal]).toEqual([['T-1 failed'], [], []]);
});

test.each([
  ['leaves, and nobody knows whether its label came out', ['leaves', 'unknown']],
  ['leaves, and its label comes out behind it', ['leaves', 'printed']],
  ['leaves before its label in doubt is looked for', ['unknown', 'leaves']],
  ['leaves before its label is read', ['printed', 'leaves']],
] as const)('the tote %s: a person looks for the label', async (_, happens) => {
  const { rig, scanSeq } = await labeled();
  for (const what of happens) {
    if (what !== 'leaves') rig.printerSays(what);
    else rig.conveyor.confirm(1, { scanSeq, exitTaken: 2, outcome: 'late' });
    rig.settle();
  }
  expect(rig.asked.toSorted()).toEqual(['DIVERTED', 'LABEL_UNKNOWN']);
  expect(await rig.resolve('LABEL_UNKNOWN', 'cameOut')).toMatchObject({ ok: true });
  expect(rig.unit('T-1').sscc).toBe(sscc);
});

test('every label has a number of its own', async () => {
  const { rig, scanSeq } = await labeled();
  rig.printerSays('notTaken');
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  const again = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  expect(rig.printed.map(({ jobId, zpl }) => [jobId, zpl])).toEqual([
    ['L-1', `^XA${sscc}^XZ`],
    ['L-2', '^XA340123450000000024^XZ'],
  ]);
  expect(again).toBe(2);
});

test.each([
  ['while it stands there', false],
  ['after it has left', true],
])(
  'a label that was looked for has never been printed, as the printer says %s: nobody looks any more',
  async (_, hasLeft) => {
    const { rig, scanSeq } = await labeled();
    rig.advance(60_000);
    expect(rig.questions('LABEL_UNKNOWN')).toMatchObject([
      { text: expect.stringMatching(/or not printed at all \(its label cannot be read\)/) },
    ]);
    if (hasLeft) rig.conveyor.leave(1, scanSeq);
    rig.settle().printerSays('notTaken');
    expect([rig.questions('LABEL_UNKNOWN'), rig.fatal]).toEqual([[], []]);
  },
);

/** The label is in doubt, and the tote in the reject lane with a question about it. */
async function inDoubt() {
  const { rig, scanSeq } = await labeled();
  rig.printerSays('unknown').read('scan-in-1', undefined);
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  expect(rig.asked.toSorted()).toEqual(['LABEL_UNKNOWN', 'REJECTED']);
  return rig;
}

/** The tote comes by the infeed once more, and is identified by its own number. */
async function backAtInfeed(rig: FlowRig) {
  await rig.resolve('REJECTED', 'putBack');
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  return scanSeq;
}

test('a person says that the label came out: the load unit has it, and it can be said once', async () => {
  const rig = await inDoubt();
  expect(await rig.resolve('LABEL_UNKNOWN', 'cameOut')).toMatchObject({ ok: true });
  expect(rig.unit('T-1').sscc).toBe(sscc);
  expect(labels(rig)).toEqual(['T-1 unknown', 'T-1 verified']);
  rig.restart();
  await backAtInfeed(rig);
  expect(rig.printed).toHaveLength(1);
});

test('a tote that comes back gets a new label, and the one in doubt is still looked for', async () => {
  const rig = await inDoubt();
  const scanSeq = await backAtInfeed(rig);
  rig.printerSays('printed').read('scan-in-1', '340123450000000024');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(rig.asked).toEqual(['LABEL_UNKNOWN']);
  expect((await rig.resolve('LABEL_UNKNOWN', 'cameOut')).ok).toBe(false);
  expect(await rig.resolve('LABEL_UNKNOWN', 'destroyed')).toMatchObject({ ok: true });
  expect(rig.unit('T-1').sscc).toBe('340123450000000024');
});

test('while the next label is printed, what a person says of the one in doubt is about that one', async () => {
  const rig = await inDoubt();
  const scanSeq = await backAtInfeed(rig);
  expect(rig.printed.map(({ jobId }) => jobId)).toEqual(['L-1', 'L-2']);
  const said = await rig.resolve('LABEL_UNKNOWN', 'cameOut');
  expect(said).toMatchObject({ ok: false, reason: expect.stringContaining('L-2') });
  expect(await rig.resolve('LABEL_UNKNOWN', 'destroyed')).toMatchObject({ ok: true });
  rig.printerSays('printed').read('scan-in-1', '340123450000000024');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(rig.unit('T-1').sscc).toBe('340123450000000024');
  const told = rig.events().filter(({ name }) => name === 'label');
  const rows = told.map(({ data }) => data as { label: string; status: string });
  expect(rows.map(({ label, status }) => `${label} ${status}`)).toEqual([
    'L-1 unknown',
    'L-1 failed',
    'L-2 printed',
    'L-2 verified',
  ]);
});

test('of two labels in doubt, each question is about its own', async () => {
  const rig = await inDoubt();
  const scanSeq = await backAtInfeed(rig);
  rig.printerSays('unknown', 'L-2').read('scan-in-1', undefined);
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  const [first] = rig.questions('LABEL_UNKNOWN');
  const act = { act: 'resolve', discrepancy: first?.no as number, resolution: 'cameOut' } as const;
  expect(await rig.operator(act)).toMatchObject({ ok: true });
  expect(rig.unit('T-1').sscc).toBe(sscc);
});

test('a person wants it printed again: the same SSCC comes once more, marked as a reprint', async () => {
  const rig = await inDoubt();
  expect(await rig.resolve('LABEL_UNKNOWN', 'printAgain')).toMatchObject({ ok: true });
  rig.restart();
  const scanSeq = await backAtInfeed(rig);
  expect(rig.printed.map(({ zpl }) => zpl)).toEqual([`^XA${sscc}^XZ`, `^XA${sscc}^XZ`]);
  rig.printerSays('printed').read('scan-in-1', sscc);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  const copies = rig.events().filter(({ name }) => name === 'label');
  expect(copies.map(({ data }) => (data as { copy: number }).copy)).toEqual([1, 2, 2]);
});

test.each(['destroyed', 'neverPrinted'])(
  'a person says that it was %s: the load unit gets a label with another SSCC',
  async (resolution) => {
    const rig = await inDoubt();
    await rig.resolve('LABEL_UNKNOWN', resolution);
    await backAtInfeed(rig);
    expect(rig.printed.at(-1)?.zpl).toBe('^XA340123450000000024^XZ');
  },
);

test('how far a label is proved stands in its event and among the reasons', async () => {
  const { rig } = await labeled();
  rig.printerSays('printed').read('scan-in-1', sscc);
  const told = rig.events().filter(({ name }) => name === 'label');
  expect(told.map(({ data }) => (data as { proof: string }).proof)).toEqual([
    'accepted',
    'scanned',
  ]);
  expect(rig.flow.books.why('L-1').map(({ text }) => text)).toEqual([
    `Label L-1 with ${sscc} belongs to T-1: scanned.`,
    `Label L-1 with ${sscc}: printed, accepted.`,
    `Label L-1 with ${sscc} waits for printer-1.`,
  ]);
});

test('a printer for which a hundred labels wait gets no more: the tote is rejected, and says why', async () => {
  const rig = await announced();
  const loadUnits = [{ lpn: 'T-1', loadUnitType: 'TOTE-600' }];
  await rig.command('loadUnit.announce', { loadUnits });
  rig.kill();
  const insert = rig.db.prepare('INSERT INTO label (label, status, body) VALUES (?, ?, ?)');
  // One of them is given to the printer, a hundred wait.
  for (let number = 1; number <= 101; number += 1) {
    const label = `L-${number}`;
    const row = {
      label,
      printer: 'printer-1',
      loadUnit: 'T-9',
      workflow: 'none',
      status: 'queued',
    };
    insert.run(label, 'queued', JSON.stringify({ ...row, sscc, zpl: `^XA${number}^XZ` }));
  }
  rig.restart();
  expect(rig.printed.map(({ jobId }) => jobId)).toEqual(['L-1']);
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(2);
  rig.conveyor.leave(1, scanSeq);
  expect(rig.settle().questions('REJECTED')[0]?.text).toContain('100 labels wait for printer-1');
  rig.printerSays('printed', 'L-1').printerSays('printed', 'L-2');
  expect(rig.printed.map(({ jobId }) => jobId)).toEqual(['L-1', 'L-2', 'L-3']);
});
