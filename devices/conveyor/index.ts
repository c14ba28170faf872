import type { Conveyor } from '../../src/ports/conveyor.ts';
import { modbusSettings } from '../lib/modbus-settings.ts';
import { type ConveyorOptions, ConveyorPlc } from './driver.ts';
import { conveyorFields, conveyorGroups } from './fields.ts';

export type { ConveyorOptions } from './driver.ts';

/** What this driver is, as data. The site file names `type`; main looks it up in the list of all drivers. */
export const conveyor = {
  type: 'conveyor',
  role: 'conveyor',
  transport: 'modbus-tcp',
  needs: conveyorFields,
  groups: conveyorGroups,
  settings: modbusSettings,
  open: (options: ConveyorOptions): Conveyor => new ConveyorPlc(options),
} as const;
