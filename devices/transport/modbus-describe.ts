import type { Describe } from '../lib/traffic.ts';

const headerBytes = 6; // transaction, protocol, length of Modbus TCP

/** `FC03 2000+125`: function, first register, number of registers. @param at  where the function code stands */
const request = (bytes: Buffer, at: number): string => {
  if (bytes.length < at + 5) return 'cut off';
  return `${functionName(bytes[at] ?? 0)} ${bytes.readUInt16BE(at + 1)}+${bytes.readUInt16BE(at + 3)}`;
};

/** `FC03: 125 words`, `FC16: 2000+125 written`, `FC16: exception 2`. */
const reply = (bytes: Buffer, at: number): string => {
  const code = bytes[at] ?? 0;
  if (bytes.length < at + 2) return 'cut off';
  if ((code & 0x80) !== 0) return `${functionName(code & 0x7f)}: exception ${bytes[at + 1]}`;
  if (code === 3 || code === 4) return `${functionName(code)}: ${(bytes[at + 1] ?? 0) / 2} words`;
  if (code !== 16 || bytes.length < at + 5) return functionName(code);
  return `FC16: ${bytes.readUInt16BE(at + 1)}+${bytes.readUInt16BE(at + 3)} written`;
};

const functionName = (code: number) => `FC${String(code).padStart(2, '0')}`;

export const describeTcpRequest: Describe = (bytes) => request(bytes, headerBytes + 1);
export const describeTcpReply: Describe = (bytes) => reply(bytes, headerBytes + 1);
export const describeRtuRequest: Describe = (bytes) => request(bytes, 1);
export const describeRtuReply: Describe = (bytes) => reply(bytes, 1);
