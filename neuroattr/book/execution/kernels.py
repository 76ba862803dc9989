"""Kernels for papermill: quiet ones, and where there is a kernel server, ones that start with the libraries loaded."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode
from traitlets.config import Config

from neuroattr.book.execution.kernel_server import ForkedProcess

LAUNCHER = ["-m", "ipykernel_launcher"]
LOG = "kernel.log"  # in the folder of a kernel's sockets: what it writes past the notebook
START = 600  # seconds that a kernel may take to answer: a busy machine is no failure


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by asking a kernel server for it; any other than Python's own is started as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that the command describes."""
        places = [place for place in range(len(cmd) - 1) if cmd[place : place + 2] == LAUNCHER]
        if not places:
            return await super().launch_kernel(cmd, **kwargs)
        argv, cwd = cmd[places[0] + 2 :], kwargs.get("cwd") or os.getcwd()  # noqa: PTH109
        manager: Any = self.parent
        folder = Path(manager.ip).parent  # goes when the run ends, however it ends
        env = {**(kwargs.get("env") or os.environ), "TMPDIR": str(folder)}
        process: Any = ForkedProcess(manager.server, argv, env=env, cwd=cwd, log=folder / LOG)  # in place of a Popen
        self.process, self.pid, self.pgid = process, process.pid, process.pid  # it leads its own group
        return self.connection_info


class ForkedKernelManager(AsyncKernelManager):
    """A manager whose kernels come from the kernel server at an address."""

    server = Unicode(help="address of the kernel server").tag(config=True)

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # an AsyncKernelManager's is one
        """Have the kernel server start it."""
        self.kernel_id = self.kernel_id or str(uuid.uuid4())
        self.provisioner = self.provisioner or ForkedProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        await super().start_kernel(**options)


def settings(folder: str, server: str | None) -> dict[str, Any]:
    """What papermill hands on: quiet, with sockets in a folder of their own, so that parallel runs never meet."""
    manager: dict[str, Any] = {}
    if os.name == "posix":
        manager |= {"transport": "ipc", "ip": f"{folder}/kernel", "connection_file": f"{folder}/kernel.json"}
    chosen: dict[str, Any] = {"extra_arguments": ["--IPKernelApp.log_level=50"], "start_timeout": START}
    if server:
        manager["server"] = server
        chosen["kernel_manager_class"] = ForkedKernelManager
    return {**chosen, "config": Config({"KernelManager": manager})}
