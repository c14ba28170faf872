import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { demoSite } from '../lib/demo.ts';
import { announce, FlowRig } from '../lib/flow-rig.ts';
import { answer, asked, gtin, pickOrder, scans } from '../lib/station-run.ts';
import { retrieves, stores } from '../lib/stories.ts';

const printer = 'printer-1' as DeviceId;
const withPrinter = new Topology({
  ...demoSite,
  stations: demoSite.stations.map((each) =>
    each.location === 'PICK-01' ? { ...each, printer, labelTemplate: 'sscc-a6' } : each,
  ),
});

/** A tote is complete at a station with a printer: a person is asked whether it is closed. */
async function picked(): Promise<FlowRig> {
  const rig = new FlowRig(withPrinter);
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fifo', gtin }] });
  await announce(rig, 'T-1');
  stores(rig, 'T-1');
  await rig.command('order.create', pickOrder('PK-1', 3));
  retrieves(rig, 'T-1');
  await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
  return rig;
}

/** It is closed, and its label waits behind another one for a printer that is gone. */
async function printerGone(): Promise<FlowRig> {
  const rig = await picked();
  await rig.command('label.print', { label: 'LB-1', template: 'address', printer });
  await answer(rig, 'close');
  rig.tell({ device: printer, type: 'printer.offline', reason: 'connection refused' });
  rig.printerSays('unknown').advance(3_600_000);
  expect(asked(rig)).toMatch(/^waitForLabel/);
  return rig;
}

describe('a printer that is gone holds up no station', () => {
  test('its tote goes without a label, and none comes out later', async () => {
    const rig = await printerGone();
    expect(await answer(rig, 'noLabel')).toMatchObject({ ok: true });
    expect(asked(rig)).toMatch(/^handOver/);
    await answer(rig, 'ship');
    rig.tell({ device: printer, type: 'printer.ready' });
    expect([rig.unit('C-1').status, rig.printed.length, rig.questions('LABEL_UNKNOWN')]).toEqual([
      ...['gone', 1],
      [],
    ]);
  });

  test('a tote that somebody has taken meanwhile is looked for', async () => {
    const rig = await printerGone();
    await answer(rig, 'gone');
    expect([rig.unit('C-1').status, asked(rig)]).toEqual(['missing', 'wait -']);
    rig.tell({ device: printer, type: 'printer.ready' });
    expect(rig.printed).toHaveLength(1);
  });

  test('what was on its way to it may come out all the same: a person looks for it', async () => {
    const rig = await picked();
    await answer(rig, 'close');
    await answer(rig, 'noLabel');
    expect(rig.withdrawn).toEqual(['L-1']);
    await answer(rig, 'ship');
    rig.printerSays('printed');
    expect(rig.questions('LABEL_UNKNOWN')).toHaveLength(1);
  });
});
