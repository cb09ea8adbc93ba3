"""Puts three functions of distcc's include server right where its C part was built for an older Python.

Debian 12's cannot take text from Python 3.11 ("PY_SSIZE_T_CLEAN macro must be defined"), so that pump mode would analyse
nothing. Python reads this file when its folder is in PYTHONPATH; with a C part that works it changes nothing.
"""

import ctypes
import os

WORK_BYTES = 16384 * ctypes.sizeof(ctypes.c_void_p)


def compress(text):
    data = text.encode() if isinstance(text, str) else text
    lzo = ctypes.CDLL("liblzo2.so.2")
    packed = ctypes.create_string_buffer(len(data) + len(data) // 16 + 64 + 3)
    size = ctypes.c_size_t(len(packed))
    work = ctypes.create_string_buffer(WORK_BYTES)
    failed = lzo.lzo1x_1_compress(data, ctypes.c_size_t(len(data)), packed, ctypes.byref(size), work)
    if failed:
        raise OSError("lzo1x_1_compress failed: %d" % failed)
    return packed.raw[: size.value]


try:
    import distcc_pump_c_extensions as c_part

    try:
        c_part.OsPathExists("/")
    except SystemError:
        c_part.OsPathExists = os.path.exists
        c_part.OsPathIsFile = os.path.isfile
        c_part.CompressLzo1xAlloc = compress
except ImportError:
    pass
