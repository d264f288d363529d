"""State. What keeps a hosted Mien up: limits, places for live video, the operator's view, logs, and the end of a server."""
