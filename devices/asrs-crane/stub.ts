import type { InterfaceFile } from '../lib/interface-file.ts';
import { commonText, stubNames } from '../lib/structured-text.ts';
import { blocksText } from '../lib/structured-text-blocks.ts';
import { judgeText, stubHead } from '../lib/structured-text-judge.ts';
import { scanText } from './stub-scan.ts';

/**
 * A start for the PLC of a crane: types, CRC, reading and publishing, and the handshake in the order
 * of the contract, with marked places for what only the machine's builder knows.
 *
 * @param file  an interface of the device asrsCrane
 * @returns     Structured Text; the last line ends with a newline
 */
export function craneStub(file: InterfaceFile): string {
  const { type, constant } = stubNames(file);
  const usage = [
    `Declare one ${type}_Memory as RETAIN, call ${type}_Plc in every scan of the control task, and give it the registers.`,
  ];
  const parts = [
    stubHead(file, usage),
    commonText(file),
    memoryText,
    blocksText(file),
    judgeText(file),
    eventText,
    endText,
    scanText,
  ];
  return `${parts.join('\n\n').replaceAll('@C_', `${constant}_`).replaceAll('@', type)}\n`;
}

// In the texts below `@C_` stands for the prefix of constants and `@` for that of types.
const memoryText = `(* Everything that must survive a loss of power: declare it RETAIN. *)
TYPE @_Memory :
  STRUCT
    status : @_Status;
    retentiveOk : BOOL; (* the memory has been whole since the last resync *)
    handledHead : UDINT; (* newest modeChanged, loadAdded or loadRemoved *)
    mission : @_Command; (* the frame that started the mission in hand *)
  END_STRUCT;
END_TYPE`;

const eventText = `(* Writes one event: the slot first, then eventHead. *)
FUNCTION_BLOCK @_Emit
VAR_INPUT
  eventType : UINT;
  eventCode : UINT;
  missionId : UDINT;
  kind : UINT; (* where the load is now *)
  bay : UINT;
  level : UINT;
  depth : UINT;
END_VAR
VAR_IN_OUT
  memory : @_Memory;
END_VAR
VAR
  eventSeq : UDINT;
  slot : INT;
END_VAR
  eventSeq := memory.status.eventHead + UDINT#1;
  slot := UDINT_TO_INT(eventSeq MOD UDINT#5);
  IF memory.status.events[slot].eventSeq > memory.status.eventAcked THEN
    memory.status.eventsLost := UDINT_TO_UINT((UINT_TO_UDINT(memory.status.eventsLost) + UDINT#1) MOD UDINT#65536);
  END_IF;
  memory.status.events[slot].eventSeq := eventSeq;
  memory.status.events[slot].eventType := eventType;
  memory.status.events[slot].eventCode := eventCode;
  memory.status.events[slot].eventMissionId := missionId;
  memory.status.events[slot].eventKind := kind;
  memory.status.events[slot].eventBay := bay;
  memory.status.events[slot].eventLevel := level;
  memory.status.events[slot].eventDepth := depth;
  memory.status.events[slot].eventSensors := memory.status.sensors;
  memory.status.events[slot].eventDetail := memory.status.faultCode;
  memory.status.eventHead := eventSeq;
  IF (eventType = @C_EVENT_TYPE_MODE_CHANGED) OR (eventType = @C_EVENT_TYPE_LOAD_ADDED) OR (eventType = @C_EVENT_TYPE_LOAD_REMOVED) THEN
    memory.handledHead := eventSeq;
  END_IF;
END_FUNCTION_BLOCK`;

const endText = `(* Ends the mission in hand: last..., lastMissionId, event, activeMissionId, in this order. Place by sensor and stroke, never by plan. *)
FUNCTION_BLOCK @_EndMission
VAR_INPUT
  result : UINT;
  kind : UINT;
  bay : UINT;
  level : UINT;
  depth : UINT;
END_VAR
VAR_IN_OUT
  memory : @_Memory;
END_VAR
VAR
  emit : @_Emit;
END_VAR
  IF memory.status.activeMissionId <> UDINT#0 THEN
    memory.status.lastResult := result;
    memory.status.lastSensors := memory.status.sensors;
    memory.status.lastKind := kind;
    memory.status.lastBay := bay;
    memory.status.lastLevel := level;
    memory.status.lastDepth := depth;
    memory.status.lastMissionId := memory.status.activeMissionId;
    emit(memory := memory, eventType := @C_EVENT_TYPE_ENDED, eventCode := result, missionId := memory.status.activeMissionId,
      kind := kind, bay := bay, level := level, depth := depth);
    memory.status.activeMissionId := UDINT#0;
    memory.status.phase := @C_PHASE_NONE;
  END_IF;
END_FUNCTION_BLOCK`;
