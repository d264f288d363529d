"""Workshop. How fast the two engines find faces, and which: measured side by side, in one run."""
