import type { Crane } from '../../src/ports/crane.ts';
import { modbusSettings } from '../lib/modbus-settings.ts';
import { StartBitCrane, type StartBitCraneOptions } from './driver.ts';
import { startBitFields } from './fields.ts';

export type { StartBitCraneOptions } from './driver.ts';

/** What this driver is, as data. A device of type `asrs-crane` gets it when its interface file is of a startBitCrane. */
export const startBitCrane = {
  type: 'asrs-crane',
  role: 'crane',
  transport: 'modbus-tcp',
  needs: startBitFields,
  settings: modbusSettings,
  open: (options: StartBitCraneOptions): Crane => new StartBitCrane(options),
} as const;
