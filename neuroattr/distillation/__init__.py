"""How caffenet-mini, the small network of this package, was distilled from BVLC GoogLeNet: done once.

``python -m neuroattr.distillation --help`` shows its three steps.
"""
