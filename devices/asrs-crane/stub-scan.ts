const declarations = `(* One scan of the control task. *)
FUNCTION_BLOCK @_Plc
VAR_INPUT
  deviceNumber : UINT;
  isFirstScan : BOOL;
  isMemoryWhole : BOOL; (* ==> the own check of the retentive memory, at the first scan *)
  clockS : UDINT; (* real-time clock, Unix seconds *)
  mode : UINT;
  sensors : WORD;
  isBetweenStrokes : BOOL; (* ==> TRUE unless a stroke has begun *)
END_VAR
VAR_IN_OUT
  memory : @_Memory;
  commandRegisters : @_CommandRegisters;
  statusRegisters : @_StatusRegisters;
END_VAR
VAR
  reader : @_ReadCommand;
  writer : @_WriteStatus;
  judge : @_Judge;
  emit : @_Emit;
  ending : @_EndMission;
  empty : @_Status; (* never written *)
  patience : TON;
  watchdog : TON;
  lifeTimer : TON;
  isCrcCounted : BOOL;
  lifeKnown : BOOL;
  enabled : BOOL;
  selfTest : BOOL;
  isTaken : BOOL;
  ignored : UINT;
  answer : UINT;
  modeBefore : UINT;
  free : UDINT;
END_VAR`;

const start = `  (* Start: numbers of a scan that lost power are completed, nothing resumes by itself. *)
  IF isFirstScan THEN
    IF isMemoryWhole THEN
      memory.status.bootId := memory.status.bootId + UDINT#1;
      IF memory.status.activeMissionId > memory.status.seqAnswered THEN
        memory.status.seqAnswered := memory.status.activeMissionId;
        memory.status.answer := @C_ANSWER_ACCEPTED;
      END_IF;
      IF memory.status.activeMissionId = memory.status.lastMissionId THEN
        memory.status.activeMissionId := UDINT#0;
        memory.status.phase := @C_PHASE_NONE;
      END_IF;
      emit(memory := memory, eventType := @C_EVENT_TYPE_RESTARTED, eventCode := UINT#0, missionId := UDINT#0,
        kind := @C_PLACE_KIND_NONE, bay := UINT#0, level := UINT#0, depth := UINT#0);
      (* ==> where the load really is *)
      ending(memory := memory, result := @C_RESULT_RESTARTED, kind := @C_PLACE_KIND_NONE, bay := UINT#0, level := UINT#0, depth := UINT#0);
      (* ==> compare the LHD sensor with lhd1Load: emit loadAdded or loadRemoved *)
    ELSE
      memory.status := empty;
      memory.retentiveOk := FALSE;
      memory.handledHead := UDINT#0;
      memory.status.bootId := clockS;
    END_IF;
    modeBefore := mode;
    lifeKnown := FALSE;
    enabled := FALSE;
    selfTest := FALSE;
    memory.status.ignoredCount := UINT#0;
    memory.status.ignoredReason := @C_IGNORED_NONE;
  END_IF;
  memory.status.sensors := sensors;

  (* A person has turned the switch. *)
  IF mode <> modeBefore THEN
    enabled := FALSE;
    IF modeBefore = @C_MODE_AUTO_REMOTE THEN
      (* ==> where the load really is *)
      ending(memory := memory, result := @C_RESULT_MODE_LEFT, kind := @C_PLACE_KIND_NONE, bay := UINT#0, level := UINT#0, depth := UINT#0);
    END_IF;
    emit(memory := memory, eventType := @C_EVENT_TYPE_MODE_CHANGED, eventCode := mode, missionId := UDINT#0,
      kind := @C_PLACE_KIND_NONE, bay := UINT#0, level := UINT#0, depth := UINT#0);
    modeBefore := mode;
  END_IF;`;

