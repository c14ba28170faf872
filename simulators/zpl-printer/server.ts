import type { PrinterFaultName } from './conditions.ts';
import type { PrintedLabel, PrinterModel } from './model.ts';
import { SimulatedPrinter, type SimulatedPrinterOptions } from './printer.ts';
import { type Accept, listen, openLine, type Wire } from './wire.ts';

const tickMs = 50;

export interface PrinterSimulatorOptions extends SimulatedPrinterOptions {
  /** Where it listens, port 0 for any that is free; or its end of a serial line. */
  readonly at: { readonly host: string; readonly port: number } | { readonly linePath: string };
}

/** A ZPL printer on TCP or a serial line that remembers every label. */
export interface PrinterSimulator {
  /** 0 on a serial line. */
  readonly port: number;
  /** Switches a fault on or off; see `printerFaultKinds`. */
  fault(name: PrinterFaultName, isOn: boolean): void;
  /** Labels left on the roll; 0 is paper out. */
  setLabelsLeft(labels: number): void;
  /** The newest labels, oldest first. */
  labels(): readonly PrintedLabel[];
  /** @returns PNG; undefined when no such label is kept. @throws when it cannot be drawn */
  labelPng(number: number): Promise<Uint8Array | undefined>;
  /** JSON, for `restored`. */
  state(): PrinterModel;
  close(): Promise<void>;
}

/** @throws when the port is taken, or the serial line is not there */
export async function startPrinterSimulator(
  options: PrinterSimulatorOptions,
): Promise<PrinterSimulator> {
  const device = new SimulatedPrinter(options);
  const wire = await openWire(options.at, (channel) => device.accept(channel));
  let cancelTick = () => {};
  const tick = () => {
    device.pass();
    cancelTick = options.clock.after(tickMs, tick);
  };
  tick();
  return {
    port: wire.port ?? 0,
    fault: (name, isOn) => device.fault(name, isOn),
    setLabelsLeft: (labelsLeft) => device.setLabelsLeft(labelsLeft),
    labels: () => device.printer.kept,
    labelPng: (number) => device.labelPng(number),
    state: () => device.printer,
    async close() {
      device.stop();
      cancelTick();
      await wire.close();
      await device.renderer.close();
    },
  };
}

const openWire = async (at: PrinterSimulatorOptions['at'], accept: Accept): Promise<Wire> =>
  'linePath' in at ? openLine(at.linePath, accept) : await listen(at, accept);
