import type { InterfaceFile } from '../lib/interface-file.ts';
import { commonText, stubNames } from '../lib/structured-text.ts';
import { blocksText } from '../lib/structured-text-blocks.ts';
import { judgeText, stubHead } from '../lib/structured-text-judge.ts';

/**
 * A start for the PLC of a conveyor: types, CRC, reading and publishing, the claim, and taking answers
 * in the order of the contract. Tracking and diverts are the machine's own.
 *
 * @param file  an interface of the device conveyor
 * @returns     Structured Text; the last line ends with a newline
 */
export function conveyorStub(file: InterfaceFile): string {
  const { type, constant } = stubNames(file);
  const usage = [
    `Call ${type}_LinkScan once and ${type}_PointScan once for each point in every scan; declare status and point as RETAIN.`,
  ];
  const parts = [
    stubHead(file, usage),
    commonText(file),
    blocksText(file),
    judgeText(file),
    linkText,
    pointText,
  ];
  return `${parts.join('\n\n').replaceAll('@C_', `${constant}_`).replaceAll('@', type)}\n`;
}

// In the texts below `@C_` stands for the prefix of constants and `@` for that of types.
const linkText = `(* The claim, life and levels of the whole PLC. *)
FUNCTION_BLOCK @_LinkScan
VAR_INPUT
  deviceNumber : UINT;
  pointCount : UINT;
  isFirstScan : BOOL;
  isMemoryWhole : BOOL; (* ==> the own check of the retentive memory, at the first scan *)
  clockS : UDINT; (* real-time clock, Unix seconds *)
  mode : UINT;
END_VAR
VAR_OUTPUT
  enabled : BOOL;
END_VAR
VAR_IN_OUT
  status : @_LinkStatus;
  linkRegisters : @_LinkRegisters;
  statusRegisters : @_LinkStatusRegisters;
END_VAR
VAR
  reader : @_ReadLink;
  writer : @_WriteLinkStatus;
  judge : @_Judge;
  empty : @_LinkStatus; (* never written *)
  patience : TON;
  watchdog : TON;
  lifeTimer : TON;
  isCrcCounted : BOOL;
  lifeKnown : BOOL;
  isTaken : BOOL;
  retentiveOk : BOOL;
  ignored : UINT;
END_VAR
  IF isFirstScan THEN
    IF isMemoryWhole THEN
      status.bootId := status.bootId + UDINT#1;
    ELSE
      status := empty;
      status.bootId := clockS;
      status.counterEra := clockS;
    END_IF;
    retentiveOk := isMemoryWhole;
    lifeKnown := FALSE;
    enabled := FALSE;
    (* ==> tracking is void: confirm every load under way with confirmScanSeq 0, outcome restarted *)
  END_IF;

  (* 1. A complete frame? *)
  reader(registers := linkRegisters);
  ignored := @C_IGNORED_NONE;
  isTaken := FALSE;
  patience(IN := NOT reader.isComplete AND NOT reader.isEmpty, PT := T#200ms);
  IF patience.Q AND NOT isCrcCounted THEN
    ignored := @C_IGNORED_CRC;
    isCrcCounted := TRUE;
  ELSIF reader.isComplete THEN
    isCrcCounted := FALSE;
  END_IF;

  (* 2. Trusted? *)
  IF reader.isNew THEN
    judge(frame := reader.frame, deviceNumber := deviceNumber, bootId := status.bootId,
      epochAccepted := status.epochAccepted, nonceAccepted := status.nonceAccepted,
      lifeTaken := status.lifeEcho, lifeKnown := lifeKnown);
    isTaken := judge.take;
    ignored := judge.reason;
  END_IF;

  IF isTaken THEN
    (* 3. A new controller. *)
    IF judge.isClaim THEN
      status.epochAccepted := reader.frame.epoch;
      status.nonceAccepted := reader.frame.claimNonce;
    END_IF;
    (* 4. The levels. *)
    status.lifeEcho := reader.frame.life;
    lifeKnown := TRUE;
    enabled := ((reader.frame.control AND @C_CONTROL_ENABLE) <> WORD#16#0000) AND (mode = @C_MODE_AUTO_REMOTE);
  END_IF;

  (* No frame for too long: default exits. *)
  watchdog(IN := NOT isTaken, PT := @C_LIFE_LOST_MS);
  IF watchdog.Q OR (mode <> @C_MODE_AUTO_REMOTE) THEN enabled := FALSE; END_IF;
  IF ignored <> @C_IGNORED_NONE THEN
    status.ignoredReason := ignored;
    status.ignoredCount := UDINT_TO_UINT((UINT_TO_UDINT(status.ignoredCount) + UDINT#1) MOD UDINT#65536);
  END_IF;

  (* ==> news[n - 1].scanHeadLow and confirmHeadLow of every point n *)

  (* Publish. *)
  lifeTimer(IN := NOT lifeTimer.Q, PT := T#100ms);
  IF lifeTimer.Q THEN
    status.life := UDINT_TO_UINT((UINT_TO_UDINT(status.life) + UDINT#1) MOD UDINT#65536);
  END_IF;
  status.mapVersion := @C_MAP_VERSION;
  status.wordOrderTest := @C_WORD_ORDER_TEST;
  status.deviceNumber := deviceNumber;
  status.mode := mode;
  status.pointCount := pointCount;
  status.flags := WORD#16#0000; (* ==> safetyOk *)
  IF retentiveOk THEN status.flags := status.flags OR @C_FLAGS_RETENTIVE_OK; END_IF;
  IF enabled THEN status.flags := status.flags OR @C_FLAGS_ENABLED; END_IF;
  writer(values := status, registers := statusRegisters);
END_FUNCTION_BLOCK`;

