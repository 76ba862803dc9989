"""``python -m neuroattr``: the ``neuroattr`` command."""

from neuroattr.cli import app

if __name__ == "__main__":
    app(prog_name="neuroattr")
