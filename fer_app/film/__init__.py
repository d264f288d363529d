"""A visitor's video: its file, the work on it in the background, and what is shown of it."""
