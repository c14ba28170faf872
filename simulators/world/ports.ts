/**
 * What the simulated plant needs of the devices that speak for themselves. Their protocol
 * servers implement these; the plant decides what is read and what a label is stuck on.
 */

/** A scanner as the plant uses it: the plant knows what stands before it. */
export interface SimScanner {
  /**
   * Sends a code as the barcode holds it: `LPN-000123`, or `00` and the 18 digits of an SSCC.
   *
   * @param aim  symbology: `]C0` Code 128, `]C1` GS1-128
   */
  read(code: string, aim?: string): void;
  /** Sends what the scanner sends when it was triggered and saw no code. */
  noRead(): void;
  /** Set by the plant: to be called when the controller asks for one more read. The same as `Plant.triggered`. */
  onTrigger?: (() => void) | undefined;
}

/** One label that came out of a printer. */
export interface SimLabel {
  readonly zpl: string;
  /** 18 digits of the SSCC in its barcode; undefined where the label has none. */
  readonly sscc?: string | undefined;
}

/** A printer as the plant uses it. */
export interface SimPrinter {
  /** Set by the plant: to be called once for every label, before it is reported as printed. The same as `Plant.printed`. */
  onLabel?: ((label: SimLabel) => void) | undefined;
}
