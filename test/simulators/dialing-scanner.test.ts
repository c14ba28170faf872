import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSimulatedSite } from '../../simulators/site.ts';
import { readSite } from '../../src/config/read-site.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { codes, connected, endings } from '../lib/scanner-run.ts';
import { silent } from '../lib/silent-log.ts';
import { edited } from '../lib/site-text.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

test('where the site file lets a scanner dial, the simulated one dials the controller', async () => {
  const text = edited(
    [
      'connection: { kind: tcp, host: 127.0.0.1, port: 15101 }',
      'connection: { kind: tcpListen, port: 15101, from: [192.0.2.1] }',
    ],
    [
      /connection: \{ kind: serial, path: \/tmp[^}]*\}/,
      'connection: { kind: hidPos, path: /dev/hidraw0 }',
    ],
  );
  const dataFolder = mkdtempSync(join(tmpdir(), 'craneway-dial-'));
  endings.push(() => rmSync(dataFolder, { recursive: true, force: true }));
  const simulated = await startSimulatedSite({
    ...{ site: readSite('s.yaml', text), clock, log: silent, speed: 1, dataFolder },
    random: { u32: () => 7 },
    interfaces: { crane: readCraneInterface(), conveyor: readConveyorInterface() },
  });
  endings.push(() => simulated.stop());
  expect(simulated.remarks).toEqual(['scan-pick-1 speaks TCP here instead of USB']);
  const seen = simulated.site.devices.find(({ device }) => device === 'scan-in-1');
  const run = connected(seen?.settings as ScannerSettings);
  await run.isOnline();
  simulated.scanners.get('scan-in-1')?.read('TOTE-1');
  await run.facts.until((fact) => 'code' in fact);
  expect(codes(run.facts)).toEqual(['TOTE-1']);
});
