#!/bin/sh
# Takes out of an environment what no server runs: tests, headers, stubs, installers, notebooks' and GPU parts. Then compiles what is used,
# because a file system that is only read cannot keep byte code.
# Usage: slim.sh ENVIRONMENT
set -eu
python="$1/bin/python"
cd "$1"/lib/python3*/site-packages
test -d streamlit || { echo "expected an environment with streamlit in it, got $1; install requirements-serve.lock first" >&2; exit 1; }
find . -type d \( -name tests -o -name __pycache__ -o -name include \) -prune -exec rm -rf {} +
find . -type f \( -name '*.pyi' -o -name '*.h' -o -name '*.hpp' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.a' \) -delete
# Extensions for notebooks, GPU back ends and compiler plugins: the app draws by its own page, and its networks run on the CPU.
rm -rf pydeck/nbextension plotly/labextension plotly/package_data/datasets ai_edge_litert/libLiteRtWebGpuAccelerator.so ai_edge_litert/vendors
# The image is replaced as a whole, never installed into.
rm -rf pip pip-*.dist-info setuptools setuptools-*.dist-info pkg_resources _distutils_hack distutils-precedence.pth
"$python" -m compileall -q -x 'plotly/graph_objs|plotly/validators|/pandas/|altair/vegalite' . || true  # some packages ship templates that are no Python
