"""The numerics: network, analytic derivatives, losses, fit and fitted model. Needs torch alone."""