const pointText = `(* One decision point: answers in, scans and confirmations out. *)
FUNCTION_BLOCK @_PointScan
VAR_INPUT
  pointNumber : UINT;
  isFirstScan : BOOL;
  bootId : UDINT; (* of the link *)
  epochAccepted : UDINT;
  nonceAccepted : UDINT;
END_VAR
VAR_OUTPUT
  exits : ARRAY[0..2] OF UINT; (* exit answered for the scan in slot n, 0 = default exit *)
  handles : ARRAY[0..2] OF UDINT; (* load handle given with it *)
  exitsClosed : WORD;
END_VAR
VAR_IN_OUT
  point : @_Point;
  answersRegisters : @_AnswersRegisters;
  pointRegisters : @_PointRegisters;
END_VAR
VAR
  reader : @_ReadAnswers;
  writer : @_WritePoint;
  frameKnown : BOOL;
  isTaken : BOOL;
  ignored : UINT;
  i : INT;
  slot : INT;
END_VAR
  IF isFirstScan THEN frameKnown := FALSE; END_IF;
  reader(registers := answersRegisters);
  ignored := @C_IGNORED_NONE;
  isTaken := FALSE;
  IF reader.isNew AND NOT reader.isEmpty THEN
    IF reader.frame.pointNumber <> pointNumber THEN ignored := @C_IGNORED_DEVICE_NUMBER;
    ELSIF reader.frame.bootIdEcho <> bootId THEN ignored := @C_IGNORED_RESTARTED;
    ELSIF reader.frame.epoch <> epochAccepted THEN ignored := @C_IGNORED_STALE_EPOCH;
    ELSIF reader.frame.claimNonce <> nonceAccepted THEN ignored := @C_IGNORED_OTHER_CONTROLLER;
    ELSIF NOT frameKnown OR @_IsNewer(reader.frame.frame, point.frameEcho) THEN isTaken := TRUE;
    ELSIF reader.frame.frame <> point.frameEcho THEN ignored := @C_IGNORED_LATE_FRAME;
    END_IF;
  END_IF;
  IF ignored <> @C_IGNORED_NONE THEN
    point.ignoredReason := ignored;
    point.ignoredCount := UDINT_TO_UINT((UINT_TO_UDINT(point.ignoredCount) + UDINT#1) MOD UDINT#65536);
  END_IF;

  IF isTaken THEN
    frameKnown := TRUE;
    point.frameEcho := reader.frame.frame;
    exitsClosed := reader.frame.exitsClosed;
    IF (reader.frame.confirmAck <= point.confirmHead) AND (reader.frame.confirmAck > point.confirmAcked) THEN
      point.confirmAcked := reader.frame.confirmAck;
    END_IF;
    (* An answer belongs to its scan, never to the next load. The first one wins. *)
    FOR i := 0 TO 3 DO
      IF reader.frame.answer[i].answerScanSeq <> UDINT#0 THEN
        slot := UDINT_TO_INT(reader.frame.answer[i].answerScanSeq MOD UDINT#3);
        IF point.scans[slot].scanSeq = reader.frame.answer[i].answerScanSeq THEN
          IF point.scans[slot].answerState = @C_ANSWER_STATE_WAITING THEN
            exits[slot] := reader.frame.answer[i].answerExit;
            handles[slot] := reader.frame.answer[i].answerHandle;
            point.scans[slot].answerState := @C_ANSWER_STATE_TAKEN;
          ELSIF exits[slot] <> reader.frame.answer[i].answerExit THEN
            point.conflictCount := UDINT_TO_UINT((UINT_TO_UDINT(point.conflictCount) + UDINT#1) MOD UDINT#65536);
          END_IF;
        END_IF;
      END_IF;
    END_FOR;
  END_IF;

  (* ==> Scanner: slot scanSeq MOD 3, then scanHead. Limit of the answer: answerState defaulted, lateCount.
     ==> Divert: answered and not full, down or closed: that exit, else the default exit.
     ==> Sensor of the exit: slot confirmSeq MOD 5, then confirmHead. *)

  point.pointNumber := pointNumber;
  writer(values := point, registers := pointRegisters);
END_FUNCTION_BLOCK`;
