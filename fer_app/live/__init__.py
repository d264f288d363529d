"""Screen. The live camera: the stream, the callback that paints, and what stands beside the video."""