const frame = `  (* 1. A complete frame? *)
  reader(registers := commandRegisters);
  ignored := @C_IGNORED_NONE;
  isTaken := FALSE;
  patience(IN := NOT reader.isComplete AND NOT reader.isEmpty, PT := @C_CRC_PATIENCE_MS);
  IF patience.Q AND NOT isCrcCounted THEN
    ignored := @C_IGNORED_CRC;
    isCrcCounted := TRUE;
  ELSIF reader.isComplete THEN
    isCrcCounted := FALSE;
  END_IF;

  (* 2. Trusted? *)
  IF reader.isNew THEN
    judge(frame := reader.frame, deviceNumber := deviceNumber, bootId := memory.status.bootId,
      epochAccepted := memory.status.epochAccepted, nonceAccepted := memory.status.nonceAccepted,
      lifeTaken := memory.status.lifeEcho, lifeKnown := lifeKnown);
    isTaken := judge.take;
    ignored := judge.reason;
  END_IF;

  IF isTaken THEN
    (* 3. A new controller. *)
    IF judge.isClaim THEN
      memory.status.epochAccepted := reader.frame.epoch;
      memory.status.nonceAccepted := reader.frame.claimNonce;
    END_IF;
    (* 4. The levels. *)
    memory.status.lifeEcho := reader.frame.life;
    lifeKnown := TRUE;
    IF (reader.frame.eventAck <= memory.status.eventHead) AND (reader.frame.eventAck > memory.status.eventAcked) THEN
      memory.status.eventAcked := reader.frame.eventAck;
    END_IF;
    enabled := ((reader.frame.control AND @C_CONTROL_ENABLE) <> WORD#16#0000)
      AND (mode = @C_MODE_AUTO_REMOTE) AND (memory.status.eventAcked >= memory.handledHead);
    selfTest := ((reader.frame.control AND @C_CONTROL_SELF_TEST) <> WORD#16#0000) AND (mode <> @C_MODE_AUTO_REMOTE);
  END_IF;

  (* No frame for too long: hold. *)
  watchdog(IN := NOT isTaken, PT := @C_LIFE_LOST_MS);
  IF watchdog.Q THEN enabled := FALSE; END_IF;

  (* Fewer than three free slots: no mission may begin. *)
  free := UDINT#0;
  IF memory.status.eventHead - memory.status.eventAcked < UDINT#5 THEN
    free := UDINT#5 - (memory.status.eventHead - memory.status.eventAcked);
  END_IF;`;

const answer = `  (* 5. A command that was not answered yet? *)
  answer := @C_ANSWER_NONE;
  IF isTaken AND (reader.frame.command <> @C_COMMAND_NONE) AND (reader.frame.seq > memory.status.seqAnswered) THEN
    IF NOT memory.retentiveOk AND (reader.frame.command <> @C_COMMAND_RESYNC) THEN
      (* 6. No reject: a reject would say that nothing moved. *)
      ignored := @C_IGNORED_NOT_SYNCHRONIZED;
    ELSE
      answer := @C_ANSWER_ACCEPTED;
      IF (reader.frame.command = @C_COMMAND_CANCEL) OR (reader.frame.command = @C_COMMAND_CHANGE_DESTINATION) THEN
        IF (memory.status.activeMissionId <> UDINT#0) AND (reader.frame.missionId = memory.status.activeMissionId) THEN
          IF (memory.status.phase = @C_PHASE_DEPOSITING) OR (memory.status.phase = @C_PHASE_RETRACTING) THEN
            answer := @C_ANSWER_TOO_LATE;
          END_IF;
          (* ==> changeDestination: outOfRange when the new place is none of this crane *)
        ELSIF (reader.frame.missionId <> UDINT#0) AND (reader.frame.missionId = memory.status.lastMissionId) THEN
          answer := @C_ANSWER_MISSION_ENDED;
        ELSE
          answer := @C_ANSWER_MISSION_UNKNOWN;
        END_IF;
      ELSIF reader.frame.command = @C_COMMAND_RESYNC THEN
        IF memory.retentiveOk THEN
          answer := @C_ANSWER_ALREADY_SYNCHRONIZED;
        ELSIF reader.frame.missionId <> memory.status.eventHead THEN
          answer := @C_ANSWER_HANDLED_SINCE;
        END_IF;
      ELSIF reader.frame.command <> @C_COMMAND_RESET_FAULT THEN
        IF mode <> @C_MODE_AUTO_REMOTE THEN answer := @C_ANSWER_NOT_AUTO_REMOTE;
        ELSIF NOT enabled THEN answer := @C_ANSWER_NOT_ENABLED;
        ELSIF memory.status.activeMissionId <> UDINT#0 THEN answer := @C_ANSWER_BUSY;
        ELSIF reader.frame.command > @C_COMMAND_HOME THEN answer := @C_ANSWER_UNKNOWN_COMMAND;
        ELSIF reader.frame.missionId <> reader.frame.seq THEN answer := @C_ANSWER_MISSION_ID_INVALID;
        ELSIF (reader.frame.lhd = UINT#0) OR (reader.frame.lhd > memory.status.lhdCount) THEN answer := @C_ANSWER_NO_SUCH_LHD;
        ELSIF free < UDINT#3 THEN answer := @C_ANSWER_EVENT_BUFFER_FULL;
        END_IF;
        (* ==> while answer is accepted: outOfRange, lhdOccupied, lhdEmpty, loadNotAllowed, stationNotReady, faultLatched, notHomed, pathConflict *)
      END_IF;
    END_IF;
  END_IF;

  (* 7, 8. Refuse or accept, in this order of writing. Motion begins in the next scan. *)
  IF answer = @C_ANSWER_ACCEPTED THEN
    IF reader.frame.command = @C_COMMAND_CANCEL THEN
      (* ==> finish a pick stroke first, then end the mission with the place of its load *)
      IF isBetweenStrokes THEN
        ending(memory := memory, result := @C_RESULT_CANCELLED, kind := @C_PLACE_KIND_NONE, bay := UINT#0, level := UINT#0, depth := UINT#0);
      END_IF;
    ELSIF reader.frame.command = @C_COMMAND_CHANGE_DESTINATION THEN
      memory.mission.toKind := reader.frame.toKind;
      memory.mission.toBay := reader.frame.toBay;
      memory.mission.toLevel := reader.frame.toLevel;
      memory.mission.toDepth := reader.frame.toDepth;
    ELSIF reader.frame.command = @C_COMMAND_RESYNC THEN
      memory.status.activeMissionId := UDINT#0;
      memory.status.phase := @C_PHASE_NONE;
      memory.status.lastMissionId := UDINT#0;
      memory.status.lastResult := @C_RESULT_NONE;
      memory.status.lastKind := @C_PLACE_KIND_NONE;
      memory.status.events := empty.events;
      memory.status.eventHead := reader.frame.eventAck;
      memory.status.eventAcked := reader.frame.eventAck;
      memory.status.eventsLost := UINT#0;
      memory.handledHead := UDINT#0;
    ELSIF reader.frame.command = @C_COMMAND_RESET_FAULT THEN
      memory.status.faultCode := UINT#0; (* ==> reset the fault; move nothing *)
    ELSE
      memory.mission := reader.frame;
      memory.status.activeMissionId := reader.frame.seq;
      memory.status.phase := @C_PHASE_TO_SOURCE; (* ==> the first phase of this command *)
    END_IF;
  END_IF;
  IF answer <> @C_ANSWER_NONE THEN
    memory.status.answer := answer;
    memory.status.seqAnswered := reader.frame.seq;
    IF (answer = @C_ANSWER_ACCEPTED) AND (reader.frame.command = @C_COMMAND_RESYNC) THEN
      memory.retentiveOk := TRUE; (* last of all *)
    END_IF;
  END_IF;
  IF ignored <> @C_IGNORED_NONE THEN
    memory.status.ignoredReason := ignored;
    memory.status.ignoredCount := UDINT_TO_UINT((UINT_TO_UDINT(memory.status.ignoredCount) + UDINT#1) MOD UDINT#65536);
  END_IF;`;

