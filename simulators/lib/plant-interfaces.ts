import type { InterfaceFile } from '../../devices/lib/interface-file.ts';

/** The register maps of a plant. */
export interface PlantInterfaces {
  /** Of every crane and conveyor that `own` does not name. */
  readonly crane: InterfaceFile;
  readonly conveyor: InterfaceFile;
  /** By device. */
  readonly own?: ReadonlyMap<string, InterfaceFile> | undefined;
}

/** The register map of one device. */
export const interfaceOf = (
  { crane, conveyor, own }: PlantInterfaces,
  { device, type }: { readonly device: string; readonly type: 'asrs-crane' | 'conveyor' },
): InterfaceFile => own?.get(device) ?? (type === 'asrs-crane' ? crane : conveyor);
