import type { TSchema } from 'typebox';
import * as message from './messages.ts';

/** What a host may ask for, by name, with the schema of its `data`. */
export const commandSchemas = {
  'loadUnit.announce': message.AnnounceData,
  'sku.put': message.SkuPutData,
  'order.create': message.OrderCreateData,
  'order.update': message.OrderUpdateData,
  'order.cancel': message.OrderCancelData,
  'order.query': message.OrderQueryData,
  'stock.query': message.StockQueryData,
  'stock.adjust': message.StockAdjustData,
  'stock.block': message.StockBlockData,
  'label.print': message.LabelPrintData,
  'event.resend': message.EventResendData,
} as const satisfies Readonly<Record<string, TSchema>>;

/** Everything else that is said, by name. */
export const otherSchemas = {
  ack: message.AckData,
  host: message.HostData,
  reply: message.ReplyData,
  movement: message.MovementData,
  order: message.OrderData,
  loadUnit: message.LoadUnitData,
  label: message.LabelData,
  signal: message.SignalData,
  status: message.StatusData,
  device: message.DeviceData,
  alarm: message.AlarmData,
  scan: message.ScanData,
} as const satisfies Readonly<Record<string, TSchema>>;

type CommandSchemas = typeof commandSchemas;
/** Name of a command in the contract. */
export type CommandKey = keyof CommandSchemas;
/** The checked `data` of a command. */
export type CommandData<Name extends CommandKey> = message.Shape<CommandSchemas[Name]>;
export type MessageName = CommandKey | keyof typeof otherSchemas;

export const isCommandKey = (name: string): name is CommandKey =>
  Object.hasOwn(commandSchemas, name);
