import { by, exempt, type Proof } from './proof.ts';

/**
 * Faults that a site meets, whatever its devices, with the tests that show what Craneway does.
 */
export const proofs: Readonly<Record<string, Readonly<Record<string, readonly Proof[]>>>> = {
  'Modbus TCP': {
    'late reply after timeout': [
      by(
        'devices/transport/modbus-tcp.test.ts',
        'a reply that comes after its deadline answers nothing, on no connection',
      ),
    ],
    '300 in flight': [
      by(
        'devices/transport/modbus-tcp.test.ts',
        '300 requests in a row have 300 ids, and none gets the reply of another',
        'more requests than may wait are refused unsent',
      ),
    ],
    'end or reset with a request pending': [
      by(
        'devices/transport/modbus-tcp.test.ts',
        'when the PLC closes (%s), the request that is out is in doubt at once, those behind it were not sent',
      ),
    ],
    'half-open with a request pending': [
      by(
        'devices/transport/modbus-tcp.test.ts',
        'without a reply in time nothing is known, and the connection has ended',
      ),
    ],
    'garbage header': [
      by('devices/transport/modbus-tcp.test.ts', '%s in a reply ends the connection'),
    ],
    'exceptions 2, 6, 11': [
      by(
        'devices/transport/modbus-tcp.test.ts',
        'an exception is typed, and the connection goes on',
      ),
      by(
        'devices/lib/shared-line.test.ts',
        'exception %i says which side is down, and the connection stays',
        'a busy device is read again a little later, and written to again by nobody',
      ),
    ],
    'one connection more than the server allows': [
      by(
        'simulators/modbus-server.test.ts',
        'the third connection is refused, the first two go on',
      ),
    ],
    'command written, answer lost': [
      by('simulators/modbus-server.test.ts', 'an answer that is lost leaves its write done'),
      by(
        'simulators/plant.test.ts',
        'a command that was answered on the wire survives a kill and is executed once',
      ),
    ],
  },
  'Modbus RTU': {
    'late frame': [
      by(
        'devices/transport/modbus-rtu.test.ts',
        'the reply of a request that timed out answers nothing, however late it comes',
      ),
    ],
    'merged frames': [
      by(
        'devices/transport/modbus-rtu.test.ts',
        'two replies in one piece answer nothing: nobody knows which is which',
      ),
    ],
    'byte by byte': [by('devices/transport/modbus-rtu.test.ts', 'a reply may come byte by byte')],
    'noise before a frame': [
      by(
        'devices/transport/modbus-rtu.test.ts',
        'noise before a frame is dropped and counted, the frame is taken',
      ),
    ],
    'wrong CRC': [
      by(
        'devices/transport/modbus-rtu.test.ts',
        'a wrong CRC is an error of the device, and the line is quarantined',
      ),
    ],
    'echo of a write': [
      by('devices/transport/modbus-rtu.test.ts', 'the echo of a write must name its own registers'),
    ],
  },
  MQTT: {
    'PUBACK lost': [
      by(
        'upstream/puback.test.ts',
        'events without a PUBACK are sent again over the next connection, in order',
      ),
    ],
    'broker killed and restarted empty': [
      by(
        'upstream/mosquitto.test.ts',
        'work goes on while the broker is away, and its events follow in order',
      ),
      by(
        'upstream/puback.test.ts',
        'a PUBACK does not finish an event: after a restart it is sent again until its host has it',
      ),
    ],
    'window kept': [by('upstream/puback.test.ts', 'no more than 100 events wait for their PUBACK')],
    'denied by the access list': [
      by(
        'upstream/embedded-broker.test.ts',
        'a host may not publish to %s',
        'a host may not subscribe to %s',
      ),
      by(
        'upstream/puback.test.ts',
        'sessions that end at once are reported as what they are, and only once',
      ),
    ],
    'denied by the access list, MQTT 5': [exempt('MQTT 3.1.1 only')],
    'expiry while offline': [
      by('flow/host.test.ts', 'a command is too late after its expirytime, and in time at it'),
    ],
    'crash between commit and publish': [
      by('flow/restart.test.ts', 'and the power is cut after the commit, before anybody is told'),
    ],
    'crash between publish and PUBACK': [
      by(
        'e2e/kill.test.ts',
        'the same holds with a broker outside, which is killed now and then too',
      ),
    ],
    'doubled inbound': [
      by(
        'upstream/brokers.test.ts',
        '%s: a command sent twice has one effect and gets the same reply',
      ),
      by('flow/host.test.ts', 'same id, same content: the same reply, no second effect'),
    ],
    'poison inbound': [
      by(
        'upstream/brokers.test.ts',
        '%s: what cannot be read is kept as dead letter and holds up nothing',
      ),
    ],
    'inbound commit fails': [
      by(
        'upstream/puback.test.ts',
        'a command that could not be committed is not acknowledged and comes again',
      ),
    ],
    'frozen broker': [
      by('upstream/puback.test.ts', 'a broker that takes no more is given up after the deadline'),
    ],
    'frozen subscriber': [
      by(
        'upstream/frozen-subscriber.test.ts',
        'a subscriber that stops reading holds the others up until it is cut, and takes nothing from them',
      ),
    ],
    'two controllers with one client id': [
      by(
        'upstream/mosquitto.test.ts',
        'two controllers with one name are reported, not left to fight in silence',
      ),
    ],
  },
  Workflow: {
    'killed after every step': [
      by('flow/restart.test.ts', 'and then the process restarts', 'while the process is down'),
      by(
        'e2e/kill.test.ts',
        'no movement is lost and no mission runs twice, whenever the controller is killed',
      ),
    ],
    'snapshots of an older release': [exempt('there is no release before this one')],
    'begun by another version': [
      by(
        'flow/workflow-faults.test.ts',
        'work that another version of the program has begun waits, a person is told once, other work goes on',
      ),
    ],
    'timers due while down': [
      by(
        'flow/loop.test.ts',
        'time that passed while the process was down has passed',
        'a timer is counted across a restart and fires once',
      ),
    ],
    'throwing guard': [
      by('flow/workflow-faults.test.ts', 'a guard that throws leaves the workflow where it was'),
    ],
    'orphaned timer': [
      by(
        'flow/workflow-faults.test.ts',
        'a timer whose workflow has ended changes nothing and is gone',
      ),
    ],
    'history after restore': [
      by(
        'flow/workflow-faults.test.ts',
        'a workflow that was read back comes back to where it was before its pause',
      ),
    ],
  },
  Store: {
    'disk full in the midst of a transaction': [
      by(
        'ledger/disk.test.ts',
        'in the midst of a commit leaves nothing of it, and no transaction open',
        'takes the same commit once there is room again',
      ),
      by(
        'flow/loop.test.ts',
        'when the commit fails nothing was driven, nobody was answered, and nothing is believed',
      ),
    ],
    'read-only': [
      by(
        'ledger/disk.test.ts',
        'is told before anything starts, with what to do',
        'is not taken for another controller',
      ),
    ],
    'power lost, the log ends anywhere': [
      by(
        'ledger/disk.test.ts',
        'wherever a power cut ends the log, the ledger opens with all commits before it and none in part',
      ),
    ],
    'synchronous after reopening': [
      by(
        'ledger/damage.test.ts',
        'every open writes through to the disk before it says that it has',
      ),
    ],
    'REPLACE on an append-only table': [
      by(
        'ledger/damage.test.ts',
        'INSERT OR REPLACE INTO movement SELECT * FROM movement WHERE no = 1',
      ),
    ],
    'damaged page': [
      by('ledger/damage.test.ts', 'a page that was overwritten is found when the file is opened'),
    ],
    'backup under load': [exempt('there is no backup verb yet; the README says so')],
  },
  Shutdown: {
    'open HTTP connections': [
      by(
        'e2e/shutdown.test.ts',
        'a stop waits for no client that holds a connection, or sends a request without an end',
      ),
    ],
    'broker down': [
      by(
        'e2e/shutdown.test.ts',
        'a stop waits for no broker that is away, and none that says nothing',
      ),
    ],
    'dead lines': [
      by(
        'e2e/shutdown.test.ts',
        'a stop waits for no device that does not answer, on a line that is dead',
      ),
    ],
    'serial port that does not close': [
      by('devices/transport/links.test.ts', 'that cannot be closed is given up after its deadline'),
    ],
  },
};
