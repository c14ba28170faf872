import { expect, test } from 'vitest';
import { announced, ssccOf } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, second, stores, toPd } from '../lib/stories.ts';

test('a tote is stored from scan to putaway, and told step by step without a gap', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = inducts(rig, 'T-1');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  toPd(rig, scanSeq);
  expect(rig.crane.command).toMatchObject({ seq: 1, command: 'transfer', to: first });
  craneRuns(rig);
  expect(rig.moves()).toEqual([
    'T-1 OUTSIDE > IN-01',
    'T-1 IN-01 > A01-PD-IN',
    'T-1 A01-PD-IN > A01-LHD',
    `T-1 A01-LHD > ${first}`,
  ]);
  expect(rig.told()).toEqual([
    'T-1 announced',
    'T-1 received OUTSIDE > IN-01',
    'T-1 inducted',
    `T-1 putaway IN-01 > ${first}`,
  ]);
  expect(rig.events().map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  expect([rig.asked, rig.rows('workflow'), rig.rows('reservation'), rig.rows('timer')]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect(rig.fatal).toEqual([]);
});

test('the exit is answered only after the scan is on disk, the crane only after the arrival is', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = rig.conveyor.arrive(1);
  expect(rig.rows('inbox')).toEqual([]);
  rig.settle();
  expect(rig.rows('inbox').map(({ cause }) => cause)).toEqual(['conveyor-1/1/500/scan/1']);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBeUndefined();
  rig.read('scan-in-1', 'T-1');
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  expect(rig.crane.commands).toEqual([]);
  rig.conveyor.arrive(3);
  expect(rig.crane.commands).toEqual([]);
  rig.settle();
  expect(rig.crane.commands).toHaveLength(1);
  expect(rig.rows('mission')).toMatchObject([{ mission: 'crane-1/1', moving: 'crane-1' }]);
});

test('a tote is known by its SSCC as well as by its license plate', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  stores(rig, `00${ssccOf('T-1')}`);
  stores(rig, 'T-2');
  expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual([first, second]);
});

test('no two totes get one cell, though neither is there yet', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  for (const name of ['T-1', 'T-2']) toPd(rig, inducts(rig, name));
  expect(rig.rows('reservation').map(({ location }) => location)).toEqual([first, second]);
  craneRuns(rig);
  craneRuns(rig);
  expect(rig.crane.commands.map((command) => 'to' in command && command.to)).toEqual([
    first,
    second,
  ]);
  expect(rig.rows('reservation')).toEqual([]);
});

test.each<[string, string | undefined, object, string]>([
  ['not read', undefined, {}, 'no code could be read'],
  ['unknown', 'T-9', {}, 'T-9 was never announced'],
  ['malformed', 'T 1', {}, 'its code is malformed'],
  [
    'identified by the label of its goods',
    'https://id.gs1.org/01/09506000134352/10/L7?17=700200',
    {},
    'tells of goods, not of a load unit: GTIN 09506000134352, BATCH/LOT L7, USE BY or EXPIRY 1970-02-28',
  ],
  ['too high', 'T-1', { heightMm: 321 }, 'it is 321 mm high, 320 mm fit'],
  ['too heavy', 'T-1', { massG: 35_001 }, 'it weighs 35.001 kg, 35 kg are allowed'],
])(
  'a tote that is %s goes to the reject lane, and a person is told why',
  async (_, code, scan, why) => {
    const rig = await announced(['T-1']);
    const scanSeq = inducts(rig, code, scan);
    expect(rig.conveyor.answerTo(1, scanSeq)).toBe(2);
    rig.conveyor.leave(1, scanSeq);
    rig.settle();
    expect(rig.questions()).toMatchObject([{ code: 'REJECTED', location: 'REJECT-01' }]);
    expect(rig.questions()[0]?.text).toContain(why);
    const name = scan === undefined || Object.keys(scan).length === 0 ? 'UNKNOWN-1' : 'T-1';
    expect(rig.unit(name)).toMatchObject({ place: 'REJECT-01', status: 'clarification' });
    expect(rig.told().slice(1)).toEqual([
      `${name} received OUTSIDE > IN-01`,
      `${name} ${name === 'T-1' ? 'inducted' : 'clarification'}`,
      `${name} relocated IN-01 > REJECT-01`,
      `${name} clarification`,
    ]);
    expect(rig.rows('reservation')).toEqual([]);
  },
);

test('a load unit that is booked elsewhere is not believed to be here', async () => {
  const rig = await announced(['T-1']);
  stores(rig, 'T-1');
  const scanSeq = inducts(rig, 'T-1');
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  expect(rig.unit('T-1').place).toBe(first);
  expect(rig.unit('UNKNOWN-1').place).toBe('REJECT-01');
  expect(rig.questions()[0]?.text).toContain(`T-1 is booked at ${first}`);
});

test('an early read belongs to the tote whose arrival is told next', async () => {
  const rig = await announced(['T-1']);
  rig.read('scan-in-1', 'T-1');
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(rig.unit('T-1').place).toBe('IN-01');
});

test.each([
  ['two codes', ['T-2', 'T-1']],
  ['two codes and a no-read between them', ['T-2', undefined, 'T-1']],
  ['a code and a no-read', ['T-1', undefined]],
  ['a no-read and a code', [undefined, 'T-1']],
])('of %s before one arrival none is believed: the tote is read anew', async (_, reads) => {
  const rig = await announced(['T-1'], ['T-2']);
  rig.seen.set('scan-in-1', undefined);
  for (const code of reads) rig.read('scan-in-1', code);
  const scanSeq = rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.rows('movement')).toEqual([]);
  rig.advance(rig.flow.warehouse.topology.site.limits.readLimitMs);
  expect(rig.triggered).toEqual(['scan-in-1']);
  rig.read('scan-in-1', 'T-2');
  expect(rig.unit('T-2').place).toBe('IN-01');
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
});

test('a read that came long before an arrival belongs to something else', async () => {
  const rig = await announced(['T-1']);
  rig.read('scan-in-1', 'T-1').advance(5_001);
  rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.rows('movement')).toEqual([]);
});

test('a read is no fresher after the clock was put back', async () => {
  const rig = await announced(['T-1']);
  rig.read('scan-in-1', 'T-1').advance(60_000);
  rig.clock.wallOffsetMs -= 58_000;
  rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.rows('movement')).toEqual([]);
});

test('a second read of the tote before is never the identity of the next', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1');
  rig.read('scan-in-1', 'T-1');
  rig.conveyor.leave(1, before);
  rig.settle().read('scan-in-1', 'T-1');
  const next = rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.conveyor.answerTo(1, next)).toBeUndefined();
  rig.read('scan-in-1', 'T-2');
  expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual(['A01-PD-IN', 'IN-01']);
  expect(rig.conveyor.answerTo(1, next)).toBe(1);
});

test('a read that does not come is asked for once, then the tote is rejected', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = rig.conveyor.arrive(1);
  const { readLimitMs } = rig.flow.warehouse.topology.site.limits;
  rig.settle().advance(readLimitMs);
  expect(rig.triggered).toEqual(['scan-in-1']);
  rig.advance(readLimitMs);
  expect(rig.triggered).toEqual(['scan-in-1']);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(2);
});