const publish = `  (* ==> 9. The machine: move the mission on while enabled; without it finish a stroke, stop, set standstill.
     Call emit for picked, ending for the end, emit for loadAdded and loadRemoved. *)

  (* Publish. *)
  lifeTimer(IN := NOT lifeTimer.Q, PT := T#100ms);
  IF lifeTimer.Q THEN
    memory.status.life := UDINT_TO_UINT((UINT_TO_UDINT(memory.status.life) + UDINT#1) MOD UDINT#65536);
  END_IF;
  memory.status.mapVersion := @C_MAP_VERSION;
  memory.status.wordOrderTest := @C_WORD_ORDER_TEST;
  memory.status.deviceNumber := deviceNumber;
  memory.status.mode := mode;
  memory.status.lhdCount := UINT#1; (* ==> 1 or 2 *)
  memory.status.state := @C_STATE_IDLE; (* ==> startup, executing, held, faulted, homing *)
  memory.status.flags := WORD#16#0000; (* ==> homed, safetyOk, warning, faultLatched and, from the axes, standstill *)
  IF memory.retentiveOk THEN memory.status.flags := memory.status.flags OR @C_FLAGS_RETENTIVE_OK; END_IF;
  IF enabled THEN memory.status.flags := memory.status.flags OR @C_FLAGS_ENABLED; END_IF;
  IF free < UDINT#3 THEN memory.status.flags := memory.status.flags OR @C_FLAGS_EVENT_BUFFER_HIGH; END_IF;
  IF enabled AND memory.retentiveOk AND (memory.status.activeMissionId = UDINT#0) AND (free >= UDINT#3) THEN
    memory.status.flags := memory.status.flags OR @C_FLAGS_READY; (* ==> and homed, no fault *)
  END_IF;
  writer(values := memory.status, selfTest := selfTest, registers := statusRegisters);
END_FUNCTION_BLOCK`;

/** The scan of a crane's PLC, with `@C_` for the prefix of constants and `@` for that of types. */
export const scanText: string = [declarations, start, frame, answer, publish].join('\n');
