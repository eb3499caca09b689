"""Ground floor, NumPy only: data, activations, losses, layers, networks, optimisers, training."""
