"""Which words can a network see, where in it, and why.

The core (``statistics``, ``text``, ``receptive``, ``discovery``, ...) works on arrays and strings alone; the shell
around it (``assets``, ``corpus``, ``backbone``, ``activations``, ...) brings images, words and networks to it.
"""

__version__ = "0.1.0"
