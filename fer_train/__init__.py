"""Workshop. Data, training, evaluation and conversion of Mien's models."""
