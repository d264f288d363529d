"""Workshop. How old faces look: data, training, measuring and shipping of the network of ages."""
