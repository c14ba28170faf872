import { crc16 } from '../../devices/lib/crc16.ts';
import { openLine, type Wire } from '../barcode-scanner/wire.ts';
import { answerPdu, type RegisterBank } from './modbus-server.ts';

export interface ModbusRtuServerOptions {
  /** By unit id. A request to any other is not answered: it is meant for another slave of the line. */
  readonly units: Readonly<Record<number, RegisterBank>>;
  /** The slave's end of the line. */
  readonly path: string;
}

const requestBytesMin = 8;
const bufferMax = 512;

/**
 * A Modbus RTU slave on a serial line: functions 3, 6, 16 and 23, as the TCP server has them.
 *
 * Source: MODBUS over Serial Line V1.02, section 2.5.
 */
export class ModbusRtuServer {
  readonly counters = { requests: 0, exceptions: 0, ignored: 0, crcErrors: 0 };
  readonly #units: ModbusRtuServerOptions['units'];
  readonly #wire: Wire;
  #rest: Buffer = Buffer.alloc(0);
  #isMute = false;
  /** What is to be sent instead of an answer; for faults. Frames with their CRC. */
  onAnswer: ((frame: Buffer, send: (bytes: Uint8Array) => void) => void) | undefined;

  constructor({ units, path }: ModbusRtuServerOptions) {
    this.#units = units;
    this.#wire = openLine(path, (bytes) => this.#receive(Buffer.from(bytes)));
  }

  /** Requests are not even looked at. */
  mute(isMute: boolean): void {
    this.#isMute = isMute;
  }

  /** Any bytes, for faults: noise, a late reply. */
  raw(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  /** Takes the first frame whose CRC is right, wherever it begins. */
  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]).subarray(-bufferMax);
    for (let at = 0; at + requestBytesMin <= this.#rest.length; at++) {
      const length = requestLength(this.#rest, at);
      if (length === undefined || at + length > this.#rest.length) continue;
      const frame = this.#rest.subarray(at, at + length);
      if (crc16(frame.subarray(0, -2)) !== frame.readUInt16LE(length - 2)) {
        if (at === 0) this.counters.crcErrors++;
        continue;
      }
      this.#rest = this.#rest.subarray(at + length);
      this.#take(frame);
      return;
    }
  }

  #take(frame: Buffer): void {
    const unit = frame[0] as number;
    const bank = this.#units[unit];
    const fault = bank?.fault?.();
    if (this.#isMute || bank === undefined || fault?.kind === 'silent') {
      this.counters.ignored++;
      return;
    }
    if (fault?.kind === 'late') fault.clock.after(fault.ms, () => this.#answer(bank, frame));
    else this.#answer(bank, frame);
  }

  #answer(bank: RegisterBank, frame: Buffer): void {
    const unit = frame[0] as number;
    this.counters.requests++;
    const pdu = frame.subarray(1, -2);
    const result = answerPdu(bank, pdu);
    if (typeof result === 'number') this.counters.exceptions++;
    const body =
      typeof result === 'number' ? Buffer.from([(pdu[0] as number) | 0x80, result]) : result;
    const answer = Buffer.alloc(body.length + 3);
    answer[0] = unit;
    body.copy(answer, 1);
    answer.writeUInt16LE(crc16(answer.subarray(0, -2)), answer.length - 2);
    const send = (bytes: Uint8Array) => this.raw(bytes);
    if (this.onAnswer === undefined) send(answer);
    else this.onAnswer(answer, send);
  }
}

/** Bytes of the request that would begin at `at`; undefined when none does. */
function requestLength(bytes: Buffer, at: number): number | undefined {
  switch (bytes[at + 1]) {
    case 3:
    case 6:
      return requestBytesMin;
    case 16:
      return bytes.length > at + 6 ? 9 + (bytes[at + 6] as number) : undefined;
    case 23:
      return bytes.length > at + 10 ? 13 + (bytes[at + 10] as number) : undefined;
    default:
      return undefined;
  }
}
