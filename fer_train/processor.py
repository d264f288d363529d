"""Workshop. Which processor a time was measured on: without int8 dot products an int8 network takes several times as long."""

from __future__ import annotations

import platform

import cpuinfo

# AVX-512 VNNI and AVX-VNNI; the dot products and matrix products of ARM.
DOT_PRODUCTS = {"avx512_vnni", "avx_vnni", "asimddp", "i8mm"}


def processor() -> str:
    """Return what this machine's processor calls itself, and whether it has int8 dot products."""
    found = cpuinfo.get_cpu_info()
    has = "with" if DOT_PRODUCTS & set(found.get("flags", ())) else "without"
    return f"{found.get('brand_raw') or platform.machine()}, {has} int8 dot products"
