// One entry per value of a byte, for the reflected polynomial 0xA001.
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

const step = (crc: number, byte: number): number =>
  (crc >> 8) ^ (table[(crc ^ byte) & 0xff] as number);

/**
 * CRC-16/MODBUS: polynomial 0x8005 reflected (0xA001), initial value 0xFFFF, no final XOR.
 *
 * @param bytes  each 0–255
 * @returns      0–65 535; 0x4B37 for the text `123456789`
 *
 * Source: MODBUS over Serial Line V1.02, section 6.2.2.
 */
export function crc16(bytes: ArrayLike<number>): number {
  let crc = 0xffff;
  for (let i = 0; i < bytes.length; i++) crc = step(crc, bytes[i] as number);
  return crc;
}

/**
 * The same over registers, the high byte of each first.
 *
 * @param words  each 0–65 535
 * @param first  index of the first register that counts
 * @param last   index of the last one, which counts too
 */
export function crc16OfRegisters(words: ArrayLike<number>, first: number, last: number): number {
  let crc = 0xffff;
  for (let i = first; i <= last; i++) {
    const word = words[i] as number;
    crc = step(step(crc, word >> 8), word & 0xff);
  }
  return crc;
}
