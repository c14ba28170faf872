import type { Block, InterfaceFile } from './interface-file.ts';
import { capital, comment, stubNames } from './structured-text.ts';

/** The block that carries the claim of a file. @returns undefined where the interface has no claim */
const frameBlock = ({ blocks }: InterfaceFile): Block | undefined =>
  blocks.find(
    ({ writer, fields }) =>
      writer === 'craneway' && fields.some(({ name }) => name === 'wordOrderTest'),
  );

/**
 * The function block that decides whether a complete frame is trusted, in the order of the contract.
 *
 * @returns empty for an interface without a claim
 */
export function judgeText(file: InterfaceFile): string {
  const { type, constant } = stubNames(file);
  const block = frameBlock(file);
  if (block === undefined) return '';
  const reason = (name: string) => `${constant}_IGNORED_${name}`;
  return `${comment('Whether a complete new frame is taken. The order of the checks is part of the contract.')}
FUNCTION_BLOCK ${type}_Judge
VAR_INPUT
  frame : ${type}_${capital(block.name)};
  deviceNumber : UINT;
  bootId : UDINT;
  epochAccepted : UDINT;
  nonceAccepted : UDINT;
  lifeTaken : UINT;
  lifeKnown : BOOL; ${comment('FALSE after a start and after a new claim: then any life is new.')}
END_VAR
VAR_OUTPUT
  take : BOOL;
  isClaim : BOOL;
  reason : UINT; ${comment('Why it is ignored; none for a frame that is known already.')}
END_VAR
  take := FALSE;
  isClaim := FALSE;
  reason := ${reason('NONE')};
  IF frame.mapVersion / UINT#256 <> ${constant}_MAP_VERSION / UINT#256 THEN
    reason := ${reason('MAP_VERSION')};
  ELSIF frame.wordOrderTest <> ${constant}_WORD_ORDER_TEST THEN
    reason := ${reason('WORD_ORDER')};
  ELSIF frame.deviceNumber <> deviceNumber THEN
    reason := ${reason('DEVICE_NUMBER')};
  ELSIF frame.bootIdEcho <> bootId THEN
    reason := ${reason('RESTARTED')};
  ELSIF (frame.epoch < epochAccepted) OR (frame.epoch = UDINT#0) THEN
    reason := ${reason('STALE_EPOCH')};
  ELSIF frame.epoch > epochAccepted THEN
    take := TRUE;
    isClaim := TRUE;
  ELSIF frame.claimNonce <> nonceAccepted THEN
    reason := ${reason('OTHER_CONTROLLER')};
  ELSIF NOT lifeKnown OR ${type}_IsNewer(frame.life, lifeTaken) THEN
    take := TRUE;
  ELSIF frame.life <> lifeTaken THEN
    reason := ${reason('LATE_FRAME')};
  END_IF;
END_FUNCTION_BLOCK`;
}

/** What every stub begins with. */
export const stubHead = (file: InterfaceFile, usage: readonly string[]): string => {
  const { id, version } = file.meta;
  return [
    `Generated from ${id}-v${version.major}.yaml. A start for the PLC programmer, not a finished program.`,
    'IEC 61131-3 Structured Text, second edition, without makers extensions. Blocks live in registers; nothing is overlaid,',
    'so that packing and byte order of the PLC do not matter. Lines with ==> wait for the own logic of the machine.',
    ...usage,
    'No safety function: emergency stop, gates and guards belong to the safety controller.',
  ]
    .map(comment)
    .join('\n');
};
