import type { Conveyor } from '../../src/ports/conveyor.ts';
import { modbusSettings } from '../lib/modbus-settings.ts';
import { ZoneConveyor, type ZoneConveyorOptions } from './driver.ts';
import { zoneFields } from './fields.ts';

/** What this driver is, as data. A device of type `conveyor` gets it when its interface file is of a zoneConveyor. */
export const zoneConveyor = {
  type: 'conveyor',
  role: 'conveyor',
  transport: 'modbus-tcp',
  needs: zoneFields,
  settings: modbusSettings,
  open: (options: ZoneConveyorOptions): Conveyor => new ZoneConveyor(options),
} as const;
