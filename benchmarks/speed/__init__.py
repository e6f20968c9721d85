"""Speed of the fit: seconds a step, share of the machine's peak, against plain autograd, time to accuracy."""
