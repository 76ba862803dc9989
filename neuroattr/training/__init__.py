"""Training: the small network that this package carries, distilled from a larger one on real photographs.

``python -m neuroattr.training --help`` shows the commands that made it.
"""
