"""A Modbus server that is not ours: Debian's pymodbus, over TCP or RTU.

python3 pymodbus_server.py tcp PORT | rtu PATH

It says `ready` when it listens. Registers 100 to 399 exist, in unit 1. Registers 100 to 113 hold values that
pymodbus has encoded itself. A line `decode ADDRESS` on stdin is answered with what pymodbus reads there, as JSON.
"""

import asyncio
import json
import sys

from pymodbus.constants import Endian
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.payload import BinaryPayloadBuilder, BinaryPayloadDecoder
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer

FIRST, COUNT = 100, 300
HIGH_FIRST, LOW_FIRST = Endian.Big, Endian.Little


def encoded(word_order):
    builder = BinaryPayloadBuilder(byteorder=Endian.Big, wordorder=word_order)
    builder.add_16bit_uint(0xFEDC)
    builder.add_32bit_uint(0x01020304)
    builder.add_32bit_int(-123456)
    return builder.to_registers()


def text():
    builder = BinaryPayloadBuilder(byteorder=Endian.Big, wordorder=Endian.Big)
    builder.add_string("AB-12\0\0\0")
    return builder.to_registers()


values = encoded(HIGH_FIRST) + encoded(LOW_FIRST) + text()
block = ModbusSequentialDataBlock(FIRST, values + [0] * (COUNT - len(values)))
slave = ModbusSlaveContext(hr=block, zero_mode=True)


def decoded(address, word_order):
    registers = block.getValues(address, 5)
    decoder = BinaryPayloadDecoder.fromRegisters(registers, byteorder=Endian.Big, wordorder=word_order)
    return [decoder.decode_16bit_uint(), decoder.decode_32bit_uint(), decoder.decode_32bit_int()]


async def answer_questions():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        address = int(line.split()[1])
        both = {"highFirst": decoded(address, HIGH_FIRST), "lowFirst": decoded(address, LOW_FIRST)}
        print(json.dumps(both), flush=True)


async def main(kind, where):
    if kind == "tcp":
        context = ModbusServerContext(slaves={1: slave}, single=False)
        server = ModbusTcpServer(context, address=("127.0.0.1", int(where)))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
    else:
        context = ModbusServerContext(slaves={1: slave}, single=False)
        server = ModbusSerialServer(context, framer=ModbusRtuFramer, port=where, baudrate=19200)
        await server.start()
        serving = asyncio.ensure_future(server.serve_forever())
    print("ready", flush=True)
    await answer_questions()
    serving.cancel()


asyncio.run(main(*sys.argv[1:3]))
