import { describe, expect, test } from 'vitest';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { siteWith } from '../lib/sim-site.ts';

const [home, pdOut] = [cell(1), at('A01-PD-OUT')];
const t1 = { lpn: 'T-1', place: home };
let site: CraneSite;

const stored = (lpn: string, place: string) =>
  site.until(`${lpn} is at ${place}`, () => site.unit(lpn).place === place);

describe("the crane's own reader", () => {
  const reading = siteWith({ checks: { code: 'lpn', probeDestination: false } });

  test('it reads what is expected: the mission goes on', async () => {
    site = await CraneSite.open({ site: reading, stored: [t1] });
    await site.order('T-1');
    await stored('T-1', pdOut);
    expect(site.crane.state.plc.barcode).toBe('T-1');
  });

  test('it reads another code: the one meant is in question, and the other one is brought out', async () => {
    site = await CraneSite.open({ site: reading, stored: [{ ...t1, reads: 'T-9' }] });
    await site.order('T-1');
    await site.until('it is brought out', () => site.missions[1] === '2 deposit done done');
    expect(site.missions[0]).toBe('1 transfer done codeMismatch');
    expect(site.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', confidence: 'disputed' });
    expect(site.unit('UNKNOWN-1').place).toBe(pdOut);
    expect(site.locked).toEqual([home]);
  });

  test('it reads nothing: tried twice more on the crane, then brought out to a person', async () => {
    site = await CraneSite.open({ site: reading, stored: [{ ...t1, reads: null }] });
    await site.order('T-1');
    const tried = ['1 transfer done noRead', '2 deposit done noRead', '3 deposit done noRead'];
    await site.until('it was tried', () => site.missions.length === 4);
    expect(site.missions.slice(0, 3)).toEqual(tried);
    // Bringing it out would read it again: it is not asked to.
    await stored('T-1', pdOut);
    expect(site.missions[3]).toBe('4 deposit done done');
    const scanSeq = site.conveyor.arrive(2);
    await site.until(
      'it is sent to the reject lane',
      () => site.conveyor.answerTo(2, scanSeq) === 2,
    );
    site.conveyor.leave(2, scanSeq);
    await stored('T-1', 'REJECT-01');
    expect(site.asked).toEqual(['CLARIFY', 'ORDER_STUCK']);
  });
});

test('what the books and the site file say of a load reaches the controller of the crane', async () => {
  const heightClasses = [
    { number: 3, heightMaxMm: 200 },
    { number: 5, heightMaxMm: 400 },
  ];
  site = await CraneSite.open({
    site: siteWith({ checks: { code: 'lpn', probeDestination: true } }, { heightClasses }),
    stored: [{ ...t1, unit: { massKg: 12.2, confidence: 'inferred' } }],
  });
  await site.order('T-1');
  await site.until('it is told', () => site.crane.state.plc.mission !== undefined);
  const { command } = JSON.parse(
    String(site.db.prepare('SELECT body FROM mission').get()?.['body']),
  );
  expect(command).toMatchObject({
    ...{ loadHandle: 1, loadType: 1, heightClass: 5, massKg: 13, code: 'T-1', lhd: 1 },
    ...{ verifyCode: true, probeDestination: true, sourceMayBeEmpty: true },
  });
  expect(site.crane.state.plc.mission).toMatchObject({
    ...{ loadCode: 'T-1', verifyCode: true, probeDestination: true, sourceMayBeEmpty: true },
  });
});
