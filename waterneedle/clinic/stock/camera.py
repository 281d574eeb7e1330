"""A page on which the camera reads codes: the reader is WebAssembly, which the policy of other pages does not let run."""
from __future__ import annotations

from csp.decorators import csp_update

# Compiles WebAssembly; `eval` stays forbidden.
reads_by_camera = csp_update({"script-src": ["'wasm-unsafe-eval'"], "media-src": ["'self'", "blob:"]})
