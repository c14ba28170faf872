import type { Crane } from '../../src/ports/crane.ts';
import { modbusSettings } from '../lib/modbus-settings.ts';
import { AsrsCrane, type CraneOptions } from './driver.ts';
import { craneFields, craneGroups } from './fields.ts';

export type { CraneOptions } from './driver.ts';

/** What this driver is, as data. The site file names `type`; main looks it up in the list of all drivers. */
export const asrsCrane = {
  type: 'asrs-crane',
  role: 'crane',
  transport: 'modbus-tcp',
  needs: craneFields,
  groups: craneGroups,
  settings: modbusSettings,
  open: (options: CraneOptions): Crane => new AsrsCrane(options),
} as const;
